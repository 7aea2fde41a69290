"""Civil years as months of weeks: what stands in each cell."""

from __future__ import annotations

import calendar as civil
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from calfeed.domain.edtf import EdtfDate, EdtfInterval
from calfeed.domain.model import Edition, Entry, Event
from calfeed.domain.occurrences import placement
from calfeed.domain.wording import LANGUAGES

LISTED = 400  # occurrences of a year that one page still lists; beyond that its months do


@dataclass(frozen=True)
class Cell:
    """One day: `inside` its month or filling up a week; `entries` are those that are kept on it."""

    day: dt.date
    inside: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Month:
    """A month of a year: its name, the names of its columns, its weeks, and the occurrences that touch it."""

    year: int
    number: int
    name: str
    columns: tuple[str, ...]
    weeks: tuple[tuple[Cell, ...], ...]
    entries: tuple[Entry, ...]


def year_grid(edition: Edition) -> tuple[Month, ...]:
    """The twelve months of the current year; none where nothing is kept in it."""
    months = months_of(edition, edition.year)
    return months if any(month.entries for month in months) else ()


def months_of(edition: Edition, year: int) -> tuple[Month, ...]:
    """The twelve months of a year."""
    by_day = _by_day(edition.entries)
    return tuple(_month(edition, year, number, by_day) for number in range(1, 13))


def known_to_month(edition: Edition, number: int) -> tuple[Event, ...]:
    """The entries of which only this month, of some year, is known."""
    return tuple(e for e in edition.events if placement(e) == "month" and _begins_in(e, number))


def listed(edition: Edition) -> tuple[Entry, ...]:
    """The occurrences that begin in the year, none where they are too many for one page."""
    found = tuple(entry for entry in edition.entries if entry.occurrence.dtstart.year == edition.year)
    return found if len(found) <= LISTED else ()


def _by_day(entries: Sequence[Entry]) -> dict[dt.date, list[Entry]]:
    found: dict[dt.date, list[Entry]] = defaultdict(list)
    for entry in entries:
        for day in _days(entry):
            found[day].append(entry)
    return found


def _days(entry: Entry) -> Iterator[dt.date]:
    day = entry.occurrence.dtstart
    while day < entry.occurrence.dtend:
        yield day
        day += dt.timedelta(days=1)


def _month(edition: Edition, year: int, number: int, by_day: Mapping[dt.date, Sequence[Entry]]) -> Month:
    words = LANGUAGES[edition.language]
    first = words.first_weekday
    empty = _empty_weeks(first, year, number)
    weeks = tuple(tuple(_filled(cell, by_day) for cell in week) for week in empty)
    touching = {entry.occurrence.uid: entry for week in weeks for cell in week for entry in cell.entries}
    columns = (*words.weekdays[first:], *words.weekdays[:first])
    return Month(year, number, words.months[number - 1], columns, weeks, tuple(touching.values()))


def _filled(cell: Cell, by_day: Mapping[dt.date, Sequence[Entry]]) -> Cell:
    entries = by_day.get(cell.day) if cell.inside else None
    return replace(cell, entries=tuple(entries)) if entries else cell


@lru_cache(maxsize=64)
def _empty_weeks(first_weekday: int, year: int, month: int) -> tuple[tuple[Cell, ...], ...]:
    """The weeks of a month in which nothing is kept: the same for every part of a calendar."""
    weeks = civil.Calendar(first_weekday).monthdatescalendar(year, month)
    return tuple(tuple(Cell(day, day.month == month, ()) for day in week) for week in weeks)


def _begins_in(event: Event, month: int) -> bool:
    start = event.date.start if isinstance(event.date, EdtfInterval) else event.date
    return isinstance(start, EdtfDate) and start.month == month
