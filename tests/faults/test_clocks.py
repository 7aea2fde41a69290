"""The real `calfeed run` and `serve` while the wall clock leaps, is put right, or goes through a clock change.

All cases of a kind run side by side, since most of their time is waiting. By day one of each, in which the clock
is looked at every second; with `--nightly` all of them, as the commands are (F1 to F6).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

import pytest

from tests.faults.clocks import Running
from tests.goals import Tally
from tests.judges import FAKETIME, require
from tests.support import Workshop, event

FIRST_BUILD = 180.0  # seconds: on a busy machine, several of them at once
BESIDE = 8  # cases at a time: more, and their builds keep each other waiting
CHANGES = [  # a zone, the day on which its clocks change, and how
    ("America/Havana", "2027-03-14"),  # forward at 00:00: the day begins at 01:00
    ("America/Havana", "2026-11-01"),  # back at 01:00, to 00:00
    ("Asia/Beirut", "2027-03-28"),  # forward at 00:00
    ("Africa/Cairo", "2027-04-30"),  # forward at 00:00
    ("Africa/Cairo", "2026-10-30"),  # back at 00:00, to 23:00 of the day before
    ("America/Asuncion", "2024-10-06"),  # forward at 00:00, for the last time
    ("America/St_Johns", "2010-11-07"),  # back at 00:01, to 23:01 of the day before
    ("Australia/Lord_Howe", "2027-04-04"),  # back by half an hour
    ("Pacific/Apia", "2011-12-31"),  # there was no 30 December
    ("Asia/Baku", "2015-10-25"),  # back at 05:00, for the last time
    ("Europe/Berlin", "2027-03-28"),  # forward at 02:00
    ("Africa/Casablanca", "2027-02-07"),  # back at 03:00, for Ramadan
]
DAWN = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
BAKU = ZoneInfo("Asia/Baku")
NOON = dt.datetime(2026, 11, 22, 12, tzinfo=BAKU)
EVENING, AFTER_MIDNIGHT = NOON.replace(hour=20), NOON.replace(hour=0, minute=20)


@dataclass(frozen=True)
class Wrong:
    """By how much the clock is set, and whether a guard refuses what it shows then."""

    step: dt.timedelta
    is_refused: bool = False


WRONG = [
    ("ten years ahead", NOON, Wrong(dt.timedelta(days=3652), is_refused=True)),
    ("ten years behind", NOON, Wrong(dt.timedelta(days=-3652), is_refused=True)),
    ("nine hours ahead", NOON, Wrong(dt.timedelta(hours=9))),
    ("nine hours ahead, over midnight", EVENING, Wrong(dt.timedelta(hours=9))),
    ("an hour behind", NOON, Wrong(dt.timedelta(hours=-1))),
    ("an hour behind, over midnight", AFTER_MIDNIGHT, Wrong(dt.timedelta(hours=-1))),
]
Case: TypeAlias = tuple[str, Callable[[], None]]


def side_by_side(tally: Tally, cases: Sequence[Case]) -> None:
    """Run the cases, several at a time, each of them a point."""
    with ThreadPoolExecutor(BESIDE) as pool:
        for name, done in [(name, pool.submit(case)) for name, case in cases]:
            with tally.point(name):
                done.result()


def workshop_in(folder: Path, zone: str, *days: dt.date) -> Workshop:
    """A calendar of that zone, in which something is observed on each of these days."""
    folder.mkdir()
    workshop = Workshop(folder)
    workshop.write(*(event(f"day-{day}", date=f"1990-{day:%m-%d}") for day in days), timezone=zone)
    return workshop


def ticks_around(day: dt.date, zone: ZoneInfo) -> list[dt.datetime]:
    """The quarters of an hour in UTC between which a civil day, its clock change and the next day begin."""
    begins, ends = (
        dt.datetime.combine(one, dt.time(), zone).astimezone(dt.UTC) for one in (day, day + dt.timedelta(days=1))
    )
    quarters = [begins + number * dt.timedelta(minutes=15) for number in range(-8, 100)]
    offsets = [quarter.astimezone(zone).utcoffset() for quarter in quarters]
    changes = [
        at for at, before, after in zip(quarters[1:], offsets, offsets[1:], strict=False) if before != after
    ]
    return sorted({begins, *changes, *(at + dt.timedelta(minutes=15) for at in changes), ends})


def through_a_change(folder: Path, name: str, day: dt.date, *, quick: bool) -> None:
    """Start before the day, and be there at each of those quarters; in between the machine sleeps."""
    zone = ZoneInfo(name)
    quarters = ticks_around(day, zone)[: 2 if quick else None]
    start = quarters[0] - dt.timedelta(minutes=40)
    days = sorted({at.astimezone(zone).date() for at in (start, *quarters)})
    workshop = workshop_in(folder, name, *days)
    workshop.build(start - dt.timedelta(hours=1), allow_clock=True)  # some are before the first build of all
    running = Running(workshop, zone, quick=quick)
    lead = dt.timedelta(
        seconds=3 if quick else 40
    )  # the leap before is noticed, and then the tick comes by itself
    with running.started(start):
        running.until(lambda: running.builds() == days[:1], FIRST_BUILD)
        for quarter in quarters:
            running.set(quarter - lead)
            due = days[: days.index(max(quarter.astimezone(zone).date(), running.builds()[-1])) + 1]
            running.until(lambda due=due: running.builds()[-1] == due[-1], lead.seconds + 60)  # type: ignore[misc]
            running.until(lambda quarter=quarter: running.now() > quarter + lead, 120)  # type: ignore[misc]
        assert running.builds() == days
        status = running.status()
        assert status is not None
        assert (status.day, status.failed) == (days[-1].isoformat(), None)


@pytest.mark.goal("G6", "calfeed run under libfaketime through clock changes: one build of each civil day")
def test_run_builds_each_civil_day_once_through_clock_changes(
    tmp_path: Path, tally: Tally, *, thorough: bool
) -> None:
    require(FAKETIME)

    def case(zone: str, day: str) -> Case:
        folder = tmp_path / f"{zone}-{day}".replace("/", "-")
        return f"{zone} {day}", lambda: through_a_change(
            folder, zone, dt.date.fromisoformat(day), quick=not thorough
        )

    side_by_side(tally, [case(*change) for change in (CHANGES if thorough else CHANGES[:1])])


def stood(running: Running) -> tuple[bytes, str, dict[str, bytes]]:
    """What a refused clock must not change: the ledger, the instant of the last good build, what readers see."""
    status = running.status()
    assert status is not None
    return running.ledger(), status.built, running.workshop.files()


def refused(running: Running) -> bool:
    """Whether the newest build was refused for its clock."""
    status = running.status()
    return status is not None and "the clock says" in (status.error or "")


def right(running: Running) -> bool:
    """Whether the newest build is good, and of the civil day that it is now."""
    status, now = running.status(), running.now()
    if status is None or status.failed is not None:
        return False
    return status.day == now.astimezone(running.zone).date().isoformat()


def told(running: Running, number: int) -> None:
    """So many good builds are in the log, which comes after all else, and the last of them is of today."""
    running.until(lambda: len(running.builds()) >= number, 30)
    assert len(running.builds()) == number
    assert running.builds()[-1] == running.now().astimezone(running.zone).date()


def set_and_put_right(running: Running, at: dt.datetime, wrong: Wrong) -> None:
    """Built at `at`; then the clock is set, looked at, and put right again."""
    with running.started(at):
        running.until(lambda: right(running), FIRST_BUILD)
        before = stood(running)
        running.set(running.now() + wrong.step)
        running.until(lambda: running.noticed() == 1, running.patience)
        if wrong.is_refused:
            running.until(lambda: refused(running), 60)
            assert stood(running) == before
        else:
            running.until(lambda: right(running), 60)
        running.set(running.now() - wrong.step)
        took = running.until(lambda: running.noticed() == 2 and right(running), 60)
        assert took < 60
        if wrong.is_refused:
            assert running.ledger() == before[0]


def started_wrong(running: Running, at: dt.datetime, shown: dt.datetime) -> None:
    """Built at `at`, and started a day later with a clock that shows something else; then that is put right."""
    running.workshop.build(at)
    before = stood(running)
    with running.started(shown):
        running.until(lambda: refused(running), FIRST_BUILD)
        assert stood(running) == before
        running.set(at + dt.timedelta(days=1))
        running.until(lambda: right(running), 60)
        told(running, 1)


def first_ever(running: Running, at: dt.datetime, shown: dt.datetime) -> None:
    """Nothing was ever built, and the clock has lost its battery."""
    with running.started(shown):
        running.until(lambda: any("there was no calfeed" in words for _, words in running.lines()), FIRST_BUILD)
        assert not running.workshop.current.exists()
        running.set(at)
        running.until(lambda: right(running), 60)


def asleep(running: Running, at: dt.datetime, hours: int) -> None:
    """Built at `at`; then the machine sleeps for so long, which the monotonic clock does not count (F3)."""
    with running.started(at):
        running.until(lambda: right(running), FIRST_BUILD)
        running.set(running.now() + dt.timedelta(hours=hours))
        running.until(lambda: right(running), 60)
        told(running, 2)


def down(running: Running, at: dt.datetime, days: int) -> None:
    """Built at `at`, and started so many days later (F4)."""
    running.workshop.build(at)
    with running.started(at + dt.timedelta(days=days)):
        running.until(lambda: right(running), FIRST_BUILD)
        told(running, 1)


@pytest.mark.goal("G8", "the clock of run and serve is wrong, then put right: the right build within 60 s")
def test_clock_that_is_put_right_brings_the_right_build(tmp_path: Path, tally: Tally, *, thorough: bool) -> None:
    require(FAKETIME)

    def case(name: str, command: str, work: Callable[[Running], None]) -> Case:
        workshop = workshop_in(tmp_path / f"{name} {command}", "Asia/Baku", dt.date(2026, 11, 23))
        return f"{command}, {name}", lambda: work(Running(workshop, BAKU, command, quick=not thorough))

    works: list[tuple[str, Callable[[Running], None]]] = [
        (name, lambda running, at=at, wrong=wrong: set_and_put_right(running, at, wrong))  # type: ignore[misc]
        for name, at, wrong in WRONG
    ]
    works += [
        ("2036 at the start", lambda running: started_wrong(running, NOON, NOON.replace(year=2036))),
        (
            "1970 at the start",
            lambda running: started_wrong(running, NOON, DAWN),
        ),
        ("1970 at the first start of all", lambda running: first_ever(running, NOON, DAWN)),
        ("asleep for nine hours, over midnight", lambda running: asleep(running, EVENING, 9)),
        ("down for three days", lambda running: down(running, NOON, 3)),
    ]
    commands = ("run", "serve") if thorough else ("run",)
    cases = [case(name, command, work) for command in commands for name, work in works]
    side_by_side(tally, cases if thorough else cases[:1])
