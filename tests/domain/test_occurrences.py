"""Which occurrences there are, what they count, and at which instant they are due."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.domain.model import Calendar, Occurrence
from calfeed.domain.occurrences import (
    civil_day,
    due,
    midnight,
    next_due,
    resolve_occurrences,
    window_days,
)
from tests.support import Values, event, read

NOW = dt.datetime(2026, 11, 22, 6, 0, tzinfo=dt.UTC)
WEEKDAY = {"rule": "weekday", "nth": "3", "weekday": "sunday", "month": "6"}
HEBREW = {"rule": "hebrew", "day": "27", "month": "nisan", "evening": "true", "shift": "yom-hashoah"}
# Zones in which some day, in the years of the tests, has no midnight, two of them, or does not exist.
ZONES = [
    "Asia/Baku",
    "America/Havana",
    "Asia/Beirut",
    "Africa/Cairo",
    "America/Asuncion",
    "Pacific/Apia",
    "Asia/Tehran",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "UTC",
]


def instants(first: int, last: int) -> st.SearchStrategy[dt.datetime]:
    """Instants in UTC, to the second, of these years."""
    begin, end = (int(dt.datetime(year, 1, 1, tzinfo=dt.UTC).timestamp()) for year in (first, last + 1))
    return st.integers(begin, end - 1).map(lambda second: dt.datetime.fromtimestamp(second, dt.UTC))


def hebrew(day: int, month: str) -> Values:
    return {"rule": "hebrew", "day": str(day), "month": month, "evening": "false"}


def occurrences(*events: Values, first: int = 2025, last: int = 2031, **keys: object) -> list[Occurrence]:
    return list(resolve_occurrences(read(*events, **keys), (dt.date(first, 1, 1), dt.date(last, 12, 31))))


def counted(found: list[Occurrence]) -> dict[int, int | None]:
    """The ordinal of each civil year."""
    return {occurrence.dtstart.year: occurrence.ordinal for occurrence in found}


# Which there are


def test_window_reaches_from_last_year_to_five_years_ahead() -> None:
    assert window_days(read(), NOW) == (dt.date(2025, 1, 1), dt.date(2031, 12, 31))
    assert window_days(read(window={"past": "0", "future": "1"}), NOW) == (
        dt.date(2026, 1, 1),
        dt.date(2027, 12, 31),
    )


def test_window_slides_at_new_year_of_the_calendar_s_own_zone() -> None:
    last_instant = dt.datetime(2026, 12, 31, 19, 59, 59, tzinfo=dt.UTC)
    assert window_days(read(), last_instant)[0] == dt.date(2025, 1, 1)
    assert window_days(read(), last_instant + dt.timedelta(seconds=1))[0] == dt.date(2026, 1, 1)


def test_window_holds_its_first_and_its_last_day() -> None:
    found = occurrences(event("first", date="1990-01-01"), event("last", date="1990-12-31"))
    assert Counter(occurrence.event.id for occurrence in found) == {"first": 7, "last": 7}


def test_occurrence_that_begins_before_the_window_is_not_in_it() -> None:
    found = occurrences(event(date="1989-12-31/1990-01-01"))
    assert [str(occurrence.dtstart) for occurrence in found] == [f"{year}-12-31" for year in range(2025, 2032)]
    assert str(found[-1].dtend) == "2032-01-02"


@pytest.mark.parametrize("observed", ["annual", WEEKDAY, HEBREW], ids=["annual", "weekday", "hebrew"])
def test_each_year_has_one_occurrence(observed: object) -> None:
    found = occurrences(event(observed=observed))
    assert [occurrence.dtstart.year for occurrence in found] == list(range(2025, 2032))


def test_tenth_of_tevet_falls_twice_in_2028_and_never_in_2027() -> None:
    found = occurrences(event(date=None, observed=hebrew(10, "tevet")), first=2026, last=2028)
    assert [str(o.dtstart) for o in found] == ["2026-12-20", "2028-01-09", "2028-12-28"]
    assert [o.n for o in found] == [5787, 5788, 5789]
    assert len({o.uid for o in found}) == 3


def test_thirtieth_of_kislev_leaves_years_out() -> None:
    found = occurrences(event(date=None, observed=hebrew(30, "kislev")), first=2025, last=2035)
    assert len({o.n for o in found}) == len(found)
    assert 0 < len(found) < 11


def test_29_february_is_omitted_in_common_years() -> None:
    found = occurrences(event(date="1988-02-29", observed={"rule": "annual", "leap": "omit"}))
    assert [(o.dtstart.isoformat(), o.ordinal) for o in found] == [("2028-02-29", 40)]


def test_background_never_occurs() -> None:
    assert occurrences(event(date="1993-08", observed="background"), first=1980) == []


def test_one_off_stays_on_its_day_outside_the_window() -> None:
    found = occurrences(
        event("past", date="1970-01-01", observed="once"),
        event("ahead", date="2099-06-01/2099-06-03", observed="once"),
    )
    assert [(str(o.dtstart), str(o.dtend), o.n, o.ordinal) for o in found] == [
        ("1970-01-01", "1970-01-02", 1970, None),
        ("2099-06-01", "2099-06-04", 2099, None),
    ]


def test_one_off_before_1970_is_in_no_calendar_even_inside_the_window() -> None:
    assert occurrences(event(date="1969-12-31", observed="once"), first=1960, last=2030) == []


def test_occurrences_are_sorted_by_day_whatever_the_order_of_the_file() -> None:
    late, early = event("late", date="1990-12-01"), event("early", date="1990-01-20")
    same = event("a-day-too", date="1990-01-20")
    one, other = occurrences(late, early, same), occurrences(same, late, early)
    assert [o.uid for o in one] == [o.uid for o in other]
    assert [o.dtstart for o in one] == sorted(o.dtstart for o in one)
    assert [o.event.id for o in one[:3]] == ["a-day-too", "early", "late"]


# What they count


def test_black_january_has_its_37th_anniversary_in_2027() -> None:
    assert counted(occurrences(event()))[2027] == 37


def test_span_is_counted_from_the_year_in_which_it_begins() -> None:
    assert counted(occurrences(event(date="1989-12-31/1990-01-01")))[2027] == 38


def test_observance_has_no_ordinal() -> None:
    for observed in (WEEKDAY, HEBREW, {"rule": "annual", "day": "03-08"}):
        assert {o.ordinal for o in occurrences(event(date=None, observed=observed))} == {None}


def test_observance_of_its_own_day_is_counted_from_its_date() -> None:
    found = occurrences(event(date="1910-08-27", observed={"rule": "annual", "day": "03-08"}))
    assert counted(found)[2027] == 117


@pytest.mark.parametrize("date", ["1990-01-20?", "1990-01-20~", "1990-01-20%", "1990-01-20?/1990-01-21"])
def test_year_that_is_uncertain_is_not_counted_from(date: str) -> None:
    assert {o.ordinal for o in occurrences(event(date=date))} == {None}


def test_first_anniversary_is_a_year_after_the_event_and_nothing_stands_before() -> None:
    found = occurrences(event(date="2026-05-01"), first=2020)
    assert counted(found) == {2027: 1, 2028: 2, 2029: 3, 2030: 4, 2031: 5}


def test_day_itself_adds_the_very_day_it_happened() -> None:
    found = occurrences(event(date="2026-05-01", day_itself="true"), first=2020)
    assert counted(found) == {2026: 0, 2027: 1, 2028: 2, 2029: 3, 2030: 4, 2031: 5}


def test_event_before_the_common_era_is_counted_without_a_year_zero() -> None:
    found = occurrences(event(date="-0043-03-15", observed={"rule": "annual", "day": "03-15"}))
    assert counted(found)[2027] == 2070


def test_hebrew_anniversary_counts_hebrew_years() -> None:
    found = occurrences(event(date="1943-04-19", observed=HEBREW))
    assert [(o.n, o.ordinal) for o in found][:2] == [(5785, 82), (5786, 83)]


def test_shift_changes_neither_the_year_nor_the_uid() -> None:
    shifted = occurrences(event(date=None, observed=HEBREW))
    nominal = occurrences(event(date=None, observed=hebrew(27, "nisan")))
    assert [o.uid for o in shifted] == [o.uid for o in nominal]
    moved = {one.n for one, other in zip(shifted, nominal, strict=True) if one.dtstart != other.dtstart}
    assert moved == {o.n for o in shifted if o.span.shifted} == {5785, 5788, 5791}


def test_policy_for_29_february_changes_no_uid() -> None:
    uids = [
        {o.uid for o in occurrences(event(date="1988-02-29", observed={"rule": "annual", "leap": leap}))}
        for leap in ("backward", "forward")
    ]
    assert uids[0] == uids[1]
    assert "tag:calfeed.example,2026:black-january-1990/2027" in uids[0]


def test_correction_of_the_day_within_its_year_changes_no_uid() -> None:
    one, other = occurrences(event(date="1990-01-20")), occurrences(event(date="1990-01-19/1990-01-20"))
    assert [o.uid for o in one] == [o.uid for o in other]


# When they are due


def calendar_in(zone: str, notice: int = 0) -> Calendar:
    return read(timezone=zone, notice_days=str(notice))


def due_of(zone: str, day: dt.date, notice: int = 0) -> dt.datetime:
    """When an occurrence of that very day is due."""
    made = event(date=day.isoformat(), observed="once")
    found = read(made, timezone=zone, notice_days=str(notice))
    (occurrence,) = resolve_occurrences(found, (day, day))
    return due(found, occurrence)


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        ("Asia/Baku", "2027-01-20", "2027-01-19T20:00"),
        ("UTC", "2027-01-20", "2027-01-20T00:00"),
        ("America/Havana", "2026-03-08", "2026-03-08T05:00"),  # 00:00 is followed by 01:00 at once
        ("America/Havana", "2026-11-01", "2026-11-01T04:00"),  # 00:00 comes twice; the first counts
        ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00"),
        ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00"),
        ("Africa/Cairo", "2026-10-30", "2026-10-29T22:00"),  # 24:00 of the day before is 23:00 again
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00"),  # the day that was left out begins with the next
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00"),
    ],
)
def test_occurrence_is_due_when_its_day_begins_in_the_calendar_s_zone(zone: str, day: str, instant: str) -> None:
    assert due_of(zone, dt.date.fromisoformat(day)).isoformat() == f"{instant}:00+00:00"


def test_notice_brings_the_item_whole_days_earlier() -> None:
    assert due_of("Asia/Baku", dt.date(2027, 1, 3), notice=7).isoformat() == "2026-12-26T20:00:00+00:00"
    # Across a change of the clock it still is midnight.
    assert due_of("America/Havana", dt.date(2026, 3, 10), notice=2).isoformat() == "2026-03-08T05:00:00+00:00"


@given(st.sampled_from(ZONES), st.dates(dt.date(1970, 1, 2), dt.date(2099, 12, 30)))
def test_day_begins_at_its_first_instant(zone: str, day: dt.date) -> None:
    found = calendar_in(zone)
    begin = midnight(found, day)
    assert begin.tzinfo == dt.UTC
    assert civil_day(found, begin - dt.timedelta(seconds=1)) < day
    if (zone, day) != ("Pacific/Apia", dt.date(2011, 12, 30)):
        assert civil_day(found, begin) == day


@given(
    st.sampled_from(ZONES),
    instants(1971, 2099),
)
def test_civil_day_of_an_instant_has_begun_and_not_ended(zone: str, now: dt.datetime) -> None:
    found = calendar_in(zone)
    day = civil_day(found, now)
    assert midnight(found, day) <= now < midnight(found, day + dt.timedelta(days=2))
    assert day == now.astimezone(ZoneInfo(zone)).date()


def nearest(zone: str, now: str, *events: Values, notice: int = 0) -> str:
    found = read(*events, timezone=zone, notice_days=str(notice))
    instant = dt.datetime.fromisoformat(now).replace(tzinfo=dt.UTC)
    return next_due(found, resolve_occurrences(found, window_days(found, instant)), instant).isoformat()


def test_next_due_is_the_beginning_of_the_next_day_that_is_observed() -> None:
    assert nearest("Asia/Baku", "2026-11-22T06:00", event(date="1990-12-01")) == "2026-11-30T20:00:00+00:00"
    assert nearest("Asia/Baku", "2026-11-30T19:59", event(date="1990-12-01")) == "2026-11-30T20:00:00+00:00"


def test_next_due_is_never_now() -> None:
    assert nearest("Asia/Baku", "2026-11-30T20:00", event(date="1990-12-01")) == "2026-12-01T20:00:00+00:00"


def test_an_occurrence_that_is_over_is_due() -> None:
    found = nearest("Asia/Baku", "2026-12-01T12:00", event(date="1990-12-01/1990-12-02", night=True))
    assert found == "2026-12-02T20:00:00+00:00"


def test_next_due_follows_the_notice() -> None:
    found = nearest("Asia/Baku", "2026-11-22T06:00", event(date="1990-12-01"), notice=3)
    assert found == "2026-11-27T20:00:00+00:00"


def test_first_of_january_is_due_although_nothing_is_observed() -> None:
    assert nearest("Asia/Baku", "2026-11-22T06:00", event(date="1990-06-01")) == "2026-12-31T20:00:00+00:00"
    assert nearest("America/Havana", "2026-11-22T06:00", event(date="1990-06-01")) == "2027-01-01T05:00:00+00:00"


def test_first_of_january_that_just_began_is_over() -> None:
    assert nearest("Asia/Baku", "2026-12-31T20:00", event(date="1990-06-01")) == "2027-05-31T20:00:00+00:00"


@pytest.mark.parametrize(
    ("zone", "date", "now", "expected"),
    [
        ("America/Havana", "1990-03-08", "2026-03-07T12:00", "2026-03-08T05:00"),
        ("Asia/Beirut", "1990-03-29", "2026-03-28T12:00", "2026-03-28T22:00"),
        ("Africa/Cairo", "1990-04-24", "2026-04-23T12:00", "2026-04-23T22:00"),
    ],
)
def test_day_without_midnight_is_due_all_the_same(zone: str, date: str, now: str, expected: str) -> None:
    assert nearest(zone, now, event(date=date)) == f"{expected}:00+00:00"


@given(
    st.sampled_from(ZONES),
    instants(2024, 2040),
    st.integers(0, 60),
)
def test_nothing_becomes_due_before_the_next_due_instant(zone: str, now: dt.datetime, notice: int) -> None:
    found = read(event(), event("second", date=None, observed=HEBREW), timezone=zone, notice_days=str(notice))
    resolved = resolve_occurrences(found, window_days(found, now))
    instant = next_due(found, resolved, now)
    assert instant > now
    before = instant - dt.timedelta(seconds=1)
    assert window_days(found, before) == window_days(found, now)
    assert {o.uid for o in resolved if due(found, o) <= before} == {
        o.uid for o in resolved if due(found, o) <= now
    }
    assert [o for o in resolved if o.dtend <= civil_day(found, before)] == [
        o for o in resolved if o.dtend <= civil_day(found, now)
    ]
