"""Files that do harm: each ends in a problem with its line, and never in a crash, a hang or a hole in the output.

The sections are the rows F14 to F28 of the faults that calfeed survives, the last of which stands in
`test_source`.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calfeed.domain.model import Event
from calfeed.errors import Problem, SourceError
from calfeed.storage.files import MAX_BYTES, MAX_TRANSLATIONS, read_events, read_translations
from calfeed.storage.source import read_calendar
from tests.goals import Tally, spread
from tests.storage.bombs import BOMBS, CLOCK, MEGABYTES, MEMORY, SECONDS
from tests.support import REPOSITORY

SMALL = (REPOSITORY / "tests" / "data" / "small.yaml").read_text(encoding="utf-8")
TITLE = "The first"  # of the first event, on line 14, in small.yaml


def told(text: str | bytes) -> list[str]:
    """Every problem of a file, as `line:column: message; hint`."""
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(SourceError) as caught:
        read_calendar(data, file="f")
    return [str(problem).removeprefix("f:") for problem in caught.value.problems]


def with_title(text: str) -> str:
    return SMALL.replace(TITLE, text)


def title_of(text: str) -> str:
    """The title of the first event of a file without problems."""
    reading = read_calendar(text.encode(), file="f")
    return reading.calendar.events[0].title["en"]


def description_of(text: str) -> str:
    """The description of the first event of small.yaml with this in place of it."""
    file = SMALL.replace("{en: What happened.}", "{en: " + text + "}")
    return read_calendar(file.encode(), file="f").calendar.events[0].description["en"]


# F14 to F17: files that grow, nest or compute without end


Survivors = dict[str, dict[str, Any]]


def _survivors(*options: str) -> Survivors:
    """What the processes that read the bombs wrote of each."""
    environment = {"PATH": os.defpath, "LC_ALL": "C", "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, *options, "-m", "tests.storage.bombs"]
    found = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=True)
    return {line["name"]: line for line in map(json.loads, found.stdout.splitlines())}


@pytest.fixture(scope="module")
def survivors() -> Survivors:
    """What was found of each bomb."""
    return _survivors()


def _check_survived(name: str, found: dict[str, Any]) -> None:
    _, line, message = BOMBS[name]
    assert "killed" not in found, found
    assert any(at == line and message in text for at, text in found["problems"]), found["problems"]
    assert found["seconds"] <= SECONDS
    assert found["megabytes"] <= MEGABYTES


@pytest.mark.goal("G4", "files made to hang, to fill the memory or to crash: the right line in 2 s and 300 MB")
@pytest.mark.parametrize("name", BOMBS)
def test_bomb_ends_in_a_problem_with_its_line(name: str, survivors: Survivors) -> None:
    _check_survived(name, survivors[name])


@pytest.mark.nightly
@pytest.mark.goal("G4", "the same under python -O")
def test_bomb_ends_in_the_same_problem_without_assertions(tally: Tally) -> None:
    for name, found in _survivors("-O").items():
        with tally.point(name):
            _check_survived(name, found)


def test_no_problem_is_longer_than_a_screen_however_long_the_value(survivors: Survivors) -> None:
    assert max(found["longest"] for found in survivors.values()) < 700
    assert max(found["number"] for found in survivors.values()) <= 1001


# F18: equal keys


def test_equal_keys_are_refused_naming_both_lines() -> None:
    assert told(SMALL + "events: []\n") == [
        '31:1: the key "events" stands here and on line 12; keep one of them',
        "31:9: there are no events; write at least one",
    ]
    assert told(with_title("x, en: y")) == ['14:20: the key "en" stands here and on line 14; keep one of them']


def test_keys_that_are_equal_after_normalization_are_equal() -> None:
    file = SMALL.replace("  one: {", "  caf\u00e9: {title: {en: A}}\n  cafe\u0301: {title: {en: B}}\n  one: {")
    assert any("stands here and on line 9" in problem for problem in told(file))


# F19: what YAML takes for something else


SCALARS = """
no yes off true 19:30 010 0o10 0x10 1_000 1.10 1e3 ~ null .inf .nan = -1 +1 1992 1992-02-25
2001-12-14t21:59:43.10-05:00
"""


@pytest.mark.parametrize("text", SCALARS.split())
def test_scalar_is_the_text_that_was_written(text: str) -> None:
    assert title_of(with_title(text)) == text


def test_scalar_is_text_as_a_key_too() -> None:
    assert told(SMALL + "no: 1\n")[0].startswith('31:1: "no" is not a key of the calendar')
    assert told(SMALL + "~: 1\n")[0].startswith('31:1: "~" is not a key of the calendar')
    assert told(SMALL + "010: 1\n")[0].startswith('31:1: "010" is not a key of the calendar')


def test_unquoted_date_stays_a_date_of_the_curator() -> None:
    file = SMALL.replace("date: 1992-03-05", "date: 1992-3-5", 1)
    assert told(file) == ['16:11: "1992-3-5" is not an EDTF date; write 1992-03-05']


# F20: impossible dates


@pytest.mark.parametrize("date", ["1992-02-30", "1993-02-29", "1992-13-01", "1992-00", "0000-02-30", "1992-04-31"])
def test_impossible_date_is_refused_with_its_line(date: str) -> None:
    (problem,) = told(SMALL.replace("date: 1992-03-05", f"date: {date}", 1))
    assert problem.startswith(f'16:11: "{date}"')
    assert "; " in problem


# F21: indentation that looks like spaces


@pytest.mark.parametrize("blank", ["\u00a0", "\u1680", "\u2003", "\u202f", "\u205f", "\u3000"])
@pytest.mark.parametrize("spaces", [0, 2, 4])
def test_blank_that_is_no_space_does_not_indent(blank: str, spaces: int) -> None:
    file = SMALL.replace("    title: {en: The first}", " " * spaces + blank + "title: {en: The first}")
    (problem,) = told(file)
    assert problem.startswith(f"14:{spaces + 1}: a no-break or wide blank (U+{ord(blank):04X})")


@pytest.mark.parametrize("spaces", [0, 4])
def test_tab_does_not_indent(spaces: int) -> None:
    file = SMALL.replace("    title: {en: The first}", " " * spaces + "\ttitle: {en: The first}")
    assert told(file) == [f"14:{spaces + 1}: a tab at the beginning of a line; indent with spaces"]


def test_no_break_space_after_a_colon_is_no_space() -> None:
    found = told(SMALL.replace("title: {en: The first}", "title:\u00a0{en: The first}"))
    assert found[-1].endswith("write a colon and a space after the key")


# F22: a number sign that cuts a text


@pytest.mark.parametrize(
    ("written", "warned"),
    [
        ("The first # one", "15:11"),
        ("The\n        first # one", "15:11"),
        ("The first\t# one", "15:11"),
        ("'The first' # a remark", None),
        ("'The # first'", None),
        ("The#first", None),
        ("C#", None),
        (">-\n        The # first", None),
        ("The first\n      # a remark", None),
    ],
)
def test_text_cut_by_a_number_sign_is_warned_of(written: str, warned: str | None) -> None:
    file = SMALL.replace("title: {en: The first}", f"title:\n      en: {written}")
    warnings = [str(warning) for warning in read_calendar(file.encode(), file="f").warnings]
    expected = f"f:{warned}: this text ends at a #, the rest is a comment; quote it if that is text"
    assert warnings == ([expected] if warned else [])


@pytest.mark.parametrize(
    ("right", "wrong", "warned"),
    [
        ("date: 1992-03-05\n", "date: 1992-03-05  # sure\n", []),
        ("id: second", "id: second # to none", []),
        ("tone: mourning", "tone: mourning # as all agree", []),
        (
            "book: {title: A book, publisher: A house,",
            "book: {publisher: A house,\n    title: A book # two\n    ,",
            ["12:12"],
        ),
        ("why: No date.}", "\n     why: No date # at all\n    }", ["31:11"]),
    ],
)
def test_remark_behind_what_is_no_text_is_a_remark(right: str, wrong: str, warned: list[str]) -> None:
    assert right in SMALL
    warnings = read_calendar(SMALL.replace(right, wrong, 1).encode(), file="f").warnings
    assert [f"{warning.location.line}:{warning.location.column}" for warning in warnings] == warned


def test_number_sign_within_braces_is_an_error_where_the_brace_opens() -> None:
    assert told(with_title("The first # one"))[0].startswith("14:12: a { that is not closed")


# F23: files that hold no calendar


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        ("", "1:1: the file is empty"),
        ("\n \n", "1:1: the file is empty"),
        ("\ufeff", "1:1: the file is empty"),
        ("# one\n# two\n", "1:1: the file is empty"),
        ("---\n# nothing\n", "1:1: the file is empty"),
        ("--- ''", "1:1: the file is empty"),
        ("~", "1:1: this file does not consist of keys and values"),
        ("hello", "1:1: this file does not consist of keys and values"),
        ("- a\n- b\n", "1:1: this file does not consist of keys and values"),
        ("[]", "1:1: this file does not consist of keys and values"),
        ("{}", '1:1: the calendar has no "version"'),
        ("404: Not Found", '1:1: the calendar has no "version"'),
        ("<!DOCTYPE html>\n<html>", "1:1: this is an HTML page"),
        ("\ufeff\n  <HTML lang=en>", "1:1: this is an HTML page"),
        ("<!doctype html SYSTEM 'about:legacy-compat'>", "1:1: this is an HTML page"),
    ],
)
def test_file_without_a_calendar_is_refused(file: str, problem: str) -> None:
    assert told(file)[0].startswith(problem)


@pytest.mark.parametrize(
    ("file", "place"),
    [
        ("events: [", "1:10"),
        ("version: 1\nevents: {", "2:10"),
        ("{", "1:2"),
        ('a: "', "1:4"),
        ("[a,\n\n", "1:4"),
        ("a:\n- b\n- [", "3:4"),
    ],
)
def test_file_that_was_cut_says_what_is_not_closed(file: str, place: str) -> None:
    assert told(file) == [f"{place}: a quote or bracket is never closed; close it"]


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "=======", ">>>>>>> branch", "||||||| base"])
def test_mark_of_an_unfinished_merge_is_named(mark: str) -> None:
    (problem,) = told(SMALL.replace("  - id: second", f"{mark}\n  - id: second"))
    assert problem.startswith("22:1: a mark of an unfinished merge")


def test_line_of_equals_signs_inside_a_text_is_text() -> None:
    file = SMALL.replace("{en: What happened.}", "\n      en: |\n        One\n        =======\n        Two")
    assert read_calendar(file.encode(), file="f").calendar.events[0].description["en"] == "One\n=======\nTwo"


def test_problems_of_a_list_in_place_of_a_calendar_come_in_file_order() -> None:
    assert told("- id: a\n  id: b\n") == [
        "1:1: this file does not consist of keys and values; begin it with version: 1",
        '2:3: the key "id" stands here and on line 1; keep one of them',
    ]


# F24: bytes and characters that no output can carry


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (with_title("caf\u00e9").encode("latin-1"), "14:20"),
        (SMALL.encode() + b"# \xff", "31:3"),
        (SMALL.replace("\n", "\r\n").encode() + b"# \xff", "31:3"),
        (SMALL.encode().replace(b"\n", b"\r") + b"# \xff", "31:3"),
        (b"\xef\xbb\xbftitle: \xff", "1:8"),
        (b"title: \xed\xa0\x80", "1:8"),  # a surrogate in UTF-8
        (b"title: \xc0\x80", "1:8"),  # NUL in two bytes
        (b"title: \xf4\x90\x80\x80", "1:8"),  # beyond U+10FFFF
        (b"title: caf\xc3", "1:11"),  # cut in the middle of a character
        (SMALL.encode("utf-16"), "1:1"),
        (SMALL.encode("utf-16-be"), None),
        (SMALL.encode("utf-32-le"), None),
    ],
)
def test_bytes_that_are_no_utf_8_are_refused_with_their_place(data: bytes, place: str | None) -> None:
    problem = told(data)[0]
    assert place is None or problem == f"{place}: the file is not UTF-8; save it with the encoding UTF-8"
    assert place or "control character (U+0000)" in problem


@pytest.mark.parametrize("code", [0x00, 0x01, 0x07, 0x08, 0x0B, 0x0C, 0x0E, 0x1B, 0x1F, 0x7F, 0x80, 0x9B, 0x9F])
def test_control_character_is_refused_raw_and_escaped(code: int) -> None:
    assert told(with_title(f"a{chr(code)}b")) == [f"14:18: a control character (U+{code:04X}); delete it"]
    expected = [f"14:17: this text holds a control character (U+{code:04X}); delete it"]
    assert told(with_title(f'"a\\x{code:02x}b"')) == expected
    assert told(with_title(f'"a\\u{code:04x}b"')) == expected


@pytest.mark.parametrize("escape", ["0", "a", "b", "e", "v", "f"])
def test_control_character_is_refused_by_its_short_escape(escape: str) -> None:
    assert told(with_title(f'"x\\{escape}y"'))[0].startswith("14:17: this text holds a control character")


@pytest.mark.parametrize("code", [0xFDD0, 0xFDEF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x8FFFF, 0x10FFFE])
def test_character_that_is_none_is_refused_raw_and_escaped(code: int) -> None:
    assert told(with_title(f"a{chr(code)}b")) == [f"14:18: a character that is none (U+{code:04X}); delete it"]
    assert told(with_title(f'"a\\U{code:08x}b"')) == [
        f"14:17: this text holds a character that is none (U+{code:04X}); delete it"
    ]


@pytest.mark.parametrize("escape", [r"\ud800", r"\udfff", r"\ud83d\ude00", r"\U0000D800", r"\U00110000"])
def test_surrogate_is_refused_with_its_line(escape: str) -> None:
    (problem,) = told(with_title(f'"a{escape}b"'))
    assert problem.startswith("14:")
    assert "names no character" in problem


def test_character_beyond_the_first_plane_is_kept() -> None:
    assert title_of(with_title("\U0001f54e")) == "\U0001f54e"
    assert title_of(with_title(r'"\U0001F54E"')) == "\U0001f54e"


# F25: line separators


@pytest.mark.parametrize("separator", ["\u0085", "\u2028", "\u2029"])
def test_line_separator_becomes_a_line_break(separator: str) -> None:
    assert description_of(f'"One{separator}two"') == "One\ntwo"
    assert description_of(f"One{separator}two") == "One\ntwo"
    assert description_of(f'"One\\u{ord(separator):04x}two"') == "One\ntwo"


@pytest.mark.parametrize("escape", [r"\N", r"\L", r"\P", r"\r", r"\r\n", r"\n"])
def test_escaped_line_break_becomes_a_line_break(escape: str) -> None:
    assert description_of(f'"One{escape}two"') == "One\ntwo"


@pytest.mark.parametrize("separator", ["\u0085", "\u2028", "\u2029", r"\n", r"\r", r"\N", r"\L", r"\P"])
def test_title_holds_no_line_break_however_it_is_written(separator: str) -> None:
    assert told(with_title(f'"One{separator}two"')) == [
        "14:17: a line break in a text of one line; write it in one line"
    ]


@pytest.mark.parametrize("separator", ["\u0085", "\u2028", "\u2029"])
def test_line_separator_breaks_neither_structure_nor_line_numbers(separator: str) -> None:
    file = SMALL.replace("What happened.", f'"What{separator}id: evil{separator}happened."')
    read = read_calendar(file.encode(), file="f").calendar
    assert [event.id for event in read.events] == ["first-1992", "second"]
    assert read.events[0].description["en"] == "What\nid: evil\nhappened."
    problems = told(file.replace("nth: 3", "nth: x"))
    assert [problem.split(" ")[0] for problem in problems] == ["25:36:"]
    in_comment = f"# One{separator}id: evil\n" + SMALL.replace("nth: 3", "nth: x")
    assert [problem.split(" ")[0] for problem in told(in_comment)] == ["26:36:"]


# F26: marks and endings of files


def test_byte_order_mark_at_the_beginning_is_no_part_of_the_file() -> None:
    reading = read_calendar(b"\xef\xbb\xbf" + SMALL.encode(), file="f")
    assert reading.calendar.events[0].title["en"] == TITLE
    assert told("\ufeff" + SMALL.replace("version: 1", "version: 2"))[0].startswith("1:10: ")


def test_byte_order_mark_inside_the_file_is_refused() -> None:
    assert told(SMALL + "\ufeff" + SMALL)[0].startswith("31:1: a byte order mark in the middle of the file")
    assert told(with_title("The \ufefffirst"))[0].startswith("14:21: a byte order mark")


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_endings_of_other_systems_change_nothing(ending: str) -> None:
    folded = SMALL.replace("{en: What happened.}", "\n      en: |\n        One\n        two")
    here = read_calendar(folded.encode(), file="f")
    there = read_calendar(folded.replace("\n", ending).encode(), file="f")
    assert here == there
    assert there.calendar.events[0].description["en"] == "One\ntwo"
    wrong = SMALL.replace("nth: 3", "nth: x")
    assert told(wrong.replace("\n", ending)) == told(wrong)


def test_file_may_end_without_a_line_break() -> None:
    assert read_calendar(SMALL.rstrip().encode(), file="f") == read_calendar(SMALL.encode(), file="f")


@pytest.mark.parametrize("mark", ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2069"])
def test_hidden_direction_mark_is_refused_raw_and_escaped(mark: str) -> None:
    code = f"U+{ord(mark):04X}"
    assert told(with_title(f"a{mark}b"))[0].startswith(f"14:18: a hidden direction mark ({code})")
    assert told(with_title(f'"a\\u{ord(mark):04x}b"')) == [
        f"14:17: this text holds a hidden direction mark ({code}); delete it"
    ]


def test_text_is_normalized_to_nfc() -> None:
    assert title_of(with_title("Cafe\u0301")) == "Caf\u00e9"
    assert title_of(with_title('"Cafe\\u0301"')) == "Caf\u00e9"


def test_accents_in_a_heap_are_refused_and_as_many_as_a_script_needs_are_kept() -> None:
    assert told(with_title("a" + "\u0301" * 31)) == [
        "14:17: this text heaps more than 30 accents on a letter; delete them"
    ]
    assert title_of(with_title(("q" + "\u0301" * 30) * 2)) == ("q" + "\u0301" * 30) * 2
    pointed = unicodedata.normalize(
        "NFC", "\u05d9\u05d5\u05b9\u05dd \u05d4\u05b7\u05e9\u05bc\u05c1\u05d5\u05b9\u05d0\u05b8\u05d4"
    )
    assert title_of(with_title(pointed)) == pointed


# F27: what YAML can do and an events file must not


@pytest.mark.parametrize(
    ("title", "problem"),
    [
        ("title: &x {en: y}", '14:12: the anchor "&x" is not used here'),
        ("title: {en: &x y}", '14:17: the anchor "&x" is not used here'),
        ("title: {en: *x}", '14:17: the alias "*x" is not used here'),
        ("title: *x", '14:12: the alias "*x" is not used here'),
        ("title: !!map {en: y}", '14:12: the tag "!!map" is not used here'),
        ("title: {en: !!str y}", '14:17: the tag "!!str" is not used here'),
        ("title: {en: !!python/object/apply:os.system y}", '14:17: the tag "!!python/object/apply:os.system"'),
        ("title: {en: !local y}", '14:17: the tag "!local" is not used here'),
        ("title: {en: ! y}", '14:17: the tag "!" is not used here'),
        ("title: {en: !<tag:yaml.org,2002:binary> y}", '14:17: the tag "!!binary" is not used here'),
        ("title: {en: y}\n    <<: {tone: neutral}", "15:5: the merge key << is not used here"),
    ],
)
def test_magic_is_refused_with_its_place_and_nothing_else_is_said(title: str, problem: str) -> None:
    (found,) = told(SMALL.replace("title: {en: The first}", title))
    assert found.startswith(problem)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("!<%1b%5b2J%c2%9b>", "\\x1b[2J\\x9b"),
        ("!%0d%0a%09", "\\r⏎\\t"),
        ("!<%e2%80%ae%e2%80%a8>", "\\u202e\\u2028"),
    ],
)
def test_tag_with_escaped_controls_is_told_without_any(written: str, shown: str) -> None:
    (found,) = told(SMALL.replace("title: {en: The first}", f"title: {{en: {written} y}}"))
    assert found.startswith("14:17: the tag ")
    assert shown in found
    assert found.isprintable()


def test_tab_in_a_key_is_told_as_one() -> None:
    (found,) = told(SMALL + '"a\\tb": 1\n')
    assert found.startswith('31:1: "a\\tb" is not a key of the calendar')


def test_merge_of_an_alias_is_refused_at_both_places() -> None:
    found = told(SMALL.replace("title: {en: The first}", "title: {en: y}\n    <<: *x"))
    assert [problem.split(": ")[0] for problem in found] == ["15:5", "15:9"]


@pytest.mark.parametrize(
    ("end", "line"),
    [("---\n", 31), ("---\nversion: 1\n", 31), ("...\n---\nversion: 1\n", 32), ("...\nversion: 1\n", 32)],
)
def test_second_document_is_refused(end: str, line: int) -> None:
    (problem,) = told(SMALL + end)
    assert problem.split(":")[0] == str(line)


@pytest.mark.parametrize(
    ("before", "after"), [("---\n", ""), ("%YAML 1.2\n---\n", ""), ("", "...\n"), ("---\n", "...\n")]
)
def test_marks_of_a_single_document_are_accepted(before: str, after: str) -> None:
    assert title_of(before + SMALL + after) == TITLE


# The whole program, as it is run


@pytest.mark.goal("G4", "on the command line: the problem, exit code 65, no traceback, also under -O in LC_ALL=C")
@pytest.mark.parametrize("options", [[], ["-O"]], ids=["plain", "-O"])
@pytest.mark.parametrize(
    ("file", "problem"),
    [
        (SMALL.replace("nth: 3", "nth: x").encode(), '25:36: "x" is not a whole number; write digits, as in 3'),
        (
            b"version: 1\nevents: " + b"[" * 25_000,
            "2:18: nested more than 10 deep; no events file needs such depth",
        ),
        (
            with_title('"a\\nMETHOD:CANCEL"').encode(),
            "14:17: a line break in a text of one line; write it in one line",
        ),
        (
            with_title("caf\u00e9\u202e").encode(),
            "14:21: a hidden direction mark (U+202E); delete it; directions are",
        ),
        (b"title: \xff", "1:8: the file is not UTF-8; save it with the encoding UTF-8"),
    ],
    ids=["wrong value", "brackets", "line break", "direction mark", "bytes"],
)
def test_check_prints_the_problem_and_exits_with_65(
    tmp_path: Path, options: list[str], file: bytes, problem: str
) -> None:
    (tmp_path / "events.yaml").write_bytes(file)
    found = _check(tmp_path, options)
    assert found.returncode == 65
    assert f"events.yaml:{problem}" in found.stdout
    assert "Traceback" not in found.stdout + found.stderr


@pytest.mark.goal("G4", "on the command line: the problem, exit code 65, no traceback, also under -O in LC_ALL=C")
def test_check_prints_the_problem_of_every_bomb(tmp_path: Path, tally: Tally, thorough: bool) -> None:
    for name in spread(tuple(BOMBS), 4, thorough=thorough):
        make, line, message = BOMBS[name]
        (tmp_path / "events.yaml").write_bytes(make())
        for options in ([], ["-O"]) if thorough else (["-O"],):
            found = _check(tmp_path, options)
            with tally.point(f"{name} {options}"):
                assert found.returncode == 65, found.stderr[-500:]
                assert "Traceback" not in found.stdout + found.stderr
                assert any(
                    told.startswith(f"events.yaml:{line}:" if line else "events.yaml: ") and message in told
                    for told in found.stdout.splitlines()
                ), found.stdout[:500]


def test_value_beyond_ascii_is_printed_in_the_locale_c(tmp_path: Path) -> None:
    (tmp_path / "events.yaml").write_text(SMALL.replace("id: second", "id: şəhər"), encoding="utf-8")
    found = _check(tmp_path, [])
    assert found.returncode == 65
    assert 'events.yaml:22:9: "şəhər" cannot be an id' in found.stdout


def _check(folder: Path, options: list[str]) -> subprocess.CompletedProcess[str]:
    def little_memory() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    return subprocess.run(
        [sys.executable, "-W", "error", *options, "-m", "calfeed", "check", "events.yaml"],
        cwd=folder,
        env={"PATH": os.defpath, "LC_ALL": "C", "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        encoding="utf-8",
        timeout=CLOCK,
        check=False,
        preexec_fn=little_memory,  # the limit is the child's, and the child is Python
    )


# Laws


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode(errors="surrogatepass")))
def test_any_bytes_end_in_located_problems(data: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        read_calendar(data, file="f")
    last_line = data.count(b"\n") + data.count(b"\r") + 1
    for problem in caught.value.problems:
        assert problem.message
        assert 1 <= problem.location.line <= last_line
        assert problem.location.column >= 1
        assert "\n" not in str(problem)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_edit_of_a_good_file_is_read_or_told(data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(SMALL)))
    end = data.draw(st.integers(begin, min(begin + 12, len(SMALL))))
    put = data.draw(st.text(alphabet="{}[]:,-#&*!|>'\"%@`\\ \n\tax1\u2028\u00a0é", max_size=6))
    file = (SMALL[:begin] + put + SMALL[end:]).encode()
    problems: tuple[Problem, ...] = ()
    events: tuple[Event, ...] = ()
    try:
        events = read_calendar(file, file="f").calendar.events
    except SourceError as error:
        problems = error.problems
    assert bool(events) != bool(problems)
    assert list(problems) == sorted(problems, key=lambda problem: problem.location)
    for event in events:
        for text in (*event.title.values(), *event.description.values()):
            assert text
            assert text == unicodedata.normalize("NFC", text).strip()


def test_file_without_an_end_is_read_no_further_than_a_file_may_go(tmp_path: Path) -> None:
    (tmp_path / "events.yaml").symlink_to("/dev/zero")
    (tmp_path / "translations").mkdir()
    (tmp_path / "translations" / "ru.yaml").symlink_to("/dev/zero")
    data, translations = read_events(tmp_path / "events.yaml"), read_translations(tmp_path / "events.yaml")
    assert [len(data), *map(len, translations.values())] == [MAX_BYTES + 1, MAX_BYTES + 1]
    with pytest.raises(SourceError, match="more than 10,485,760 bytes"):
        read_calendar(data, file="events.yaml", translations=translations)


def test_more_files_of_translations_than_there_are_languages_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "translations").mkdir()
    for number in range(MAX_TRANSLATIONS):
        (tmp_path / "translations" / f"{number}.yaml").touch()
    assert len(read_translations(tmp_path / "events.yaml")) == MAX_TRANSLATIONS
    (tmp_path / "translations" / "more.yaml").touch()
    with pytest.raises(SourceError, match="65 files of translations, and 64 are allowed"):
        read_translations(tmp_path / "events.yaml")
