"""When a build is refused although it could be done: a wrong clock, or much less than before."""

from __future__ import annotations

import datetime as dt

from calfeed.domain.memory import Memory
from calfeed.domain.revisions import Revised
from calfeed.errors import RefusedError

BEHIND = dt.timedelta(days=1)
AHEAD = dt.timedelta(days=400)
OLDEST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_FEW = 3


def guard_clock(now: dt.datetime, last: dt.datetime | None) -> None:
    """Refuse a clock that is far from the last build: a ledger stamped in 2036 never heals (F43).

    Before the first build nothing is known but that calfeed is younger than a clock without a battery (F6).
    """
    if last is None:
        if now < OLDEST:
            raise RefusedError(
                f"the clock says {now:%Y-%m-%d %H:%M} UTC, when there was no calfeed; set the clock, or allow it "
                f"with --allow-clock if it is right"
            )
        return
    if last - BEHIND <= now <= last + AHEAD:
        return
    raise RefusedError(
        f"the clock says {now:%Y-%m-%d %H:%M} UTC and the last build was at {last:%Y-%m-%d %H:%M} UTC; set the "
        f"clock, or allow it with --allow-clock if it is right"
    )


def guard_removal(memory: Memory | None, revised: Revised) -> None:
    """Refuse a result from which more than a fifth of the events, and at least three, are gone (F42)."""
    if memory is None:
        return
    gone = [change.id for change in revised.changes if change.what == "withdrawn"]
    known = sum(1 for record in memory.records.values() if record.withdrawn is None)
    if len(gone) >= _FEW and len(gone) * 5 > known:
        raise RefusedError(
            f"{len(gone)} of {known} events would be withdrawn: {_some(gone)}; put them back, or allow it with "
            f"--allow-removal"
        )


def guard_empty(revised: Revised) -> None:
    """Refuse a calendar without any day: an empty one breaks clients and wipes subscriptions (C29)."""
    if not revised.entries:
        raise RefusedError("no entry has a day, and an empty calendar is never published; give one a day")


def _some(names: list[str]) -> str:
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
