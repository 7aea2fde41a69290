"""The n-th weekday of a month, as in 'the third Sunday of June'."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal, get_args

from calfeed.domain.edtf import Edtf, days_in_month
from calfeed.domain.rules.annual import sure_year
from calfeed.domain.rules.span import LAST_YEAR, Span, one_day
from calfeed.errors import ValueProblem
from calfeed.frozen import frozen

WeekdayName = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[WeekdayName, ...] = get_args(WeekdayName)


@frozen
class Weekday:
    """The `nth` (1 to 5, or -1 for the last) `weekday` of `month` (RFC 5545 §3.3.10, BYDAY).

    A fifth weekday exists only in some years; the others have no occurrence.
    """

    rule: ClassVar[str] = "weekday"
    nth: int
    weekday: WeekdayName
    month: int

    def check(self, origin: Edtf | None) -> None:  # noqa: ARG002
        """Raise ValueProblem for a week or a month that does not exist."""
        if self.nth not in (1, 2, 3, 4, 5, -1):
            raise ValueProblem(f"nth cannot be {self.nth}", "write 1 to 5, or -1 for the last one of the month")
        if not 1 <= self.month <= 12:
            raise ValueProblem(f"there is no month {self.month}", "months are 1 to 12")

    def years(self, first: dt.date, last: dt.date, origin: Edtf | None) -> range:  # noqa: ARG002
        """Gregorian years that may touch the days from `first` to `last`."""
        return range(first.year, min(last.year, LAST_YEAR) + 1)

    def days_in(self, year: int, origin: Edtf | None) -> Span | None:  # noqa: ARG002
        """The one day of `year`, or None where the month has no such weekday."""
        length = days_in_month(year, self.month)
        first = (WEEKDAYS.index(self.weekday) - dt.date(year, self.month, 1).weekday()) % 7 + 1
        matches = range(first, length + 1, 7)
        if self.nth > len(matches):
            return None
        return one_day(dt.date(year, self.month, matches[self.nth - 1 if self.nth > 0 else -1]))

    def year_of(self, origin: Edtf) -> int | None:
        """The Gregorian year of the origin, None where it is not known to the year."""
        return sure_year(origin)
