"""`calfeed explain`: why an entry falls on its days, and who says so. And milestones in the agenda."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from calfeed.cli import main
from calfeed.domain.edtf import parse_edtf
from calfeed.domain.explanation import agreement, explain, plain_text
from calfeed.formats.data import render
from calfeed.storage.source import read_calendar
from tests.support import NOW, REPOSITORY, Workshop, edition, event, read

Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def calfeed(capsys: pytest.CaptureFixture[str]) -> Said:
    """Run the command line; exit code, output, errors."""

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as exit_:
            main([*map(str, arguments)])
        said = capsys.readouterr()
        return int(exit_.value.code or 0), said.out, said.err

    return run


def told(year: int, **keys: Any) -> dict[int, str]:
    """What is said of each year around one, without the wrapping."""
    calendar = read(event(**keys))
    explanation = explain(calendar, calendar.events[0], year=year, language="en")
    lines = plain_text(explanation, width=1000).splitlines()
    rows = [(line[:17].strip(), line[17:]) for line in lines]
    return {int(label): text for label, text in rows if label.isdigit()}


def observance(**observed: Any) -> dict[str, Any]:
    return {"date": None, "observed": {key: str(value) for key, value in observed.items()}}


EXPLAINED = """\
Black January 1990 (black-january-1990)

date             20 January 1990 [1990-01-20]
observed         every year on 20 January [annual]
2028             Thursday 20 January 2028; 38th anniversary
2029             Saturday 20 January 2029; 39th anniversary
2030             Sunday 20 January 2030; 40th anniversary, a milestone
2031             Monday 20 January 2031; 41st anniversary
2032             Tuesday 20 January 2032; 42nd anniversary

sources differ   One report has the 19th.
observed is      20 January 1990 [1990-01-20]

claim 1          A report (A publisher, 2023)
  says           It says so.
  its date       January 1990 [1990-01]: agrees with the date of the entry,
                 less exactly
  basis          stated

claim 2          “A piece”, in: A report (A publisher, 2023)
  says           The day before.
  its date       19 January 1990 [1990-01-19]: differs from the date of the
                 entry
  basis          inferred
  reasoning      From what it names.
"""


def test_explanation_has_date_rule_days_disagreement_and_every_claim(calfeed: Said, workshop: Workshop) -> None:
    claims = [
        {"source": "report", "basis": "stated", "date": "1990-01", "says": {"en": "It says so."}},
        {
            "source": "report",
            "heading": "A piece",
            "basis": "inferred",
            "date": "1990-01-19",
            "says": {"en": "The day before."},
            "reasoning": {"en": "From what it names."},
        },
    ]
    workshop.write(event(claims=claims, disputed={"en": "One report has the 19th."}))
    asked = ("explain", "black-january-1990", workshop.places.events, "--year", 2030)
    assert calfeed(*asked) == (0, EXPLAINED, "")


def test_years_are_those_around_now_in_the_calendars_zone(calfeed: Said, workshop: Workshop) -> None:
    workshop.write()
    asked = ("explain", "black-january-1990", workshop.places.events, "--json", "--now", "2026-12-31T20:00Z")
    found = json.loads(calfeed(*asked)[1])
    assert [year["year"] for year in found["years"]] == [2025, 2026, 2027, 2028, 2029]


def test_moved_day_says_from_where_and_why() -> None:
    keys = observance(rule="hebrew", day=27, month="nisan", evening="true", shift="yom-hashoah")
    found = told(2026, **keys)
    assert found[2025] == (
        "Thursday 24 April 2025; 26 Nisan 5785; from sunset of Wednesday 23 April 2025; "
        "moved from Friday 25 April 2025, so that the observance does not touch the Sabbath"
    )
    assert found[2026] == "Tuesday 14 April 2026; 27 Nisan 5786; from sunset of Monday 13 April 2026"


def test_limits_of_a_rule_say_why_a_year_is_left_out_or_moved() -> None:
    limits = {"from": "2020", "until": "2026", "except": ["2022"], "moves": {"2023": "2023-03-10"}}
    found = told(2022, date=None, observed={"rule": "annual", "day": "03-08", **limits})
    assert found[2022] == "no occurrence: the entry leaves 2022 out (except)"
    assert found[2023] == (
        "Friday 10 March 2023; moved from Wednesday 8 March 2023, as the entry says for this year (moves)"
    )
    found = told(2018, date=None, observed={"rule": "annual", "day": "03-08", **limits})
    assert found[2019] == "no occurrence: its first year is 2020 (from)"
    found = told(2026, date=None, observed={"rule": "annual", "day": "03-08", **limits})
    assert found[2027] == "no occurrence: its last year is 2026 (until)"
    near = {"rule": "weekday-near", "weekday": "friday", "when": "before", "day": "01-03", "except": ["2025"]}
    assert told(2024, date=None, observed=near)[2024] == "no occurrence: the entry leaves 2025 out (except)"
    found = told(2026, observed={"rule": "annual", "every": "5"})
    assert found[2026] == "no occurrence: it has an occurrence only every 5 years (every)"


def test_civil_year_without_a_day_says_so_and_one_with_two_has_both() -> None:
    calendar = read(event(**observance(rule="hebrew", day=10, month="tevet", evening="false")))
    years = {y.year: y for y in explain(calendar, calendar.events[0], year=2027, language="en").years}
    assert [day.dtstart.isoformat() for day in years[2028].days] == ["2028-01-09", "2028-12-28"]
    assert (years[2027].days, years[2027].absence) == ((), "no day of its rule falls in this civil year")


def test_leap_day_is_explained_in_common_years() -> None:
    assert told(2026, **observance(rule="annual", day="02-29", leap="omit"))[2026] == (
        "no occurrence: there is no 29 February in 2026, and the rule says: omit"
    )
    found = told(2026, **observance(rule="annual", day="02-29", leap="backward"))
    assert found[2027] == (
        "Sunday 28 February 2027; in place of 29 February, which this year lacks (leap: backward)"
    )
    assert found[2028] == "Tuesday 29 February 2028"


def test_years_before_the_first_anniversary_say_so() -> None:
    found = told(1990)
    assert found[1989] == "no occurrence: before it happened"
    assert found[1990] == "no occurrence: the year in which it happened; anniversaries begin a year later"
    assert found[1991] == "Sunday 20 January 1991; 1st anniversary"
    assert told(1990, day_itself="true")[1990] == "Saturday 20 January 1990; the day itself"


def test_one_off_says_when_it_was() -> None:
    assert told(1992, observed="once")[1991] == "no occurrence: observed once: 20 January 1990"
    assert told(1992, observed="once")[1990] == "Saturday 20 January 1990"
    assert list(told(2026, observed="once")) == [1990, 2024, 2025, 2026, 2027, 2028]
    assert "before 1970" in told(1950, observed="once", date="1950-01-20")[1950]


@pytest.mark.parametrize(
    ("date", "why"),
    [
        ("1901", "1901 is no certain day, and no day is made up"),
        ("1990-01-20", "1990-01-20 is a day, but the curator keeps it out of the calendar"),
        (None, "it has no date, and its rule gives it no day"),
    ],
)
def test_background_entry_says_why_it_has_no_day(date: str | None, why: str) -> None:
    calendar = read(event(date=date, observed="background"))
    found = explain(calendar, calendar.events[0], year=2026, language="en")
    assert (found.years, found.background) == ((), why)
    assert f"no day           {why}" in plain_text(found, width=1000)


@pytest.mark.parametrize(
    ("observed", "claimed", "found"),
    [
        ("1992-02-25/1992-02-26", "1992-02-25/1992-02-26", "same"),
        ("1992-02-25/1992-02-26", "1992-02-26", "within"),
        ("1992-02-25/1992-02-26", "1992-02", "wider"),
        ("1992-02-25/1992-02-26", "1992-02-26/1992-02-27", "overlaps"),
        ("1992-02-25/1992-02-26", "1992-02-27", "differs"),
        ("1992-02-25/1992-02-26", None, "undated"),
        (None, "1992-02-26", "unasked"),
        (None, None, "undated"),
    ],
)
def test_agreement_of_a_claim(observed: str | None, claimed: str | None, found: str) -> None:
    one, other = (parse_edtf(text) if text else None for text in (observed, claimed))
    assert agreement(one, other) == found


def test_unknown_id_is_a_usage_error_that_asks_what_was_meant(calfeed: Said, workshop: Workshop) -> None:
    workshop.write()
    code, said, errors = calfeed("explain", "blak-january-1990", workshop.places.events)
    assert (code, said) == (2, "")
    assert 'did you mean "black-january-1990"?' in errors


def test_every_entry_of_the_real_calendar_is_explained_within_80_columns() -> None:
    calendar = read_calendar((REPOSITORY / "events.yaml").read_bytes(), file="events.yaml").calendar
    for one in calendar.events:
        text = plain_text(explain(calendar, one, year=2026, language="en"))
        assert max(map(len, text.splitlines())) < 80, one.id
        assert text.count("\nclaim ") == len(one.claims)


@pytest.mark.parametrize("year", [1, 9998])
def test_edges_of_the_calendar_are_explained(year: int) -> None:
    assert year in told(year)
    assert year in told(year, **observance(rule="hebrew", day=27, month="nisan", evening="true"))


def test_agenda_of_milestones_lists_only_those_and_marks_them(calfeed: Said, workshop: Workshop) -> None:
    workshop.write(
        event(), event("khojaly-1992", date="1992-02-25"), event("day", **observance(rule="annual", day="03-08"))
    )
    asked = ("upcoming", workshop.places.events, "--years", 10, "--now", NOW.isoformat())
    assert calfeed(*asked, "--milestones")[1] == (
        "2030-01-20  Black January 1990: 40th anniversary  Sunday 20 January 2030\n"
        "2032-02-25  Khojaly 1992: 40th anniversary        Wednesday 25 February 2032\n"
    )
    found = json.loads(calfeed(*asked, "--json")[1])
    assert len(found) == 30
    assert [row["dtstart"] for row in found if row["milestone"]] == ["2030-01-20", "2032-02-25"]
    assert "no milestone between" in calfeed("upcoming", workshop.places.events, "--days", 2, "--milestones")[2]


def test_data_marks_milestones_and_says_nothing_of_the_others() -> None:
    document, _ = render(edition(read(event())))
    (found,) = json.loads(b"".join(document.chunks))["events"]
    marked = {row["ordinal"]: row.get("milestone") for row in found["occurrences"]}
    assert marked == {35: None, 36: None, 37: None, 38: None, 39: None, 40: True, 41: None}


@pytest.mark.parametrize(
    ("arguments", "days"),
    [
        (("--from", "2026-01-21", "--years", 1), ["2027-01-20"]),
        (("--from", "2026-01-20", "--years", 1), ["2026-01-20"]),
        (("--from", "2024-02-29", "--years", 1), ["2025-01-20"]),
        (("--from", "9990-01-01", "--years", 100), [f"{year}-01-20" for year in range(9990, 9999)]),
    ],
)
def test_years_of_an_agenda(
    arguments: tuple[object, ...], days: list[str], calfeed: Said, workshop: Workshop
) -> None:
    workshop.write()
    found = json.loads(calfeed("upcoming", workshop.places.events, *arguments, "--json")[1])
    assert [row["dtstart"] for row in found] == days


def test_days_and_years_together_are_a_usage_error(calfeed: Said, workshop: Workshop) -> None:
    workshop.write()
    code, _, errors = calfeed("upcoming", workshop.places.events, "--days", 3, "--years", 1)
    assert code == 2
    assert "give one of them" in errors
