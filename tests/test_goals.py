"""The figures are what the tests counted: points, losses, skips, and the table that says so."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from tests.goals import BEGIN, END, Figure, line_of, spread, with_lines
from tests.support import REPOSITORY

TESTS = """
import pytest
from tests.goals import spread

@pytest.mark.goal("G2", "counted")
@pytest.mark.parametrize("side", [0, 1])
def test_counted(side, tally, thorough):
    for point in spread(range(10), 3, thorough=thorough):
        with tally.point(f"point {point}"):
            assert point != 9 or side, "it was cut"

@pytest.mark.goal("G1", "itself")
def test_itself():
    pass

@pytest.mark.nightly
@pytest.mark.goal("G10", "by night")
def test_by_night():
    pytest.skip("no night here")

@pytest.mark.goal("G11", "not here")
def test_not_here(tally):
    pytest.skip("there is none here")

@pytest.mark.goal("G2", "broken")
def test_broken(tally):
    tally.add(7)
    raise ValueError("broken")
"""
DOCUMENT = (
    f"Before.\n\n{BEGIN}| goal | what |\n|---|---|\n| G2 | counted | 0 |\n| G3 | kept | 5 |\n{END}\nAfter.\n"
)


def run(folder: Path, *arguments: str) -> str:
    """What pytest says of those tests."""
    (folder / "test_them.py").write_text(TESTS)
    command = [sys.executable, "-P", "-m", "pytest", "-p", "tests.goals", "-p", "no:cacheprovider", "-q"]
    found = subprocess.run(
        [*command, "-c", "/dev/null", "--rootdir", str(folder), str(folder), *arguments],
        cwd=REPOSITORY,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout + found.stderr


def test_by_day_some_points_are_tried_and_what_is_lost_is_told(tmp_path: Path) -> None:
    said = run(tmp_path)
    assert "1 of 3 points lost" in said
    assert "point 9: it was cut" in said
    assert "1 deselected" in said
    assert "figures" not in said


def test_by_night_every_point_is_tried_and_the_table_is_written(tmp_path: Path) -> None:
    document = tmp_path / "figures.md"
    document.write_text(DOCUMENT)
    said = run(tmp_path, "--nightly", "--figures", str(document), "-n", "2")
    found = document.read_text()
    rows = [row for row in found.splitlines() if row.startswith("| G")]
    assert all(row in said for row in rows if "kept" not in row)
    assert [row.split("|")[1:5] for row in rows] == [
        [" G1 ", " itself ", " 1 ", " 1 "],
        [" G2 ", " broken ", " 8 ", " 7 "],
        [" G2 ", " counted ", " 20 ", " 19 "],
        [" G3 ", " kept ", " 5 ", ""],
        [" G10 ", " by night ", " – ", " – "],
        [" G11 ", " not here ", " – ", " – "],
    ]
    assert rows[-2].endswith("not tried: no night here |")
    assert "no point was tried" not in said
    assert found.startswith("Before.")
    assert found.endswith("After.\n")


def test_a_document_without_a_table_is_left_as_it_is() -> None:
    row = line_of("G1", "what", Figure(tried=2_000, survived=2_000, seconds=7_000), dt.date(2026, 11, 22))
    assert row.startswith("| G1 | what | 2,000 | 2,000 | 117 min | 2026-11-22, ")
    with pytest.raises(ValueError, match="no table"):
        with_lines("nothing", {("G1", "what"): row})


def test_some_points_are_spread_over_all() -> None:
    assert list(spread(range(100), 4, thorough=False)) == [0, 33, 66, 99]
    assert len(spread(range(100), 4, thorough=True)) == 100
    assert list(spread([1, 2], 4, thorough=False)) == [1, 2]
