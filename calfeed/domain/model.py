"""The nouns. Frozen dataclasses hold, functions elsewhere do.

`Text` is a mapping from a language tag to a text; what is missing in one language falls back to the
calendar's first, visibly (`wording`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from functools import cached_property
from typing import Any, Literal, Protocol, TypeAlias
from zoneinfo import ZoneInfo

from calfeed.domain.edtf import Edtf
from calfeed.domain.rules import Rule
from calfeed.domain.rules.limits import Limits
from calfeed.domain.rules.span import Span
from calfeed.frozen import frozen

Text: TypeAlias = Mapping[str, str]
Tone = Literal["mourning", "neutral", "celebration"]
EventKind = Literal["event", "birth", "death", "founding"]
Basis = Literal["stated", "inferred", "outside"]
What = Literal[
    "title",
    "description",
    "location",
    "disputed",
    "date",
    "observed",
    "days",
    "url",
    "categories",
    "tone",
    "kind",
    "claim",
    "claim-reasoning",
    "claim-date",
    "claim-basis",
    "claim-heading",
    "withdrawn",
    "restored",
]
GoogleLink = Literal["webcal", "https", "http"]


@frozen
class Said:
    """A text, and the language that it is really in."""

    text: str
    language: str


@frozen
class Source:
    """A document that was read; `publisher` and `published` are None where it says nothing of them.

    `cited` is how it is cited in a language, where its title is not its own.
    """

    key: str
    title: str
    publisher: str | None = None
    published: Edtf | None = None
    url: str | None = None
    note: Text | None = None
    cited: Text | None = None


@frozen
class Claim:
    """What one source says of an event: its date, if it gives one, and the rest in our words.

    `basis` tells whether that is stated, inferred (then `reasoning` says how) or from outside the sources
    of the calendar. `heading` is the piece inside a collection.
    """

    source: Source
    basis: Basis
    says: Text
    date: Edtf | None = None
    reasoning: Text | None = None
    heading: str | None = None


@frozen
class Note:
    """The curator's word on a correction of the event `id`; `on` tells it from the event's others.

    `withhold` says that the old wording is not to be repeated anywhere: it should never have been published.
    """

    id: str
    on: dt.date
    why: Text
    source: Source | None = None
    withhold: bool = False


@frozen
class Color:
    """A CSS3 colour name for RFC 7986 §5.9, and `#RRGGBB` for the programs that want that."""

    name: str
    hex: str


@frozen
class Category:
    """A subject that has feeds of its own."""

    slug: str
    title: Text
    color: Color | None = None


@frozen
class Event:
    """What the curator wrote about one event or observance; `kind` is what its anniversaries count from."""

    id: str
    title: Text
    description: Text
    observed: Rule
    categories: tuple[Category, ...]
    claims: tuple[Claim, ...]
    date: Edtf | None = None
    night: bool = False
    day_itself: bool = False
    location: Text | None = None
    url: str | None = None
    tone: Tone = "neutral"
    kind: EventKind = "event"
    disputed: Text | None = None
    limits: Limits = field(default_factory=Limits)

    @property
    def slugs(self) -> tuple[str, ...]:
        """Those of its categories, in the curator's order."""
        return tuple(category.slug for category in self.categories)

    @property
    def cited(self) -> frozenset[str]:
        """The keys of the sources that its claims cite."""
        return frozenset(claim.source.key for claim in self.claims)


@frozen
class Window:
    """Civil years around the current one in which occurrences are published."""

    past: int = 1
    future: int = 5


@frozen
class Budget:
    """What one calendar file may hold before clients drop events silently (C3)."""

    events: int = 1000
    bytes: int = 1_000_000


@frozen
class Calendar:
    """A whole events.yaml. `url` ends with a slash; `authority` is `domain,YYYY` of RFC 4151.

    `sources` has them by key, cited or not; `corrections` are the curator's log of what was changed; `composed`
    are the sets of categories whose calendar is built ahead, each sorted by slug.
    """

    title: Text
    description: Text
    url: str
    authority: str
    timezone: ZoneInfo
    languages: tuple[str, ...]
    categories: tuple[Category, ...]
    events: tuple[Event, ...]
    color: Color | None = None
    notice_days: int = 0
    feed_items: int = 40
    window: Window = field(default_factory=Window)
    budget: Budget = field(default_factory=Budget)
    hub: str | None = None
    google_link: GoogleLink = "webcal"
    composed: tuple[tuple[Category, ...], ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    corrections: tuple[Note, ...] = ()

    @cached_property
    def worded(self) -> dict[tuple[str, ...], Any]:
        """What was put into words already, for whoever comes to the same thing again."""
        return {}

    @cached_property
    def notes(self) -> Mapping[str, Mapping[dt.date, Note]]:
        """The curator's notes by event and day, in the order of the log."""
        found: dict[str, dict[dt.date, Note]] = {}
        for note in self.corrections:
            found.setdefault(note.id, {})[note.on] = note
        return found

    def said(self, text: Text, language: str) -> Said:
        """The text in that language, or in the calendar's first; the answer tells which."""
        found = text.get(language)
        return Said(found, language) if found else Said(text[self.languages[0]], self.languages[0])

    def text(self, text: Text, language: str) -> str:
        """The text in that language, or in the calendar's first, for places that cannot tell which."""
        return self.said(text, language).text

    def language_path(self, language: str) -> str:
        """`""` for the first language, `xx/` for every further one."""
        return "" if language == self.languages[0] else f"{language}/"


@frozen
class Occurrence:
    """One observance of an event: whole days, `ordinal` only where the entry has a year of origin.

    `n` is the year in the rule's own calendar of the nominal, unshifted day; `uid` is built from it, so no
    shift and no correction of a day changes it.
    """

    event: Event
    n: int
    span: Span
    ordinal: int | None
    uid: str

    @property
    def dtstart(self) -> dt.date:
        """The first day."""
        return self.span.dtstart

    @property
    def dtend(self) -> dt.date:
        """The day after the last (RFC 5545 §3.6.1)."""
        return self.span.dtend

    @property
    def last_day(self) -> dt.date:
        """The last day, for whoever counts it in."""
        return self.dtend - dt.timedelta(days=1)


@frozen
class Revision:
    """How often and when an event changed; instants are in UTC, to the second."""

    sequence: int
    created: dt.datetime
    last_modified: Mapping[str, dt.datetime]


@frozen
class Entry:
    """What is published: an occurrence, its event's revision, and when it first entered the feeds."""

    occurrence: Occurrence
    revision: Revision
    first_published: dt.datetime | None

    def updated(self, language: str) -> dt.datetime:
        """The later of entering the feeds and the last correction in that language."""
        modified = self.revision.last_modified[language]
        return max(modified, self.first_published) if self.first_published else modified


@frozen
class Amendment:
    """One thing that was changed in an event: what, and what readers were shown before and after.

    `language` is that of a text, None for a fact, which is the same in all of them: a date in EDTF, days as
    `2027-01-20` or `2027-01-20/2027-01-21`, slugs, a rule as `observances` writes it. A text in the calendar's
    first language is read in all others as well, but in those of `own`, which have it in words of their own.
    `before` is None where nothing stood before, `after` where nothing does now; `withheld` says that what stood
    there is not to be repeated. `source` is the key of the source of a claim.
    """

    what: What
    language: str | None = None
    before: str | None = None
    after: str | None = None
    source: str | None = None
    own: tuple[str, ...] = ()
    withheld: bool = False


@frozen
class Correction:
    """What was changed in an event at one instant; `notes` are the days of the curator's notes that belong to it.

    `noted` is when a note joined that came after the change. Without amendments it is a note that stands alone.
    """

    at: dt.datetime
    amendments: tuple[Amendment, ...] = ()
    notes: tuple[dt.date, ...] = ()
    noted: dt.datetime | None = None

    @property
    def updated(self) -> dt.datetime:
        """When it last became another."""
        return self.noted or self.at


@frozen
class Withdrawal:
    """An id that left the calendar, and when; its page says so and its id is never given to another event.

    `title` is what it was called last, None where that is not remembered or withheld.
    """

    id: str
    on: dt.datetime
    title: Text | None = None


@frozen
class Selection:
    """Which part of the calendar: all of it, one category, one event, or a set of categories, sorted by slug.

    `gone` is given where the event was withdrawn.
    """

    category: Category | None = None
    event: Event | None = None
    gone: Withdrawal | None = None
    composed: tuple[Category, ...] = ()

    @property
    def kind(self) -> Literal["all", "category", "event", "composed"]:
        """Formats ask it whether they have something to say of such a part."""
        if self.composed:
            return "composed"
        return "category" if self.category else "event" if self.event else "all"


class Octets(Protocol):
    """What was written of entries, by UID, wherever it waits."""

    def __getitem__(self, uid: str) -> bytes: ...
    def __setitem__(self, uid: str, octets: bytes) -> None: ...
    def __contains__(self, uid: object) -> bool: ...
    def size(self, uid: str) -> int:
        """How many octets there are of an entry."""


class InMemory(dict[str, bytes]):
    """Octets that wait in memory."""

    def size(self, uid: str) -> int:
        """How many octets there are of an entry."""
        return len(self[uid])


@frozen
class Edition:
    """What one address shows: a language and a selection.

    `name` is all in one language, that of the edition or the calendar's first. `entries` are sorted by day;
    `items` are those that have entered the feeds, newest first; `upcoming` are those that are not over; `events`
    holds every event of the selection, background included. `upcoming` and `year`, the current civil year, are all
    that an edition knows of the present. `corrections` are those of every event that was ever published, by its
    id. `left` is when an entry last left the selection, None where none did. `path` is where it is published, `""`
    or ending with a slash; `choices` are the categories that have a calendar in this language. A composed edition
    has `parts`, the editions of its categories. `omitted` is how many entries were over the budget of its calendar
    file; `written` is what `once` remembers.
    """

    calendar: Calendar
    language: str
    selection: Selection
    path: str
    name: Said
    year: int
    entries: tuple[Entry, ...]
    items: tuple[Entry, ...]
    upcoming: tuple[Entry, ...]
    events: tuple[Event, ...]
    revisions: Mapping[str, Revision]
    withdrawn: tuple[Withdrawal, ...]
    corrections: Mapping[str, tuple[Correction, ...]] = field(default_factory=dict)
    left: dt.datetime | None = None
    choices: tuple[Category, ...] = ()
    parts: tuple[Edition, ...] = ()
    omitted: int = 0
    written: dict[str, Octets] = field(default_factory=dict, compare=False, repr=False)

    def once(self, form: str, entry: Entry, write: Callable[[Edition, Entry], bytes]) -> bytes:
        """What `write` makes of an entry: the same in every edition of a language, so it is made once for all."""
        return self._made(form, entry, write)[entry.occurrence.uid]

    def size(self, form: str, entry: Entry, write: Callable[[Edition, Entry], bytes]) -> int:
        """How many octets `once` gives, which need not be read for that."""
        return self._made(form, entry, write).size(entry.occurrence.uid)

    def _made(self, form: str, entry: Entry, write: Callable[[Edition, Entry], bytes]) -> Octets:
        """What was written in this form, that of the entry among it."""
        if form not in self.written:
            self.written[form] = InMemory()
        written, uid = self.written[form], entry.occurrence.uid
        if uid not in written:
            written[uid] = write(self, entry)
        return written

    def text(self, text: Text) -> str:
        """A curator's text in the edition's language, or in the calendar's first, where none can tell which."""
        return self.calendar.text(text, self.language)

    def url(self, path: str = "") -> str:
        """The absolute address of a path below this edition."""
        return self.calendar.url + self.path + path

    def event_url(self, event: Event) -> str:
        """The lasting page of an event, in this edition's language."""
        return self.calendar.url + self.language_path + f"events/{event.id}/"

    @property
    def language_path(self) -> str:
        """The folder of this language, `""` or ending with a slash."""
        return self.calendar.language_path(self.language)

    @property
    def description(self) -> Said:
        """What it is about: the event's own, or the calendar's."""
        event = self.selection.event
        return self.calendar.said(event.description if event else self.calendar.description, self.language)


@frozen
class Document:
    """One file to publish: `chunks`, which can be gone through again; `entries` are those that it must hold.

    `entries` is None where the file is no list of entries. `warnings` tell what was left out, and why; `omitted`
    is how many entries that are.
    """

    path: str
    media_type: str
    chunks: Iterable[bytes]
    entries: tuple[Entry, ...] | None = None
    warnings: tuple[str, ...] = ()
    omitted: int = 0


@frozen
class Format:
    """A way to write an edition: its name in the field, its file name and media type, and the function."""

    name: str
    filename: str
    media_type: str
    render: Callable[[Edition], Iterable[Document]]
