"""One build each civil day, unattended for years.

A daily trigger at a local hour loses whole days at clock changes, so the scheduler ticks in UTC every quarter
of an hour and asks whether the calendar's civil day is that of the last good build; `docs/decisions/0004` has
the reasons. A build runs in a process of its own: one that hangs can be ended, and nothing leaks over years.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from calfeed.build import Options, Places
from calfeed.errors import ScheduleError
from calfeed.storage.files import translation_files
from calfeed.storage.status import Status, read_status, write_failure

log = logging.getLogger("calfeed")

Clock: TypeAlias = Callable[[], dt.datetime]
Stamp: TypeAlias = tuple[int, int, int] | None
Signature: TypeAlias = tuple[Stamp, ...]

JOB = "build"
BUILD_LIMIT = 600.0  # seconds after which a build is taken to hang
KILL_LIMIT = 10.0  # seconds in which a build that is killed is gone, unless nothing can end it
STOP_LIMIT = 5.0  # seconds that a build may still take when we are told to stop
SHUT_LIMIT = 3.0  # seconds that the scheduler may take after that
LOOK = 0.25  # seconds between two looks at the events file
CLOCK_JUMP = 2.0  # seconds by which wall clock and monotonic clock may part between two looks


@dataclass(frozen=True)
class Pace:
    """Seconds between two looks at the wall clock, between two signs of life for the service manager, and those
    after which a schedule that did nothing is taken to stand still: a tick comes every 900.
    """

    clock: float = 30.0
    life: float = 5.0
    late: float = 16 * 60.0


PACE = Pace()


def trigger() -> CronTrigger:
    """Every quarter of an hour, in UTC, where no clock change is."""
    return CronTrigger(minute="*/15", timezone=dt.UTC)


@dataclass
class Keeper:
    """Decides at each tick whether to build; `tried` is the events file that the last build saw.

    `start_build` builds and gives the exit code. `asked` is a look that somebody asked for and that is still to
    come, `busy` says that a tick is at work; `ticked` is when one last began or ended, `looked` when somebody
    last looked at the events file and the clock, both by the monotonic clock.
    """

    places: Places
    start_build: Callable[[], int]
    tried: Signature | None = None
    owed: bool = False
    asked: bool = False
    busy: bool = False
    ticked: float = field(default_factory=time.monotonic)
    looked: float = field(default_factory=time.monotonic)

    def tick(self, now: dt.datetime) -> bool:
        """Build if it is due; True when it was tried."""
        self.busy, self.asked, self.ticked = True, False, time.monotonic()
        try:
            return self._tick(now)
        finally:
            self.busy, self.ticked = False, time.monotonic()

    def ask(self) -> None:
        """Have a look soon, also where one is under way: it may have missed what this one is about."""
        self.asked = True

    def _tick(self, now: dt.datetime) -> bool:
        seen = signature(self.places.events)
        edited, self.tried = seen != self.tried, seen
        due = self.owed or edited or is_due(read_status(self.places.state), now)
        if due:
            self.owed = True  # until a build says that it is done: one that failed may have left no trace at all
            self.owed = self.start_build() != 0
        return due


def is_due(status: Status | None, now: dt.datetime) -> bool:
    """Whether the last build failed or left something untold, or the last good one is of another civil day.

    Clocks that are put back just after midnight, at 00:01 as in St. John's until 2011, show the day before once
    more: while time itself goes on, a day that is over does not come due again. After a build by a clock that
    was ahead it does.
    """
    if status is None or status.failed or status.untold:
        return True
    day = now.astimezone(ZoneInfo(status.timezone)).date().isoformat()
    return day > status.day if now >= status.built_at else day != status.day


@dataclass
class BuildProcess:
    """Runs `command` one at a time, each in its own process, and ends the one that hangs."""

    command: list[str]
    state: Path
    clock: Clock
    limit: float = BUILD_LIMIT
    child: subprocess.Popen[str] | None = None
    codes: Counter[int] = field(default_factory=Counter)
    stopped: bool = False

    def __call__(self) -> int:
        """Build once and give the exit code; what the build says goes to the log."""
        self.child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own arguments
            self.command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="backslashreplace",
            start_new_session=True,
        )
        said = self._said(self.child)
        code, self.child = self.child.poll(), None
        code = -signal.SIGKILL if code is None else code
        self.codes[code] += 1
        if self.stopped:
            return code  # by us, and no fault of its own
        for line in said.splitlines():
            log.log(logging.ERROR if code else logging.INFO, "%s", line)
        if code not in _NOTED_BY_THE_BUILD:
            log.error("the build ended with %d", code)
            write_failure(self.state, self.clock(), f"the build ended with {code}")
        return code

    def _said(self, child: subprocess.Popen[str]) -> str:
        """What a build says until it ends, or is ended with whatever it started: that may hold its output open."""
        try:
            return child.communicate(timeout=self.limit)[0]
        except subprocess.TimeoutExpired:
            _kill(child)
            log.error("the build took more than %g s and was ended", self.limit)  # noqa: TRY400
        try:
            return child.communicate(timeout=KILL_LIMIT)[0]
        except subprocess.TimeoutExpired:  # asleep in the kernel, on a disk that is gone
            log.error("the build cannot be ended; it is left alone")  # noqa: TRY400
            if child.stdout is not None:
                child.stdout.close()
            return ""

    def stop(self, seconds: float) -> None:
        """Let a build that is under way finish, for so long; ended halfway it leaves the old release up."""
        child = self.child
        if child is None:
            return
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            log.warning("stopping in the middle of a build; what stands is whole")
            self.stopped = True
            _kill(child)


def _kill(child: subprocess.Popen[str]) -> None:
    """End a build and all that it started, which is a process group of its own."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def build_command(places: Places, options: Options) -> list[str]:
    """The build as a command line."""
    safe = ["-P"] if sys.flags.safe_path else []  # as we were started: no module out of the folder we stand in
    command = [sys.executable, *safe, "-m", "calfeed", "build", str(places.events)]
    command += ["--site", str(places.site), "--state", str(places.state)]
    return command + (["--url", options.url] if options.url else [])


# The build itself notes these in status.json: success, and every CalfeedError but 75; a place that is busy or away
# is no failure of ours, and is tried again.
_NOTED_BY_THE_BUILD = (0, 65, 66, 73, 74, 75, 77)


def signature(events: Path) -> Signature:
    """What tells that the events file, its translations, or which of them there are, changed."""
    try:
        others = translation_files(events)
    except OSError:  # a build tells it
        others = []
    return tuple(map(_stamp, (events, *others)))


def _stamp(path: Path) -> Stamp:
    """What tells that a file was written anew: mtime in ns, size, inode; None where there is no file."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


@dataclass(frozen=True)
class Keeping:
    """A site that is being kept built: how often builds ended how, and a way to have another look at once."""

    process: BuildProcess
    keeper: Keeper
    supervisor: threading.Thread
    late: float

    def builds(self) -> dict[int, int]:
        """The number of builds by exit code."""
        return dict(self.process.codes)

    def look_now(self) -> None:
        """Have a look soon."""
        self.keeper.ask()

    def is_alive(self) -> bool:
        """Whether ticks still come, and somebody still looks at the clock and at the events file.

        It does not matter why they do not: a thread that died, or one that waits for what never comes.
        """
        last = min(self.keeper.ticked, self.keeper.looked)
        return self.supervisor.is_alive() and time.monotonic() - last < self.late


def run(  # noqa: PLR0913 - everything it takes from the world around is handed in
    places: Places,
    options: Options,
    *,
    clock: Clock,
    notify: Callable[[str], None] = lambda _: None,
    watch: bool = True,
    pace: Pace = PACE,
) -> None:
    """Keep the site built until SIGTERM or SIGINT; SIGHUP is another look. Returns when everything has stopped.

    `notify` takes the words of sd_notify(3). Raises ScheduleError when the site is no longer kept built: whoever
    started us can start us anew, and a process that does nothing helps nobody.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with kept(places, options, clock=clock, watch=watch, pace=pace) as keeping:
        signal.signal(signal.SIGHUP, lambda *_: keeping.look_now())
        notify("READY=1")
        still = 0
        while not stop.wait(pace.life):
            still = 0 if keeping.is_alive() else still + 1
            if still > 1:  # after a while frozen it seems to stand still, until its threads have had a turn
                raise ScheduleError(
                    "nobody looks at the clock and at the events file any more; start calfeed anew"
                )
            if not still:
                notify("WATCHDOG=1")
        notify("STOPPING=1")


@contextmanager
def kept(
    places: Places, options: Options, *, clock: Clock, watch: bool = True, pace: Pace = PACE
) -> Iterator[Keeping]:
    """Keep the site built, in threads, while the block runs; at its end a build under way may finish."""
    stop = threading.Event()
    process = BuildProcess(build_command(places, options), places.state, clock)
    keeper = Keeper(places, process)
    scheduler = start_scheduler(keeper, clock)
    told = {"clock": clock, "watch": watch, "pace": pace}
    supervisor = threading.Thread(target=supervise, args=(scheduler, keeper, stop), kwargs=told, daemon=True)
    supervisor.start()
    log.info("watching %s; a look every quarter of an hour", places.events)
    try:
        yield Keeping(process, keeper, supervisor, pace.late)
    finally:
        stop.set()
        scheduler.pause()
        process.stop(STOP_LIMIT)
        _shut(scheduler)
        log.info("stopped")


def _shut(scheduler: BackgroundScheduler) -> None:
    """End the scheduler, and wait for its threads no longer than they deserve: one that hangs never ends."""
    ending = threading.Thread(target=scheduler.shutdown, daemon=True)
    ending.start()
    ending.join(SHUT_LIMIT)


def start_scheduler(keeper: Keeper, clock: Clock) -> BackgroundScheduler:
    """A scheduler in UTC that never skips a run for being late and never runs two builds at once."""
    scheduler = BackgroundScheduler(
        timezone=dt.UTC,
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    scheduler.add_listener(_tell, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
    scheduler.add_job(lambda: keeper.tick(clock()), trigger(), id=JOB, next_run_time=clock())
    scheduler.start()
    return scheduler


def supervise(  # noqa: PLR0913 - it stands between everything
    scheduler: Any, keeper: Keeper, stop: threading.Event, *, clock: Clock, watch: bool, pace: Pace
) -> None:
    """Until `stop`: tick early when asked, when the events file changed and is still, or when the clock jumped."""
    before = signature(keeper.places.events)
    steady = SteadyClock(clock(), time.monotonic(), pace.clock)
    while not stop.wait(LOOK):
        keeper.looked = time.monotonic()
        now_seen = signature(keeper.places.events)
        if watch and keeper.tried not in (None, now_seen) and now_seen == before and now_seen[0] is not None:
            keeper.ask()
        before = now_seen
        if steady.jumped(clock(), time.monotonic()):
            log.warning("the clock was set; looking again")
            keeper.ask()
        if keeper.asked and not keeper.busy:
            scheduler.modify_job(JOB, next_run_time=clock())


@dataclass
class SteadyClock:
    """Notices that the wall clock was set, by holding it against one that cannot be, every so many seconds."""

    wall: dt.datetime
    monotonic: float
    every: float = PACE.clock

    def jumped(self, wall: dt.datetime, monotonic: float) -> bool:
        """Whether the two clocks parted since the last look; looks only every so often."""
        passed = monotonic - self.monotonic
        if passed < self.every:
            return False
        apart = (wall - self.wall).total_seconds() - passed
        self.wall, self.monotonic = wall, monotonic
        return abs(apart) > CLOCK_JUMP


def _tell(event: JobEvent) -> None:
    exception = getattr(event, "exception", None)
    if exception is not None:
        log.error("the tick failed: %s", exception, exc_info=exception)
    elif event.code == EVENT_JOB_MISSED:
        log.warning("a tick was missed; it is made up for")
    else:
        log.info("a build is still at work; the tick waits for the next")
