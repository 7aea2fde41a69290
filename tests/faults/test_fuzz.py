"""Whatever comes in ends in a value or in a problem (rows F14 to F28): changed files, by the thousand and million.

By day every reader reads some files changed by chance, the same every time. With `--nightly` atheris looks for
more, led by the code that a file runs through: ten million reads, which take some hours on one core.
`CALFEED_FUZZ_READS` asks for another number, `CALFEED_FUZZ_PROCESSES` for more processes at once.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from calfeed.errors import SourceError
from calfeed.storage.source import read_calendar
from tests.faults.targets import TARGETS, made, read_in_time, seeds_of, tried
from tests.goals import Tally
from tests.support import REPOSITORY

MEGABYTES = 300  # of the whole process, with what it remembers of millions of files
STUCK = 60  # seconds of the clock, on a machine that does other things too; seconds of work are counted beside
READS = {  # by night, and by day
    "events": (3_000_000, 700),
    "translations": (1_000_000, 400),
    "edtf": (2_500_000, 4000),
    "ledger": (1_000_000, 1500),
    "manifest": (500_000, 1000),
    "status": (500_000, 300),
    "request": (1_500_000, 4000),
}


def test_the_reads_of_a_night_are_ten_million_and_leave_no_reader_out() -> None:
    assert READS.keys() == TARGETS.keys()
    assert sum(by_night for by_night, _ in READS.values()) == 10_000_000


@pytest.mark.goal("G5", "reads of changed files: each ends in a value or in problems with their place")
@pytest.mark.parametrize("name", TARGETS)
def test_changed_file_ends_in_a_value_or_in_a_problem(
    name: str, tally: Tally, thorough: bool, tmp_path: Path
) -> None:
    by_night, by_day = READS[name]
    if thorough:
        _looked_for(name, by_night, tally, tmp_path)
        return
    tally.lost += tried(name, by_day)
    tally.add(by_day)


def _looked_for(name: str, reads: int, tally: Tally, folder: Path) -> None:
    """Let atheris read so many files, in one process or in several, and count what they say they read."""
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed: it comes for Linux on x86-64, and for Python 3.11 to 3.13, alone")
    reads = int(os.environ.get("CALFEED_FUZZ_READS", "10000000")) * reads // 10_000_000
    processes = int(os.environ.get("CALFEED_FUZZ_PROCESSES", "1"))
    with ThreadPoolExecutor(processes) as pool:
        each = pool.map(lambda seed: _fuzzed(name, reads // processes, seed, folder), range(1, processes + 1))
        for code, said in each:
            done = re.search("^stat::number_of_executed_units: *([0-9]+)", said, re.MULTILINE)
            tally.add(int(done[1]) if done else 0)
            tally.lost += [said[-4000:]] if code else []


def _fuzzed(name: str, reads: int, seed: int, folder: Path) -> tuple[int, str]:
    corpus = folder / str(seed)
    corpus.mkdir()
    limits = [f"-runs={reads}", f"-seed={seed}", f"-timeout={STUCK}", f"-rss_limit_mb={MEGABYTES}"]
    limits += ["-max_len=40000", "-verbosity=0", "-print_final_stats=1"]
    command = [sys.executable, "-m", "tests.faults.fuzz_reader", name, str(corpus), *limits]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    found = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    return found.returncode, (found.stdout + found.stderr).decode(errors="replace")


# That something is tried at all


def test_a_number_makes_the_same_file_again() -> None:
    for name in TARGETS:
        assert [made(name, number) for number in range(20)] == [made(name, number) for number in range(20)]


@pytest.mark.parametrize("name", TARGETS)
def test_what_a_reader_begins_with_holds(name: str) -> None:
    for seed in seeds_of(name):
        read_in_time(name, seed)


def test_files_to_begin_with_are_calendars_and_so_are_some_changed_ones() -> None:
    assert all(_is_read(seed) for seed in seeds_of("events"))
    assert sum(_is_read(made("events", number)) for number in range(200)) > 5


def _is_read(data: bytes) -> bool:
    try:
        return bool(read_calendar(data, file="f").calendar.events)
    except SourceError:
        return False
