"""What a ledger has to remember of what a curator meant, and what follows from it for the next build."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.faults.curator import Days, Entry, Meaning, Meant


@dataclass(frozen=True)
class Known:
    """What is remembered of an entry: how it was meant last, its days by n then, and whether it is gone."""

    entry: Entry
    days: Mapping[int, Days]
    gone: bool = False


@dataclass(frozen=True)
class Remembered:
    """What a ledger holds: the meaning that was built last, when, and what is known of every entry."""

    meaning: Meaning
    at: dt.datetime
    known: Mapping[str, Known] = field(default_factory=dict)


def days_of(entry: Entry, known: Known | None, window: Days) -> dict[int, Meant]:
    """The days of an entry by n: a one-off keeps its n, and what has left the window altogether its last day."""
    found = entry.in_window(window)
    if found and known and is_the_same_one_off(entry, known):
        return dict(zip(known.days, found.values(), strict=True))
    if found or known is None or known.gone or not known.days:
        return found
    last = max(known.days, key=lambda n: known.days[n])
    meant = entry.occurrence(last) if known.days[last][0] < window[0] else None
    return {last: meant} if meant and meant.days[0] == known.days[last][0] else {}


def is_the_same_one_off(entry: Entry, known: Known | None) -> bool:
    """Whether it is a one-off and was one before, whose number stays whatever its date becomes."""
    return (
        entry.observed == "once" and known is not None and known.entry.observed == "once" and len(known.days) == 1
    )


def comes_back_otherwise(known: Known, entry: Entry, days: Mapping[int, Meant]) -> bool:
    """Whether an id that was withdrawn comes back with another date, or without one on other days."""
    dates = [(each.date, each.date and each.length) for each in (known.entry, entry)]
    if dates[0] != dates[1]:
        return True
    return entry.date is None and any(days[n].days != known.days[n] for n in days.keys() & known.days.keys())
