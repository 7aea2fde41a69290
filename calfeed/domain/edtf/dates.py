"""What a date may be: frozen values, in integers, because 44 BCE does not fit `datetime.date`. Year 0 is 1 BCE."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from calfeed.frozen import frozen

Day: TypeAlias = tuple[int, int, int]
Precision = Literal["century", "decade", "year", "season", "month", "day", "unspecified"]

_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SEASON_MONTHS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 12)}
_FAR = 10**9
_BOTH_KINDS = 8  # years in a row with a leap year among them, and a common one: no other year has other days


@frozen
class EdtfDate:
    """A year, a month or a day, as sure as the source is.

    `month` is 1–12, or 21–24 for spring to winter; `masked` counts the unspecified digits at the end of the
    year (1 for `192X`). `qualifier` is `""`, `?`, `~` or `%` and speaks of the whole date; where it speaks of
    some of year, month and day only, it stands in `parts` (level 2: `2022?-02-28`).
    """

    text: str
    year: int
    month: int | None = None
    day: int | None = None
    qualifier: str = ""
    masked: int = 0
    parts: tuple[str, str, str] = ("", "", "")

    @property
    def precision(self) -> Precision:
        """The finest unit that is known."""
        if self.day is not None:
            return "day"
        if self.month is not None:
            return "season" if self.month > 12 else "month"
        coarse: tuple[Precision, ...] = ("year", "decade", "century")
        return coarse[self.masked] if self.masked < len(coarse) else "unspecified"

    @property
    def is_day(self) -> bool:
        """Known to the day, and without any qualifier."""
        return self.day is not None and not self.qualifier and not any(self.parts)

    @property
    def is_sure_of_year(self) -> bool:
        """Whether the year is one year, and nothing is said against it."""
        return not (self.qualifier or self.masked or self.parts[0])

    def bounds(self) -> tuple[Day, Day]:
        """The first and the last day that the date may mean, both inclusive."""
        if self.month is None:
            reach = 10**self.masked - 1
            before_zero = self.text.startswith("-")
            first_year, last_year = (-reach, 0) if before_zero else (0, reach)
            return (self.year + first_year, 1, 1), (self.year + last_year, 12, 31)
        first, final = _SEASON_MONTHS.get(self.month, (self.month, self.month))
        if self.day is not None:
            return (self.year, first, self.day), (self.year, final, self.day)
        return (self.year, first, 1), (self.year, final, days_in_month(self.year, final))


@frozen
class EdtfMasked:
    """A date with unspecified digits where level 1 has none: `XXXX-01-27`, `156X-12-25`, `1560-XX-25`, `2004-1X`.

    The patterns are as written; `month` and `day` are None where the date has no such part.
    """

    text: str
    year: str
    month: str | None = None
    day: str | None = None
    qualifier: str = ""

    precision: Literal["unspecified"] = "unspecified"
    is_day: Literal[False] = False

    def bounds(self) -> tuple[Day, Day]:
        """The first and the last day that the date may mean, both inclusive; ValueError where there is none."""
        low, high = sorted(int(self.year.replace("X", digit)) for digit in "09")
        years = range(low, high + 1)
        first = next(self._days(years[:_BOTH_KINDS], forward=True), None)
        last = next(self._days(years[::-1][:_BOTH_KINDS], forward=False), None)
        if first is None or last is None:
            raise ValueError(self.text)
        return first, last

    def _days(self, years: range, *, forward: bool) -> Iterator[Day]:
        step = 1 if forward else -1
        for year in years:
            for month in _matching(self.month, 12)[::step]:
                for day in _matching(self.day, days_in_month(year, month))[::step]:
                    yield year, month, day


def _matching(pattern: str | None, last: int) -> list[int]:
    """The numbers from 1 to `last` that fit a pattern of digits and X."""
    if pattern is None:
        return list(range(1, last + 1))
    return [n for n in range(1, last + 1) if all(p in ("X", d) for p, d in zip(pattern, f"{n:02}", strict=True))]


@frozen
class EdtfInterval:
    """From `start` to `end`, both inclusive; None is an end that is open or unknown (`text` tells which)."""

    text: str
    start: EdtfDate | None
    end: EdtfDate | None

    @property
    def is_day(self) -> bool:
        """Both ends are known to the day, and without a qualifier."""
        return self.start is not None and self.end is not None and self.start.is_day and self.end.is_day

    def bounds(self) -> tuple[Day, Day]:
        """The first and the last day that the interval may touch; an open end reaches very far."""
        first = self.start.bounds()[0] if self.start else (-_FAR, 1, 1)
        last = self.end.bounds()[1] if self.end else (_FAR, 12, 31)
        return first, last


@frozen
class EdtfSet:
    """One of several dates (`[1667,1668]`, `[2015-11..2016-02]`), or all of them (`{1960,1961}`)."""

    text: str
    members: tuple[EdtfDate | EdtfMasked | EdtfInterval, ...]
    one_of: bool

    precision: Literal["unspecified"] = "unspecified"
    is_day: Literal[False] = False

    def bounds(self) -> tuple[Day, Day]:
        """The first and the last day that any member may mean, both inclusive."""
        bounds = [member.bounds() for member in self.members]
        return min(first for first, _ in bounds), max(last for _, last in bounds)


Edtf: TypeAlias = EdtfDate | EdtfInterval | EdtfMasked | EdtfSet


def is_leap(year: int) -> bool:
    """Whether the (proleptic) Gregorian year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """The length of a Gregorian month in days."""
    return 29 if month == 2 and is_leap(year) else _MONTH_LENGTHS[month - 1]
