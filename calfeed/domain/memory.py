"""What is remembered of a calendar between two releases: one record for each event that was ever published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import field

from calfeed.domain.model import Basis, Correction, EventKind, Revision, Text, Tone
from calfeed.domain.occurrences import Days
from calfeed.frozen import frozen


@frozen
class Wording:
    """The state of one event in one language: when its text last changed, and what it was."""

    last_modified: dt.datetime
    fingerprint: str


@frozen
class ShownClaim:
    """What readers were shown of one claim; `date` is EDTF or empty."""

    source: str
    basis: Basis
    says: Text
    date: str = ""
    heading: str = ""
    reasoning: Text = field(default_factory=dict)


@frozen
class Shown:
    """What the curator had written of an event when it was last published, in the calendar's languages alone.

    It is kept as it was written, so that calfeed's own new words for it never make a correction. `date` is EDTF
    or empty, `observed` as `observances` writes it, `categories` are slugs in the order of the alphabet,
    and `subjects` their titles in the calendar's first language, in the same order, as far as they are remembered.
    """

    title: Text
    description: Text
    observed: str
    categories: tuple[str, ...]
    claims: tuple[ShownClaim, ...]
    date: str = ""
    night: bool = False
    location: Text = field(default_factory=dict)
    disputed: Text = field(default_factory=dict)
    url: str = ""
    tone: Tone = "neutral"
    kind: EventKind = "event"
    subjects: tuple[str, ...] = ()


@frozen
class Record:
    """What is remembered of one event.

    `days` are the published days by n; `published` when each n entered the feeds; days before `items_since`
    bring no item any more; `withdrawn` is set while the event is out of the calendar. `shown` is None where the
    release was made by a calfeed that did not remember it, or where it is withheld; `corrections` are in the order
    in which they were made, each at an instant of its own. `withheld` are short digests of the words that are not
    to be repeated, `heeded` the days of the notes that said so. `gone` is the state of what tells of a withdrawal
    in each language, while there is something that does. `ended` is the last day, by n, where an event that is
    in the calendar has none any more. `left` is when it last left the feeds of the whole calendar (under `""`) and
    those of categories, by slug. `seen` are the last published days of those n that are not published now,
    since SEQUENCE rose last.
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
    shown: Shown | None = None
    corrections: tuple[Correction, ...] = ()
    withheld: tuple[str, ...] = ()
    heeded: tuple[dt.date, ...] = ()
    gone: Mapping[str, Wording] = field(default_factory=dict)
    ended: Mapping[int, Days] = field(default_factory=dict)
    left: Mapping[str, dt.datetime] = field(default_factory=dict)
    seen: Mapping[int, Days] = field(default_factory=dict)

    @property
    def has_story(self) -> bool:
        """Whether there is more to tell of it than its days and its texts."""
        story = (self.withdrawn, self.corrections, self.withheld, self.heeded)
        return any(story) or any((self.gone, self.ended, self.left, self.seen))


@frozen
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
                *(wording.last_modified for wording in (*record.wordings.values(), *record.gone.values())),
                *record.published.values(),
                *record.left.values(),
                *(correction.updated for correction in record.corrections),
            )
            if stamp is not None
        ]
        return max(stamps, default=None)


def revision_of(record: Record) -> Revision:
    """What formats need of a record."""
    modified = {lang: wording.last_modified for lang, wording in record.wordings.items()}
    return Revision(record.sequence, record.created, modified)
