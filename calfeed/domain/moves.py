"""Which days of an event are others than before, leaving aside what only the window shows or hides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from calfeed.domain.model import Amendment, Event
from calfeed.domain.occurrences import Days
from calfeed.domain.rules import Once

Move: TypeAlias = tuple[Days | None, Days | None]  # before and after; None where there is no such occurrence


def moves(
    event: Event,
    old: Mapping[int, Days],
    new: Mapping[int, Days],
    windows: tuple[Days, Days],
    *,
    seen: Mapping[int, Days],
) -> list[Move]:
    """Which days by n differ where the old window and the new one overlap, and from those `seen` before that."""
    old_window, new_window = windows

    def slid(span: Days, *, within: Days, without: Days) -> bool:
        """Whether the window alone shows or hides it: a day outside both windows is a one-off's."""
        return within[0] <= span[0] <= within[1] and not without[0] <= span[0] <= without[1]

    def kept(span: Days) -> bool:
        """Whether it stood only because the event had no later day; now it has one again."""
        return span[0] < min(old_window[0], new_window[0]) and not isinstance(event.observed, Once)

    found: list[Move] = []
    for n in sorted({*old, *new}):
        before, after = old.get(n), new.get(n)
        if before and after:
            found += [(before, after)] if before != after else []
        elif before and not kept(before) and not slid(before, within=old_window, without=new_window):
            found.append((before, None))
        elif after and n in seen and seen[n] != after:  # programs may hold it still, from before it was hidden
            found.append((seen[n], after))
        elif after and not slid(after, within=new_window, without=old_window):
            found.append((None, after))
    return found


def told(moved: Sequence[Move]) -> str:
    """The moves in a line for operators: `2027-01-20 → 2027-01-19, none → 2028-01-19`."""
    return ", ".join(_told(*move) for move in moved)


def _told(before: Days | None, after: Days | None) -> str:
    if before and after and before[0] == after[0]:
        return f"{before[0]}: other length"
    return f"{before[0] if before else 'none'} → {after[0] if after else 'none'}"


def days_amended(moves: Sequence[Move]) -> tuple[Amendment, ...]:
    """The days that moved, in one amendment."""
    before = " ".join(_days(old) for old, _ in moves if old)
    after = " ".join(_days(new) for _, new in moves if new)
    return (Amendment("days", None, before or None, after or None),) if before or after else ()


def _days(days: Days) -> str:
    first, last = days[0], days[1] - dt.timedelta(days=1)
    return f"{first}" if first == last else f"{first}/{last}"


def days_of(text: str) -> list[tuple[dt.date, dt.date]]:
    """First and last day of each occurrence that such an amendment names; raises ValueError for another text."""
    spans = [part.partition("/") for part in text.split(" ")]
    return [(dt.date.fromisoformat(first), dt.date.fromisoformat(last or first)) for first, _, last in spans]
