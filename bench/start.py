"""What calfeed takes to start, and to publish the real calendar whole, beside an interpreter that does nothing.

python bench/start.py [--rounds 9]
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from bench.measuring import CALFEED, Row, Usage, alternating, cpu, real_calendar, tell_asked, used  # noqa: E402 - run by its path

NOW = "2026-11-22T06:00:00Z"


def rows(rounds: int) -> Iterator[Row]:
    """The goals of the start and of the real calendar.

    Nothing is deleted between the builds: for half a minute ext4 looks at each inode that went before it gives out
    a new one. A thousand of them have cost a second.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        real_calendar(folder)

        def cold() -> Usage:
            empty = Path(tempfile.mkdtemp(dir=name))
            real_calendar(empty)
            return used([*CALFEED, "build", "--quiet", "--now", NOW], folder=empty)

        cases = {
            "pass": lambda: used([sys.executable, "-c", "pass"]),
            "help": lambda: used([*CALFEED, "--help"]),
            "check": lambda: used([*CALFEED, "check", "--quiet"], folder=folder),
            "upcoming": lambda: used([*CALFEED, "upcoming"], folder=folder),
            "cold": cold,
        }
        found = alternating(rounds, cases)
    beside = "CPU to that of `python -c pass`"
    yield Row("P5", f"the real calendar, everything, cold: {beside}", "80", 80, cpu(found, "cold", "pass"), 0)
    yield Row("P6", f"`calfeed --help`: {beside}", "5", 5, cpu(found, "help", "pass"), 1)
    yield Row("P6", f"`calfeed check`, real calendar: {beside}", "12", 12, cpu(found, "check", "pass"), 1)
    yield Row("P6", f"`calfeed upcoming`, real calendar: {beside}", "12", 12, cpu(found, "upcoming", "pass"), 1)


if __name__ == "__main__":
    tell_asked(rows, __doc__, rounds=9)
