"""What a curator means by a small calendar: which days, which words; worked out by arithmetic of this file's own.

A `Meaning` writes the events.yaml that says so, and knows what subscribers have to see, without asking calfeed.
"""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from tests.support import Values, calendar, event

Text: TypeAlias = Mapping[str, str]
Observed = Literal["annual", "once", "background", "weekday"]
Days: TypeAlias = tuple[dt.date, dt.date]  # the first, and the day after the last
ZONE = ZoneInfo("Asia/Baku")
CATEGORIES = ("history", "people")


@dataclass(frozen=True)
class Meant:
    """An occurrence that subscribers have to see; `ordinal` is None where nothing is counted."""

    days: Days
    ordinal: int | None


@dataclass(frozen=True)
class Entry:
    """An entry: on the day of `date`, or without one on the same month and day every year as `day` has.

    `until`, `skipped` and `moved` limit what recurs, `nth` is the number of a Sunday in the month of `day`.
    """

    id: str
    title: Text
    description: Text
    date: dt.date | None
    day: dt.date
    observed: Observed = "annual"
    length: int = 1
    night: bool = False
    nth: int = 3
    until: int | None = None
    skipped: tuple[int, ...] = ()
    moved: Mapping[int, dt.date] = field(default_factory=dict)
    categories: tuple[str, ...] = ("history",)
    tone: str = "neutral"
    kind: str = "event"
    source: str = "report"
    says: Text = field(default_factory=lambda: {"en": "It says so."})
    location: Text | None = None

    @property
    def when(self) -> tuple[Any, ...]:
        """Everything that its days follow from."""
        return (self.date, self.day, self.observed, self.length, self.nth, self.until, self.skipped, self.moved)

    def occurrence(self, year: int) -> Meant | None:
        """What is observed in a year of the common calendar, None where nothing is."""
        ordinal = year - self.date.year if self.date else None
        start = self._start(year)
        if start is None or (ordinal is not None and ordinal <= 0) or year in self.skipped:
            return None
        if self.until is not None and year > self.until:
            return None
        start = self.moved.get(year, start)
        return Meant((start, start + dt.timedelta(days=self.length)), ordinal)

    def _start(self, year: int) -> dt.date | None:
        day = self.date or self.day
        if self.observed == "annual":
            leaps = (day.month, day.day) == (2, 29) and not months.isleap(year)
            return dt.date(year, 3, 1) if leaps else day.replace(year=year)
        if self.observed == "weekday":
            sundays = [date for date in _days_of(year, self.day.month) if date.weekday() == 6]
            return sundays[self.nth - 1] if self.nth <= len(sundays) else None
        return None

    def in_window(self, window: Days) -> dict[int, Meant]:
        """By year, for a one-off that of its date, what begins on a day of the window (both inclusive)."""
        if self.observed == "once":
            if self.date is None or self.date.year < 1970:
                return {}
            return {self.date.year: Meant((self.date, self.date + dt.timedelta(days=self.length)), None)}
        found = {year: self.occurrence(year) for year in range(window[0].year - 1, window[1].year + 2)}
        return {year: meant for year, meant in found.items() if meant and window[0] <= meant.days[0] <= window[1]}

    def values(self) -> Values:
        """As it stands in events.yaml."""
        date = None
        if self.date:
            last = self.date + dt.timedelta(days=self.length - 1)
            date = str(self.date) if self.length == 1 else f"{self.date}/{last}"
        return event(
            self.id,
            title=self.title,
            description=self.description,
            date=date,
            night="true" if self.night and self.length == 2 and self.date else None,
            observed=self._rule(),
            categories=list(self.categories),
            tone=self.tone,
            kind=self.kind,
            location=self.location,
            claims=[{"source": self.source, "basis": "stated", "says": self.says}],
        )

    def _rule(self) -> Values | str:
        if self.observed in ("once", "background"):
            return self.observed
        rule: Values = {"rule": self.observed}
        if self.observed == "weekday":
            rule |= {"nth": self.nth, "weekday": "sunday", "month": self.day.month}
        elif self.date is None:
            rule |= {"day": f"{self.day:%m-%d}"}
        day = self.date or self.day
        if self.observed == "annual" and (day.month, day.day) == (2, 29):
            rule["leap"] = "forward"
        if self.length > 1 and (self.date is None or self.observed == "weekday"):
            rule["days"] = self.length
        limits = {"until": self.until, "except": list(self.skipped), "moves": self.moved}
        return rule | {key: _plain(value) for key, value in limits.items() if value}


def _plain(value: object) -> object:
    return {str(year): str(day) for year, day in value.items()} if isinstance(value, Mapping) else value


def _days_of(year: int, month: int) -> list[dt.date]:
    return [dt.date(year, month, day + 1) for day in range(months.monthrange(year, month)[1])]


@dataclass(frozen=True)
class Meaning:
    """A whole events.yaml: the entries by id in the curator's order, and what stands around them."""

    entries: Mapping[str, Entry]
    title: Text = field(default_factory=lambda: {"en": "Days"})
    categories: Mapping[str, Text] = field(default_factory=lambda: {slug: {"en": slug} for slug in CATEGORIES})
    colors: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(CATEGORIES, "maroon"))
    sources: Mapping[str, str] = field(default_factory=lambda: {"report": "A report", "letter": "A letter"})
    corrections: tuple[Values, ...] = ()
    languages: tuple[str, ...] = ("en",)
    notice: int = 0
    window: tuple[int, int] = (1, 2)

    def with_entry(self, entry: Entry) -> Meaning:
        """The same with this entry, in the place of the one of its id or at the end."""
        return replace(self, entries={**self.entries, entry.id: entry})

    def without(self, id_: str) -> Meaning:
        """The same without an entry."""
        return replace(self, entries={key: entry for key, entry in self.entries.items() if key != id_})

    def days_of_window(self, today: dt.date) -> Days:
        """The first and the last day of the civil years that are published."""
        past, future = self.window
        return dt.date(today.year - past, 1, 1), dt.date(today.year + future, 12, 31)

    def words(self, entry: Entry, language: str) -> tuple[object, ...]:
        """Everything besides days and rule that readers of a language are shown of an entry."""
        texts = (entry.title, entry.description, entry.says, entry.location or {"en": ""})
        titles = (self.categories[slug] for slug in entry.categories)
        shown = (_said(text, language) for text in (*texts, *titles))
        return (*shown, entry.tone, entry.kind, entry.night, self.sources[entry.source], entry.source)

    def values(self) -> Values:
        """The events.yaml."""
        return calendar(
            *(entry.values() for entry in self.entries.values()),
            title=self.title,
            timezone=ZONE.key,
            languages=list(self.languages),
            categories={
                slug: {"title": title, "color": self.colors[slug]} for slug, title in self.categories.items()
            },
            sources={key: {"title": title, "publisher": "P"} for key, title in self.sources.items()},
            corrections=[dict(note) for note in self.corrections],
            notice_days=str(self.notice),
            window={"past": str(self.window[0]), "future": str(self.window[1])},
            compose=[[*CATEGORIES]],
        )


def _said(text: Text, language: str) -> tuple[str, str]:
    """The text and its language, which is the first one where there is no other."""
    return (text[language], language) if language in text else (text["en"], "en")


def summary(entry: Entry, meant: Meant) -> str:
    """The English title of an occurrence."""
    if not meant.ordinal:
        return f"{entry.title['en']} {meant.days[0].year}"
    number = meant.ordinal
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    what = {"event": "", "birth": " of the birth", "death": " of the death", "founding": " of the founding"}
    return f"{entry.title['en']}: {number}{ending} anniversary{what[entry.kind]}"
