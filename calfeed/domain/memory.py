"""What is remembered of a calendar between two releases: one record for each event that was ever published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from calfeed.domain.model import Revision
from calfeed.domain.occurrences import Days


@dataclass(frozen=True)
class Wording:
    """The state of one event in one language: when its text last changed, and what it was."""

    last_modified: dt.datetime
    fingerprint: str


@dataclass(frozen=True)
class Record:
    """What is remembered of one event.

    `days` are the published days by n; `published` when each n entered the feeds; days before `items_since`
    bring no item any more; `withdrawn` is set while the event is out of the calendar.
    """

    id: str
    date: str
    sequence: int
    created: dt.datetime
    items_since: dt.date
    wordings: Mapping[str, Wording]
    days: Mapping[int, Days]
    published: Mapping[int, dt.datetime]
    withdrawn: dt.datetime | None = None


@dataclass(frozen=True)
class Memory:
    """Everything that is remembered of a calendar; `window` is that of the last release."""

    authority: str
    window: Days
    records: Mapping[str, Record]

    def newest(self) -> dt.datetime | None:
        """The latest instant that was ever stamped, None in an empty memory."""
        stamps = [
            stamp
            for record in self.records.values()
            for stamp in (
                record.created,
                record.withdrawn,
                *(wording.last_modified for wording in record.wordings.values()),
                *record.published.values(),
            )
            if stamp is not None
        ]
        return max(stamps, default=None)


def revision_of(record: Record) -> Revision:
    """What formats need of a record."""
    modified = {lang: wording.last_modified for lang, wording in record.wordings.items()}
    return Revision(record.sequence, record.created, modified)
