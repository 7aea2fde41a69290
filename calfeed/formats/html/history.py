"""The entries of an edition in the order of history, parted by decades."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from calfeed.domain.edtf import Edtf, parse_edtf
from calfeed.domain.model import Edition, Event
from calfeed.domain.wording import LANGUAGES

LISTED = 1000  # entries that one page still lists
_VAGUE = 200  # years within which a date must lie to have a place in history


@dataclass(frozen=True)
class Period:
    """A stretch of years in words, empty for what has no date; its entries in order."""

    name: str
    events: tuple[Event, ...]


def history(edition: Edition) -> tuple[Period, ...]:
    """What happened, decade by decade; observances without a date come last. Nothing where it is too much."""
    if len(edition.events) > LISTED:
        return ()
    dated: list[tuple[int, Edtf, Event]] = []
    undated: list[Event] = []
    for event in edition.events:
        year = year_of(event.date) if event.date else None
        if event.date is None or year is None:
            undated.append(event)
        else:
            dated.append((year, event.date, event))
    dated.sort(key=lambda found: (found[0], found[1].bounds(), found[2].id))
    periods = [
        Period(_decade(edition, number), tuple(event for _, _, event in group))
        for number, group in groupby(dated, key=lambda found: found[0] // 10)
    ]
    return (*periods, *([Period("", tuple(undated))] if undated else []))


def year_of(date: Edtf) -> int | None:
    """The year at which a date stands in history, None where it is too vague or has none."""
    (first, *_), (last, *_) = date.bounds()
    if last - first <= _VAGUE:
        return first
    start, end = (getattr(date, name, None) for name in ("start", "end"))
    known = start or end
    return year_of(known) if known is not None and known is not date else None


def _decade(edition: Edition, number: int) -> str:
    first = parse_edtf(f"{edtf_year(number * 10)}/{edtf_year(number * 10 + 9)}")
    return LANGUAGES[edition.language].date(first, night=False)


def edtf_year(year: int) -> str:
    """A year as EDTF writes it; 0 is 1 BCE."""
    if abs(year) > 9999:
        return f"Y{year}"
    return f"-{-year:04}" if year < 0 else f"{year:04}"
