"""Weekdays beside a fixed day, against n-th weekdays that other programs reckoned, 1900 to 2100."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.domain.edtf import parse_edtf
from calfeed.domain.rules import WeekdayNear
from calfeed.domain.rules.weekday import WEEKDAYS
from calfeed.domain.rules.weekday_near import When
from tests.domain.rules.support import (
    assert_ordered_and_complete,
    conformance,
    first_day,
    problems,
    read_rule,
    refusal,
)

DATA = conformance("weekdays")
WHENS: tuple[When, ...] = ("on-or-before", "before", "on-or-after", "after")
DISTANCES = {"on-or-before": range(-6, 1), "before": range(-7, 0), "on-or-after": range(7), "after": range(1, 8)}
month_days = st.dates(dt.date(2001, 1, 1), dt.date(2001, 12, 31)).map(lambda day: day.strftime("%m-%d"))
rules = st.builds(WeekdayNear, st.sampled_from(WEEKDAYS), st.sampled_from(WHENS), month_days)


def _same_day(nth: int, month: int) -> list[tuple[When, str]]:
    """The n-th weekday of a month in the words of this rule: it begins a week at day 1, 8, 15 or 22."""
    if nth == -1:
        following = f"{month % 12 + 1:02}-01"
        return [("before", following)]
    start = 7 * nth - 6
    return [("on-or-after", f"{month:02}-{start:02}"), ("on-or-before", f"{month:02}-{start + 6:02}")]


@pytest.mark.parametrize("name", [name for name, rule in DATA["rules"].items() if 1 <= rule["nth"] <= 4])
def test_weekday_beside_a_fixed_day_is_the_nth_of_other_programs(name: str) -> None:
    wanted = DATA["rules"][name]
    for when, day in _same_day(wanted["nth"], wanted["month"]):
        rule = WeekdayNear(wanted["weekday"], when, day)
        differences = [y for y, found in DATA["days"][name].items() if first_day(rule, int(y)) != found]
        assert (len(DATA["days"][name]), differences) == (201, [])


@pytest.mark.parametrize(
    "name", [n for n, rule in DATA["rules"].items() if rule["nth"] == -1 and rule["month"] < 12]
)
def test_weekday_before_the_first_of_the_next_month_is_the_last_of_other_programs(name: str) -> None:
    wanted = DATA["rules"][name]
    ((when, day),) = _same_day(-1, wanted["month"])
    rule = WeekdayNear(wanted["weekday"], when, day)
    differences = [y for y, found in DATA["days"][name].items() if first_day(rule, int(y)) != found]
    assert (len(DATA["days"][name]), differences) == (201, [])


@pytest.mark.parametrize(
    ("when", "on_the_day", "a_day_later"),
    [
        ("on-or-before", "2027-11-05", "2027-11-05"),
        ("before", "2027-10-29", "2027-11-05"),
        ("on-or-after", "2027-11-05", "2027-11-12"),
        ("after", "2027-11-12", "2027-11-12"),
    ],
)
def test_fixed_day_itself_counts_where_the_words_say_so(when: When, on_the_day: str, a_day_later: str) -> None:
    assert first_day(WeekdayNear("friday", when, "11-05"), 2027) == on_the_day  # a Friday
    assert first_day(WeekdayNear("friday", when, "11-06"), 2027) == a_day_later


def test_year_is_that_of_the_fixed_day_where_the_weekday_lies_in_another() -> None:
    before, after = WeekdayNear("friday", "before", "01-01"), WeekdayNear("friday", "after", "12-31")
    assert (first_day(before, 2027), first_day(after, 2026)) == ("2026-12-25", "2027-01-01")
    year = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
    assert 2027 in before.years(*year, None)
    assert 2025 in after.years(*year, None)


def test_day_before_the_first_of_all_is_no_occurrence() -> None:
    assert first_day(WeekdayNear("friday", "before", "01-01"), 1) is None
    assert first_day(WeekdayNear("friday", "after", "12-31"), 9998) == "9999-01-01"


@given(rules, st.integers(2, 9998))
def test_day_is_that_weekday_at_most_a_week_away(rule: WeekdayNear, year: int) -> None:
    rule.check(None)
    span = rule.days_in(year, None)
    assert span is not None
    fixed = dt.date.fromisoformat(f"{year:04}-{rule.day}")
    assert WEEKDAYS[span.dtstart.weekday()] == rule.weekday
    assert (span.dtstart - fixed).days in DISTANCES[rule.when]


@given(rules, st.integers(3, 9990), st.integers(0, 6))
def test_window_holds_its_days_in_order(rule: WeekdayNear, year: int, more: int) -> None:
    assert_ordered_and_complete(rule, dt.date(year, 1, 1), dt.date(year + more, 12, 31))


def test_29_february_is_no_day_to_count_from() -> None:
    assert "29 February is missing from most years" in refusal(WeekdayNear("friday", "after", "02-29"))


def test_years_are_counted_from_the_gregorian_year_of_the_origin() -> None:
    assert WeekdayNear("friday", "after", "11-05").year_of(parse_edtf("1605-11-05")) == 1605


def test_it_is_read() -> None:
    written = "{rule: weekday-near, weekday: friday, when: on-or-before, day: 11-05}"
    assert read_rule(written) == WeekdayNear("friday", "on-or-before", "11-05")


@pytest.mark.parametrize(
    ("observed", "told"),
    [
        (
            "{rule: weekday-near, weekday: fryday, when: after, day: 11-05}",
            'weekday cannot be "fryday"; did you mean "friday"?',
        ),
        (
            "{rule: weekday-near, weekday: friday, when: on-or-befor, day: 11-05}",
            'when cannot be "on-or-befor"; did you mean "on-or-before"?',
        ),
        (
            "{rule: weekday-near, weekday: friday, when: after, day: 11-31}",
            '"11-31" is not a day of the year; write month and day, as in 03-08',
        ),
        (
            "{rule: weekday-neer, weekday: friday, when: after, day: 11-05}",
            '"weekday-neer" is not a rule; did you mean "weekday-near"?',
        ),
        (
            "{rule: weekday-near, weekday: friday, when: after, day: 02-29}",
            "29 February is missing from most years, so nothing can be counted from it; count from 02-28 or "
            "from 03-01",
        ),
    ],
)
def test_mistake_is_told(observed: str, told: str) -> None:
    assert problems(observed) == [told]
