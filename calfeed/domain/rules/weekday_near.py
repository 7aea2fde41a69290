"""A weekday beside a fixed day, as in 'the Friday on or before 5 November'."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from calfeed.domain.edtf import Edtf
from calfeed.domain.rules.annual import sure_year
from calfeed.domain.rules.span import LAST_YEAR, Span, day_of, one_day
from calfeed.domain.rules.weekday import WEEKDAYS, WeekdayName
from calfeed.errors import ValueProblem
from calfeed.frozen import frozen

When = Literal["on-or-before", "before", "on-or-after", "after"]


@frozen
class WeekdayNear:
    """The `weekday` nearest to `day` (a month and a day, `MM-DD`) on the side that `when` names.

    `before` and `after` leave out the day itself, so they are 1 to 7 days away; `on-or-before` and `on-or-after`
    0 to 6. A year is that of the fixed day, and the weekday may lie in the civil year beside it. Every year has
    one, but for days before 1 January of the year 1.
    """

    rule: ClassVar[str] = "weekday-near"
    weekday: WeekdayName
    when: When
    day: str

    def check(self, origin: Edtf | None) -> None:  # noqa: ARG002
        """Raise ValueProblem for 29 February, which most years lack."""
        if self.day == "02-29":
            raise ValueProblem(
                "29 February is missing from most years, so nothing can be counted from it",
                "count from 02-28 or from 03-01",
            )

    def years(self, first: dt.date, last: dt.date, origin: Edtf | None) -> range:  # noqa: ARG002
        """Gregorian years of the fixed day whose weekday may touch the days from `first` to `last`."""
        return range(max(first.year - 1, 1), min(last.year + 1, LAST_YEAR) + 1)

    def days_in(self, year: int, origin: Edtf | None) -> Span | None:  # noqa: ARG002
        """The one day that belongs to the fixed day of `year`; None before the year 1."""
        month, day = (int(part) for part in self.day.split("-"))
        found = day_of(dt.date(year, month, day).toordinal() + self._distance(dt.date(year, month, day)))
        return one_day(found) if found else None

    def year_of(self, origin: Edtf) -> int | None:
        """The Gregorian year of the origin, None where it is not known to the year."""
        return sure_year(origin)

    def _distance(self, fixed: dt.date) -> int:
        """Days from the fixed day to the weekday, negative before it."""
        ahead = (WEEKDAYS.index(self.weekday) - fixed.weekday()) % 7
        if self.when == "after":
            return ahead or 7
        if self.when == "on-or-after":
            return ahead
        back = -ahead % 7
        return -back if self.when == "on-or-before" else -(back or 7)
