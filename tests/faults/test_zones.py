"""One build each civil day, in every zone there is, from 2010 to 2040: the decision alone, tick by tick (F1).

A tick comes at each quarter of an hour in UTC, and nearly all of them find the day built. So that thirty years of
every zone can be walked, those between two looks that show the same day at the same offset are passed over; some
zones are walked tick by tick, and that finds the same builds.
"""

from __future__ import annotations

import datetime as dt
import importlib.resources
from collections import Counter
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import pytest

from calfeed.schedule.keeper import is_due
from calfeed.schedule.ticks import trigger
from calfeed.storage.status import Status
from tests.goals import Tally, spread

FIRST, LAST = dt.date(2010, 1, 1), dt.date(2040, 12, 31)
QUARTER, DAY = dt.timedelta(minutes=15), dt.timedelta(days=1)
STRIDE = 3 * 60 * 60  # seconds between two looks; no zone ever went there and back within them

# Where clocks change at midnight, a minute after it, by half an hour, by a day, or around Ramadan.
ODD = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Asuncion",
    "America/Havana",
    "America/Nuuk",
    "America/St_Johns",
    "Asia/Beirut",
    "Asia/Gaza",
    "Australia/Lord_Howe",
    "Pacific/Apia",
]

Walk = Callable[[ZoneInfo], Iterator[dt.datetime]]


def zones() -> list[str]:
    """Every name that calfeed's own zone data have."""
    return importlib.resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()


def beginning(zone: ZoneInfo, day: dt.date) -> dt.datetime:
    """The first instant of a civil day. Where clocks leap over midnight, that of the leap."""
    return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)


def civil_days(zone: ZoneInfo) -> list[dt.date]:
    """Those days that a zone has: a day whose noon cannot be shown on its clocks was skipped."""
    days = [FIRST + number * DAY for number in range((LAST - FIRST).days + 1)]
    noons = [dt.datetime.combine(day, dt.time(12), zone) for day in days]
    return [noon.date() for noon in noons if noon.astimezone(dt.UTC).astimezone(zone).date() == noon.date()]


def every_tick(zone: ZoneInfo) -> Iterator[dt.datetime]:
    """All of them, from the first civil day to the end of the last."""
    at, end = beginning(zone, FIRST), beginning(zone, LAST + DAY)
    at = dt.datetime.fromtimestamp(-(-at.timestamp() // 900) * 900, dt.UTC)
    while at < end:
        yield at
        at += QUARTER


def ticks_near_changes(zone: ZoneInfo) -> Iterator[dt.datetime]:
    """Those of every three hours in which the civil day or the offset from UTC changes, and the first of all."""
    first, end = beginning(zone, FIRST).timestamp(), beginning(zone, LAST + DAY).timestamp()
    look = -(-int(first) // 900) * 900
    yield dt.datetime.fromtimestamp(look, dt.UTC)
    before = _shown(zone, look)
    while look < end:
        seen = _shown(zone, look + STRIDE)
        if seen != before:
            quarters = range(look + 900, look + STRIDE + 1, 900)
            yield from (dt.datetime.fromtimestamp(at, dt.UTC) for at in quarters if at < end)
        look, before = look + STRIDE, seen


def _shown(zone: ZoneInfo, seconds: int) -> tuple[int, dt.timedelta | None]:
    local = dt.datetime.fromtimestamp(seconds, zone)
    return local.toordinal(), local.utcoffset()


def builds(zone: ZoneInfo, ticks: Walk) -> list[tuple[dt.date, dt.datetime]]:
    """The civil day and the instant of each build that the scheduler's decision asks for."""
    found: list[tuple[dt.date, dt.datetime]] = []
    status = None
    for now in ticks(zone):
        if is_due(status, now):
            day = now.astimezone(zone).date()
            found.append((day, now))
            status = _built(zone, day, now)
    return found


def _built(zone: ZoneInfo, day: dt.date, now: dt.datetime) -> Status:
    at = now.isoformat()
    return Status(at, day.isoformat(), zone.key, "", 1, 1, at, None, None)


def not_once(zone: ZoneInfo) -> list[str]:
    """The civil days that have no build, several, or one that begins later than a quarter of an hour."""
    found = builds(zone, ticks_near_changes)
    times, first = Counter(day for day, _ in found), dict(reversed(found))
    return [
        f"{zone.key} {day}: {times[day]} builds, {first.get(day)}"
        for day in sorted({*civil_days(zone), *times})
        if times[day] != 1 or not beginning(zone, day) <= first[day] < beginning(zone, day) + QUARTER
    ]


@pytest.mark.goal(
    "G6", "one build of each civil day of 2010–2040 in every zone, within its first quarter of an hour"
)
def test_every_civil_day_of_every_zone_has_one_build(tally: Tally, *, thorough: bool) -> None:
    names = zones()
    assert len(names) > 590
    assert set(ODD) <= set(names)
    for name in names if thorough else [*spread(ODD, 3, thorough=False), *spread(names, 2, thorough=False)]:
        zone = ZoneInfo(name)
        wrong = not_once(zone)
        tally.add(len(civil_days(zone)) - len(wrong))
        for lost in wrong:
            with tally.point(name):
                raise AssertionError(lost)


@pytest.mark.goal("G6", "ticks passed over between two looks change no build: every tick of 2010–2040 asked")
def test_walk_that_passes_ticks_over_finds_the_same_builds(tally: Tally, *, thorough: bool) -> None:
    for name in ODD if thorough else ["America/St_Johns"]:
        zone = ZoneInfo(name)
        with tally.point(name):
            assert builds(zone, ticks_near_changes) == builds(zone, every_tick)


@pytest.mark.goal("G6", "the scheduler's trigger fires at each quarter of an hour in UTC")
def test_trigger_fires_at_every_quarter_of_an_hour(tally: Tally, *, thorough: bool) -> None:
    at, fires = dt.datetime(FIRST.year, 1, 1, tzinfo=dt.UTC), trigger()
    for _ in range(((LAST - FIRST).days if thorough else 90) * 96):
        following = fires.get_next_fire_time(at, at + dt.timedelta(seconds=1))
        assert following == at + QUARTER
        at = following
        tally.add(1)
