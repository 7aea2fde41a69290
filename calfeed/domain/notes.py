"""Corrections and the curator's notes meet: which note belongs to which change.

A note is used once, by its day. What it says is read anew from events.yaml at each build, so it can be mended; the
memory holds only the day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import groupby

from calfeed.domain.instants import after
from calfeed.domain.memory import Record
from calfeed.domain.model import Amendment, Correction, Note


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
    return record


def _with(record: Record, correction: Correction) -> Record:
    return replace(record, corrections=(*record.corrections, correction))


def _next(record: Record, at: dt.datetime) -> dt.datetime:
    """The instant of a new correction, which is its identity."""
    return after(record.corrections[-1].at, at) if record.corrections else at
