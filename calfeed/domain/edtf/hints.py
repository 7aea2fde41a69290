"""What was probably meant by a text that is no EDTF date."""

from __future__ import annotations

import re

from calfeed.domain.edtf.points import read_point
from calfeed.errors import ValueProblem

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


def suggestion(text: str) -> str:
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
        return read_point(text) is not None
    except ValueProblem:
        return False
