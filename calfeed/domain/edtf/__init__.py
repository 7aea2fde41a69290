"""Partial, uncertain and interval dates: EDTF (ISO 8601-2:2019, Library of Congress EDTF).

Read here is level 1: `1992-02-25`, `1993-08`, `1918`, `192X`, `19XX`, `1985-04-XX`, `1985-XX-XX`, seasons
(`2001-21`), years before 0000 and beyond four digits (`-0043`, `Y17000`), a qualifier for the whole date (`?`
uncertain, `~` approximate, `%` both), intervals with closed, open (`..`) or unknown (empty) ends; and of level 2
what a curator of history meets: qualifiers of a part (`2022?-02-28`), unspecified digits anywhere (`XXXX-01-27`,
`156X-12-25`), and sets (`[1667,1668]` one of them, `{1960,1961}` all of them, `[2015-11..2016-02]`).

Days of the clock (`1985-04-12T23:20`), seasons beyond 24, exponents and significant digits stay out.
"""

from __future__ import annotations

import re

from calfeed.domain.edtf.dates import (
    Day,
    Edtf,
    EdtfDate,
    EdtfInterval,
    EdtfMasked,
    EdtfSet,
    Precision,
    days_in_month,
    is_leap,
)
from calfeed.domain.edtf.points import read_point
from calfeed.errors import ValueProblem

__all__ = [
    "Day",
    "Edtf",
    "EdtfDate",
    "EdtfInterval",
    "EdtfMasked",
    "EdtfSet",
    "Precision",
    "days_in_month",
    "is_leap",
    "parse_edtf",
]

_SLASHED_MONTH = re.compile(r"[0-9]{4}/[0-9]{1,2}")
_SET = re.compile(r"\[(?P<one>.*)\]|\{(?P<all>.*)\}")


def parse_edtf(text: str) -> Edtf:
    """Read an EDTF date, interval or set.

    Raises ValueProblem, with the spelling that was probably meant, when it is none.
    """
    in_set = _SET.fullmatch(text)
    if in_set:
        return _set(text, in_set)
    if text.count("/") == 1 and not _SLASHED_MONTH.fullmatch(text):
        return _interval(text)
    return _point(text)


def _set(text: str, match: re.Match[str]) -> EdtfSet:
    inside = match["one"] if match["one"] is not None else match["all"]
    members = [part.strip() for part in inside.split(",")]
    if "" in members:
        raise ValueProblem(f'"{text}" has an empty place', "write dates with commas between, as in [1667,1668]")
    found = [_member(text, part, first=n == 0, last=n == len(members) - 1) for n, part in enumerate(members)]
    return EdtfSet(text, tuple(found), one_of=match["one"] is not None)


def _member(text: str, part: str, *, first: bool, last: bool) -> EdtfDate | EdtfMasked | EdtfInterval:
    """A date, `a..b`, or at the ends of a set `..a` (a or earlier) and `a..` (a or later)."""
    if ".." not in part or "/" in part:
        return _point(part)
    left, right = part.split("..", maxsplit=1)
    if (not left and not first) or (not right and not last) or not (left or right):
        raise ValueProblem(f'"{text}" is open in its middle', "only its first and last date may be open")
    return _interval(f"{left or '..'}/{right or '..'}")


def _interval(text: str) -> EdtfInterval:
    left, right = text.split("/")
    if left != left.strip() or right != right.strip():
        raise ValueProblem(f'"{text}" has a space in it', f"write {left.strip()}/{right.strip()}")
    if left in ("", "..") and right in ("", ".."):
        raise ValueProblem(f'"{text}" is an interval without any date', "give at least one end, as in 1991/..")
    start = None if left in ("", "..") else _end(left)
    end = None if right in ("", "..") else _end(right)
    interval = EdtfInterval(text, start, end)
    if start and end and end.bounds()[1] < start.bounds()[0]:
        raise ValueProblem(f'"{text}" ends before it begins', f"write {right}/{left}")
    return interval


def _end(text: str) -> EdtfDate:
    point = _point(text)
    if isinstance(point, EdtfMasked):
        raise ValueProblem(f'"{text}" is too vague for the end of an interval', f"write {text[:4]}")
    return point


def _point(text: str) -> EdtfDate | EdtfMasked:
    point = read_point(text)
    if point is None:
        from calfeed.domain.edtf.hints import suggestion  # noqa: PLC0415 - patterns that a right date needs none of

        raise ValueProblem(f'"{text}" is not an EDTF date', suggestion(text))
    return point
