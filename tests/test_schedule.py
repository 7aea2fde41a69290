"""The daily run: every civil day has its build, whatever the clocks do. Time is handed in.

Thirty years of every zone are walked in tests/faults/test_zones.py.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from calfeed.asked import Options
from calfeed.schedule.keeper import Keeper, is_due
from calfeed.schedule.process import BuildProcess, build_command
from calfeed.schedule.ticks import SteadyClock, start_scheduler, trigger
from calfeed.storage.status import Status, read_status
from tests.support import NOW, REPOSITORY, Workshop, event, later, yaml_of


def ticks(start: dt.datetime, end: dt.datetime) -> Iterator[dt.datetime]:
    """The instants at which the scheduler's own trigger fires."""
    at = trigger().get_next_fire_time(None, start)
    while at is not None and at < end:
        yield at
        at = trigger().get_next_fire_time(at, at + dt.timedelta(seconds=1))


def status_of(now: dt.datetime, zone: str) -> Status:
    return Status(
        built=now.isoformat(),
        day=now.astimezone(ZoneInfo(zone)).date().isoformat(),
        timezone=zone,
        release="",
        events=1,
        occurrences=1,
        next_due=now.isoformat(),
        next_up_on=None,
        next_up=None,
    )


def test_a_month_of_real_builds_across_a_clock_change(workshop: Workshop) -> None:
    """March 2027 in Jerusalem, where clocks go forward on the 26th: 31 builds.

    Those publish on which an observance begins or is over.
    """
    purim = event("purim", date="1994-03-20")
    workshop.write(event("visit", date="2001-03-08"), purim, timezone="Asia/Jerusalem")
    outcomes: list[tuple[dt.date, str]] = []
    zone = ZoneInfo("Asia/Jerusalem")
    clock = dt.datetime(2027, 3, 1, tzinfo=zone).astimezone(dt.UTC)

    def build() -> int:
        outcomes.append((clock.astimezone(zone).date(), workshop.build(clock).outcome))
        return 0

    keeper = Keeper(workshop.places, build)
    for clock in ticks(clock, dt.datetime(2027, 4, 1, tzinfo=zone).astimezone(dt.UTC)):  # noqa: B020
        keeper.tick(clock)
    assert [day.day for day, _ in outcomes] == list(range(1, 32))
    assert [day.day for day, outcome in outcomes if outcome == "published"] == [1, 8, 9, 20, 21]
    assert {outcome for _, outcome in outcomes} == {"published", "quiet"}


def test_day_that_passed_while_nothing_ran_is_made_up_at_once() -> None:
    assert is_due(status_of(NOW, "Asia/Baku"), later(days=3))
    assert is_due(None, NOW)


def test_same_civil_day_is_not_built_again() -> None:
    assert not is_due(status_of(NOW, "Asia/Baku"), later(hours=13))
    assert is_due(status_of(NOW, "Asia/Baku"), later(hours=14))  # midnight in Baku


def test_day_that_clocks_show_once_more_after_midnight_is_not_built_again() -> None:
    """In St. John's clocks were put back at 00:01, to 23:01 of the day before."""
    midnight = dt.datetime(2010, 11, 7, 2, 30, tzinfo=dt.UTC)
    status = status_of(midnight, "America/St_Johns")
    assert status.day == "2010-11-07"
    shown = [midnight + dt.timedelta(minutes=minutes) for minutes in (0, 15, 60, 75)]
    zone = ZoneInfo("America/St_Johns")
    assert [now.astimezone(zone).strftime("%d %H:%M") for now in shown] == [
        "07 00:00",
        "06 23:15",
        "07 00:00",
        "07 00:15",
    ]
    assert not any(is_due(status, now) for now in shown)


def test_day_built_by_a_clock_that_was_ahead_is_built_again_when_it_is_put_right() -> None:
    ahead = status_of(later(hours=20), "Asia/Baku")
    assert is_due(ahead, NOW)
    assert not is_due(ahead, later(hours=20))
    assert not is_due(status_of(later(hours=1), "Asia/Baku"), NOW)  # the same day: nothing else would come of it


def test_failed_build_is_tried_again_at_the_next_tick(workshop: Workshop) -> None:
    workshop.write()
    keeper = Keeper(workshop.places, lambda: 65)
    assert keeper.tick(NOW)
    assert keeper.tick(later(minutes=15))  # nothing good was ever built


def test_edit_is_built_at_the_next_tick(workshop: Workshop) -> None:
    keeper = Keeper(workshop.places, lambda: 0)
    workshop.build()
    keeper.tick(NOW)
    assert not keeper.tick(later(minutes=15))
    workshop.write(event(title={"en": "Another"}))
    assert keeper.tick(later(minutes=30))
    assert not keeper.tick(later(minutes=45))


def test_edit_that_met_another_builder_is_built_at_the_next_tick(workshop: Workshop) -> None:
    keeper = Keeper(workshop.places, lambda: 75)
    workshop.build()
    keeper.tick(NOW)
    assert keeper.tick(later(minutes=15))


def test_build_that_failed_without_a_trace_is_tried_again(workshop: Workshop) -> None:
    workshop.build()
    codes = iter([0, 74, 0])
    keeper = Keeper(workshop.places, lambda: next(codes))
    keeper.tick(NOW)
    workshop.write(event(title={"en": "Edited"}))
    assert keeper.tick(later(minutes=15))
    assert keeper.tick(later(minutes=30))
    assert not keeper.tick(later(minutes=45))


def test_scheduler_never_skips_a_late_run_and_keeps_no_store_on_disk() -> None:
    ran: list[bool] = []

    class Recording(Keeper):
        def tick(self, now: dt.datetime) -> bool:  # noqa: ARG002
            ran.append(True)
            return False

    scheduler = start_scheduler(
        Recording(Workshop(Path("unused")).places, lambda: 0), lambda: dt.datetime.now(dt.UTC)
    )
    try:
        (job,) = scheduler.get_jobs()
        assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)
        assert str(scheduler.timezone) == "UTC"
        assert job.trigger.timezone is dt.UTC
    finally:
        scheduler.shutdown(wait=True)
    assert ran == [True]  # at once when it starts


@pytest.mark.parametrize(
    ("wall", "monotonic", "jumped"),
    [(30, 30, False), (31.5, 30, False), (3630, 30, True), (-3570, 30, True), (20, 20, False), (9999, 20, False)],
)
def test_clock_that_was_set_is_noticed_within_half_a_minute(
    wall: float, monotonic: float, *, jumped: bool
) -> None:
    assert SteadyClock(NOW, 0.0).jumped(later(seconds=wall), monotonic) is jumped


def test_clock_jump_is_noticed_once() -> None:
    steady = SteadyClock(NOW, 0.0)
    assert steady.jumped(later(days=3650), 30.0)
    assert not steady.jumped(later(days=3650, seconds=30), 60.0)
    assert steady.jumped(later(seconds=90), 90.0)


def process(workshop: Workshop, code: str, limit: float = 60.0) -> BuildProcess:
    workshop.build()
    return BuildProcess([sys.executable, "-c", code], workshop.places.state, lambda: later(hours=1), limit)


def test_hanging_build_is_ended_and_noted(workshop: Workshop, caplog: pytest.LogCaptureFixture) -> None:
    process(workshop, "import signal; signal.pause()", limit=1.0)()
    status = read_status(workshop.places.state)
    assert status is not None
    assert status.error == "the build ended with -9"
    assert "the build took more than 1 s and was ended" in caplog.text
    assert is_due(status, later(hours=1))


def test_hanging_build_is_ended_with_what_it_started(workshop: Workshop) -> None:
    """Another process has its output open, and would keep us waiting for its end."""
    sleeper = "import subprocess, signal; subprocess.Popen(['sleep', '60']); signal.pause()"
    began = time.monotonic()
    assert process(workshop, sleeper, limit=1.0)() == -9
    assert time.monotonic() - began < 10


def test_build_that_starts_as_we_are_told_to_stop_is_ended(
    workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    """There was nothing to wait for yet, and nobody would look again."""
    builder = process(workshop, "import signal; signal.pause()", limit=20.0)
    builder.stop(0)
    began = time.monotonic()
    assert builder() == -9
    assert time.monotonic() - began < 10
    assert caplog.text == ""


def test_build_that_nothing_can_end_is_left_alone(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One that sleeps in the kernel; here, one that left the group that is killed."""
    monkeypatch.setattr("calfeed.schedule.process.KILL_LIMIT", 0.2)
    away = "import os, time; os.fork() or (os.setsid(), time.sleep(5)); time.sleep(5)"
    assert process(workshop, away, limit=1.0)() == -9
    assert "the build cannot be ended" in caplog.text


@pytest.mark.parametrize(
    ("code", "noted"),
    [("raise SystemExit(3)", "3"), ("1/0", "1"), ("import os; os.abort()", "-6")],
    ids=["exit", "bug", "crash"],
)
def test_build_that_dies_is_noted_whatever_killed_it(code: str, noted: str, workshop: Workshop) -> None:
    process(workshop, code)()
    status = read_status(workshop.places.state)
    assert status is not None
    assert (status.error, status.built_at) == (f"the build ended with {noted}", NOW)


RUN = """
import datetime as dt, sys
from pathlib import Path
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from calfeed import schedule
from calfeed.asked import Options, Places
from calfeed.errors import ScheduleError

class Clock:
    wrong = False
    def __call__(self):
        if self.wrong:
            raise RuntimeError("no clock")
        return dt.datetime.now(dt.UTC)

def broken(self):
    raise RuntimeError("no scheduler")

def waiting(self):
    import time; time.sleep(1000)

def notify(words):
    print(words, flush=True)
    if words == "WATCHDOG=1":
        exec(sys.argv[2])

schedule.ticks.trigger = lambda: CronTrigger(second="*", timezone=dt.UTC)  # a quarter of an hour is long
folder = Path(sys.argv[1])
try:
    schedule.run(Places(folder / "events.yaml", folder / "site", folder / "state"), Options(), clock=Clock(),
                 notify=notify, pace=schedule.Pace(clock=0.3, life=0.3, late=float(sys.argv[3])))
except ScheduleError as error:
    sys.exit(f"ended: {error}")
"""


@contextmanager
def breaking(workshop: Workshop, how: str, late: float) -> Iterator[subprocess.Popen[str]]:
    """`run`, in which something breaks at the first sign of life."""
    workshop.build(dt.datetime.now(dt.UTC))
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-c", RUN, str(workshop.folder), how, str(late)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as child:
        yield child
        child.kill()


@pytest.mark.goal("G8", "a schedule whose threads die, or wait for ever, ends `run` with an exit code of its own")
@pytest.mark.parametrize(
    ("how", "late"),
    [
        ("Clock.wrong = True", 600.0),
        ("BackgroundScheduler._process_jobs = broken", 2.0),
        ("BackgroundScheduler._process_jobs = waiting", 2.0),
    ],
    ids=["supervisor dies", "scheduler dies", "scheduler hangs"],
)
def test_run_ends_when_nobody_keeps_the_site_built(how: str, late: float, workshop: Workshop) -> None:
    with breaking(workshop, how, late) as child:
        said, errors = child.communicate(timeout=30)
    assert child.returncode == 1
    assert errors.endswith(
        "ended: nobody looks at the clock and at the events file any more; start calfeed anew\n"
    )
    assert said.startswith("READY=1\nWATCHDOG=1\n")


@pytest.mark.nightly
@pytest.mark.goal("G8", "a run that was frozen goes on")
def test_run_that_was_frozen_goes_on(workshop: Workshop) -> None:
    """Signs of life stop while it is frozen, and come again."""
    with breaking(workshop, "pass", 3.0) as child:
        assert child.stdout is not None
        life = iter(child.stdout.readline, "")
        assert [next(life) for _ in range(21)] == ["READY=1\n", *["WATCHDOG=1\n"] * 20]  # seven seconds
        child.send_signal(signal.SIGSTOP)
        time.sleep(5)  # longer than what is late
        child.send_signal(signal.SIGCONT)
        assert [next(life) for _ in range(20)] == ["WATCHDOG=1\n"] * 20
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=10)
        assert child.returncode == 0


@pytest.fixture
def running(workshop: Workshop) -> Iterator[subprocess.Popen[str]]:
    """`calfeed run` on a small calendar, as an operator starts it."""
    workshop.write()
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "calfeed", "run", str(workshop.places.events)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as child:
        yield child
        child.kill()


def until(child: subprocess.Popen[str], words: str) -> None:
    """Read the log until a line with these words comes."""
    assert child.stderr is not None
    for line in child.stderr:
        if words in line:
            return
    raise AssertionError(f"the log ended without {words!r}")


def test_run_builds_at_the_start_follows_edits_survives_mistakes_and_stops(
    running: subprocess.Popen[str], workshop: Workshop
) -> None:
    until(running, "next due:")
    assert workshop.events()
    workshop.write(event(title={"en": "Edited"}))
    until(running, "reword: black-january-1990")
    good = workshop.files()
    workshop.places.events.write_text("version: [")
    until(running, "nothing was published")
    assert workshop.files() == good
    workshop.places.events.write_bytes(yaml_of(workshop.values))
    until(running, "stands")
    running.send_signal(signal.SIGTERM)
    until(running, "stopped")
    assert running.wait(10) == 0
    assert workshop.files() == good


def test_a_build_is_asked_what_whoever_keeps_the_site_built_was_asked(workshop: Workshop) -> None:
    asked = build_command(workshop.places, Options(url="https://other.example/", larger=3))
    assert asked[-4:] == ["--larger", "3", "--url", "https://other.example/"]
    assert "--larger" not in build_command(workshop.places, Options())
