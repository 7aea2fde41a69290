"""A day of the Julian calendar (Old Style), and three customs of keeping it in the Gregorian one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import ClassVar, Literal

from calfeed.domain.edtf import Edtf, is_leap
from calfeed.domain.rules.span import LAST_YEAR, Native, Span, day_of, one_day, sure_day
from calfeed.errors import ValueProblem
from calfeed.frozen import frozen

Kept = Literal["converted", "anniversary", "same-number"]

# Julian years are taken to begin on 1 March, so that the leap day is their last; Julian 1 January of the year 1
# is 30 December of the year before in the proleptic Gregorian calendar, ordinal -1 of `datetime.date`.
_BEFORE_FIRST_DAY = -308
_FOUR_YEARS = 1461


@frozen
class Julian:
    """`day` (a month and a day, `MM-DD`) of the Julian calendar, whose year begins on 1 January here.

    `kept` names the custom:

    - `converted`: the Gregorian day on which the Julian day falls in the year of observance, as churches that
      use the Julian calendar do: 13 days later from March 1900 to February 2100, then 14.
    - `anniversary`: the Gregorian day of the event itself, for ever. It needs a date of origin, which is written
      in the Gregorian calendar, as every date is: 25 October 1917 Old Style is `1917-11-07`.
    - `same-number`: the day of the same number in the Gregorian calendar.

    29 February has no occurrence in common years: of the Julian calendar under `converted`, of the Gregorian one
    under `same-number`. Under `anniversary` neither has an event of the Gregorian 29 February in common years.
    """

    rule: ClassVar[str] = "julian"
    day: str
    kept: Kept

    def check(self, origin: Edtf | None) -> None:
        """Raise ValueProblem where an anniversary has no origin, or one on another Julian day."""
        if self.kept != "anniversary":
            return
        day = sure_day(origin)
        if day is None:
            raise ValueProblem(
                'a day that is kept as "anniversary" needs a date that is sure and known to the day',
                "give the entry the Gregorian date of what happened, or write kept: converted",
            )
        _, month, number = julian_date(day)
        if self._month_day != (month, number):
            raise ValueProblem(
                f'"{day.isoformat()}" is {month:02}-{number:02} of the Julian calendar, not {self.day}',
                "write date in the Gregorian calendar (1917-11-07) and day in the Julian one (10-25)",
            )

    def years(self, first: dt.date, last: dt.date, origin: Edtf | None) -> range:  # noqa: ARG002
        """Julian years that may touch the days from `first` to `last`."""
        return range(max(first.year - 1, 1), min(last.year + 1, LAST_YEAR) + 1)

    def days_in(self, year: int, origin: Edtf | None) -> Span | None:
        """The civil day that belongs to the Julian `year`, or None where there is no such day."""
        month, day = self._month_day
        if self.kept == "same-number":
            return one_day(dt.date(year, month, day)) if (month, day) != (2, 29) or is_leap(year) else None
        civil = _anniversary(year, origin) if self.kept == "anniversary" else gregorian_day(year, month, day)
        return replace(one_day(civil), native=Native("julian", *julian_date(civil))) if civil else None

    def year_of(self, origin: Edtf) -> int | None:
        """The Julian year of an origin that is known to the day, else None."""
        day = sure_day(origin)
        return julian_date(day)[0] if day else None

    @property
    def _month_day(self) -> tuple[int, int]:
        month, day = (int(part) for part in self.day.split("-"))
        return month, day


def gregorian_day(year: int, month: int, day: int) -> dt.date | None:
    """The civil day of a Julian day; None where its month is shorter or it is no `datetime.date`.

    Integer arithmetic over months counted from March, where 153 days are five of them: the form in which the
    Explanatory Supplement to the Astronomical Almanac gives the Julian Day Number.
    """
    if (month, day) == (2, 29) and year % 4:
        return None
    before_march = month < 3
    years, months = year - before_march, month - 3 + 12 * before_march
    return day_of(_BEFORE_FIRST_DAY + 365 * years + years // 4 + (153 * months + 2) // 5 + day)


def julian_date(day: dt.date) -> tuple[int, int, int]:
    """The Julian year, month and day of a civil day: `gregorian_day` backwards."""
    since = day.toordinal() - _BEFORE_FIRST_DAY - 1
    years = (4 * since + 3) // _FOUR_YEARS
    of_year = since - _FOUR_YEARS * years // 4
    months = (5 * of_year + 2) // 153
    after_december = months > 9
    number = of_year - (153 * months + 2) // 5 + 1
    return years + after_december, months + 3 - 12 * after_december, number


def _anniversary(year: int, origin: Edtf | None) -> dt.date | None:
    """The Gregorian day of the origin, as many years later as `year` is after its Julian year."""
    day = sure_day(origin)
    if day is None:
        return None
    civil_year = year + day.year - julian_date(day)[0]
    if not 1 <= civil_year <= LAST_YEAR or ((day.month, day.day) == (2, 29) and not is_leap(civil_year)):
        return None
    return day.replace(year=civil_year)
