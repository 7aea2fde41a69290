"""Partial, uncertain and interval dates: EDTF level 1 (ISO 8601-2:2019, Library of Congress EDTF).

Read here: `1992-02-25`, `1993-08`, `1918`, `192X`, `19XX`, `1985-04-XX`, `1985-XX-XX`, seasons (`2001-21`),
years before 0000 and beyond four digits (`-0043`, `Y17000`), a qualifier for the whole date (`?` uncertain,
`~` approximate, `%` both) and intervals with closed, open (`..`) or unknown (empty) ends.
Days of the clock (`1985-04-12T23:20`) and the sets of level 2 stay out: commemorations last all day.

Integers rather than `datetime.date`, because 44 BCE does not fit there. Year 0 is 1 BCE.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from calfeed.errors import ValueProblem

Day: TypeAlias = tuple[int, int, int]
Precision = Literal["century", "decade", "year", "season", "month", "day"]

_POINT = re.compile(
    r"(?:Y(?P<long>-?[1-9][0-9]{4,8})"
    r"|(?:(?P<year>-?[0-9]{4})|(?P<masked>-?(?:[0-9]{3}X|[0-9]{2}XX)))"
    r"(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX))?)?)(?P<qualifier>[?~%]?)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES = {**{name: n for n, name in enumerate(_MONTHS, 1)}, "spr": 21, "sum": 22, "aut": 23, "fal": 23, "win": 24}
_LOOSE = (
    re.compile(r"(?P<year>[0-9]{4})[-/. ](?P<month>[0-9]{1,2})(?:[-/. ](?P<day>[0-9]{1,2}))?"),
    re.compile(r"(?P<day>[0-9]{1,2})[. ]+(?P<month>[0-9]{1,2})[. ]+(?P<year>[0-9]{4})"),
    re.compile(r"(?:(?P<day>[0-9]{1,2})\.? )?(?P<month>[A-Za-z]{3,9})\.? (?P<year>[0-9]{4})"),
    re.compile(r"(?P<month>[A-Za-z]{3,9})\.? (?P<day>[0-9]{1,2}), (?P<year>[0-9]{4})"),
)
_ABOUT = re.compile(r"(?:circa|about|ca?)\.? ?([0-9].*|[A-Za-z]+ [0-9]+)", re.IGNORECASE)
_YEARS = re.compile(r"([0-9]{4}) ?[-–] ?([0-9]{4})")
_SLASHED_MONTH = re.compile(r"[0-9]{4}/[0-9]{1,2}")
_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SEASON_MONTHS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 12)}
_FAR = 10**9


@dataclass(frozen=True)
class EdtfDate:
    """A year, a month or a day, as sure as the source is.

    `month` is 1–12, or 21–24 for spring to winter; `masked` counts the unspecified digits at the end of the
    year (1 for `192X`); `qualifier` is `""`, `?`, `~` or `%` and speaks of the whole date.
    """

    text: str
    year: int
    month: int | None = None
    day: int | None = None
    qualifier: str = ""
    masked: int = 0

    @property
    def precision(self) -> Precision:
        """The finest unit that is known."""
        if self.day is not None:
            return "day"
        if self.month is not None:
            return "season" if self.month > 12 else "month"
        return ("year", "decade", "century")[self.masked]

    @property
    def is_day(self) -> bool:
        """Known to the day, and without a qualifier."""
        return self.day is not None and not self.qualifier

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


@dataclass(frozen=True)
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


Edtf: TypeAlias = EdtfDate | EdtfInterval


def is_leap(year: int) -> bool:
    """Whether the (proleptic) Gregorian year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """The length of a Gregorian month in days."""
    return 29 if month == 2 and is_leap(year) else _MONTH_LENGTHS[month - 1]


def parse_edtf(text: str) -> Edtf:
    """Read an EDTF level 1 date or interval.

    Raises ValueProblem, with the spelling that was probably meant, when it is none.
    """
    if text.count("/") == 1 and not _SLASHED_MONTH.fullmatch(text):
        return _interval(text)
    return _point(text)


def _interval(text: str) -> EdtfInterval:
    left, right = text.split("/")
    if left != left.strip() or right != right.strip():
        raise ValueProblem(f'"{text}" has a space in it', f"write {left.strip()}/{right.strip()}")
    if left in ("", "..") and right in ("", ".."):
        raise ValueProblem(f'"{text}" is an interval without any date', "give at least one end, as in 1991/..")
    start = None if left in ("", "..") else _point(left)
    end = None if right in ("", "..") else _point(right)
    interval = EdtfInterval(text, start, end)
    if start and end and end.bounds()[1] < start.bounds()[0]:
        raise ValueProblem(f'"{text}" ends before it begins', f"write {right}/{left}")
    return interval


def _point(text: str) -> EdtfDate:
    point = _read_point(text)
    if point is None:
        raise ValueProblem(f'"{text}" is not an EDTF date', _suggestion(text))
    return point


def _read_point(text: str) -> EdtfDate | None:
    """A date that is no interval, None where the text does not look like one."""
    match = _POINT.fullmatch(text)
    if match is None:
        return None
    masked = (match["masked"] or "").count("X")
    year = int(match["year"] or match["long"] or match["masked"].replace("X", "0"))
    month = None if match["month"] in (None, "XX") else int(match["month"])
    day = None if match["day"] in (None, "XX") else int(match["day"])
    if match["year"] == "-0000":
        raise ValueProblem(f'"{text}" names a year that does not exist', "1 BCE is 0000, 2 BCE is -0001")
    if masked and match["month"]:
        raise ValueProblem(f'"{text}" has a month in a year that is not known', f"write {match['masked']}")
    if match["month"] == "XX" and day is not None:
        raise ValueProblem(f'"{text}" has a day in a month that is not known', f"write {match['year']}-XX-XX")
    _check_parts(text, year=year, month=month, day=day)
    return EdtfDate(text, year, month, day, match["qualifier"], masked)


def _check_parts(text: str, *, year: int, month: int | None, day: int | None) -> None:
    if month is None:
        return
    if 21 <= month <= 24 and day is not None:
        raise ValueProblem(f'"{text}" has a day in a season', f"write {text.rstrip('?~%')[:-3]}")
    if not (1 <= month <= 12 or 21 <= month <= 24):
        raise ValueProblem(f'"{text}" has no month {month}', "months are 01 to 12; 21 to 24 are spring to winter")
    if day is not None and not 1 <= day <= days_in_month(year, month):
        raise ValueProblem(
            f'"{text}" does not exist: that month has {days_in_month(year, month)} days',
            f"write {text.rstrip('?~%')[:-3]} if the day is not known",
        )


def _suggestion(text: str) -> str:
    """The spelling that was probably meant, if it can be told; it always is one that can be read."""
    if "T" in text and _is_read(text.split("T", maxsplit=1)[0]):
        return f"a time of day is not used here: write {text.split('T', maxsplit=1)[0]}"
    years = _YEARS.fullmatch(text)
    if years and years[1] < years[2]:
        return f"write {years[1]}/{years[2]}"
    about = _ABOUT.fullmatch(text)
    guess = _rewritten(about[1]) + "~" if about else _rewritten(text)
    if _is_read(guess):
        return f"write {guess}"
    return "write a day as 1992-02-25, a month as 1993-08, a year as 1918, a span as 1992-02-25/1992-02-26"


def _rewritten(text: str) -> str:
    """A date as people write it, year first; what is none comes back without its blanks."""
    match = next(filter(None, (pattern.fullmatch(text) for pattern in _LOOSE)), None)
    if match is None:
        return "".join(text.split())
    month = match["month"]
    number = int(month) if month.isdigit() else _NAMES.get(month[:3].lower(), 0)
    return f"{match['year']}-{number:02}" + (f"-{int(match['day']):02}" if match["day"] else "")


def _is_read(text: str) -> bool:
    try:
        return _read_point(text) is not None
    except ValueProblem:
        return False
