"""Which addresses a calendar has, and what each of them shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from calfeed.domain.model import Calendar, Category, Edition, Entry, Event, Revision, Selection, Withdrawal
from calfeed.domain.occurrences import civil_day
from calfeed.domain.revisions import Memory, Revised, revision_of


def editions(calendar: Calendar, revised: Revised, now: dt.datetime) -> Iterator[Edition]:
    """For each language the whole calendar, every category that has a day, and every event."""
    year = civil_day(calendar, now).year
    revisions = {id_: revision_of(record) for id_, record in revised.memory.records.items()}
    for language in calendar.languages:
        shelf = _Shelf(calendar, language, revised, revisions, year)
        yield shelf.edition(Selection(), "")
        for category in shelf.categories():
            yield shelf.edition(Selection(category=category), f"categories/{category.slug}/")
        for event in calendar.events:
            yield shelf.edition(Selection(event=event), f"events/{event.id}/")


@dataclass(frozen=True)
class _Shelf:
    """One language of a calendar, from which editions are taken."""

    calendar: Calendar
    language: str
    revised: Revised
    revisions: Mapping[str, Revision]
    year: int

    def categories(self) -> list[Category]:
        """The categories that have at least one occurrence: an empty calendar breaks clients (C29)."""
        filled = {c.slug for entry in self.revised.entries for c in entry.occurrence.event.categories}
        return [category for category in self.calendar.categories if category.slug in filled]

    def edition(self, selection: Selection, path: str) -> Edition:
        entries = tuple(e for e in self.revised.entries if _selected(e.occurrence.event, selection))
        prefix = "" if self.language == self.calendar.languages[0] else f"{self.language}/"
        return Edition(
            calendar=self.calendar,
            language=self.language,
            selection=selection,
            path=prefix + path,
            name=self._name(selection),
            year=self.year,
            entries=entries,
            items=_items(entries)[: self.calendar.feed_items],
            events=tuple(e for e in self.calendar.events if _selected(e, selection)),
            revisions=self.revisions,
            withdrawn=_withdrawn(self.revised.memory),
            feeds=self._feeds(prefix),
        )

    def _name(self, selection: Selection) -> str:
        title = self.calendar.text(self.calendar.title, self.language)
        if selection.category:
            return f"{self.calendar.text(selection.category.title, self.language)} – {title}"
        return self.calendar.text(selection.event.title, self.language) if selection.event else title

    def _feeds(self, prefix: str) -> tuple[tuple[str, str], ...]:
        whole = (self.calendar.text(self.calendar.title, self.language), prefix)
        return whole, *(
            (self.calendar.text(c.title, self.language), f"{prefix}categories/{c.slug}/")
            for c in self.categories()
        )


def _selected(event: Event, selection: Selection) -> bool:
    if selection.category:
        return selection.category in event.categories
    return selection.event is None or selection.event.id == event.id


def _items(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """What has entered the feeds, newest first."""
    dated = [(entry.first_published, entry) for entry in entries if entry.first_published]
    dated.sort(key=lambda pair: (pair[0], pair[1].occurrence.dtstart, pair[1].occurrence.uid), reverse=True)
    return tuple(entry for _, entry in dated)


def _withdrawn(memory: Memory) -> tuple[Withdrawal, ...]:
    return tuple(Withdrawal(r.id, r.withdrawn) for r in memory.records.values() if r.withdrawn)
