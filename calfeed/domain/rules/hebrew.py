"""A day of the Hebrew calendar, with the civil shifts that a law ordered. Arithmetic by pyluach."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from pyluach.dates import HebrewDate

from calfeed.domain.edtf import Edtf
from calfeed.domain.rules.span import LAST_YEAR, Native, Span, one_day, origin_ends
from calfeed.errors import ValueProblem

MonthName = Literal[
    "nisan",
    "iyyar",
    "sivan",
    "tammuz",
    "av",
    "elul",
    "tishrei",
    "marheshvan",
    "kislev",
    "tevet",
    "shevat",
    "adar",
]
MONTHS: tuple[MonthName, ...] = (
    "nisan",
    "iyyar",
    "sivan",
    "tammuz",
    "av",
    "elul",
    "tishrei",
    "marheshvan",
    "kislev",
    "tevet",
    "shevat",
    "adar",
)
_FRIDAY, _SUNDAY = 4, 6
_SUNDAY_RULE_SINCE = 1997  # docs/decisions/0003-yom-hashoah.md


@dataclass(frozen=True)
class Hebrew:
    """`day` of the Hebrew `month`; in a leap year `adar` is Adar II, where observances of Adar are kept.

    `evening` says whether the observance begins at sunset of the civil day before; the occurrence stands on
    the civil day either way. `shift: yom-hashoah` keeps 27 Nisan off the Sabbath's edges: a Friday moves to
    Thursday, and from 1997 on a Sunday to Monday. Years in which Marheshvan or Kislev has 29 days have no
    occurrence of their 30th.
    """

    rule: ClassVar[str] = "hebrew"
    day: int
    month: MonthName
    evening: bool
    shift: Literal["yom-hashoah"] | None = None

    def check(self, origin: Edtf | None) -> None:  # noqa: ARG002
        """Raise ValueProblem for a day that this month never has, or a shift that is another day's."""
        long = self.month in ("nisan", "sivan", "av", "tishrei", "shevat", "marheshvan", "kislev")
        if not 1 <= self.day <= (30 if long else 29):
            raise ValueProblem(f"{self.month} has no day {self.day}", f"its days are 1 to {30 if long else 29}")
        if self.shift and (self.day, self.month) != (27, "nisan"):
            raise ValueProblem(f'the shift "{self.shift}" belongs to 27 nisan', "leave the shift out")

    def years(self, first: dt.date, last: dt.date, origin: Edtf | None) -> range:  # noqa: ARG002
        """Years AM that may touch the days from `first` to `last`."""
        return range(max(first.year, 2) + 3760, min(last.year, LAST_YEAR) + 3762)

    def days_in(self, year: int, origin: Edtf | None) -> Span | None:  # noqa: ARG002
        """The civil day of the year AM `year`, or None where the month is a day short."""
        number = MONTHS.index(self.month) + 1
        if self.month == "adar" and _is_leap(year):
            number = 13
        try:
            nominal = HebrewDate(year, number, self.day)
        except ValueError:  # 30 Marheshvan or 30 Kislev of a short year
            return None
        civil = nominal.to_pydate()
        moved = civil + dt.timedelta(days=_yom_hashoah(civil) if self.shift else 0)
        kept = nominal + (moved - civil).days
        native = Native("hebrew", kept.year, kept.month, kept.day)
        return replace(one_day(moved), native=native, shifted=moved != civil, evening=self.evening)

    def year_of(self, origin: Edtf) -> int | None:
        """The year AM of an origin that is known to the day, else None."""
        ends = origin_ends(origin)
        if ends is None or ends[0].qualifier or ends[0].year < 1:
            return None
        return int(HebrewDate.from_pydate(dt.date(*ends[0].bounds()[0])).year)


def _is_leap(year: int) -> bool:
    """Whether the year AM has thirteen months (7 of 19)."""
    return (7 * year + 1) % 19 < 7


def _yom_hashoah(civil: dt.date) -> int:
    """By how many days 27 Nisan is moved when it falls on this civil day."""
    if civil.weekday() == _FRIDAY:
        return -1
    if civil.weekday() == _SUNDAY and civil.year >= _SUNDAY_RULE_SINCE:
        return 1
    return 0
