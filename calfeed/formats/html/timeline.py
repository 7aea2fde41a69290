"""A picture of the history: a dot for each entry above the years, where nothing happened the years are cut out.

Only numbers are worked out here; the template draws them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from calfeed.domain.edtf import parse_edtf
from calfeed.domain.model import Edition, Event
from calfeed.domain.occurrences import placement
from calfeed.domain.wording import LANGUAGES
from calfeed.formats.html.history import LISTED, edtf_year, year_of

_WIDTH = 960.0  # all lengths are in units of the picture
_MARGIN = 22.0
_STEP = 10.0  # between the centres of two dots
_GAP = 34.0  # the place of years that are cut out
_EMPTY = 25  # years without an entry that are cut out
_TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_ROOM = 58.0  # what a year in figures needs below the line


@dataclass(frozen=True)
class Dot:
    """An entry; `exact` where it has days of its own."""

    x: float
    y: float
    event: Event
    exact: bool


@dataclass(frozen=True)
class Tick:
    """A year named below the line."""

    x: float
    year: str


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn; `base` is the height of the line, `cuts` are the places of years left out."""

    width: float
    height: float
    base: float
    radius: float
    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    cuts: tuple[float, ...]


@dataclass(frozen=True)
class _Scale:
    """Years → places: runs of years with entries, each with its first place, and what one year is wide."""

    runs: tuple[tuple[int, int], ...]
    unit: float
    mirrored: bool

    @property
    def together(self) -> int:
        """How many years share a column, so that dots do not lie on one another."""
        return max(1, round(_STEP / self.unit))

    def x(self, run: int, years: float) -> float:
        """The place of so many years after the beginning of a run."""
        before = sum((last + 1 - first) * self.unit + _GAP for first, last in self.runs[:run])
        place = _MARGIN + before + years * self.unit
        return round(_WIDTH - place if self.mirrored else place, 1)

    def run_of(self, year: int) -> int:
        """The run that a year lies in."""
        return next(number for number, (_, last) in enumerate(self.runs) if year <= last)


def timeline(edition: Edition) -> Picture | None:
    """The picture of an edition; None where less than three entries have a year, or more than anybody can see."""
    found: dict[int, list[Event]] = defaultdict(list)
    for event in edition.events:
        year = year_of(event.date) if event.date else None
        if year is not None:
            found[year].append(event)
    if not 3 <= sum(map(len, found.values())) <= LISTED:
        return None
    scale = _scale(sorted(found), mirrored=LANGUAGES[edition.language].direction == "rtl")
    columns = _columns(found, scale)
    step = min(_STEP, 190 / max(len(column) for _, column in columns))
    base = step * max(len(column) for _, column in columns) + 8
    radius = min(step, scale.unit * scale.together) * 0.44
    dots = tuple(
        Dot(x, round(base - step * (number + 0.6), 1), event, placement(event) == "day")
        for x, column in columns
        for number, event in enumerate(column)
    )
    cuts = tuple(scale.x(run, -_GAP / 2 / scale.unit) for run in range(1, len(scale.runs)))
    return Picture(
        _WIDTH, round(base + 24, 1), round(base, 1), round(radius, 2), dots, _ticks(scale, edition.language), cuts
    )


def _scale(years: list[int], *, mirrored: bool) -> _Scale:
    runs = [[years[0], years[0]]]
    for year in years[1:]:
        if year - runs[-1][1] > _EMPTY:
            runs.append([year, year])
        runs[-1][1] = year
    wide = _WIDTH - 2 * _MARGIN - _GAP * (len(runs) - 1)
    unit = wide / sum(last + 1 - first for first, last in runs)
    return _Scale(tuple((first, last) for first, last in runs), unit, mirrored)


def _columns(found: dict[int, list[Event]], scale: _Scale) -> list[tuple[float, list[Event]]]:
    """Entries above one another, years together where they would lie closer than a dot is wide."""
    columns: dict[tuple[int, int], list[Event]] = defaultdict(list)
    for year in sorted(found):
        run = scale.run_of(year)
        columns[run, (year - scale.runs[run][0]) // scale.together] += found[year]
    return [(scale.x(run, (number + 0.5) * scale.together), column) for (run, number), column in columns.items()]


def _ticks(scale: _Scale, language: str) -> tuple[Tick, ...]:
    every = next((tick for tick in _TICKS if tick * scale.unit >= _ROOM), _TICKS[-1])
    found = []
    for run, (first, last) in enumerate(scale.runs):
        named = [year for year in range(first, last + 1) if year % every == 0] or [first]
        found += [Tick(scale.x(run, year + 0.5 - first), _figures(year, language)) for year in named]
    return tuple(found)


def _figures(year: int, language: str) -> str:
    """Plain figures; years before Christ in words, as everywhere else."""
    return str(year) if year > 0 else LANGUAGES[language].date(parse_edtf(edtf_year(year)), night=False)
