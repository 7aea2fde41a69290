"""`state/status.json`: when the last good build was, a quiet one included, and what went wrong since.

Never part of a release: its age is worked out by whoever reads it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from calfeed.errors import LedgerError
from calfeed.frozen import frozen
from calfeed.storage import files

NAME = "status.json"
STALE_AFTER = dt.timedelta(hours=26)
TELL_WITHIN = dt.timedelta(days=1)


@frozen
class Status:
    """The last good build: its instant, its civil day in `timezone`, what stands and what is due next.

    `next_due` is when the output changes next, `next_up` what is observed next and `next_up_on` its day.
    `stamp` is what the place said of the files of that release, None where it says nothing.
    `failed` and `error` tell of the last build that failed after it, if any did. `untold` are the addresses of
    feeds that changed at `untold_since` and that the WebSub `hub` could not be told about yet.
    """

    built: str
    day: str
    timezone: str
    release: str
    events: int
    occurrences: int
    next_due: str
    next_up_on: str | None
    next_up: str | None
    failed: str | None = None
    error: str | None = None
    hub: str | None = None
    untold: tuple[str, ...] = ()
    untold_since: str | None = None
    stamp: str | None = None

    @property
    def next_due_at(self) -> dt.datetime:
        """When the output changes by itself."""
        return dt.datetime.fromisoformat(self.next_due)

    @property
    def built_at(self) -> dt.datetime:
        """The instant of the last good build."""
        return dt.datetime.fromisoformat(self.built)

    def is_worth_telling(self, now: dt.datetime) -> bool:
        """Whether a hub should still hear of feeds that changed; after a day everybody has polled them."""
        if not self.untold or not self.untold_since:
            return False
        return now - dt.datetime.fromisoformat(self.untold_since) < TELL_WITHIN

    def is_stale(self, now: dt.datetime) -> bool:
        """Whether a day has passed without a good build, with two hours to spare."""
        return now - self.built_at > STALE_AFTER


def read_status(state: Path) -> Status | None:
    """The status, None where there is none or none that can be read."""
    try:
        values = json.loads((state / NAME).read_bytes())
        status = Status(**{**values, "untold": tuple(values.get("untold", ()))})
        _check(status)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return status


def _check(status: Status) -> None:
    """Raises ValueError or TypeError where a value is not what it should be."""
    _ = ZoneInfo(status.timezone)
    instants = [status.built, status.next_due, *filter(None, (status.failed, status.untold_since))]
    if any(dt.datetime.fromisoformat(instant).tzinfo is None for instant in instants):
        raise ValueError("an instant without its zone")
    _ = [dt.date.fromisoformat(day) for day in (status.day, status.next_up_on) if day is not None]


def write_status(state: Path, status: Status) -> None:
    """Put the status in place of the one before."""
    with _telling(state / NAME):
        files.replace(state / NAME, [_written(status)])


@contextmanager
def following(state: Path, status: Status) -> Iterator[None]:
    """Put the status in place after the block, and have it on the disk before: where there is no room, nothing is
    shown yet.
    """
    path = state / NAME
    with _telling(path):
        temporary = files.prepare(path, [_written(status)])
    try:
        yield
        with _telling(path):
            files.settle(temporary, path)
    except BaseException:
        with suppress(OSError):  # what failed in the first place is what has to be told
            temporary.unlink(missing_ok=True)
        raise


def _written(status: Status) -> bytes:
    return json.dumps(asdict(status), ensure_ascii=False, indent=1).encode() + b"\n"


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LedgerError(f"{path}: cannot be written: {error.strerror}") from error


def write_failure(state: Path, at: dt.datetime, error: str) -> None:
    """Add the last failure to the status of the last good build, where there is one."""
    status = read_status(state)
    if status is None:
        return
    with suppress(LedgerError):  # a full disk must not hide what failed in the first place
        write_status(state, replace(status, failed=at.isoformat(timespec="seconds"), error=error))
