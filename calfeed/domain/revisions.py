"""What changed since the last release → SEQUENCE, LAST-MODIFIED, first published, withdrawn.

The memory is a value: `revise` takes the old one and gives the new one, and reads no clock. The promises:
SEQUENCE rises by one when an event's days change and for nothing else (RFC 5546 §2.1.4); LAST-MODIFIED
follows every change in the languages it touches; what has entered the feeds keeps its instant for good.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from calfeed.domain.amendments import amendments, shown_of
from calfeed.domain.departures import departed
from calfeed.domain.fingerprint import fingerprint
from calfeed.domain.instants import after
from calfeed.domain.memory import Memory, Record, Wording, revision_of
from calfeed.domain.model import Amendment, Calendar, Entry, Event, Note, Occurrence, Revision
from calfeed.domain.moves import Move, days_amended, moves, told
from calfeed.domain.notes import corrected
from calfeed.domain.occurrences import Days, civil_day, due, midnight, occurrence, occurrences_of
from calfeed.domain.rules import Once
from calfeed.domain.withdrawn import last_days, stamped
from calfeed.domain.withheld import withhold
from calfeed.errors import RefusedError

LATE = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the report: what happened to which event, and how it shows."""

    what: Literal["added", "moved", "withdrawn", "restored", "reworded", "corrected", "noted", "due"]
    id: str
    detail: str = ""


@dataclass(frozen=True)
class Revised:
    """The result of a revision: the new memory, what is published from it, and what changed.

    `revisions` has that of every event that was ever published, by its id; `storied` are the records of those
    with more to tell than their days and texts. `warnings` are the curator's notes that belong to no event that
    was ever published.
    """

    memory: Memory
    entries: tuple[Entry, ...]
    changes: tuple[Change, ...]
    revisions: Mapping[str, Revision]
    storied: tuple[Record, ...]
    warnings: tuple[str, ...] = ()


def revise(
    calendar: Calendar,
    occurrences: Iterable[Occurrence],
    *,
    memory: Memory | None,
    window: Days,
    now: dt.datetime,
) -> Revised:
    """Compare the occurrences of today's calendar with what was published before; raises as `Revising` does."""
    by_event: dict[str, list[Occurrence]] = defaultdict(list)
    for o in occurrences:
        by_event[o.event.id].append(o)
    revising = Revising(calendar, memory=memory, window=window, now=now)
    for event in calendar.events:
        revising.event(event, by_event[event.id])
    return revising.revised()


class Revising:
    """A revision in the making, event by event: nothing of an event depends on any other.

    Raises RefusedError when an id that was withdrawn comes back with another date, or when the authority or the
    first language changed: each would give new identities to events that subscribers already hold.
    """

    def __init__(self, calendar: Calendar, *, memory: Memory | None, window: Days, now: dt.datetime) -> None:
        if memory and memory.authority != calendar.authority:
            raise RefusedError(
                f'authority was "{memory.authority}" and is now "{calendar.authority}": every event would appear '
                f"a second time; put the old one back, it never changes"
            )
        _guard_first_language(calendar, memory)
        self._stage = _Stage(calendar, memory, window, now.astimezone(dt.UTC).replace(microsecond=0))
        self._before: Mapping[str, Record] = memory.records if memory else {}
        self._records: dict[str, Record] = {}
        self._entries: list[Entry] = []
        self._changes: list[Change] = []
        self._noted: list[Change] = []
        self._corrected: list[Change] = []
        self._revisions: dict[str, Revision] = {}
        self._equal: dict[tuple[Any, ...], Revision] = {}
        self._storied: dict[str, Record] = {}

    def event(self, event: Event, occurrences: Sequence[Occurrence]) -> tuple[Record, list[Entry]]:
        """Compare an event with what was published of it: what is to be remembered, and what is published now."""
        stage, old = self._stage, self._before.get(event.id)
        settled = tuple(_settled(stage, o, old) for o in occurrences or _kept(stage, event, old))
        record, changes = _record(stage, event, settled, old)
        self._changed(record, [*changes, *_entered(record, old)], old)
        revision = self._revisions[event.id]
        entries = [Entry(o, revision, record.published.get(o.n)) for o in settled]
        self._entries += entries
        return record, entries

    def stands(self, id_: str, entries: Iterable[Entry]) -> None:
        """An event stands as it was, words and days, with nothing due and no story: these are its entries."""
        self._records[id_] = self._before[id_]
        for entry in entries:
            self._revisions[id_] = entry.revision
            self._entries.append(entry)

    def revised(self) -> Revised:
        """What comes of it, when every event of the calendar was there: what else was published is withdrawn."""
        stage = self._stage
        for id_, old in self._before.items():
            if id_ not in self._records:
                gone = old if old.withdrawn else replace(old, withdrawn=stage.now)
                amended = () if old.withdrawn else (Amendment("withdrawn"),)
                told = stage.corrected(gone, amended, old)
                record = departed(old, stamped(stage.calendar, told, stage.now), stage.now)
                self._changed(record, [] if old.withdrawn else [Change("withdrawn", id_)], old)
        self._entries.sort(key=lambda e: (e.occurrence.dtstart, e.occurrence.dtend, e.occurrence.event.id))
        return Revised(
            Memory(stage.calendar.authority, stage.window, dict(sorted(self._records.items()))),
            tuple(self._entries),
            (*self._changes, *self._noted, *self._corrected),
            self._revisions,
            tuple(record for _, record in sorted(self._storied.items())),
            tuple(_unknown(stage.calendar.corrections, self._records)),
        )

    def _changed(self, record: Record, changes: list[Change], old: Record | None) -> None:
        """Take in a record and what to report of it."""
        noted = list(_noted(record, old)) if record.corrections else []
        self._records[record.id] = record
        self._changes += changes
        self._noted += noted
        if record.corrections and not any(change.what != "due" for change in (*changes, *noted)):
            self._corrected += _corrected(record, old)
        if record.has_story:
            self._storied[record.id] = record
        self._revisions[record.id] = self._once(revision_of(record))

    def _once(self, revision: Revision) -> Revision:
        """The same value for equal ones: at first all entries of a calendar have one."""
        key = (revision.sequence, revision.created, *revision.last_modified.items())
        return self._equal.setdefault(key, revision)


def _noted(record: Record, old: Record | None) -> Iterator[Change]:
    """The curator's notes that were used in this build."""
    known = {day for correction in old.corrections for day in correction.notes} if old else set()
    days = [day for correction in record.corrections for day in correction.notes if day not in known]
    if days:
        yield Change("noted", record.id, ", ".join(map(str, days)))


def _corrected(record: Record, old: Record | None) -> Iterator[Change]:
    """What was corrected in this build."""
    fresh = record.corrections[len(old.corrections) if old else 0 :]
    whats = dict.fromkeys(amendment.what for correction in fresh for amendment in correction.amendments)
    if whats:
        yield Change("corrected", record.id, ", ".join(whats))


def _unknown(notes: Iterable[Note], records: Mapping[str, Record]) -> Iterator[str]:
    for note in notes:
        if note.id not in records:
            yield f'the correction of {note.on} names "{note.id}", and no event of that id was ever published'


def _guard_first_language(calendar: Calendar, memory: Memory | None) -> None:
    """Refuse another first language: the addresses at the root would speak it from now on."""
    live = [record for record in memory.records.values() if not record.withdrawn] if memory else []
    first = next((language for record in live for language in record.wordings), calendar.languages[0])
    if first != calendar.languages[0]:
        raise RefusedError(
            f'the first of the languages was "{first}" and is now "{calendar.languages[0]}": whoever follows '
            f"{calendar.url} would get another language; put {first} first again"
        )


def _entered(record: Record, old: Record | None) -> list[Change]:
    """The occurrences of a known event whose day has come since the last release."""
    if old is None:
        return []
    return [Change("due", record.id, str(record.days[n][0])) for n in record.published if n not in old.published]


@dataclass(frozen=True)
class _Stage:
    """What every step of one revision shares."""

    calendar: Calendar
    memory: Memory | None
    window: Days
    now: dt.datetime

    @cached_property
    def today(self) -> dt.date:
        return civil_day(self.calendar, self.now)

    def corrected(self, record: Record, found: tuple[Amendment, ...], old: Record | None) -> Record:
        """The record with what was found to be changed since the old one, and with the notes on it heeded."""
        notes = self.calendar.notes.get(record.id, {}).values()
        if not (found or notes or record.withheld):
            return record
        told = corrected(record, found, notes, now=self.now, alone=self._alone)
        return withhold(told, {note.on for note in notes if note.withhold}, old.shown if old else None)

    def _alone(self, day: dt.date) -> dt.datetime:
        """When a note that stands alone is told: now; in the very first build of a calendar on its own day."""
        return midnight(self.calendar, day) if self.memory is None else self.now

    def moves(self, event: Event, old: Record, days: Mapping[int, Days]) -> list[Move]:
        """Which days of an event differ, but for what only the window shows or hides."""
        window = self.memory.window if self.memory else self.window
        return moves(event, old.days, days, (window, self.window), seen=old.seen)


def _kept(stage: _Stage, event: Event, old: Record | None) -> list[Occurrence]:
    """The last published occurrence of an event whose observances have all left the window.

    A feed once published keeps its last occurrence (C29): otherwise a rule that ends would empty a category, and
    1 January would stop an unattended site.
    """
    if old is None or old.withdrawn or not old.days:
        return []
    n, days = max(old.days.items(), key=lambda item: item[1])
    if days[0] >= stage.window[0]:
        return []  # it did not slide out, the curator took it away
    return [o for o in occurrences_of(stage.calendar, event, (days[0], days[0])) if o.n == n]


def _settled(stage: _Stage, found: Occurrence, old: Record | None) -> Occurrence:
    """Keep the identity of a one-off whose year was corrected: it is still the same event."""
    known = (old.days or old.ended) if old else {}
    if not isinstance(found.event.observed, Once) or len(known) != 1:
        return found
    (n,) = known
    return occurrence(stage.calendar, found.event, n=n, span=found.span, ordinal=found.ordinal)


def _record(
    stage: _Stage, event: Event, occurrences: tuple[Occurrence, ...], old: Record | None
) -> tuple[Record, list[Change]]:
    days = {o.n: (o.dtstart, o.dtend) for o in occurrences}
    date = event.date.text if event.date else ""
    fingerprints = {lang: fingerprint(stage.calendar, event, lang) for lang in stage.calendar.languages}
    if old is None:
        fresh = Record(
            id=event.id,
            date=date,
            sequence=0,
            created=stage.now,
            items_since=stage.today - LATE,
            wordings={lang: Wording(stage.now, print_) for lang, print_ in fingerprints.items()},
            days=days,
            published=_published(stage, {}, stage.today - LATE, occurrences),
            shown=shown_of(stage.calendar, event),
        )
        return stage.corrected(fresh, (), None), [Change("added", event.id)]

    shifted = [] if old.withdrawn else stage.moves(event, old, days)
    changes = _changes(event, old, days, fingerprints, shifted)
    moved = any(change.what in ("moved", "restored") for change in changes)
    record = replace(
        old,
        date=date,
        sequence=old.sequence + moved,
        items_since=stage.today - LATE if moved else old.items_since,
        wordings=_wordings(stage, old, fingerprints, moved=moved or bool(days) != bool(old.days)),
        days=days,
        withdrawn=None,
        shown=shown_of(stage.calendar, event),
        gone={},
        ended={} if days else last_days(old.days or old.ended, stage.today),
        seen=_seen(old, days, moved=moved),
    )
    record = stage.corrected(record, _amended(stage, old, record, shifted), old)
    published = _published(stage, record.published, record.items_since, occurrences)
    return departed(old, replace(record, published=published), stage.now), changes


def _seen(old: Record, days: Mapping[int, Days], *, moved: bool) -> dict[int, Days]:
    """The days that programs may keep under the present SEQUENCE, though they are not published now."""
    if moved:
        return {}
    return {n: span for n, span in sorted({**old.seen, **old.days}.items()) if n not in days}


def _amended(stage: _Stage, old: Record, record: Record, shifted: list[Move]) -> tuple[Amendment, ...]:
    """What was changed in an event since the last release, as far as it is remembered what stood there."""
    state = (Amendment("restored"),) if old.withdrawn else ()
    moved = days_amended(shifted)
    if old.shown is None or record.shown is None:
        return (*state, *moved)
    return (*state, *moved, *amendments(old.shown, record.shown, stage.calendar))


def _changes(
    event: Event, old: Record, days: Mapping[int, Days], fingerprints: Mapping[str, str], shifted: list[Move]
) -> list[Change]:
    date = event.date.text if event.date else ""
    if old.withdrawn:
        if old.date != date:
            raise RefusedError(
                f'"{event.id}" was withdrawn on {old.withdrawn:%Y-%m-%d} with the date "{old.date}" and comes '
                f'back with "{date}": an id comes back only with the same date; give the new event a new id'
            )
        if not date and any(days[n] != old.days[n] for n in days.keys() & old.days.keys()):
            raise RefusedError(
                f'"{event.id}" was withdrawn on {old.withdrawn:%Y-%m-%d} and comes back on other days; '
                f"give the new observance a new id"
            )
        return [Change("restored", event.id)]
    found = []
    if shifted:
        found.append(Change("moved", event.id, told(shifted)))
    reworded = [
        lang
        for lang, print_ in fingerprints.items()
        if lang in old.wordings and old.wordings[lang].fingerprint != print_
    ]
    if reworded:
        found.append(Change("reworded", event.id, ", ".join(reworded)))
    return found


def _wordings(
    stage: _Stage, old: Record, fingerprints: Mapping[str, str], *, moved: bool
) -> Mapping[str, Wording]:
    wordings = {}
    for language, print_ in fingerprints.items():
        known = [told[language] for told in (old.wordings, old.gone) if language in told]
        if not known:
            wordings[language] = Wording(stage.now, print_)
        elif moved or known[0].fingerprint != print_:
            # Items are dated by the later of the two: a change has to show beside when they were published.
            last = max([*(before.last_modified for before in known), *old.published.values()])
            wordings[language] = Wording(after(last, stage.now), print_)
        else:
            wordings[language] = known[0]
    return wordings


def _published(
    stage: _Stage, known: Mapping[int, dt.datetime], since: dt.date, occurrences: Iterable[Occurrence]
) -> Mapping[int, dt.datetime]:
    """Stamp the occurrences whose day has come; an instant once given is kept, seen or not.

    Once there is a memory, days before `since` bring no item.
    """
    published = dict(known)
    for o in occurrences:
        if o.n in published or (stage.memory is not None and o.dtstart < since):
            continue
        if due(stage.calendar, o) <= stage.now:
            published[o.n] = _first_published(stage, o)
    return published


def _first_published(stage: _Stage, o: Occurrence) -> dt.datetime:
    """Now; in the very first build of a calendar the start of the occurrence's own day, or of its notice."""
    if stage.memory is not None:
        return stage.now
    own_day = midnight(stage.calendar, o.dtstart)
    return own_day if own_day <= stage.now else due(stage.calendar, o)
