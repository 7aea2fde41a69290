"""The Solar Hijri calendar against ICU and two reckonings of the equinox, and convertdate's, 1900 to 2100."""

from __future__ import annotations

import datetime as dt

import pytest
from convertdate import persian as convertdate
from hypothesis import given, settings
from hypothesis import strategies as st

from calfeed.domain.rules import Persian
from calfeed.domain.rules.persian import MONTHS
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

NOVRUZ = conformance("novruz")["farvardin"]
FIRST = Persian(1, "farvardin")
rules = st.builds(Persian, st.integers(1, 29), st.sampled_from(MONTHS))


def test_year_begins_on_the_day_of_the_equinox_in_every_year() -> None:
    assert {year: first_day(FIRST, int(year) - 621) for year in NOVRUZ} == NOVRUZ
    assert len(NOVRUZ) == 201


def test_years_that_nothing_was_compared_for_have_no_day() -> None:
    assert (first_day(FIRST, 1278), first_day(FIRST, 1480)) == (None, None)
    assert (first_day(FIRST, 1279), first_day(FIRST, 1479)) == ("1900-03-21", "2100-03-21")
    assert list(FIRST.years(dt.date(2150, 1, 1), dt.date(2155, 12, 31), None)) == []


@given(rules, st.integers(1279, 1479))
@settings(deadline=None)  # convertdate reckons the equinox each time
def test_day_is_that_of_convertdate_and_converts_back(rule: Persian, year: int) -> None:
    rule.check(None)
    span = rule.days_in(year, None)
    assert span is not None
    month = MONTHS.index(rule.month) + 1
    assert span.dtstart == dt.date(*convertdate.to_gregorian(year, month, rule.day))
    assert span.native == Native("persian", year, month, rule.day)
    found = origin(span.dtstart.isoformat())
    assert found is not None
    assert rule.year_of(found) == year
    assert (span.evening, span.expected) == (False, False)


def test_30_esfand_is_the_eve_of_the_year_after_a_leap_year() -> None:
    leap = [year for year in range(1395, 1412) if first_day(Persian(30, "esfand"), year)]
    assert leap == [1395, 1399, 1403, 1408]
    assert first_day(Persian(30, "esfand"), 1403) == "2025-03-20"


@given(st.integers(1279, 1479), st.sampled_from(MONTHS))
def test_last_day_of_a_month_is_the_eve_of_the_next(year: int, month: str) -> None:
    number = MONTHS.index(month)
    if number == 11:
        return
    last = first_day(Persian(31 if number < 6 else 30, MONTHS[number]), year)
    following = first_day(Persian(1, MONTHS[number + 1]), year)
    assert last is not None
    assert following is not None
    assert dt.date.fromisoformat(following) - dt.date.fromisoformat(last) == dt.timedelta(days=1)


def test_window_of_a_single_day_finds_its_year() -> None:
    for year in range(1279, 1480):
        for month in MONTHS:
            span = Persian(15, month).days_in(year, None)
            assert span is not None
            assert year in FIRST.years(span.dtstart, span.dtstart, None)


@given(rules, st.integers(1800, 2200), st.integers(0, 6))
def test_window_holds_its_days_in_order(rule: Persian, year: int, more: int) -> None:
    assert_ordered_and_complete(rule, dt.date(year, 1, 1), dt.date(year + more, 12, 31))


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("2025-03-20", 1403),
        ("2025-03-21", 1404),
        ("1900-03-20", None),
        ("2101-03-20", 1479),
        ("2101-03-21", None),
        ("2025", None),
        ("2025-03-21?", None),
    ],
)
def test_years_are_counted_from_the_persian_year_of_the_origin(date: str, year: int | None) -> None:
    found = origin(date)
    assert found is not None
    assert FIRST.year_of(found) == year


def test_day_that_a_month_never_has_is_refused() -> None:
    assert refusal(Persian(32, "farvardin")) == "farvardin has no day 32"
    assert refusal(Persian(31, "mehr")) == "mehr has no day 31"
    assert refusal(Persian(0, "esfand")) == "esfand has no day 0"
    Persian(31, "shahrivar").check(None)
    Persian(30, "esfand").check(None)


def test_it_is_read() -> None:
    assert read_rule("{rule: persian, day: 1, month: farvardin}") == FIRST


@pytest.mark.parametrize(
    ("observed", "told"),
    [
        (
            "{rule: persian, day: 1, month: farvadin}",
            'month cannot be "farvadin"; did you mean "farvardin"?',
        ),
        ("{rule: persian, day: 31, month: mehr}", "mehr has no day 31; its days are 1 to 30"),
        ("{rule: persian, month: mehr}", 'the rule "persian" has no "day"; add day: …'),
    ],
)
def test_mistake_is_told(observed: str, told: str) -> None:
    assert problems(observed) == [told]
