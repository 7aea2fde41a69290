"""A day of the Islamic calendar by a named authority. The Umm al-Qura table is hijridate's."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import ClassVar, Literal, get_args

from calfeed.domain.edtf import Edtf
from calfeed.domain.rules.span import Native, Span, day_of, one_day, sure_day
from calfeed.errors import ValueProblem
from calfeed.frozen import frozen

MonthName = Literal[
    "muharram",
    "safar",
    "rabi-al-awwal",
    "rabi-al-thani",
    "jumada-al-ula",
    "jumada-al-akhira",
    "rajab",
    "shaban",
    "ramadan",
    "shawwal",
    "dhu-al-qadah",
    "dhu-al-hijjah",
]
MONTHS: tuple[MonthName, ...] = get_args(MonthName)
Authority = Literal["umm-al-qura", "tabular"]

TABLE = range(1343, 1501)
LAST_KEPT_YEAR = 1447  # the last year AH that had ended when the table was taken over (November 2026)
LAST_TABULAR_YEAR = 9664  # its last day is in the civil year 9998
_BEFORE_FIRST_DAY = 227_014  # ordinal of the eve of 1 Muharram AH 1, Friday 16 July 622 Julian (19 July Gregorian)
_CYCLE_YEARS, _CYCLE_DAYS = 30, 10_631


@frozen
class Islamic:
    """`day` of the Islamic `month` as `authority` reckons it.

    `umm-al-qura` is the civil calendar of Saudi Arabia by the table of AH 1343 to 1500 (1924 to 2077); years
    outside the table have no occurrence. `tabular` is arithmetic: months of 30 and 29 days in turn, and in a cycle
    of 30 years the leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26 and 29, counted from Friday 16 July 622
    (Julian); it may lie two days beside what is kept anywhere. A month of 29 days has no occurrence of its 30th;
    five months of AH 1343 to 1364 have 28 days in the table, and no 29th.

    `expected` is every day of `tabular`, and of `umm-al-qura` every day after AH 1447, since later years were
    predicted when the table was taken over; after AH 1450 tables disagree (docs/decisions/0007-calendars.md).
    `evening` says whether the observance begins at sunset of the civil day before; the occurrence stands on the
    civil day either way.
    """

    rule: ClassVar[str] = "islamic"
    day: int
    month: MonthName
    authority: Authority
    evening: bool

    def check(self, origin: Edtf | None) -> None:  # noqa: ARG002
        """Raise ValueProblem for a day that this month never has; what a table lacks in a year is no mistake."""
        short = self.authority == "tabular" and MONTHS.index(self.month) in range(1, 11, 2)
        if not 1 <= self.day <= (29 if short else 30):
            raise ValueProblem(f"{self.month} has no day {self.day}", f"its days are 1 to {29 if short else 30}")

    def years(self, first: dt.date, last: dt.date, origin: Edtf | None) -> range:  # noqa: ARG002
        """Years AH that may touch the days from `first` to `last`: one more on either side than the formula's."""
        start, stop = _tabular_year(first) - 1, _tabular_year(last) + 2
        return range(max(start, self._known.start), min(stop, self._known.stop))

    def days_in(self, year: int, origin: Edtf | None) -> Span | None:  # noqa: ARG002
        """The civil day of the year AH `year`; None past the end of its month and outside the table."""
        if year not in self._known:
            return None
        month = MONTHS.index(self.month) + 1
        tabular = self.authority == "tabular"
        civil = _tabular_day(year, month, self.day) if tabular else _table_day(year, month, self.day)
        if civil is None:
            return None
        return replace(
            one_day(civil),
            native=Native("islamic", year, month, self.day),
            evening=self.evening,
            expected=tabular or year > LAST_KEPT_YEAR,
        )

    def year_of(self, origin: Edtf) -> int | None:
        """The year AH of an origin that is known to the day and lies where the authority reckons, else None."""
        day = sure_day(origin)
        if day is None:
            return None
        year = _tabular_year(day) if self.authority == "tabular" else _table_year(day)
        return year if year in self._known else None

    @property
    def _known(self) -> range:
        return range(1, LAST_TABULAR_YEAR + 1) if self.authority == "tabular" else TABLE


def _table_day(year: int, month: int, day: int) -> dt.date | None:
    from hijridate import Hijri

    try:
        found = Hijri(year, month, day).to_gregorian()
    except ValueError:  # past the end of its month
        return None
    return dt.date(found.year, found.month, found.day)


def _table_year(day: dt.date) -> int | None:
    from hijridate import Gregorian

    try:
        return Gregorian(day.year, day.month, day.day).to_hijri().year
    except OverflowError:  # outside AH 1343 to 1500
        return None


def _tabular_day(year: int, month: int, day: int) -> dt.date | None:
    """The civil day, None for the 30th of Dhu al-Hijjah in a common year."""
    start = _tabular_new_year(year)
    ordinal = start + 29 * (month - 1) + month // 2 + day - 1
    return day_of(ordinal) if ordinal < _tabular_new_year(year + 1) else None


def _tabular_new_year(year: int) -> int:
    """The ordinal of 1 Muharram: years of 354 days, and the 11 leap days that each cycle of 30 years has."""
    return _BEFORE_FIRST_DAY + 1 + 354 * (year - 1) + (11 * year + 3) // _CYCLE_YEARS


def _tabular_year(day: dt.date) -> int:
    """The year AH of a civil day, by the mean length of the cycle's years; below 1 before the epoch."""
    return (_CYCLE_YEARS * (day.toordinal() - _BEFORE_FIRST_DAY - 1) + 10_646) // _CYCLE_DAYS
