"""When somebody looks: every quarter of an hour, when asked, at an edit, and when the wall clock was set."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from calfeed.frozen import frozen
from calfeed.schedule.keeper import Keeper, signature

log = logging.getLogger("calfeed")

Clock: TypeAlias = Callable[[], dt.datetime]

JOB = "build"
SHUT_LIMIT = 3.0  # seconds that the scheduler may take to end
LOOK = 0.25  # seconds between two looks at the events file
CLOCK_JUMP = 2.0  # seconds by which wall clock and monotonic clock may part between two looks


@frozen
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


def shut(scheduler: BackgroundScheduler) -> None:
    """End the scheduler, and wait for its threads no longer than they deserve: one that hangs never ends."""
    ending = threading.Thread(target=scheduler.shutdown, daemon=True)
    ending.start()
    ending.join(SHUT_LIMIT)


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
