"""One build each civil day, unattended for years.

A daily trigger at a local hour loses whole days at clock changes, so the scheduler ticks in UTC every quarter
of an hour and asks whether the calendar's civil day is that of the last good build; `docs/decisions/0004` has
the reasons. A build runs in a process of its own: one that hangs can be ended, and nothing leaks over years.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from calfeed.asked import Options, Places
from calfeed.errors import ScheduleError
from calfeed.frozen import frozen
from calfeed.schedule.keeper import Keeper
from calfeed.schedule.process import BuildProcess, build_command
from calfeed.schedule.ticks import PACE, Clock, Pace, shut, start_scheduler, supervise

__all__ = ["Keeping", "Pace", "kept", "run"]

log = logging.getLogger("calfeed")

STOP_LIMIT = 5.0  # seconds that a build may still take when we are told to stop


@frozen
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
        shut(scheduler)
        log.info("stopped")
