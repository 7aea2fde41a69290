"""A day of the Solar Hijri calendar of Iran, whose year begins with the March equinox."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import ClassVar, Literal, get_args

from calfeed.domain.edtf import Edtf
from calfeed.domain.rules.span import Native, Span, one_day, sure_day
from calfeed.errors import ValueProblem
from calfeed.frozen import frozen

MonthName = Literal[
    "farvardin",
    "ordibehesht",
    "khordad",
    "tir",
    "mordad",
    "shahrivar",
    "mehr",
    "aban",
    "azar",
    "dey",
    "bahman",
    "esfand",
]
MONTHS: tuple[MonthName, ...] = get_args(MonthName)
FIRST_YEAR, LAST_YEAR = 1279, 1479  # March 1900 to March 2101; docs/decisions/0007-calendars.md
_BEFORE_FIRST_YEAR = 226_895  # ordinal of `datetime.date`; 1 Farvardin 1404 is 21 March 2025
_BEGAN = 621  # 1 Farvardin of the year AP lies in the Gregorian year AP + 621
_LONG_MONTHS = 6


@frozen
class Persian:
    """`day` of the Persian `month`: the first six have 31 days, the next five 30, Esfand 29 and in leap years 30.

    The law of 1925 lets the year begin on the day whose noon in Tehran follows the equinox. A cycle of 33 years
    with 8 leap years gives the same days in all the years AP 1279 to 1479 (1900 to 2100); other years have no
    occurrence, since there the cycle and the sky part. Common years have no 30 Esfand.
    """

    rule: ClassVar[str] = "persian"
    day: int
    month: MonthName

    def check(self, origin: Edtf | None) -> None:  # noqa: ARG002
        """Raise ValueProblem for a day that this month never has."""
        length = 31 if MONTHS.index(self.month) < _LONG_MONTHS else 30
        if not 1 <= self.day <= length:
            raise ValueProblem(f"{self.month} has no day {self.day}", f"its days are 1 to {length}")

    def years(self, first: dt.date, last: dt.date, origin: Edtf | None) -> range:  # noqa: ARG002
        """Years AP that may touch the days from `first` to `last`."""
        return range(max(first.year - _BEGAN - 1, FIRST_YEAR), min(last.year - _BEGAN, LAST_YEAR) + 1)

    def days_in(self, year: int, origin: Edtf | None) -> Span | None:  # noqa: ARG002
        """The civil day of the year AP `year`; None for 30 Esfand of a common year and outside AP 1279 to 1479."""
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return None
        months = MONTHS.index(self.month)
        ordinal = _new_year(year) + 30 * months + min(months, _LONG_MONTHS) + self.day - 1
        if ordinal >= _new_year(year + 1):
            return None
        native = Native("persian", year, months + 1, self.day)
        return replace(one_day(dt.date.fromordinal(ordinal)), native=native)

    def year_of(self, origin: Edtf) -> int | None:
        """The year AP of an origin that is known to the day and lies in AP 1279 to 1479, else None."""
        day = sure_day(origin)
        if day is None:
            return None
        begun = day.year - _BEGAN
        year = begun if day.toordinal() >= _new_year(begun) else begun - 1
        return year if FIRST_YEAR <= year <= LAST_YEAR else None


def _new_year(year: int) -> int:
    """The ordinal of 1 Farvardin: 365 days a year and 8 leap days in each 33 years before it."""
    return _BEFORE_FIRST_YEAR + 365 * (year - 1) + (8 * year + 21) // 33
