"""What a command costs, and how that is told: ratios of what ran side by side, never seconds."""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

REPOSITORY = Path(__file__).resolve().parent.parent
CALFEED = (sys.executable, "-P", "-c", "from calfeed.__main__ import main; main()")  # as the script does it
_Told = TypeVar("_Told")


@dataclass(frozen=True)
class Usage:
    """CPU seconds, user and system, of a process with those that it waited for; its memory at most, in MB."""

    cpu: float
    memory: float


@dataclass(frozen=True)
class Row:
    """A line of the table: what was asked for, and what came out in every round."""

    goal: str
    work: str
    asked: str
    most: float
    reached: Sequence[float]
    digits: int = 3
    least: bool = False  # whether more is better

    def __str__(self) -> str:
        middle = statistics.median(self.reached)
        spread = f"{min(self.reached):.{self.digits}f}–{max(self.reached):.{self.digits}f}"
        verdict = "yes" if self.is_reached else "no"
        cells = (self.goal, self.work, self.asked, f"{middle:.{self.digits}f}", spread, verdict)
        return f"| {' | '.join(cells)} |"

    @property
    def is_reached(self) -> bool:
        """Whether the median is on the right side."""
        middle = statistics.median(self.reached)
        return middle >= self.most if self.least else middle <= self.most


HEAD = """\
| goal | work | asked for | median | spread | reached |
|---|---|---|---|---|---|
"""


def tell(rows: Iterable[Row]) -> None:
    """Print the table, row by row as they come."""
    print(HEAD, end="")
    for row in rows:
        print(row)


def tell_asked(rows: Callable[..., Iterable[Row]], doc: str | None, **standard: int) -> None:
    """Print the table of `rows`, with numbers from the command line in place of the standard ones."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, number in standard.items():
        parser.add_argument(f"--{name}", type=int, default=number)
    tell(rows(**vars(parser.parse_args())))


def real_calendar(folder: Path) -> None:
    """Put the real calendar there, with its translations."""
    shutil.copy(REPOSITORY / "events.yaml", folder)
    shutil.copytree(REPOSITORY / "translations", folder / "translations")


def used(command: Sequence[str], *, folder: Path | None = None) -> Usage:
    """Run a command to its end, alone; raises CalledProcessError where it fails.

    Modules are compiled once, as by whoever installs them, and not at each start, whatever the environment says.
    """
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen(  # noqa: S603
        command, env=environment, cwd=folder or REPOSITORY, stdout=subprocess.DEVNULL
    )
    _, status, told = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Usage(told.ru_utime + told.ru_stime, told.ru_maxrss / 1024)


def alternating(rounds: int, cases: Mapping[str, Callable[[], _Told]]) -> dict[str, list[_Told]]:
    """What each case told in every round; the cases take turns, so that all see the same weather."""
    found: dict[str, list[_Told]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, run in cases.items():
            found[name].append(run())
    return found


def cpu(found: Mapping[str, Sequence[Usage]], name: str, beside: str) -> list[float]:
    """The ratio of CPU time, round by round."""
    return [one.cpu / other.cpu for one, other in zip(found[name], found[beside], strict=True)]


def memory(found: Mapping[str, Sequence[Usage]], name: str, beside: str) -> list[float]:
    """The ratio of memory, round by round."""
    return [one.memory / other.memory for one, other in zip(found[name], found[beside], strict=True)]
