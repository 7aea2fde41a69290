"""What the tests of faults prove, as figures: points tried, points survived, time.

A test that belongs to a goal says so, with the goal and what is tried:

    @pytest.mark.goal("G1", "kill -9 at every call of a first build")
    def test_…(tally: Tally, thorough: bool) -> None:
        for call in spread(calls, 40, thorough=thorough):
            with tally.point(f"call {call}"):
                …

An AssertionError within a point is noted, and the other points are tried all the same; the test fails at its end.
A test that takes no tally is one point itself. In the everyday run `thorough` is False, and a test tries some of
its points, spread over all of them; with `--nightly` it tries them all, and so are tests marked `nightly` that are
too slow to be tried in part. `./run faults` is that, prints the table and writes it to `docs/reliability.md`.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import pytest

from calfeed import __version__

Key: TypeAlias = tuple[str, str]
_Point = TypeVar("_Point")

BEGIN, END = "<!-- figures -->\n", "<!-- /figures -->\n"
_SHOWN = 10
_SKIPPED = pytest.StashKey[bool]()


@dataclass
class Tally:
    """Counts the points that a test tries, and notes those that are not survived."""

    tried: int = 0
    lost: list[str] = field(default_factory=list)

    @contextmanager
    def point(self, name: str) -> Iterator[None]:
        """One point: what is asserted within it holds, or it is lost."""
        self.tried += 1
        try:
            yield
        except AssertionError as error:
            self.lost.append(f"{name}: {error}")

    def add(self, tried: int) -> None:
        """So many points at once, all survived: what counts them has looked at each."""
        self.tried += tried


@dataclass
class Figure:
    """A line of the table: seconds are those of all its tests together."""

    tried: int = 0
    survived: int = 0
    seconds: float = 0.0
    skipped: str = ""


def spread(points: Sequence[_Point], number: int, *, thorough: bool) -> Sequence[_Point]:
    """All points, or so many of them, evenly over the whole, the first and the last among them.

    `CALFEED_POINTS` makes a night shorter: no test tries more than so many then.
    """
    number = int(os.environ.get("CALFEED_POINTS", len(points))) if thorough else number
    if len(points) <= number:
        return points
    return [points[index * (len(points) - 1) // (number - 1)] for index in range(number)]


@pytest.fixture
def thorough(request: pytest.FixtureRequest) -> bool:
    """Whether every point is to be tried, however long it takes."""
    return bool(request.config.getoption("--nightly"))


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """Counts the points of the test that asks for it."""
    counted = Tally()
    yield counted
    request.node.user_properties.append(("points", (counted.tried, counted.tried - len(counted.lost))))
    more = len(counted.lost) - _SHOWN
    lost = [*counted.lost[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]
    assert not lost, f"{len(counted.lost)} of {counted.tried} points lost:\n" + "\n".join(lost)
    assert counted.tried or request.node.stash.get(_SKIPPED, False), "no point was tried"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note that a test could not be tried here."""
    report = yield
    item.stash[_SKIPPED] = report.skipped
    return report


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--nightly` and `--figures FILE`."""
    parser.addoption("--nightly", action="store_true", help="try every point, however long it takes")
    parser.addoption("--figures", type=Path, metavar="FILE", help="write the figures into the table in FILE")


def pytest_configure(config: pytest.Config) -> None:
    """The markers, and the table that is filled while tests report."""
    config.addinivalue_line("markers", "goal(goal, what): a figure of docs/reliability.md, and what is tried")
    config.addinivalue_line("markers", "nightly: only with --nightly, since it cannot be tried in part")
    config.pluginmanager.register(_Table(config), "figures")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave nightly tests out by day, and tell the reports of the others which goal they belong to."""
    if not config.getoption("--nightly"):
        nightly = [item for item in items if item.get_closest_marker("nightly")]
        config.hook.pytest_deselected(items=nightly)
        items[:] = [item for item in items if item not in set(nightly)]
    for item in items:
        if marker := item.get_closest_marker("goal"):
            item.user_properties += [
                ("goal", marker.args),
                ("counts", "tally" in getattr(item, "fixturenames", ())),
            ]


class _Table:
    """Adds up what the tests report, those of other processes too."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.figures: dict[Key, Figure] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Each phase of each test: what it took, and at its end what it counted."""
        said: dict[str, Any] = dict(report.user_properties)
        if "goal" not in said:
            return
        goal, what = said["goal"]
        figure = self.figures.setdefault((goal, what), Figure())
        figure.seconds += report.duration
        if report.skipped:
            figure.skipped = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        elif report.when == "call" and (report.failed or not said["counts"]):
            self._add(figure, 1, int(report.passed))
        elif report.when == "teardown" and "points" in said:
            tried, survived = said["points"]
            self._add(figure, tried, survived)

    def _add(self, figure: Figure, tried: int, survived: int) -> None:
        figure.tried += tried
        figure.survived += survived

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """The table, where it is complete."""
        if not self.figures or not self.config.getoption("--nightly"):
            return
        day = dt.datetime.now(dt.UTC).date()
        lines = {key: line_of(*key, figure, day) for key, figure in self.figures.items()}
        terminalreporter.section("figures")
        for key in sorted(lines, key=_order):
            terminalreporter.write_line(lines[key])
        if path := self.config.getoption("--figures"):
            path.write_text(with_lines(path.read_text(encoding="utf-8"), lines), encoding="utf-8")


def line_of(goal: str, what: str, figure: Figure, day: dt.date) -> str:
    """A figure as a row of a Markdown table."""
    if not figure.tried:
        return f"| {goal} | {what} | – | – | – | {day}, not tried: {figure.skipped.removeprefix('Skipped: ')} |"
    seconds = f"{figure.seconds:,.0f} s" if figure.seconds < 600 else f"{figure.seconds / 60:,.0f} min"
    return f"| {goal} | {what} | {figure.tried:,} | {figure.survived:,} | {seconds} | {day}, {__version__} |"


def with_lines(text: str, lines: Mapping[Key, str]) -> str:
    """A document with these rows in its table, in the place of what it said of the same before."""
    before, _, rest = text.partition(BEGIN)
    table, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"there is no table between {BEGIN.strip()} and {END.strip()}")
    head, rows = table.splitlines()[:2], table.splitlines()[2:]
    known = {_key(row): row for row in rows} | dict(lines)
    body = [known[key] for key in sorted(known, key=_order)]
    return before + BEGIN + "\n".join([*head, *body]) + "\n" + end + after


def _key(row: str) -> Key:
    goal, what = (cell.strip() for cell in row.split("|")[1:3])
    return goal, what


def _order(key: Key) -> tuple[int, str]:
    number = re.search(r"\d+", key[0])
    return (int(number[0]) if number else 0, key[1])
