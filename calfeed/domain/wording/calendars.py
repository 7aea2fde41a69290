"""Days of the Hebrew, the Islamic, the Persian and the Julian calendar, as a language writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from calfeed.domain.rules.hebrew import MONTHS as HEBREW_MONTHS
from calfeed.domain.rules.hebrew import is_leap_year as is_hebrew_leap_year
from calfeed.domain.rules.span import Native

CalendarName: TypeAlias = Literal["hebrew", "islamic", "julian", "persian"]
_ADAR = HEBREW_MONTHS.index("adar")
_ADAR_I = HEBREW_MONTHS.index("adar-i")
_ADAR_II = HEBREW_MONTHS.index("adar-ii")


def in_figures(calendar: CalendarName, number: int) -> str:  # noqa: ARG001
    """Days and years of every calendar in the figures of ours."""
    return str(number)


@dataclass(frozen=True, kw_only=True)
class NativeWords:
    """Months in the form that follows a day, in the order of the rules' own lists (fourteen of the Hebrew year).

    `undated` is a day of every year and `dated` one of a certain year, for each calendar.
    """

    months: Mapping[CalendarName, tuple[str, ...]]
    dated: Mapping[CalendarName, str]
    undated: str
    numeral: Callable[[CalendarName, int], str] = in_figures

    def day(self, calendar: CalendarName, day: int, month: int) -> str:
        """'10 Tevet'; `month` is its place in the rules' list, from 0."""
        return self.undated.format(day=self.numeral(calendar, day), month=self.months[calendar][month])

    def native_day(self, native: Native) -> str:
        """'27 Nisan 5787'."""
        return self.dated[native.calendar].format(
            day=self.numeral(native.calendar, native.day),
            month=self.months[native.calendar][_place(native)],
            year=self.numeral(native.calendar, native.year),
        )


def _place(native: Native) -> int:
    """Where the list has a month; Adar is called the first in a leap year, when there are two."""
    place = native.month - 1
    if native.calendar != "hebrew" or place < _ADAR:
        return place
    if place > _ADAR:
        return _ADAR_II
    return _ADAR_I if is_hebrew_leap_year(native.year) else _ADAR
