"""A day of the Hebrew calendar, as law and custom keep it. Arithmetic by pyluach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from calfeed.domain.edtf import Edtf
from calfeed.domain.rules.span import (
    LAST_YEAR,
    Native,
    Span,
    must_be_a_civil_date,
    must_be_days,
    one_day,
    sure_day,
)
from calfeed.errors import ValueProblem
from calfeed.frozen import frozen

if TYPE_CHECKING:
    from pyluach.dates import HebrewDate

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
    "adar-i",
    "adar-ii",
]
MONTHS: tuple[MonthName, ...] = get_args(MonthName)
ShiftName = Literal["yom-hashoah", "yom-hazikaron", "yom-haatzmaut", "fast"]
_LONG = frozenset(("nisan", "sivan", "av", "tishrei", "shevat", "marheshvan", "kislev", "adar-i"))
_MARHESHVAN, _KISLEV, _SHEVAT, _ADAR, _ADAR_II = 8, 9, 11, 12, 13
_THURSDAY, _FRIDAY, _SABBATH, _SUNDAY, _MONDAY = 3, 4, 5, 6, 0


@frozen
class Move:
    """By how many `days` a nominal day moves that falls on `weekday` (Monday is 0), from civil year `since` on."""

    weekday: int
    days: int
    since: int = 1


SHIFTS: Mapping[ShiftName, Mapping[tuple[int, MonthName], tuple[Move, ...]]] = {
    # Martyrs' and Heroes' Remembrance Day Law 5719-1959, section 1, for Friday; docs/decisions/0003-yom-hashoah.md
    # for Sunday.
    "yom-hashoah": {(27, "nisan"): (Move(_FRIDAY, -1), Move(_SUNDAY, 1, since=1997))},
    # The day before Independence Day, wherever that is kept.
    "yom-hazikaron": {
        (4, "iyyar"): (
            Move(_THURSDAY, -1, since=1951),
            Move(_FRIDAY, -2, since=1951),
            Move(_SUNDAY, 1, since=2004),
        )
    },
    # Thursday is reported to be the rule since 1951, Tuesday is the amendment of 2004; see the same decision.
    "yom-haatzmaut": {
        (5, "iyyar"): (
            Move(_FRIDAY, -1, since=1951),
            Move(_SABBATH, -2, since=1951),
            Move(_MONDAY, 1, since=2004),
        )
    },
    # Shulchan Arukh, Orach Chayim 550:3 (to Sunday) and 686:2 (Esther's, to Thursday: Sunday is Purim).
    "fast": {
        (3, "tishrei"): (Move(_SABBATH, 1),),
        (13, "adar"): (Move(_SABBATH, -2),),
        (17, "tammuz"): (Move(_SABBATH, 1),),
        (9, "av"): (Move(_SABBATH, 1),),
    },
}


@frozen
class Hebrew:
    """`day` of the Hebrew `month`, or the `anniversary` of the entry's own date.

    `adar` is Adar II in a leap year, where observances of Adar are kept; `adar-i` and `adar-ii` exist in leap
    years alone, and the 30th of Marheshvan and Kislev in some years: other years have no occurrence.

    `evening` says whether the observance begins at sunset of the civil day before; the occurrence stands on
    the civil day either way. `shift` names the law or custom that keeps the day off the Sabbath or its edges:
    `yom-hashoah` (27 Nisan: Friday to Thursday, from 1997 on Sunday to Monday), `yom-haatzmaut` (5 Iyyar: from
    1951 on Friday and Sabbath to Thursday, from 2004 on Monday to Tuesday), `yom-hazikaron` (4 Iyyar: the day
    before that) and `fast` (from the Sabbath to Sunday, Esther's to Thursday). Sources stand beside `SHIFTS`.

    `anniversary` is `death` or `birth`: the day of the entry's date comes again every year by the rules in
    Reingold and Dershowitz, Calendrical Calculations, 'yahrzeit' and 'Hebrew birthday'; there is no year
    without one. `after_sunset` says that it happened after sunset, so on the next Hebrew day.
    """

    rule: ClassVar[str] = "hebrew"
    day: int | None = None
    month: MonthName | None = None
    evening: bool = field(kw_only=True)
    shift: ShiftName | None = None
    anniversary: Literal["death", "birth"] | None = None
    after_sunset: bool = False

    def check(self, origin: Edtf | None) -> None:
        """Raise ValueProblem for a day that this month never has, and for keys that do not go together."""
        if self.anniversary:
            self._check_anniversary(origin)
        else:
            self._check_day()

    def _check_anniversary(self, origin: Edtf | None) -> None:
        if self.day is not None or self.month or self.shift:
            raise ValueProblem("an anniversary takes its day from the date", "leave day, month and shift out")
        must_be_days(origin, self.rule)
        must_be_a_civil_date(origin)
        if origin is not None and len(set(origin.bounds())) > 1:
            raise ValueProblem(
                f'"{origin.text}" is more than one day, and the anniversary of a {self.anniversary} needs one',
                "write the one day; if it was after its sunset, add after_sunset: true",
            )
        if origin is not None and sure_day(origin) is None:
            message = f'"{origin.text}" is not certain, and its Hebrew day depends on every part of it'
            raise ValueProblem(message, "write the Hebrew day itself, as in day: 27, month: nisan")

    def _check_day(self) -> None:
        for key, value in (("day", self.day), ("month", self.month)):
            if value is None:
                hint = f"add {key}: …, or anniversary: death or birth for the day of the date"
                raise ValueProblem(f'the rule "hebrew" has no "{key}"', hint)
        if self.after_sunset:
            message = '"after_sunset" is about an anniversary, and this is a day'
            raise ValueProblem(message, "leave after_sunset out")
        last = 30 if self.month in _LONG else 29
        if not 1 <= (self.day or 0) <= last:
            raise ValueProblem(f"{self.month} has no day {self.day}", f"its days are 1 to {last}")
        own = SHIFTS[self.shift] if self.shift else {}
        if self.shift and (self.day, self.month) not in own:
            *others, end = (f"{day} {month}" for day, month in own)
            known = f"{', '.join(others)} or {end}" if others else end
            raise ValueProblem(f'the shift "{self.shift}" belongs to {known}', "leave the shift out")

    def years(self, first: dt.date, last: dt.date, origin: Edtf | None) -> range:  # noqa: ARG002
        """Years AM that may touch the days from `first` to `last`."""
        return range(max(first.year, 2) + 3760, min(last.year, LAST_YEAR) + 3762)

    def days_in(self, year: int, origin: Edtf | None) -> Span | None:
        """The civil day of the year AM `year`, or None where that year has no such day or month."""
        nominal = self._nominal(year, origin)
        if nominal is None:
            return None
        civil = nominal.to_pydate()
        by = self._shift_of(civil)
        kept = nominal + by
        native = Native("hebrew", kept.year, kept.month, kept.day)
        moved = civil + dt.timedelta(days=by)
        return replace(one_day(moved), native=native, shifted=by != 0, evening=self.evening)

    def year_of(self, origin: Edtf) -> int | None:
        """The year AM of an origin whose day is known and sure, else None."""
        if sure_day(origin) is None:
            return None
        return int(_hebrew_day(origin, after_sunset=self.after_sunset).year)

    def native_origin(self, origin: Edtf) -> Native:
        """The Hebrew day of an origin that `check` let pass, on which its anniversaries rest."""
        first = _hebrew_day(origin, after_sunset=self.after_sunset)
        return Native("hebrew", first.year, first.month, first.day)

    def _nominal(self, year: int, origin: Edtf | None) -> HebrewDate | None:
        """The day of the year AM `year` before any shift."""
        if self.anniversary and origin is not None:
            first = _hebrew_day(origin, after_sunset=self.after_sunset)
            return _death(first, year) if self.anniversary == "death" else _birth(first, year)
        if self.day is None or self.month is None:
            return None
        number = _number(self.month, year)
        return _date(year, number, self.day) if number and _has(year, number, self.day) else None

    def _shift_of(self, civil: dt.date) -> int:
        """By how many days the nominal day is moved when it is this civil day."""
        if self.shift is None or self.day is None or self.month is None:
            return 0
        for move in SHIFTS[self.shift][self.day, self.month]:
            if civil.weekday() == move.weekday and civil.year >= move.since:
                return move.days
        return 0


def is_leap_year(year: int) -> bool:
    """Whether the year AM has thirteen months (7 of 19)."""
    return (7 * year + 1) % 19 < 7


def _number(month: MonthName, year: int) -> int | None:
    """The number of a month, Nisan being 1 and Adar II 13; None where this year has no Adar I and II."""
    if month in ("adar-i", "adar-ii"):
        return {"adar-i": _ADAR, "adar-ii": _ADAR_II}[month] if is_leap_year(year) else None
    return _last_month(year) if month == "adar" else MONTHS.index(month) + 1


def _last_month(year: int) -> int:
    """The month before Nisan: Adar, or Adar II."""
    return _ADAR_II if is_leap_year(year) else _ADAR


def _date(year: int, month: int, day: int) -> HebrewDate:
    from pyluach.dates import HebrewDate

    return HebrewDate(year, month, day)


def _has(year: int, month: int, day: int) -> bool:
    """Whether this month of this year is as long as that."""
    try:
        _date(year, month, day)
    except ValueError:
        return False
    return True


def _hebrew_day(origin: Edtf, *, after_sunset: bool) -> HebrewDate:
    """The Hebrew day of the first day of an origin known to the day, or the next where the sun had set."""
    from pyluach.dates import HebrewDate

    first = HebrewDate.from_pydate(dt.date(*origin.bounds()[0]))
    return first + 1 if after_sunset else first


def _death(first: HebrewDate, year: int) -> HebrewDate:
    """The yahrzeit in `year`: Calendrical Calculations, 'yahrzeit'.

    30 Marheshvan and 30 Kislev look at the first anniversary: where that year lacks the day, it is for ever the
    last day of the month; where it has it, a later year without it takes the first of the next month. Adar of a
    common year is kept in Adar I, Adar II in the last month, 30 Adar I of a common year on 30 Shevat.
    """
    month, day = first.month, first.day
    if day == 30 and month in (_MARHESHVAN, _KISLEV) and not _has(first.year + 1, month, 30):
        return _date(year, month + 1, 1) - 1
    if month == _ADAR_II:
        return _date(year, _last_month(year), day)
    if (month, day) == (_ADAR, 30) and not is_leap_year(year):
        return _date(year, _SHEVAT, 30)
    return _date(year, month, 1) + (day - 1)


def _birth(first: HebrewDate, year: int) -> HebrewDate:
    """The birthday in `year`: Calendrical Calculations, 'Hebrew birthday'.

    Who was born in the last month of a year (Adar of a common one) has it in the last month. A 30th that this
    year lacks is the first of the next month: 30 Marheshvan, 30 Kislev, 30 Adar I.
    """
    if first.month == _last_month(first.year):
        return _date(year, _last_month(year), first.day)
    return _date(year, first.month, 1) + (first.day - 1)
