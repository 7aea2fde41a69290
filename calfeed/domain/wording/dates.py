"""How a date of history is told, in any language: what is known of it, and in which order that is said.

The walk through intervals, sets, masked digits and doubts is the same everywhere and stands here. A language
gives the words (`DateWords`): phrases with places in them, and functions where a word changes its form.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from calfeed.domain.edtf import Edtf, EdtfDate, EdtfInterval, EdtfMasked, EdtfSet
from calfeed.frozen import frozen

Case = Literal["bare", "since", "until", "between", "in"]
"""Where a date stands: alone, after the words for 'from', 'until', 'between' (twice), or inside a longer time."""

Shown = Literal["day", "month", "year"]
"""The largest unit that is told of the first of two days, since the second has the rest in common with it."""


def listed(names: str) -> tuple[str, ...]:
    """The names in a line, with commas between: a table of months that reads as a line."""
    return tuple(names.split(", "))


@frozen
class Point:
    """A year (0 is 1 BCE), a month (1–12) or season (21–24) of it, or one or more days: '25', '25–26'."""

    year: int
    month: int | None = None
    days: str = ""


@dataclass(frozen=True, kw_only=True)
class DateWords:
    """The words of one language for dates; braces are the places of what they speak of.

    `month_day` takes a month and a day, or `""` for the month alone; `decade` takes its first year and `years`
    the first and the last of a stretch within which the date lies, `year_span` those of one that lasted so long.
    `civil_day` is a day with its weekday. `units` are year, month and day; `doubts` and `qualified` have a key
    for each mark of EDTF. `together` keeps a text in its own direction inside a sentence (UAX #9).
    """

    point: Callable[[Point, Case], str]
    month_day: Callable[[int, str], str]
    decade: Callable[[int, Case], str]
    years: Callable[[int, int, Case], str]
    year_span: Callable[[int, int], str]
    night: Callable[[EdtfDate, EdtfDate, str], str]
    civil_day: Callable[[dt.date, Shown], str]
    qualified: Mapping[str, str]
    units: tuple[str, str, str]
    doubts: Mapping[str, str]
    since: str
    since_unknown: str
    until: str
    until_unknown: str
    between: str
    or_later: str
    or_earlier: str
    one_of: str
    all_of: str
    unknown_year: str
    unknown_month: str
    in_decade: str
    in_years: str = "{} {years}"
    together: Callable[[str], str] = str

    def date(self, date: Edtf, *, night: bool) -> str:
        """A date in words, no more exact than it is."""
        if isinstance(date, EdtfSet):
            return self._set(date)
        if isinstance(date, EdtfMasked):
            return self.qualified[date.qualifier].format(self._masked(date))
        if isinstance(date, EdtfDate):
            return self._qualified(date, "bare")
        return self._interval(date, night=night)

    def days(self, first: dt.date, last: dt.date) -> str:
        """Civil days with their weekdays; of two days the first leaves out what both share."""
        if first == last:
            return self.civil_day(last, "year")
        shown: Shown = "day" if first.month == last.month else "month"
        if first.year != last.year:
            shown = "year"
        return f"{self.civil_day(first, shown)} – {self.civil_day(last, 'year')}"

    def days_of_year(self, first: tuple[int, int], last: tuple[int, int]) -> str:
        """'25–26 February', '31 January – 1 February': months and days without a year."""
        if first == last:
            return self.month_day(last[0], str(last[1]))
        if first[0] == last[0]:
            return self.month_day(last[0], self.span(first[1], last[1]))
        return f"{self.month_day(first[0], str(first[1]))} – {self.month_day(last[0], str(last[1]))}"

    def span(self, first: int, last: int) -> str:
        """'25–26': two numbers that are read as one."""
        return self.together(f"{first}–{last}")

    def _interval(self, date: EdtfInterval, *, night: bool) -> str:
        start, end = date.start, date.end
        if start and end and start.text == end.text:
            return self._qualified(start, "bare")
        if start and end:
            words = self._span(start, end)
            return self.night(start, end, words) if night else words
        if start:
            phrase = self.since if date.text.endswith("..") else self.since_unknown
            return phrase.format(self._qualified(start, "since"))
        phrase = self.until if date.text.startswith("..") else self.until_unknown
        return phrase.format(self._qualified(end, "until"))  # type: ignore[arg-type]  # one end there is

    def _span(self, start: EdtfDate, end: EdtfDate) -> str:
        if start.is_day and end.is_day and start.year == end.year:
            if start.month == end.month:
                return self.point(Point(end.year, end.month, self.span(start.day or 1, end.day or 1)), "bare")
            return f"{self.month_day(start.month or 1, str(start.day))} – {self._plain(end, 'bare')}"
        if start.precision == end.precision == "year" and not start.qualifier and not end.qualifier:
            return self.year_span(start.year, end.year)
        return f"{self._qualified(start, 'bare')} – {self._qualified(end, 'bare')}"

    def _set(self, date: EdtfSet) -> str:
        *others, last = (self._member(member) for member in date.members)
        if not others:
            return last
        return f"{', '.join(others)} {self.one_of if date.one_of else self.all_of} {last}"

    def _member(self, member: EdtfDate | EdtfMasked | EdtfInterval) -> str:
        if not isinstance(member, EdtfInterval):
            return self.date(member, night=False)
        start, end = member.start, member.end
        if start and end:
            return self.between.format(self._qualified(start, "between"), self._qualified(end, "between"))
        known = self._qualified(start or end, "bare")  # type: ignore[arg-type]  # one end there is
        return (self.or_later if start else self.or_earlier).format(known)

    def _qualified(self, date: EdtfDate, case: Case) -> str:
        doubts = [
            self.doubts[mark].format(unit) for unit, mark in zip(self.units, date.parts, strict=True) if mark
        ]
        if doubts:
            return f"{self._plain(date, case)} ({', '.join(doubts)})"
        return self.qualified[date.qualifier].format(self._plain(date, case))

    def _plain(self, date: EdtfDate, case: Case) -> str:
        if date.masked == 1 and date.year >= 100:  # 'the 50s' would be those of the last century
            return self.decade(date.year, case)
        if date.masked:
            return self.years(date.bounds()[0][0], date.bounds()[1][0], case)
        return self.point(Point(date.year, date.month, str(date.day) if date.day else ""), case)

    def _masked(self, date: EdtfMasked) -> str:
        """'25 December in the 1560s', '27 January of an unknown year', 'between 10 and 19 June 2004'."""
        unknown_month = date.month is not None and "X" in date.month
        if date.day and "X" not in date.day and date.month == "XX":
            return self.unknown_month.format(int(date.day), year=self._within(date, ""))
        if unknown_month or (date.day and "X" in date.day and date.day != "XX"):
            ends = (Point(year, month, str(day)) for year, month, day in date.bounds())
            return self.between.format(*(self.point(end, "between") for end in ends))
        day = str(int(date.day)) if date.day and "X" not in date.day else ""
        return self._within(date, self.month_day(int(date.month), day) if date.month else "")

    def _within(self, date: EdtfMasked, day: str) -> str:
        """A day or a month (or nothing) in a year of which digits are missing."""
        if date.year.endswith("XXXX"):
            return self.unknown_year.format(day).strip()
        low, high = sorted(int(date.year.replace("X", digit)) for digit in "09")
        if low == high:
            return f"{day} {self.point(Point(low), 'bare')}".strip()
        if high - low == 9 and low >= 100:
            return self.in_decade.format(day, decade=self.decade(low, "in")).strip()
        years = self.years(low, high, "bare")
        return self.in_years.format(day, years=years) if day else years
