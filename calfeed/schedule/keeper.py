"""Whether a build is due: another civil day, an edit, or a build that did not come off."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

from calfeed.asked import Places
from calfeed.storage.files import translation_files
from calfeed.storage.status import Status, read_status

Stamp: TypeAlias = tuple[int, int, int] | None
Signature: TypeAlias = tuple[Stamp, ...]


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
