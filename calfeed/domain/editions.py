"""Which addresses a calendar has, and what each of them shows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from calfeed.domain.memory import revision_of
from calfeed.domain.model import (
    Calendar,
    Category,
    Correction,
    Edition,
    Entry,
    Event,
    Revision,
    Said,
    Selection,
    Withdrawal,
)
from calfeed.domain.occurrences import civil_day
from calfeed.domain.revisions import Revised
from calfeed.domain.withdrawn import last_entry


def editions(calendar: Calendar, revised: Revised, now: dt.datetime) -> Iterator[Edition]:
    """For each language the whole calendar, every category that has a day, and every event.

    Of an event that was withdrawn its last occurrence remains, at its own address alone.
    """
    by_event: dict[str, list[Entry]] = defaultdict(list)
    for entry in revised.entries:
        by_event[entry.occurrence.event.id].append(entry)
    for language in calendar.languages:
        shelf = _Shelf(calendar, language, revised, civil_day(calendar, now))
        yield shelf.edition(Selection(), "", revised.entries, calendar.events)
        for category in shelf.categories:
            entries = tuple(e for e in revised.entries if category in e.occurrence.event.categories)
            events = tuple(event for event in calendar.events if category in event.categories)
            yield shelf.edition(Selection(category=category), f"categories/{category.slug}/", entries, events)
        for event in calendar.events:
            path = f"events/{event.id}/"
            yield shelf.edition(Selection(event=event), path, tuple(by_event[event.id]), (event,))
        for withdrawal in shelf.withdrawn:
            last = last_entry(calendar, revised.memory.records[withdrawal.id])
            if last is not None:
                event = last.occurrence.event
                yield shelf.edition(
                    Selection(event=event, gone=withdrawal), f"events/{event.id}/", (last,), (event,)
                )


@dataclass(frozen=True)
class _Shelf:
    """One language of a calendar, from which editions are taken; what they share is worked out once."""

    calendar: Calendar
    language: str
    revised: Revised
    today: dt.date

    @cached_property
    def written(self) -> dict[tuple[str, str], bytes]:
        """What formats write of an entry in this language."""
        return {}

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
    def revisions(self) -> Mapping[str, Revision]:
        """The revision of every event that was ever published."""
        return {id_: revision_of(record) for id_, record in self.revised.memory.records.items()}

    @cached_property
    def withdrawn(self) -> tuple[Withdrawal, ...]:
        """What left the calendar."""
        records = self.revised.memory.records.values()
        return tuple(
            Withdrawal(record.id, record.withdrawn, record.shown.title if record.shown else None)
            for record in records
            if record.withdrawn
        )

    @cached_property
    def corrections(self) -> Mapping[str, tuple[Correction, ...]]:
        """What was corrected in every event that was ever published."""
        records = self.revised.memory.records.values()
        return {record.id: record.corrections for record in records if record.corrections}

    @cached_property
    def feeds(self) -> tuple[tuple[Said, str], ...]:
        """Name and path of the editions to choose from: the whole calendar and its categories."""
        whole = (self.calendar.said(self.calendar.title, self.language), self.prefix)
        return whole, *(
            (self.calendar.said(c.title, self.language), f"{self.prefix}categories/{c.slug}/")
            for c in self.categories
        )

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
            items=_items(entries)[: self.calendar.feed_items],
            upcoming=tuple(entry for entry in entries if entry.occurrence.dtend > self.today),
            events=events,
            revisions=self.revisions,
            withdrawn=self.withdrawn,
            feeds=self.feeds,
            corrections=self.corrections,
            written=self.written,
        )

    def _name(self, selection: Selection) -> Said:
        calendar = self.calendar
        if selection.category is None:
            return calendar.said(selection.event.title if selection.event else calendar.title, self.language)
        parts = (selection.category.title, calendar.title)
        language = self.language if all(part.get(self.language) for part in parts) else calendar.languages[0]
        return Said(" – ".join(calendar.text(part, language) for part in parts), language)


def _items(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """What has entered the feeds, newest first."""
    dated = [(entry.first_published, entry) for entry in entries if entry.first_published]
    dated.sort(key=lambda pair: (pair[0], pair[1].occurrence.dtstart, pair[1].occurrence.uid), reverse=True)
    return tuple(entry for _, entry in dated)
