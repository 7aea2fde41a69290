"""The Islamic calendars against other programs' tables and arithmetic, AH 1400 to 1500.

Umm al-Qura is compared in the 803 months in which .NET, moment-hijri, the JDK and ICU agree; in the 409 others
they don't, and nothing is shown by siding with one. The README beside the data tells the families apart.
"""

from __future__ import annotations

import datetime as dt

import pytest
from convertdate import islamic as convertdate
from hypothesis import given
from hypothesis import strategies as st

from calfeed.domain.rules import Islamic
from calfeed.domain.rules.islamic import MONTHS, Authority
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

AUTHORITIES: tuple[Authority, Authority] = ("umm-al-qura", "tabular")
ASHURA = Islamic(10, "muharram", "umm-al-qura", evening=True)
rules = st.builds(
    Islamic, st.integers(1, 29), st.sampled_from(MONTHS), st.sampled_from(AUTHORITIES), evening=st.booleans()
)


def first_of(number: int, authority: Authority) -> Islamic:
    return Islamic(1, MONTHS[number], authority, evening=False)


def test_months_of_umm_al_qura_begin_as_in_all_tables_where_they_agree() -> None:
    agreed = {
        (year, number): day
        for year, days in conformance("islamic_umalqura")["months"].items()
        for number, day in enumerate(days)
        if day is not None
    }
    assert len(agreed) == 803
    found = {(year, n): first_day(first_of(n, "umm-al-qura"), int(year)) for year, n in agreed}
    assert found == agreed


def test_disputed_months_of_umm_al_qura_begin_as_in_one_of_the_tables() -> None:
    disputed = conformance("islamic_umalqura")["disputed"]
    assert len(disputed) == 409
    for name, days in disputed.items():
        year, month = name.split("-")
        assert first_day(first_of(int(month) - 1, "umm-al-qura"), int(year)) in days


def test_months_of_the_tabular_calendar_begin_as_in_other_programs() -> None:
    for year, days in conformance("islamic_tabular")["islamic-civil"].items():
        assert [first_day(first_of(number, "tabular"), int(year)) for number in range(12)] == days


@given(st.integers(1, 9664), st.sampled_from(MONTHS), st.integers(1, 29))
def test_tabular_day_is_that_of_convertdate(year: int, month: str, day: int) -> None:
    number = MONTHS.index(month)
    wanted = dt.date(*convertdate.to_gregorian(year, number + 1, day))
    assert first_day(Islamic(day, MONTHS[number], "tabular", evening=False), year) == wanted.isoformat()


def test_years_outside_the_table_have_no_day() -> None:
    assert (first_day(ASHURA, 1342), first_day(ASHURA, 1501)) == (None, None)
    assert (first_day(ASHURA, 1343), first_day(ASHURA, 1500)) == ("1924-08-10", "2076-12-06")
    assert list(ASHURA.years(dt.date(2080, 1, 1), dt.date(2085, 12, 31), None)) == []


def test_thirtieth_is_missing_from_months_of_29_days() -> None:
    ramadan = Islamic(30, "ramadan", "umm-al-qura", evening=False)
    found = {year: first_day(ramadan, year) is not None for year in range(1440, 1448)}
    assert sorted(set(found.values())) == [False, True]
    for year, has_thirty in found.items():
        last = dt.date.fromisoformat(first_day(first_of(9, "umm-al-qura"), year) or "") - dt.timedelta(days=1)
        assert (first_day(ramadan, year) == last.isoformat()) is has_thirty
    hijjah = Islamic(30, "dhu-al-hijjah", "tabular", evening=False)
    leap = [year for year in range(1, 31) if first_day(hijjah, year)]
    assert leap == [2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29]


def test_days_that_were_predicted_are_expected_and_tabular_ones_always() -> None:
    def expected(authority: Authority, year: int) -> bool:
        span = Islamic(10, "muharram", authority, evening=True).days_in(year, None)
        assert span is not None
        assert span.evening
        return span.expected

    assert [expected("umm-al-qura", year) for year in (1343, 1447, 1448, 1500)] == [False, False, True, True]
    assert [expected("tabular", year) for year in (1, 1400, 1500)] == [True, True, True]


def test_early_months_of_28_days_in_the_table_have_no_29th() -> None:
    lacking = [
        f"{year}-{month}"
        for year in range(1343, 1501)
        for month in MONTHS
        if first_day(Islamic(29, month, "umm-al-qura", evening=False), year) is None
    ]
    assert lacking == ["1343-ramadan", "1345-shaban", "1348-dhu-al-hijjah", "1349-shawwal", "1364-shaban"]


@given(rules, st.integers(1365, 1500))
def test_every_year_has_its_day_and_the_native_day_converts_back(rule: Islamic, year: int) -> None:
    rule.check(None)
    span = rule.days_in(year, None)
    assert span is not None
    assert span.native == Native("islamic", year, MONTHS.index(rule.month) + 1, rule.day)
    found = origin(span.dtstart.isoformat())
    assert found is not None
    assert rule.year_of(found) == year


@pytest.mark.parametrize("authority", AUTHORITIES)
def test_window_of_a_single_day_finds_its_year_at_both_ends_of_it(authority: Authority) -> None:
    for year in range(1343, 1501):
        for day, month in ((1, "muharram"), (29, "dhu-al-hijjah")):
            rule = Islamic(day, MONTHS[MONTHS.index(month)], authority, evening=True)
            span = rule.days_in(year, None)
            assert span is not None or year == 1348  # its last month has 28 days
            assert span is None or year in rule.years(span.dtstart, span.dtstart, None)


def test_tabular_year_turns_on_1_muharram_in_every_year_of_the_cycle() -> None:
    new_year = first_of(0, "tabular")
    for year in range(1401, 1461):
        span = new_year.days_in(year, None)
        assert span is not None
        day, eve = (origin(str(day)) for day in (span.dtstart, span.dtstart - dt.timedelta(days=1)))
        assert day is not None
        assert eve is not None
        assert (new_year.year_of(eve), new_year.year_of(day)) == (year - 1, year)


def test_tabular_years_go_on_to_the_last_that_a_date_can_hold() -> None:
    last = Islamic(29, "dhu-al-hijjah", "tabular", evening=False)
    assert (first_day(last, 9664), first_day(last, 9665)) == ("9998-10-11", None)


@given(rules, st.integers(600, 9900), st.integers(0, 6))
def test_window_holds_its_days_in_order(rule: Islamic, year: int, more: int) -> None:
    assert_ordered_and_complete(rule, dt.date(year, 1, 1), dt.date(year + more, 12, 31))


def test_civil_year_may_hold_two_days() -> None:
    mawlid = Islamic(1, "muharram", "umm-al-qura", evening=True)
    assert (first_day(mawlid, 1429), first_day(mawlid, 1430)) == ("2008-01-10", "2008-12-29")


@pytest.mark.parametrize(
    ("date", "table", "tabular"),
    [
        ("1990-01-20", 1410, 1410),
        ("1924-07-31", None, 1342),
        ("2077-11-17", None, 1501),
        ("0622-07-18", None, None),
        ("0622-07-19", None, 1),
        ("1990", None, None),
        ("1990-01-20?", None, None),
    ],
)
def test_years_are_counted_from_the_islamic_year_of_the_origin(
    date: str, table: int | None, tabular: int | None
) -> None:
    found = origin(date)
    assert found is not None
    assert [first_of(0, authority).year_of(found) for authority in AUTHORITIES] == [table, tabular]


def test_day_that_a_month_never_has_is_refused() -> None:
    assert refusal(Islamic(31, "muharram", "umm-al-qura", evening=True)) == "muharram has no day 31"
    assert refusal(Islamic(30, "safar", "tabular", evening=True)) == "safar has no day 30"
    Islamic(30, "safar", "umm-al-qura", evening=True).check(None)
    Islamic(30, "dhu-al-hijjah", "tabular", evening=True).check(None)


def test_it_is_read() -> None:
    written = "{rule: islamic, day: 10, month: muharram, authority: umm-al-qura, evening: true}"
    assert read_rule(written) == ASHURA


@pytest.mark.parametrize(
    ("observed", "told"),
    [
        (
            "{rule: islamic, day: 10, month: muharam, authority: tabular, evening: true}",
            'month cannot be "muharam"; did you mean "muharram"?',
        ),
        (
            "{rule: islamic, day: 10, month: muharram, authority: um-al-qura, evening: true}",
            'authority cannot be "um-al-qura"; did you mean "umm-al-qura"?',
        ),
        (
            "{rule: islamic, day: 10, month: muharram, evening: true}",
            'the rule "islamic" has no "authority"; add authority: …',
        ),
        (
            "{rule: islamic, day: 31, month: ramadan, authority: tabular, evening: true}",
            "ramadan has no day 31; its days are 1 to 30",
        ),
    ],
)
def test_mistake_is_told(observed: str, told: str) -> None:
    assert problems(observed) == [told]
