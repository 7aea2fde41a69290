"""Reading one point in time: a day, a month, a season, a year, with what is uncertain or unspecified in it."""

from __future__ import annotations

import re

from calfeed.domain.edtf.dates import EdtfDate, EdtfMasked, days_in_month
from calfeed.errors import ValueProblem

_POINT = re.compile(
    r"(?P<q0>[?~%]?)(?:Y(?P<long>-?[1-9][0-9]{4,8})|(?P<year>-?[0-9]{0,4}X{0,4}))(?P<r0>[?~%]?)"
    r"(?:-(?P<q1>[?~%]?)(?P<month>[0-9X]{2})(?P<r1>[?~%]?)"
    r"(?:-(?P<q2>[?~%]?)(?P<day>[0-9X]{2})(?P<r2>[?~%]?))?)?"
)


_DAY = re.compile("([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])")  # most dates: nothing more to look at


def read_point(text: str) -> EdtfDate | EdtfMasked | None:
    """A date that is neither interval nor set, None where the text does not look like one.

    Raises ValueProblem where it looks like one that does not exist.
    """
    if common := _DAY.fullmatch(text):
        return EdtfDate(text, int(common[1]), int(common[2]), int(common[3]))
    match = _POINT.fullmatch(text)
    if match is None or (match["long"] and match["month"]):
        return None
    if match["year"] is not None and len(match["year"].removeprefix("-")) != 4:
        return None
    if match["year"] == "-0000":
        raise ValueProblem(f'"{text}" names a year that does not exist', "1 BCE is 0000, 2 BCE is -0001")
    qualifier, parts = _qualifiers(match)
    if _is_masked(match):
        if any(parts):
            raise ValueProblem(
                f'"{text}" qualifies a part of a date that is unspecified as well', "put ?, ~ or % at its end"
            )
        return _masked(text, match, qualifier)
    year = match["year"] or match["long"]
    month = None if match["month"] in (None, "XX") else int(match["month"])
    day = None if match["day"] in (None, "XX") else int(match["day"])
    number = int(year.replace("X", "0"))
    _check_parts(text, year=number, month=month, day=day)
    return EdtfDate(text, number, month, day, qualifier, year.count("X"), parts)


def _is_masked(match: re.Match[str]) -> bool:
    """Whether digits are unspecified where level 1 has none."""
    year, month, day = match["year"] or "", match["month"], match["day"]
    if year.count("X") > 2 or ("X" in year and month):
        return True
    if month and "X" in month and month != "XX":
        return True
    return day is not None and day != "XX" and ("X" in day or month == "XX")


def _masked(text: str, match: re.Match[str], qualifier: str) -> EdtfMasked:
    masked = EdtfMasked(text, match["year"], match["month"], match["day"], qualifier)
    try:
        masked.bounds()
    except ValueError:
        raise ValueProblem(f'"{text}" fits no day of any year', "look at its month and day") from None
    return masked


def _qualifiers(match: re.Match[str]) -> tuple[str, tuple[str, str, str]]:
    """The qualifier of the whole date, or those of its parts.

    One on the right of a part speaks of it and of all on its left, one on the left of it alone (ISO 8601-2 §8.4).
    """
    present = 1 + sum(match[name] is not None for name in ("month", "day"))
    found = [
        _joined(match[f"q{part}"], *(match[f"r{right}"] for right in range(part, present)))
        for part in range(present)
    ]
    if len(set(found)) == 1:
        return found[0], ("", "", "")
    found += [""] * (3 - present)
    return "", (found[0], found[1], found[2])


def _joined(*qualifiers: str | None) -> str:
    marks = {mark for mark in qualifiers if mark}
    return "%" if "%" in marks or marks == {"?", "~"} else next(iter(marks), "")


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
