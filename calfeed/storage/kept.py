"""`state/kept.json`: what was found of each entry in the last release, so that nobody need find it again.

A large calendar changes in few of its entries. What an entry says is a function of its lines in the events file,
of the head of that file and of the record that the ledger has of it; where all of these are what they were, its
record, its days and what was written of it stand. The entry itself is read when somebody looks at it.

Nothing hangs on this file: whatever in it does not fit sends the build the long way, which has the same result. It
is JSON, a header in the first line and an entry in every further one; the header names the ledger and the release
that it belongs to, and carries the digest of the lines.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from sys import intern
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from calfeed.domain.instants import instant, rfc3339
from calfeed.domain.memory import Record
from calfeed.domain.model import Calendar, Entry, Event, Occurrence, Revision
from calfeed.domain.occurrences import occurrence
from calfeed.domain.rules.span import Span
from calfeed.storage import files
from calfeed.storage.damage import GARBLED

if TYPE_CHECKING:
    from calfeed.storage.source.piecewise import Found

NAME = "kept.json"
_ENCODER = json.JSONEncoder(separators=(",", ":"))
_NEVER = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as it was: `piece` is the digest of its lines, `values` their number, `line` is how it stands here.

    `sources` are the keys of those that its claims cite, `has_days` tells whether any day of it can be published,
    and `until` the first day on which something may change by itself. Of each occurrence that is published there
    are `n`, the first day and that after the last, the ordinal, and when it entered the feeds.
    """

    piece: str
    values: int
    id: str
    categories: tuple[str, ...]
    sources: tuple[str, ...]
    has_days: bool
    until: str
    sequence: int
    created: dt.datetime
    modified: dt.datetime
    occurrences: tuple[tuple[int, dt.date, dt.date, int | None, dt.datetime | None], ...]
    line: bytes

    def entries(self, calendar: Calendar, event: Event) -> tuple[Entry, ...]:
        """What is published of it."""
        revision = Revision(self.sequence, self.created, {calendar.languages[0]: self.modified})
        return tuple(
            Entry(occurrence(calendar, event, n=n, span=Span(first, end), ordinal=ordinal), revision, published)
            for n, first, end, ordinal, published in self.occurrences
        )

    def remembered(self) -> dict[str, object]:
        """What is known of its record without reading it; one with a longer story is not kept."""
        return {
            "id": self.id,
            "days": {n: (first, end) for n, first, end, _, _ in self.occurrences},
            "withdrawn": None,
        }


@dataclass(frozen=True)
class Header:
    """What the entries belong to: a version of calfeed, the records of a ledger by their digest, a release.

    `head` is the digest of all in the events file that is no entry; `year` the civil year in the calendar's zone,
    which moves the window.
    """

    calfeed: str
    head: str
    records: str
    release: str
    timezone: str
    year: int


@dataclass(frozen=True)
class Keeping:
    """What is kept, by the digest of the lines of an entry."""

    header: Header
    entries: Mapping[str, Kept]


def read_kept(state: Path, now: dt.datetime) -> Keeping | None:
    """What was kept and still stands at `now`; None where nothing is."""
    try:
        first, _, lines = (state / NAME).read_bytes().partition(b"\n")
        values = json.loads(first)
        if hashlib.sha256(lines).hexdigest() != values.pop("sha256"):
            return None
        header = Header(**values)
        today = now.astimezone(ZoneInfo(header.timezone)).date()
        if today.year != header.year:
            return None
        each = lines.removesuffix(b"\n").split(b"\n") if lines else []
        found = list(map(_kept, json.loads(b"[" + b",".join(each) + b"]"), each))
        return Keeping(header, {kept.piece: kept for kept in found if today.isoformat() < kept.until})
    except (OSError, *GARBLED):
        return None


def write_kept(state: Path, header: Header, lines: Collection[bytes]) -> None:
    """Put what is kept now in place of what was; where that cannot be done, the next build finds it anew."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line + b"\n")
    head = json.dumps({**asdict(header), "sha256": digest.hexdigest()}).encode()
    with suppress(OSError):
        files.replace(state / NAME, (line + b"\n" for line in chain([head], lines)))


def kept_line(
    calendar: Calendar, found: Found, occurrences: Sequence[Occurrence], record: Record, entries: list[Entry]
) -> bytes | None:
    """The line of an entry whose rule gives these occurrences; None where it may not be kept."""
    return (
        _line(calendar, found, record, entries) if _may_be_kept(record, entries, occurrences, calendar) else None
    )


def _may_be_kept(
    record: Record, entries: list[Entry], occurrences: Sequence[Occurrence], calendar: Calendar
) -> bool:
    """Whether all that a build makes of it stands in a line: no story, and no day that needs more words."""
    plain = all(e.occurrence.span == Span(e.occurrence.dtstart, e.occurrence.dtend) for e in entries)
    whole = [e.occurrence.uid for e in entries] == [o.uid for o in occurrences]
    story = (record.corrections, record.withheld, record.heeded, record.gone, record.ended, record.left)
    return bool(entries) and plain and whole and not any(story) and record.id not in calendar.notes


def _line(calendar: Calendar, found: Found, record: Record, entries: list[Entry]) -> bytes:
    event, wording = entries[0].occurrence.event, record.wordings[calendar.languages[0]]
    notice = dt.timedelta(days=calendar.notice_days)
    waiting = [
        e.occurrence.dtstart - notice
        for e in entries
        if e.first_published is None and e.occurrence.dtstart >= record.items_since
    ]
    values = [
        found.piece,
        found.values,
        event.id,
        event.slugs,
        sorted(event.cited),
        found.has_days,
        min(waiting).isoformat() if waiting else _NEVER,
        record.sequence,
        rfc3339(record.created),
        rfc3339(wording.last_modified),
        [_occurrence_values(e) for e in entries],
    ]
    return _ENCODER.encode(values).encode()


def _occurrence_values(entry: Entry) -> list[Any]:
    o, at = entry.occurrence, entry.first_published
    return [o.n, o.dtstart.isoformat(), o.dtend.isoformat(), o.ordinal, rfc3339(at) if at else None]


def _kept(found: list[Any], line: bytes) -> Kept:
    """What is found in a line; what stands in many is one value."""
    piece, values, id_, categories, sources, has_days, *more = found
    until, sequence, created, modified, occurrences = more
    return Kept(
        piece=piece,
        values=values,
        id=id_,
        categories=tuple(map(intern, categories)),
        sources=tuple(map(intern, sources)),
        has_days=has_days,
        until=intern(until),
        sequence=sequence,
        created=instant(created),
        modified=instant(modified),
        occurrences=tuple(
            (n, dt.date.fromisoformat(first), dt.date.fromisoformat(end), ordinal, instant(at) if at else None)
            for n, first, end, ordinal, at in occurrences
        ),
        line=line,
    )
