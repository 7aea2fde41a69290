"""What of the last release stands as it was, so that a build makes only what is new; the bytes are the same.

A cold build makes everything, a warm one takes what `state/kept.json` tells of entries that did not change, their
lines of the ledger and their events in the calendar file. A new version of calfeed starts cold, and so does a
build that finds anything else than it left: another ledger, another year, another head of the events file.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from calfeed import __version__
from calfeed.domain.model import Entry, Occurrence
from calfeed.domain.revisions import Revised
from calfeed.formats.vevent import BEGIN, vevent
from calfeed.storage import kept as storage
from calfeed.storage.kept import Keeping
from calfeed.storage.ledger import Header
from calfeed.storage.source import Reading
from calfeed.storage.target import Target
from calfeed.storage.verify.calendars import Known, know, stood

_CALENDAR = "calendar.ics"


@dataclass(frozen=True)
class Reused:
    """What the last release has of entries that stand: what was written of each, and what was read back of it."""

    written: dict[tuple[str, str], bytes] = field(default_factory=dict)
    read: Known = field(default_factory=dict)


def kept(state: Path, ledger: Header | None, now: dt.datetime) -> Keeping | None:
    """What was kept, where this version kept it of what the ledger remembers."""
    keeping = storage.read_kept(state, now)
    if ledger is None or keeping is None:
        return None
    same = (keeping.header.calfeed, keeping.header.records) == (__version__, ledger.sha256)
    return keeping if same else None


def stood_before(target: Target, keeping: Keeping | None, entries: Mapping[str, tuple[Entry, ...]]) -> Reused:
    """The events of kept entries in the calendar file of the release that they were kept of."""
    reused = Reused()
    data = target.published(keeping.header.release, _CALENDAR) if keeping and entries else None
    if data is None:
        return reused
    for octets, entry in stood(data, {entry.occurrence.uid: entry for each in entries.values() for entry in each}):
        reused.written[vevent.__name__, entry.occurrence.uid] = BEGIN + octets + b"\r\n"
        know(octets, entry, reused.read)
    return reused


def keep(
    state: Path, reading: Reading, revised: Revised, occurrences: Iterable[Occurrence], header: storage.Header
) -> None:
    """Keep what was found of each entry, where that is worth it: a calendar of few entries is read faster."""
    if reading.head and len(reading.calendar.events) >= storage.FEWEST:
        storage.write_kept(state, header, _lines(reading, revised, occurrences))


def _lines(reading: Reading, revised: Revised, occurrences: Iterable[Occurrence]) -> Iterator[bytes]:
    entries: dict[str, list[Entry]] = defaultdict(list)
    for entry in revised.entries:
        entries[entry.occurrence.event.id].append(entry)
    resolved: dict[str, list[Occurrence]] = defaultdict(list)
    for occurrence in occurrences:
        resolved[occurrence.event.id].append(occurrence)
    yield from (known.line for known in reading.kept.values())
    yield from storage.kept_lines(reading.calendar, reading.found, entries, resolved, revised.memory.records)
