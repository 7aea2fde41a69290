"""Easter against two integer formulas, ncal and date-easter, 1900 to 2100."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.domain.edtf import parse_edtf
from calfeed.domain.rules import Easter
from calfeed.domain.rules.easter import Church
from tests.domain.rules.support import (
    assert_ordered_and_complete,
    conformance,
    first_day,
    problems,
    read_rule,
    refusal,
)

DAYS = conformance("easter")["days"]
CHURCHES: tuple[Church, Church] = ("western", "orthodox")
rules = st.builds(Easter, st.sampled_from(CHURCHES), st.integers(-80, 220))


@pytest.mark.parametrize("number", [0, 1], ids=CHURCHES)
def test_easter_is_that_of_other_programs_in_every_year(number: int) -> None:
    rule = Easter(CHURCHES[number])
    differences = [year for year, days in DAYS.items() if first_day(rule, int(year)) != days[number]]
    assert (len(DAYS), differences) == (201, [])


def test_days_are_counted_from_the_sunday() -> None:
    assert first_day(Easter("western", -2), 2027) == "2027-03-26"  # Good Friday
    assert first_day(Easter("western", 39), 2027) == "2027-05-06"  # Ascension
    assert first_day(Easter("orthodox", 49), 2027) == "2027-06-20"  # Pentecost
    assert first_day(Easter("orthodox"), 2027) == "2027-05-02"


def test_years_without_a_stated_method_have_no_day() -> None:
    rule = Easter("western")
    assert (first_day(rule, 1582), first_day(rule, 4100)) == (None, None)
    assert (first_day(rule, 1583), first_day(rule, 4099)) == ("1583-04-10", "4099-04-19")
    assert list(rule.years(dt.date(1500, 1, 1), dt.date(1584, 12, 31), None)) == [1583, 1584]


@given(rules, st.integers(1583, 4099))
def test_day_lies_in_the_civil_year_of_its_easter(rule: Easter, year: int) -> None:
    rule.check(None)
    span = rule.days_in(year, None)
    assert span is not None
    assert span.dtstart.year == year
    assert (span.dtstart - dt.timedelta(days=rule.offset)).weekday() == 6
    assert (span.native, span.evening, span.expected) == (None, False, False)


@given(rules, st.integers(1583, 4090), st.integers(0, 6))
def test_window_holds_one_day_a_year_in_order(rule: Easter, year: int, more: int) -> None:
    assert_ordered_and_complete(rule, dt.date(year, 1, 1), dt.date(year + more, 12, 31))
    assert len(rule.years(dt.date(year, 1, 1), dt.date(year + more, 12, 31), None)) == more + 1


@pytest.mark.parametrize("offset", [-81, 221])
def test_distance_that_may_leave_the_year_is_refused(offset: int) -> None:
    assert refusal(Easter("western", offset)) == f"{offset} days from Easter may lie in another year"


def test_years_are_counted_from_the_gregorian_year_of_the_origin() -> None:
    assert Easter("western").year_of(parse_edtf("1916-04-24")) == 1916
    assert Easter("western").year_of(parse_edtf("1916?")) is None


def test_it_is_read() -> None:
    assert read_rule("{rule: easter, offset: -2, church: western}") == Easter("western", -2)
    assert read_rule("{rule: easter, church: orthodox}") == Easter("orthodox")


@pytest.mark.parametrize(
    ("observed", "told"),
    [
        ("{rule: easter, church: ortodox}", 'church cannot be "ortodox"; did you mean "orthodox"?'),
        ("{rule: easter, offset: 1}", 'the rule "easter" has no "church"; add church: …'),
        (
            "{rule: easter, church: western, ofset: 1}",
            '"ofset" is not a key of the rule "easter"; did you mean "offset"?',
        ),
        (
            "{rule: easter, church: western, offset: 300}",
            "300 days from Easter may lie in another year; offset is -80 to 220, as in -2 for Good Friday",
        ),
        (
            "{rule: easter, church: western, offset: two}",
            '"two" is not a whole number; write digits, as in 3',
        ),
    ],
)
def test_mistake_is_told(observed: str, told: str) -> None:
    assert problems(observed) == [told]
