"""When a build is refused although it could be done."""

from __future__ import annotations

import datetime as dt

import pytest

from calfeed.domain.guards import guard_clock, guard_empty, guard_removal
from calfeed.errors import RefusedError
from tests.support import NOW, event, read, revised


def test_clock_before_calfeed_is_refused_where_nothing_was_built() -> None:
    guard_clock(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), None)
    with pytest.raises(RefusedError, match="the clock says 1970-01-01 00:00 UTC, when there was no calfeed"):
        guard_clock(dt.datetime(1970, 1, 1, tzinfo=dt.UTC), None)


@pytest.mark.parametrize("now", [NOW - dt.timedelta(days=1), NOW, NOW + dt.timedelta(days=400)])
def test_clock_near_the_last_build_passes(now: dt.datetime) -> None:
    guard_clock(now, NOW)


@pytest.mark.parametrize("now", [NOW - dt.timedelta(days=1, seconds=1), NOW + dt.timedelta(days=400, seconds=1)])
def test_clock_far_from_the_last_build_is_refused(now: dt.datetime) -> None:
    with pytest.raises(RefusedError, match="--allow-clock"):
        guard_clock(now, NOW)


def test_first_build_believes_the_clock() -> None:
    guard_clock(dt.datetime(2036, 1, 1, tzinfo=dt.UTC), None)


@pytest.mark.parametrize(
    ("known", "gone", "refused"), [(20, 4, False), (20, 5, True), (4, 2, False), (4, 3, True)]
)
def test_more_than_a_fifth_and_at_least_three_is_refused(known: int, gone: int, *, refused: bool) -> None:
    events = [event(f"e{number}") for number in range(known)]
    first = revised(read(*events))
    less = revised(read(*events[gone:]), first.memory)
    if not refused:
        guard_removal(first.memory, less)
        return
    with pytest.raises(RefusedError, match=f"{gone} of {known} events would be withdrawn: e0, e1"):
        guard_removal(first.memory, less)


def test_withdrawals_of_the_past_do_not_count_again() -> None:
    events = [event(f"e{number}") for number in range(6)]
    first = revised(read(*events))
    less = revised(read(*events[4:]), first.memory)
    guard_removal(less.memory, revised(read(*events[4:]), less.memory))


def test_calendar_without_a_day_is_refused() -> None:
    with pytest.raises(RefusedError, match="never published"):
        guard_empty(revised(read(event(date="1918-03", observed="background"))))
