"""The days of one occurrence, and the origin's days, as every rule sees them."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from calfeed.domain.edtf import Edtf, EdtfDate, EdtfInterval
from calfeed.errors import ValueProblem
from calfeed.frozen import frozen

LAST_YEAR = 9998  # the exclusive end of 31 December 9999 is no `datetime.date`


@frozen
class Native:
    """The first day of an occurrence in the rule's own calendar, where that is not the Gregorian one."""

    calendar: Literal["hebrew", "islamic", "julian", "persian"]
    year: int
    month: int
    day: int


@frozen
class Span:
    """Whole days: `dtstart` to `dtend`, the end exclusive (RFC 5545 §3.6.1).

    `shifted` says that a law moved the observance away from its nominal day, `evening` that it begins at sunset
    of the civil day before, `expected` that the day is reckoned ahead and may still be set otherwise.
    """

    dtstart: dt.date
    dtend: dt.date
    native: Native | None = None
    shifted: bool = False
    evening: bool = False
    expected: bool = False


def one_day(day: dt.date) -> Span:
    """The span of a single day; `dataclasses.replace` adds what else is known of it."""
    return Span(day, day + dt.timedelta(days=1))


def day_of(ordinal: int) -> dt.date | None:
    """The civil day of a proleptic Gregorian ordinal, None where its span would not fit `datetime.date`."""
    return dt.date.fromordinal(ordinal) if 1 <= ordinal < dt.date.max.toordinal() else None


def sure_day(origin: Edtf | None) -> dt.date | None:
    """The first day of an origin that is sure, known to the day and not before the year 1, else None."""
    ends = origin_ends(origin)
    return dt.date(*ends[0].bounds()[0]) if ends and ends[0].is_day and 1 <= ends[0].year <= LAST_YEAR else None


def origin_ends(origin: Edtf | None) -> tuple[EdtfDate, EdtfDate] | None:
    """The first and the last day of an origin that is known to the day, else None."""
    if isinstance(origin, EdtfInterval):
        return (origin.start, origin.end) if origin.start and origin.end and _to_day(origin) else None
    return (origin, origin) if isinstance(origin, EdtfDate) and origin.day is not None else None


def _to_day(origin: EdtfInterval) -> bool:
    ends = (origin.start, origin.end)
    return all(end is not None and end.day is not None for end in ends)


def must_be_days(origin: Edtf | None, rule: str) -> None:
    """Refuse an origin without days where a rule takes its day from it."""
    if origin is None:
        raise ValueProblem(f'"{rule}" needs a date to take its day from', "give the entry a date")
    if origin_ends(origin) is None:
        raise ValueProblem(
            f'"{origin.text}" is not known to the day, so it cannot be observed as "{rule}"',
            "write observed: background",
        )


def must_be_a_civil_date(origin: Edtf | None) -> None:
    """Refuse an origin whose own days no calendar program can hold."""
    if origin is None:
        return
    first, last = origin.bounds()
    if not (first[0] >= 1 and last[0] <= LAST_YEAR):
        message = f'"{origin.text}" lies outside the years 1 to {LAST_YEAR}'
        raise ValueProblem(message, "write observed: background")
