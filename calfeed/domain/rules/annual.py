"""The same day of the Gregorian calendar every year."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from calfeed.domain.edtf import Edtf, EdtfDate, EdtfInterval, is_leap
from calfeed.domain.rules.span import LAST_YEAR, Span, must_be_days, origin_ends
from calfeed.errors import ValueProblem
from calfeed.frozen import frozen

Leap = Literal["omit", "backward", "forward"]


@frozen
class Annual:
    """Every year on the day (or days) of the entry's date, or on `day`.

    `day` is a month and a day, `MM-DD`, for an observance that has no date of origin. `leap` says where
    29 February goes in a common year, in the words of RFC 7529 §4.1: `omit`, `backward` (28 February) or
    `forward` (1 March). Other than by `omit`, there is no year without an occurrence.
    """

    rule: ClassVar[str] = "annual"
    day: str | None = None
    leap: Leap | None = None

    def check(self, origin: Edtf | None) -> None:
        """Raise ValueProblem where rule and origin do not go together."""
        if self.day is None:
            must_be_days(origin, self.rule)
            _must_end_within_a_year(origin)
        ends = self._month_days(origin)
        if (2, 29) in ends and self.leap is None:
            key = f'day: "{self.day}", ' if self.day else ""
            raise ValueProblem(
                "29 February is missing from most years, and nothing says what is done then",
                f"write {{rule: annual, {key}leap: omit}}, or in place of omit backward (28 February) or forward "
                f"(1 March)",
            )
        if self.leap is not None and (2, 29) not in ends:
            raise ValueProblem('"leap" is about 29 February, and this is another day', "leave leap out")

    def years(self, first: dt.date, last: dt.date, origin: Edtf | None) -> range:  # noqa: ARG002
        """Gregorian years that may touch the days from `first` to `last`."""
        return range(max(first.year - 1, 1), min(last.year, LAST_YEAR) + 1)

    def days_in(self, year: int, origin: Edtf | None) -> Span | None:
        """The days of `year`; None for 29 February in a common year under `omit`."""
        first, last = self._month_days(origin)
        ends = None if self.day else origin_ends(origin)
        crossing = ends[1].year - ends[0].year if ends else 0
        dtstart, final = self._day(year, first), self._day(year + crossing, last)
        return Span(dtstart, final + dt.timedelta(days=1)) if dtstart and final else None

    def year_of(self, origin: Edtf) -> int | None:
        """The Gregorian year of the origin, None where it is not known to the year."""
        return sure_year(origin)

    def _month_days(self, origin: Edtf | None) -> tuple[tuple[int, int], tuple[int, int]]:
        if self.day is not None:
            month, day = (int(part) for part in self.day.split("-"))
            return (month, day), (month, day)
        first, last = origin.bounds() if origin else ((1, 1, 1), (1, 1, 1))
        return first[1:], last[1:]

    def _day(self, year: int, month_day: tuple[int, int]) -> dt.date | None:
        if month_day == (2, 29) and not is_leap(year):
            moved = {"backward": (2, 28), "forward": (3, 1)}.get(self.leap or "omit")
            return dt.date(year, *moved) if moved else None
        return dt.date(year, *month_day)


def _must_end_within_a_year(origin: Edtf | None) -> None:
    """Refuse an origin that would still last when its next anniversary begins."""
    ends = origin_ends(origin)
    if origin and ends and (ends[1].year - 1, ends[1].month, ends[1].day) >= ends[0].bounds()[0]:
        raise ValueProblem(
            f'"{origin.text}" is longer than a year, so it cannot be observed every year',
            "write observed: background, or observe one day: {rule: annual, day: 03-08}",
        )


def sure_year(origin: Edtf) -> int | None:
    """The year an origin begins in, or None where it is uncertain, approximate or masked."""
    start = origin.start if isinstance(origin, EdtfInterval) else origin
    return start.year if isinstance(start, EdtfDate) and start.is_sure_of_year else None
