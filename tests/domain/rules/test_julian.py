"""The Julian calendar against the JDK's (Julian years 1500 to 2100) and convertdate's."""

from __future__ import annotations

import datetime as dt

import pytest
from convertdate import julian as convertdate
from hypothesis import given
from hypothesis import strategies as st

from calfeed.domain.edtf import is_leap
from calfeed.domain.rules import Julian
from calfeed.domain.rules.julian import Kept, gregorian_day, julian_date
from calfeed.domain.rules.span import Native
from tests.domain.rules.support import (
    assert_ordered_and_complete,
    conformance,
    first_day,
    origin,
    problems,
    read_rule,
    refusal,
)

DATA = conformance("julian")
REVOLUTION = "1917-11-07"  # 25 October 1917 Old Style
month_days = st.dates(dt.date(2000, 1, 1), dt.date(2000, 12, 31)).map(lambda day: day.strftime("%m-%d"))
civil_days = st.dates(dt.date(1, 1, 3), dt.date(9997, 12, 31))


def test_every_month_of_other_programs_begins_on_the_same_day() -> None:
    differences = [
        (year, month)
        for year, days in DATA["months"].items()
        for month, day in enumerate(days, start=1)
        if first_day(Julian(f"{month:02}-01", "converted"), int(year)) != day
    ]
    assert (len(DATA["months"]), differences) == (601, [])


@pytest.mark.parametrize(("kind", "day"), [("leap_days", "02-29"), ("year_ends", "12-31")])
def test_leap_days_and_ends_of_years_are_those_of_other_programs(kind: str, day: str) -> None:
    rule = Julian(day, "converted")
    assert {y: found for y in DATA["months"] if (found := first_day(rule, int(y)))} == DATA[kind]


@given(civil_days)
def test_civil_day_converts_to_the_julian_day_of_convertdate_and_back(day: dt.date) -> None:
    assert julian_date(day) == tuple(convertdate.from_gregorian(day.year, day.month, day.day))
    assert gregorian_day(*julian_date(day)) == day


@pytest.mark.parametrize(
    ("kept", "date", "days"),
    [
        ("converted", None, ["2026-11-07", "2099-11-07", "2100-11-08"]),
        ("anniversary", REVOLUTION, ["2026-11-07", "2099-11-07", "2100-11-07"]),
        ("same-number", None, ["2026-10-25", "2099-10-25", "2100-10-25"]),
    ],
)
def test_25_october_is_kept_by_the_named_custom(kept: Kept, date: str | None, days: list[str]) -> None:
    rule = Julian("10-25", kept)
    rule.check(origin(date))
    assert [first_day(rule, year, date) for year in (2026, 2099, 2100)] == days


def test_julian_christmas_belongs_to_the_julian_year_before() -> None:
    christmas = Julian("12-25", "converted")
    assert first_day(christmas, 2026) == "2027-01-07"
    assert first_day(Julian("12-25", "anniversary"), 2026, "1918-01-07") == "2027-01-07"


@pytest.mark.parametrize(("date", "year"), [("1918-01-13", 1917), ("1918-01-14", 1918), ("1918-01", None)])
def test_years_are_counted_from_the_julian_year_of_the_origin(date: str, year: int | None) -> None:
    found = origin(date)
    assert found is not None
    assert Julian("10-25", "converted").year_of(found) == year


@pytest.mark.parametrize(("year", "converted", "number"), [(1900, "1900-03-13", None), (1901, None, None)])
def test_29_february_has_the_years_of_its_calendar(year: int, converted: str | None, number: str | None) -> None:
    assert first_day(Julian("02-29", "converted"), year) == converted
    assert first_day(Julian("02-29", "same-number"), year) == number
    assert first_day(Julian("02-29", "same-number"), 2000) == "2000-02-29"


def test_anniversary_of_a_gregorian_29_february_has_none_in_common_years() -> None:
    rule, date = Julian("02-16", "anniversary"), "1904-02-29"
    rule.check(origin(date))
    assert [first_day(rule, year, date) for year in (2027, 2028)] == [None, "2028-02-29"]


@given(month_days, st.integers(1, 9990))
def test_native_day_of_a_converted_day_is_the_nominal_one(day: str, year: int) -> None:
    rule = Julian(day, "converted")
    span = rule.days_in(year, None)
    if span is None:
        assert day == "02-29" if year > 1 else day in ("01-01", "01-02", "02-29")  # two days before all others
    else:
        month, number = (int(part) for part in day.split("-"))
        assert span.native == Native("julian", year, month, number)
        assert julian_date(span.dtstart) == (year, month, number)


@given(st.dates(dt.date(1500, 1, 1), dt.date(2100, 12, 31)), st.integers(1500, 2400))
def test_anniversary_keeps_the_gregorian_day_of_its_origin(day: dt.date, year: int) -> None:
    julian_year, month, number = julian_date(day)
    rule, date = Julian(f"{month:02}-{number:02}", "anniversary"), origin(day.isoformat())
    rule.check(date)
    span = rule.days_in(year, date)
    if span is None:
        assert (day.month, day.day) == (2, 29)
        assert not is_leap(year + day.year - julian_year)
    else:
        assert (span.dtstart.month, span.dtstart.day) == (day.month, day.day)
        assert span.dtstart.year - day.year == year - julian_year
        assert span.native == Native("julian", *julian_date(span.dtstart))


@given(month_days, st.integers(1, 9998))
def test_same_number_is_that_number_and_names_no_other_day(day: str, year: int) -> None:
    span = Julian(day, "same-number").days_in(year, None)
    assert (span is None) == (day == "02-29" and not is_leap(year))
    assert span is None or (span.dtstart.strftime("%m-%d"), span.native) == (day, None)


@given(month_days, st.sampled_from(["converted", "same-number"]), st.integers(2, 9990), st.integers(0, 6))
def test_window_holds_its_days_in_order(day: str, kept: Kept, year: int, more: int) -> None:
    # From about the year 24000 on a Julian day would lie two civil years later; `datetime.date` ends before.
    assert_ordered_and_complete(Julian(day, kept), dt.date(year, 1, 1), dt.date(year + more, 12, 31))


def test_window_holds_the_anniversaries_of_its_days_in_order() -> None:
    for date, day in ((REVOLUTION, "10-25"), ("1918-01-07", "12-25")):
        window = dt.date(2025, 1, 1), dt.date(2031, 12, 31)
        assert_ordered_and_complete(Julian(day, "anniversary"), *window, date)


@pytest.mark.parametrize("date", [None, "1917-11", "1917", "1917-11-07?"])
def test_anniversary_needs_a_sure_day(date: str | None) -> None:
    assert "needs a date that is sure and known to the day" in refusal(Julian("10-25", "anniversary"), date)


def test_anniversary_whose_date_was_written_in_old_style_is_told() -> None:
    message = refusal(Julian("10-25", "anniversary"), "1917-10-25")
    assert message == '"1917-10-25" is 10-12 of the Julian calendar, not 10-25'


def test_it_is_read() -> None:
    assert read_rule("{rule: julian, day: 10-25, kept: converted}") == Julian("10-25", "converted")
    written = "{rule: julian, day: 10-25, kept: anniversary}"
    assert read_rule(written, REVOLUTION) == Julian("10-25", "anniversary")


@pytest.mark.parametrize(
    ("observed", "told"),
    [
        (
            "{rule: julian, day: 10-25, kept: converter}",
            'kept cannot be "converter"; did you mean "converted"?',
        ),
        (
            "{rule: julian, day: 13-25, kept: converted}",
            '"13-25" is not a day of the year; write month and day, as in 03-08',
        ),
        ("{rule: julian, day: 10-25}", 'the rule "julian" has no "kept"; add kept: …'),
        (
            "{rule: julian, day: 10-25, kept: anniversary}",
            '"1992-03-05" is 02-21 of the Julian calendar, not 10-25; write date in the Gregorian calendar '
            "(1917-11-07) and day in the Julian one (10-25)",
        ),
    ],
)
def test_mistake_is_told(observed: str, told: str) -> None:
    assert problems(observed) == [told]
