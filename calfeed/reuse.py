"""What of the last release stands as it was, so that a build makes only what is new; the bytes are the same.

A cold build makes everything, a warm one takes what `state/kept.json` tells of entries that did not change, their
lines of the ledger and their events in the calendar file. A new version of calfeed starts cold, and so does a
build that finds anything else than it left: another ledger, another year, another head of the events file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, MutableMapping
from pathlib import Path

from calfeed import __version__
from calfeed.domain.model import Entry
from calfeed.formats.vevent import BEGIN
from calfeed.storage import kept as storage
from calfeed.storage.kept import Keeping
from calfeed.storage.ledger import Header
from calfeed.storage.target import Target
from calfeed.storage.verify.calendars import Known, know, stood

_CALENDAR = "calendar.ics"


def kept(state: Path, ledger: Header | None, now: dt.datetime) -> Keeping | None:
    """What was kept, where this version kept it of what the ledger remembers."""
    keeping = storage.read_kept(state, now)
    if ledger is None or keeping is None:
        return None
    same = (keeping.header.calfeed, keeping.header.records) == (__version__, ledger.sha256)
    return keeping if same else None


def stood_before(
    target: Target,
    keeping: Keeping | None,
    entries: Mapping[str, Entry],
    written: MutableMapping[str, bytes],
) -> Known:
    """The events of kept entries, by UID, in the calendar file of the release that they were kept of.

    They are `written` now, and were read back before.
    """
    read: Known = {}
    file = target.published(keeping.header.release, _CALENDAR) if keeping and entries else None
    if file is not None:
        with file:
            for octets, entry in stood(file, entries):
                written[entry.occurrence.uid] = BEGIN + octets + b"\r\n"
                know(octets, entry, read)
    return read
