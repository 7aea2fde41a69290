"""Which addresses a calendar has, and what each of them shows."""

from __future__ import annotations

import datetime as dt
import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from calfeed.domain.departures import WHOLE
from calfeed.domain.memory import Memory
from calfeed.domain.model import (
    Calendar,
    Category,
    Correction,
    Edition,
    Entry,
    Event,
    Octets,
    Said,
    Selection,
    Withdrawal,
)
from calfeed.domain.occurrences import civil_day
from calfeed.domain.revisions import Revised
from calfeed.domain.withdrawn import ended_entry, last_entry
from calfeed.frozen import frozen


def editions(
    calendar: Calendar,
    revised: Revised,
    now: dt.datetime,
    *,
    events: bool = True,
    written: Mapping[str, Octets] | None = None,
) -> Iterator[Edition]:
    """For each language the whole calendar, every category that has a day, the sets of them, and every event.

    `written` is what was written of entries that stand as they were, in the first language, as `once` has it.
    Of an event that was withdrawn or has no day any more its last occurrence remains, at its own address alone.
    """
    by_event: dict[str, list[Entry]] = defaultdict(list)
    for entry in revised.entries:
        by_event[entry.occurrence.event.id].append(entry)
    for language in calendar.languages:
        known = dict(written or {}) if language == calendar.languages[0] else {}
        shelf = _Shelf(calendar, language, revised, civil_day(calendar, now), known)
        yield shelf.edition(Selection(), "", revised.entries, calendar.events)
        parts = {category.slug: shelf.of(category) for category in shelf.categories}
        yield from parts.values()
        for composed in calendar.composed:
            if all(category.slug in parts for category in composed):
                yield shelf.composed(composed, tuple(parts[category.slug] for category in composed))
        for event in calendar.events if events else ():
            yield shelf.of_event(event, tuple(by_event[event.id]))
        for withdrawal in shelf.withdrawn if events else ():
            last = last_entry(calendar, revised.memory.records[withdrawal.id])
            if last is not None:
                event = last.occurrence.event
                yield shelf.edition(
                    Selection(event=event, gone=withdrawal), f"events/{event.id}/", (last,), (event,)
                )


def whole(calendar: Calendar, now: dt.datetime) -> Edition:
    """The whole calendar in its first language, before anything is known of its entries."""
    today = civil_day(calendar, now)
    nothing = Revised(Memory(calendar.authority, (today, today), {}), (), (), {}, ())
    return _Shelf(calendar, calendar.languages[0], nothing, today, {}).edition(Selection(), "", (), ())


@frozen
class _Shelf:
    """One language of a calendar, from which editions are taken; what they share is worked out once.

    `written` is what formats write of an entry in this language.
    """

    calendar: Calendar
    language: str
    revised: Revised
    today: dt.date
    written: dict[str, Octets]

    @cached_property
    def categories(self) -> list[Category]:
        """The categories that have at least one occurrence: an empty calendar breaks clients (C29)."""
        filled = {c.slug for entry in self.revised.entries for c in entry.occurrence.event.categories}
        return [category for category in self.calendar.categories if category.slug in filled]

    @cached_property
    def prefix(self) -> str:
        """The folder of this language, `""` or ending with a slash."""
        return self.calendar.language_path(self.language)

    @cached_property
    def withdrawn(self) -> tuple[Withdrawal, ...]:
        """What left the calendar."""
        return tuple(
            Withdrawal(record.id, record.withdrawn, record.shown.title if record.shown else None)
            for record in self.revised.storied
            if record.withdrawn
        )

    @cached_property
    def lefts(self) -> tuple[Mapping[str, dt.datetime], ...]:
        """When entries left feeds, of all that ever left one."""
        return tuple(record.left for record in self.revised.storied if record.left)

    @cached_property
    def corrections(self) -> Mapping[str, tuple[Correction, ...]]:
        """What was corrected in every event that was ever published."""
        return {record.id: record.corrections for record in self.revised.storied if record.corrections}

    def of_event(self, event: Event, entries: tuple[Entry, ...]) -> Edition:
        """What belongs to one event; where it has no day any more, the last one, and an event that says so."""
        last = None if entries else ended_entry(self.calendar, event, self.revised.memory.records[event.id])
        if last:
            event, entries = last.occurrence.event, (last,)
        return self.edition(Selection(event=event), f"events/{event.id}/", entries, (event,))

    @cached_property
    def entries_of(self) -> Mapping[str, list[Entry]]:
        """The entries of each category, by its slug."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.revised.entries:
            for category in entry.occurrence.event.categories:
                found[category.slug].append(entry)
        return found

    @cached_property
    def events_of(self) -> Mapping[str, list[Event]]:
        """The events of each category, by its slug."""
        found: dict[str, list[Event]] = defaultdict(list)
        for event in self.calendar.events:
            for category in event.categories:
                found[category.slug].append(event)
        return found

    def of(self, category: Category) -> Edition:
        """What belongs to one category."""
        entries, events = tuple(self.entries_of[category.slug]), tuple(self.events_of[category.slug])
        return self.edition(Selection(category=category), f"categories/{category.slug}/", entries, events)

    def composed(self, categories: tuple[Category, ...], parts: tuple[Edition, ...]) -> Edition:
        """What belongs to any of these categories, each of which has a part."""
        chosen = {category.slug for category in categories}
        entries = tuple(e for e in self.revised.entries if _is_in(e.occurrence.event, chosen))
        events = tuple(event for event in self.calendar.events if _is_in(event, chosen))
        path = f"compose/{'+'.join(category.slug for category in categories)}/"
        return replace(self.edition(Selection(composed=categories), path, entries, events), parts=parts)

    def edition(
        self, selection: Selection, path: str, entries: tuple[Entry, ...], events: tuple[Event, ...]
    ) -> Edition:
        """One edition, with the entries and the events of its selection."""
        return Edition(
            calendar=self.calendar,
            language=self.language,
            selection=selection,
            path=self.prefix + path,
            name=self._name(selection),
            year=self.today.year,
            entries=entries,
            items=_items(entries, self.calendar.feed_items),
            upcoming=tuple(entry for entry in entries if entry.occurrence.dtend > self.today),
            events=events,
            revisions=self.revised.revisions,
            withdrawn=self.withdrawn,
            corrections=self.corrections,
            left=self._left(selection),
            choices=tuple(self.categories),
            written=self.written,
        )

    def _left(self, selection: Selection) -> dt.datetime | None:
        """When an entry last left the selection; one that is followed alone, when it left the whole calendar."""
        slug = selection.category.slug if selection.category else WHOLE
        lefts = (self.revised.memory.records[selection.event.id].left,) if selection.event else self.lefts
        return max((left[slug] for left in lefts if slug in left), default=None)

    def _name(self, selection: Selection) -> Said:
        calendar = self.calendar
        chosen = (selection.category,) if selection.category else selection.composed
        if not chosen:
            return calendar.said(selection.event.title if selection.event else calendar.title, self.language)
        titles = [category.title for category in chosen]
        spoken = all(title.get(self.language) for title in (*titles, calendar.title))
        language = self.language if spoken else calendar.languages[0]
        subject = ", ".join(calendar.text(title, language) for title in titles)
        return Said(f"{subject} – {calendar.text(calendar.title, language)}", language)


def _is_in(event: Event, slugs: set[str]) -> bool:
    return any(category.slug in slugs for category in event.categories)


def _items(entries: tuple[Entry, ...], most: int) -> tuple[Entry, ...]:
    """What has entered the feeds last, newest first."""
    dated = [
        (entry.first_published, entry.occurrence.dtstart, entry.occurrence.uid, entry)
        for entry in entries
        if entry.first_published
    ]
    return tuple(entry for *_, entry in heapq.nlargest(most, dated))
