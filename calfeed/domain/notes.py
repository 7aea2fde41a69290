"""Corrections and the curator's notes meet: which note belongs to which change, and what is withheld for it.

A note is used once, by its day. What it says is read anew from events.yaml at each build, so it can be mended; the
memory holds only the day. What a note withholds leaves the memory for good.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import groupby

from calfeed.domain.memory import Record
from calfeed.domain.model import Amendment, Correction, Note

_SECOND = dt.timedelta(seconds=1)
_STATES = ("withdrawn", "restored")  # amendments that repeat no words


def corrected(
    record: Record,
    found: tuple[Amendment, ...],
    notes: Iterable[Note],
    *,
    now: dt.datetime,
    alone: Callable[[dt.date], dt.datetime],
) -> Record:
    """The record with what was changed in this build, and with the notes on its event that were not used yet.

    They belong to what is found now; else to the latest correction, if it has none; else they stand by
    themselves, at the instant that `alone` gives for their day, but never in the future.
    """
    told = tuple(sorted(notes, key=lambda note: note.on))
    used = {day for correction in record.corrections for day in correction.notes}
    fresh = tuple(note.on for note in told if note.on not in used)
    last = record.corrections[-1] if record.corrections else None
    if found:
        record = _with(record, Correction(_next(record, now), found, fresh))
    elif fresh and last and not last.notes:
        joined = replace(last, notes=fresh, noted=max(now, last.at))
        record = replace(record, corrections=(*record.corrections[:-1], joined))
    elif fresh:
        for at, days in groupby(fresh, key=lambda day: min(alone(day), now)):
            record = _with(record, Correction(_next(record, at), (), tuple(days)))
    return _withheld(record, {note.on for note in told if note.withhold})


def _with(record: Record, correction: Correction) -> Record:
    return replace(record, corrections=(*record.corrections, correction))


def _next(record: Record, at: dt.datetime) -> dt.datetime:
    """The instant of a new correction, which is its identity: after the one before, though the clock be behind."""
    return max(at, record.corrections[-1].at + _SECOND) if record.corrections else at


def _withheld(record: Record, days: set[dt.date]) -> Record:
    """The record without anything that a note of these days withholds.

    That is what stood before the change it belongs to, and all that was told of changes before that one; of an
    event that was withdrawn by then also what it said last. A note that stands alone may have been written before
    the edit that it is meant for, so it withholds from the next change, too.
    """
    numbers = [number for number, c in enumerate(record.corrections) if days and days.intersection(c.notes)]
    if not numbers:
        return record
    last = numbers[-1]
    if not record.corrections[last].amendments and last + 1 < len(record.corrections):
        last += 1
    kept = tuple(
        _blank(correction, after=number < last) if number <= last else correction
        for number, correction in enumerate(record.corrections)
    )
    since = [number for number, c in enumerate(kept) if any(a.what == "withdrawn" for a in c.amendments)]
    gone = record.withdrawn is not None and last >= max(since, default=0)
    return replace(record, corrections=kept, shown=None if gone else record.shown)


def _blank(correction: Correction, *, after: bool) -> Correction:
    """The correction without the values before, and without those after it where they are withheld, too."""

    def blank(amendment: Amendment) -> Amendment:
        if amendment.what in _STATES:
            return amendment
        hides = amendment.withheld or amendment.before is not None or (after and amendment.after is not None)
        return replace(amendment, before=None, after=None if after else amendment.after, withheld=bool(hides))

    return replace(correction, amendments=tuple(map(blank, correction.amendments)))
