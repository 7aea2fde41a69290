"""events.yaml is read as it was meant, and every mistake in it is told at its place, all in one run."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from calfeed.domain.edtf import parse_edtf
from calfeed.domain.model import Basis, Budget, Category, Claim, Color, Source, Window
from calfeed.domain.rules import RULES, Annual, Background, Hebrew, Once, Rule, Weekday
from calfeed.errors import Problem, SourceError, SourceMissing
from calfeed.storage.source import Reading, read_calendar
from tests.support import REPOSITORY, calendar, event, read, yaml_of

DATA = REPOSITORY / "tests" / "data"
SMALL = (DATA / "small.yaml").read_text(encoding="utf-8")


def reading(text: str) -> Reading:
    return read_calendar(text.encode(), file="events.yaml")


def problems(text: str, url: str | None = None) -> tuple[Problem, ...]:
    with pytest.raises(SourceError) as caught:
        read_calendar(text.encode(), file="events.yaml", url=url)
    return caught.value.problems


def told(text: str) -> list[str]:
    """Every problem of a file, as `line:column: message; hint`."""
    return [str(problem).removeprefix("events.yaml:") for problem in problems(text)]


def warned(text: str) -> list[str]:
    return [str(warning).removeprefix("events.yaml:") for warning in reading(text).warnings]


# What is right


def test_calendar_is_read_as_it_was_written() -> None:
    found = reading(SMALL).calendar
    assert found.title == {"en": "Small"}
    assert found.url == "https://calfeed.example/"
    assert found.authority == "calfeed.example,2026"
    assert str(found.timezone) == "Asia/Baku"
    assert found.languages == ("en",)
    assert found.categories == (Category("one", {"en": "One"}, Color("maroon", "#800000")),)
    assert (found.notice_days, found.feed_items, found.color) == (0, 40, None)
    assert (found.window, found.budget) == (Window(1, 5), Budget(1000, 1_000_000))
    assert reading(SMALL).warnings == ()


def test_events_are_read_in_the_order_of_the_file_with_their_claims() -> None:
    found = reading(SMALL).calendar
    book = Source("book", "A book", "A house", parse_edtf("1999"))
    first, second = found.events
    assert (first.id, second.id) == ("first-1992", "second")
    assert (first.date, second.date) == (parse_edtf("1992-03-05"), None)
    assert (first.tone, second.tone) == ("mourning", "neutral")
    assert (first.night, first.day_itself, first.url, first.location, first.disputed) == (
        False,
        False,
        None,
        None,
        None,
    )
    assert first.categories == found.categories
    assert first.claims == (Claim(book, "stated", {"en": "It says so."}, parse_edtf("1992-03-05")),)
    assert second.claims == (Claim(book, "outside", {"en": "Known."}, reasoning={"en": "By itself."}),)


@pytest.mark.parametrize(
    ("observed", "rule"),
    [
        ("annual", Annual()),
        ("once", Once()),
        ("background", Background()),
        ("{rule: annual}", Annual()),
        ("{rule: annual, day: 03-08}", Annual(day="03-08")),
        ("{rule: annual, day: 02-29, leap: omit}", Annual(day="02-29", leap="omit")),
        ("{rule: weekday, nth: -1, weekday: friday, month: 12}", Weekday(-1, "friday", 12)),
        ("{rule: weekday, nth: 03, weekday: sunday, month: 06}", Weekday(3, "sunday", 6)),
        ("{rule: hebrew, day: 10, month: tevet, evening: false}", Hebrew(10, "tevet", evening=False)),
        (
            "{rule: hebrew, day: 27, month: nisan, evening: true, shift: yom-hashoah}",
            Hebrew(27, "nisan", evening=True, shift="yom-hashoah"),
        ),
    ],
)
def test_rule_is_read_with_its_keys(observed: str, rule: Rule) -> None:
    found = reading(SMALL.replace("observed: annual", f"observed: {observed}")).calendar.events[0].observed
    assert found == rule


def test_optional_keys_are_read() -> None:
    keys: dict[str, Any] = {
        "date": "1992-02-25/1992-02-26",
        "night": "true",
        "day_itself": "true",
        "location": {"en": "Khojaly, Azerbaijan"},
        "url": "https://example.org/page?q=1#part",
        "disputed": {"en": "One says so, another not."},
    }
    found = read(event(**keys)).events[0]
    assert found.date == parse_edtf("1992-02-25/1992-02-26")
    assert (found.night, found.day_itself) == (True, True)
    assert found.location == {"en": "Khojaly, Azerbaijan"}
    assert found.url == "https://example.org/page?q=1#part"
    assert found.disputed == {"en": "One says so, another not."}


def test_settings_of_the_calendar_are_read() -> None:
    found = read(
        window={"past": "0", "future": "50"},
        budget={"events": "10", "bytes": "10000"},
        notice_days="60",
        feed_items="200",
        color="SlateGray",
    )
    assert (found.window, found.budget) == (Window(0, 50), Budget(10, 10_000))
    assert (found.notice_days, found.feed_items) == (60, 200)
    assert found.color == Color("slategray", "#708090")


def test_category_named_twice_in_an_event_counts_once() -> None:
    assert len(read(event(categories=["history", "history"])).events[0].categories) == 1


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("One two", "One two"),
        ("'One  two'", "One  two"),
        ('" One two "', "One two"),
        ("'It''s: #1'", "It's: #1"),
        ('"a\\tb \\x41 \\u00e9"', "a\tb A é"),
        (">-\n        One\n        two\n\n        three", "One two\nthree"),
        (">\n        One\n        two", "One two"),
        ("|\n        One\n        two", "One\ntwo"),
        ("|\n        One\n          - two\n        three: four", "One\n  - two\nthree: four"),
        ("One\n        two", "One two"),
        ("שלום", "שלום"),
    ],
)
def test_text_may_be_written_in_every_way_of_yaml(written: str, text: str) -> None:
    file = SMALL.replace("{en: What happened.}", f"\n      en: {written}")
    assert reading(file).calendar.events[0].description["en"] == text


def test_file_may_be_json() -> None:
    assert reading(yaml_of(calendar()).decode()).calendar.events[0].id == "black-january-1990"


@pytest.mark.parametrize("id_", ["a", "1992", "black-january-1990", "x" * 64, "con", "a--b", "a-"])
def test_id_may_be_every_slug(id_: str) -> None:
    assert read(event(id_)).events[0].id == id_


@pytest.mark.parametrize(
    "url", ["https://calfeed.example/", "http://localhost:8080/", "https://a.example/b/c/", "https://[::1]:8000/"]
)
def test_address_of_the_site_may_have_a_port_and_folders(url: str) -> None:
    assert read(url=url).url == url


@pytest.mark.parametrize("authority", ["example.org,2026", "example.org,2026-01", "a.b-c.example,2026-01-31"])
def test_authority_may_be_as_exact_as_its_standard_allows(authority: str) -> None:
    assert read(authority=authority).authority == authority


# The address from outside


def test_address_from_outside_takes_the_place_of_the_file_s_own() -> None:
    data = SMALL.encode()
    there = read_calendar(data, file="f", url="https://elsewhere.example/x/").calendar
    assert there == replace(read_calendar(data, file="f").calendar, url="https://elsewhere.example/x/")


def test_wrong_address_from_outside_is_refused() -> None:
    (problem,) = problems(SMALL, url="https://elsewhere.example")
    assert "does not end with a slash" in problem.message


def test_address_from_outside_makes_up_for_a_missing_one() -> None:
    file = SMALL.replace("url: https://calfeed.example/\n", "")
    assert read_calendar(file.encode(), file="f", url="https://x.example/").calendar.url == "https://x.example/"
    assert told(file) == ['1:1: the calendar has no "url"; add url: …']
    (problem,) = problems(file, url="example.org")
    assert str(problem).startswith('events.yaml:1:1: "example.org" is not a web address')


# What is wrong


class Mistake(NamedTuple):
    """A change of tests/data/small.yaml, and every problem that it brings."""

    right: str
    wrong: str
    problems: list[str]


def _mistakes() -> list[Mistake]:
    rules = ", ".join(rule.rule for rule in RULES)
    text = (DATA / "mistakes.txt").read_text(encoding="utf-8").replace("<rules>", rules)
    blocks = [block.split("\n") for block in text.strip().split("\n\n") if not block.startswith("#")]

    def marked(block: list[str], mark: str) -> list[str]:
        return [line[2:] for line in block if line[0] == mark]

    return [Mistake("\n".join(marked(b, "-")), "\n".join(marked(b, "+")), marked(b, "!")) for b in blocks]


MISTAKES = _mistakes()


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.wrong.strip())
def test_mistake_is_told_at_its_place_with_a_way_out(mistake: Mistake) -> None:
    assert mistake.right in SMALL
    assert told(SMALL.replace(mistake.right, mistake.wrong, 1)) == mistake.problems


def test_mistakes_are_many() -> None:
    assert len(MISTAKES) > 200
    assert all(mistake.problems for mistake in MISTAKES)


def test_every_problem_is_a_sentence_with_a_way_out_in_plain_words() -> None:
    jargon = re.compile(r"mapping|scalar|sequence|string|None|\{'|\['|Input should|value_error|ctx|loc\b")
    for mistake in MISTAKES:
        for sentence in mistake.problems:
            assert re.fullmatch(r"\d+:\d+: [^;]+; .+", sentence), sentence
            assert not jargon.search(sentence.replace("publishd", "")), sentence


TWELVE = """version: 1
title: Small
description: {en: A small calendar.}
url: https://calfeed.example
authority: calfeed.example,2026
timezone: Asia/Bacu
languages: [en]
categories:
  one: {title: {en: One}, colour: maroon}
sources:
  book: {title: A book, publisher: A house, published: in 1999}
events:
  - id: First
    title: {en: The first}
    description: {en: What happened.}
    date: 1992-3-5
    observed: annual
    categories: [two]
    tone: mourn
    claims:
      - {source: bok, basis: inferred, says: {en: It says so.}}
      - {source: book, basis: stated, says: It says so.}
refused:
  - {what: A thing., source: book}
"""


def test_twelve_mistakes_are_told_in_one_run_in_the_order_of_the_file() -> None:
    assert told(TWELVE) == [
        "2:8: title does not say in which language it is; write the language before the text, as in "
        "title: {en: …}",
        '4:6: "https://calfeed.example" does not end with a slash; write https://calfeed.example/',
        '6:11: "Asia/Bacu" is not a time zone; did you mean "Asia/Baku"?',
        '9:27: "colour" is not a key of the category "one"; did you mean "color"?',
        '11:56: "in 1999" is not an EDTF date; write a day as 1992-02-25, a month as 1993-08, a year as 1918, a '
        "span as 1992-02-25/1992-02-26",
        '13:9: "First" cannot be an id; use a-z, 0-9 and hyphens, at most 64, beginning with a letter or digit',
        '16:11: "1992-3-5" is not an EDTF date; write 1992-03-05',
        '18:18: "two" is not among the categories; write one',
        '19:11: tone cannot be "mourn"; did you mean "mourning"?',
        '21:18: "bok" is not among the sources; did you mean "book"?',
        "22:45: says does not say in which language it is; write the language before the text, as in "
        "says: {en: …}",
        '24:5: this refused event has no "why"; add why: …',
    ]


def test_problems_of_the_calendar_hide_none_of_an_event() -> None:
    file = SMALL.replace("title: {en: Small}", "title: Small").replace("date: 1992-03-05\n", "date: 1992-03\n")
    assert [problem.split(" ")[0] for problem in told(file)] == ["2:8:", "17:15:"]


def test_mistake_in_one_event_hides_none_in_another() -> None:
    file = SMALL.replace("tone: mourning", "tone: sad").replace("nth: 3", "nth: 9")
    assert [problem.split(" ")[0] for problem in told(file)] == ["19:11:", "25:15:"]


def test_mistake_in_a_key_hides_no_contradiction_among_others_of_the_event() -> None:
    file = SMALL.replace("tone: mourning", "tone: sad\n    night: true").replace(
        "date: 1992-03-05\n", "date: 1992-03\n"
    )
    assert [problem.split("; ")[0] for problem in told(file)] == [
        '17:15: "1992-03" is not known to the day, so it cannot be observed as "annual"',
        '19:11: tone cannot be "sad"',
        "20:12: a night needs a date of two days, one after the other",
    ]


def test_key_that_is_wrong_brings_no_consequences() -> None:
    wrong_date = SMALL.replace("date: 1992-03-05\n", "night: true\n    date: 1992-3-5\n")
    assert told(wrong_date) == ['17:11: "1992-3-5" is not an EDTF date; write 1992-03-05']
    wrong_rule = SMALL.replace("observed: annual", "observed: anual")
    assert told(wrong_rule) == ['17:15: "anual" is not a rule; did you mean "annual"?']
    wrong_text = SMALL.replace("tone: mourning", "disputed: Yes.").replace(
        "date: 1992-03-05, basis", "date: 1993, basis"
    )
    assert [problem.split(" ")[0] for problem in told(wrong_text)] == ["19:15:"]


def test_thousand_problems_are_told_all() -> None:
    needed = len(problems("events:\n- x\n")) - 1
    assert len(problems("events:\n" + "- x\n" * (1000 - needed))) == 1000
    assert len(problems("".join(f"- *a{n}\n" for n in range(999)))) == 1000  # and that it is a list


def test_thousand_problems_are_told_and_no_more() -> None:
    assert len(problems("".join(f"- *a{n}\n" for n in range(5000)))) == 1001
    found = problems("events:\n" + "- x\n" * 5000)
    assert len(found) == 1001
    assert str(found[-1]) == "events.yaml: there are more problems; mend these first"
    assert list(found[:-1]) == sorted(found[:-1], key=lambda problem: problem.location)


# Contradictions


NIGHTS = """
1992-02-25/1992-02-26 1990-01-31/1990-02-01 1989-12-31/1990-01-01 1992-02-28/1992-02-29 1993-02-28/1993-03-01
1992-02-29/1992-03-01
"""
NO_NIGHTS = """
1992-02-25 1992-02-25/1992-02-27 1992-02-25/1992-02-25 1992-01-05/1992-02-01 1991-05-05/1992-05-01
1992-02-28/1992-03-01 1992-02 1992-02-25/.. 1992-02-25?/1992-02-26
"""


@pytest.mark.parametrize("date", NIGHTS.split())
def test_night_is_two_days_that_follow_each_other(date: str) -> None:
    observed = {"rule": "annual", "leap": "forward"} if "02-29" in date else "annual"
    assert read(event(date=date, night="true", observed=observed)).events[0].night


@pytest.mark.parametrize("date", [*NO_NIGHTS.split(), None])
def test_night_of_anything_else_is_refused(date: str | None) -> None:
    values = calendar(event(date=date, night="true", observed="background"))
    assert any("a night needs a date of two days" in problem for problem in told(yaml_of(values).decode()))


@pytest.mark.parametrize(
    "claimed", ["1992-03-05", "1992-03", "1992", "199X", "../1993", "1992-03-01/1992-03-09", "1992?"]
)
def test_claim_that_shares_a_day_with_the_event_contradicts_nothing(claimed: str) -> None:
    assert reading(SMALL.replace("date: 1992-03-05, basis", f"date: {claimed}, basis")).warnings == ()


@pytest.mark.parametrize("claimed", ["1992-03-06", "1992-04", "1993", "198X", "../1991", "1992-03-06/1992-03-09"])
def test_claim_that_shares_none_needs_a_word_on_it(claimed: str) -> None:
    file = SMALL.replace("date: 1992-03-05, basis", f"date: {claimed}, basis")
    (problem,) = told(file)
    assert problem.startswith(f'21:30: "{claimed}" contradicts the date of the event')
    assert warned(file.replace("tone: mourning", "disputed: {en: One says otherwise.}")) == []


@pytest.mark.parametrize("basis", ["inferred", "outside"])
def test_claim_that_is_not_stated_says_how_it_is_known(basis: Basis) -> None:
    claim = {"source": "report", "basis": basis, "says": {"en": "It says so."}}
    (problem,) = told(yaml_of(calendar(event(claims=[claim]))).decode())
    assert f'a claim whose basis is "{basis}" needs a reasoning' in problem
    assert read(event(claims=[{**claim, "reasoning": {"en": "Worked out."}}])).events[0].claims[0].basis == basis


def test_equal_ids_are_refused_naming_the_line_of_the_first() -> None:
    file = yaml_of(calendar(event("same"), event("other"), event("same"), event("same"))).decode()
    lines = [n for n, line in enumerate(file.split("\n"), 1) if '"id": "same"' in line]
    found = problems(file)
    assert [problem.location.line for problem in found] == lines[1:]
    assert all(f"stands here and on line {lines[0]}" in problem.message for problem in found)


# Lengths and sizes


@pytest.mark.parametrize(("key", "most"), [("title", 120), ("description", 4000)])
def test_text_may_be_as_long_as_documented_and_no_longer(key: str, most: int) -> None:
    fits: dict[str, Any] = {key: {"en": "é" * most}}
    assert read(event(**fits)).events
    longer: dict[str, Any] = {key: {"en": "é" * (most + 1)}}
    (problem,) = told(yaml_of(calendar(event(**longer))).decode())
    assert f'the "en" of {key} has {most + 1} characters, {most} are allowed' in problem


def source_titled(length: int) -> str:
    sources = {"report": {"title": "x" * length, "publisher": "A publisher"}}
    return yaml_of(calendar(sources=sources)).decode()


def claim_headed(length: int) -> str:
    claim = {"source": "report", "basis": "stated", "heading": "x" * length, "says": {"en": "It says so."}}
    return yaml_of(calendar(event(claims=[claim]))).decode()


@pytest.mark.parametrize("made", [source_titled, claim_headed])
def test_titles_of_documents_may_be_longer_for_they_are_not_ours(made: Callable[[int], str]) -> None:
    assert warned(made(300)) == []
    (problem,) = told(made(301))
    assert "has 301 characters, 300 are allowed" in problem


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ("window: {past: 0, future: 50}", None),
        ("window: {past: 50, future: 1}", None),
        ("window: {past: 51}", "past is 51; it must be at most 50"),
        ("window: {past: -1}", "past is -1; it must be at least 0"),
        ("window: {future: 51}", "future is 51; it must be at most 50"),
        ("window: {future: 0}", "future is 0; it must be at least 1"),
        ("budget: {events: 999999999, bytes: 10000}", None),
        ("budget: {events: 1000000000}", '"1000000000" has too many digits; 9 are allowed'),
        ("budget: {bytes: 9999}", "bytes is 9999; it must be at least 10000"),
        ("feed_items: 200", None),
        ("notice_days: 60", None),
    ],
)
def test_number_may_be_as_large_as_documented(keys: str, problem: str | None) -> None:
    file = f"{keys}\n{SMALL}"
    assert (told(file)[0].split(": ", 1)[1] if problem else warned(file)) == (problem or [])


def test_ten_levels_are_read_and_an_eleventh_is_refused() -> None:
    assert "nested" not in told("a: " + "[" * 9 + "]" * 9)[0]
    assert told("a: " + "[" * 10 + "]" * 10) == ["1:13: nested more than 10 deep; no events file needs such depth"]


def test_file_of_ten_mebibytes_is_read_and_a_byte_more_is_refused() -> None:
    most = 10 * 1024**2
    assert told("#" * most) == ["1:1: the file is empty; see docs/events-yaml.md for a file to start from"]
    assert [str(problem) for problem in problems("#" * (most + 1))] == [
        "events.yaml: the file has more than 10,485,760 bytes; split it, or allow it with --larger 2"
    ]


def test_more_than_twenty_thousand_events_are_refused_at_the_first_too_many() -> None:
    (problem,) = problems("events:\n" + "- {}\n" * 20_001)
    assert (
        str(problem)
        == "events.yaml:20002:3: more than 20,000 items in one list; split the file, or allow it with --larger 2"
    )


@pytest.mark.parametrize(
    ("number", "hint"), [(12, "write source-0, source-1, "), (13, "add it to the sources first")]
)
def test_few_names_are_listed_where_none_is_near(number: int, hint: str) -> None:
    sources = {f"source-{n}": {"title": "A report", "publisher": "A publisher"} for n in range(number)}
    claim = {"source": "qqq", "basis": "stated", "says": {"en": "It says so."}}
    (problem,) = told(yaml_of(calendar(event(claims=[claim]), sources=sources)).decode())
    assert hint in problem


def test_list_with_more_names_than_fit_a_line_still_proposes_one() -> None:
    sources = {f"source-{n}": {"title": "A report", "publisher": "A publisher"} for n in range(20)}
    claim = {"source": "sorce-17", "basis": "stated", "says": {"en": "It says so."}}
    (problem,) = told(yaml_of(calendar(event(claims=[claim]), sources=sources)).decode())
    assert problem.endswith('"sorce-17" is not among the sources; did you mean "source-17"?')


# What deserves a look


def test_source_that_nobody_cites_is_warned_of() -> None:
    file = SMALL.replace("events:\n", "  other: {title: Other, publisher: A house}\nevents:\n")
    assert warned(file) == ['12:10: no claim cites the source "other"; cite it or delete it']
    assert warned(file.replace("source: book, why", "source: other, why")) == []


def test_category_without_events_is_warned_of() -> None:
    file = SMALL.replace("sources:\n", "  two: {title: {en: Two}}\nsources:\n")
    assert warned(file) == ['10:8: no event belongs to the category "two"']


def test_long_title_is_warned_of() -> None:
    assert warned(SMALL.replace("The first", "x" * 60)) == []
    assert warned(SMALL.replace("The first", "x" * 61)) == [
        "14:12: a title over 60 characters is cut on telephones"
    ]


@pytest.mark.parametrize(
    ("date", "told_of"), [("1969-12-31", True), ("1969-12-31/1970-01-01", True), ("1970-01-01", False)]
)
def test_one_off_before_1970_is_warned_of(date: str, told_of: bool) -> None:
    file = SMALL.replace("1992-03-05", date).replace("observed: annual", "observed: once")
    expected = '16:11: "first-1992" lies before 1970: it stands on the page, not in the calendar'
    assert warned(file) == ([expected] if told_of else [])


def test_warnings_come_in_the_order_of_the_file() -> None:
    file = SMALL.replace("The first", "x" * 61).replace("sources:\n", "  two: {title: {en: Two}}\nsources:\n")
    file = file.replace("events:\n", "  other: {title: Other, publisher: A house}\nevents:\n")
    assert [warning.split(":")[0] for warning in warned(file)] == ["10", "13", "16"]


# What takes the days of a whole calendar to tell


def test_correction_of_a_day_before_1970_is_refused() -> None:
    log = [{"id": "black-january-1990", "on": day, "why": {"en": "So."}} for day in ("0001-01-01", "1970-01-01")]
    (found,) = told(yaml_of(calendar(event(), corrections=log)).decode())
    assert found.endswith(": 0001-01-01 lies before 1970-01-01; write the day of the correction itself")


@pytest.mark.parametrize(
    ("keys", "told_of"),
    [
        ({}, False),
        ({"observed": "background"}, True),
        ({"observed": "once", "date": "1969-01-20"}, True),
        ({"observed": "once", "date": "1971-01-20"}, False),
    ],
)
def test_set_of_a_category_without_days_is_warned_of(keys: dict[str, str], told_of: bool) -> None:
    categories = {"history": {"title": {"en": "History"}}, "town": {"title": {"en": "Town"}}}
    events = event(), event("other", categories=["town"], **keys)
    file = yaml_of(calendar(*events, categories=categories, compose=[["history", "town"]])).decode()
    message = (
        'no event of the category "town" has a day, so this set is not built; '
        "take the set out, or give one of them a day"
    )
    assert [warning.partition(": ")[2] for warning in warned(file) if "set" in warning] == [message] * told_of


def test_list_of_zones_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, **_: str) -> str:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(SourceMissing, match="zones: Input/output error; install calfeed anew"):
        reading(SMALL)
