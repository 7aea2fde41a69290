"""A catalogue ten times as large: what it takes beside the smaller one, side by side in one run.

    python bench/growth.py [--entries 10000] [--rounds 1]

It takes some minutes, and a gigabyte of memory where the larger one has 100,000 entries.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from bench.build import NOW  # noqa: E402 - run by its path
from bench.measuring import Row, Usage, alternating, cpu, tell_asked, used  # noqa: E402

TIMES = 10
_KINDS = {"cold": "cold build", "warm": "one entry in a hundred edited", "quiet": "nothing due, nothing changed"}


def rows(entries: int, rounds: int) -> Iterator[Row]:
    """The goals of growth."""
    with tempfile.TemporaryDirectory() as name:
        found = _measured(Path(name), entries, rounds)
    what = f"{TIMES * entries:,} entries to {entries:,}"
    for kind, told in _KINDS.items():
        ratio = cpu(found, f"{kind} large", f"{kind} small")
        yield Row("P4", f"{told}: CPU of {what}", str(TIMES), TIMES, ratio, 1)
    most = [usage.memory for usage in found["cold large"]]
    yield Row("P4", f"cold build of {TIMES * entries:,} entries: MB", "500", 500, most, 0)


def _measured(folder: Path, entries: int, rounds: int) -> dict[str, list[Usage]]:
    """What builds took; catalogues are made by programs of their own.

    The memory that a process is said to have held begins with what its parent holds when it is made.
    """
    numbers = iter(range(rounds))
    place = folder
    for size, number in (("small", entries), ("large", TIMES * entries)):
        with (folder / f"{size}.yaml").open("wb") as file:
            _run("catalogue.py", number, output=file)

    def published(size: str, at: str, *, edit: bool = False) -> Usage:
        events = place / size / "events.yaml"
        if edit:
            _run("catalogue.py", "--edit", events)
        return used([sys.executable, str(REPOSITORY / "bench" / "publish.py"), str(events), at])

    def first() -> Usage:
        nonlocal place
        place = folder / str(next(numbers))
        for size in ("small", "large"):
            (place / size).mkdir(parents=True)
            shutil.copy(folder / f"{size}.yaml", place / size / "events.yaml")
        return published("small", NOW[0])

    cases: dict[str, Callable[[], Usage]] = {
        "cold small": first,
        "cold large": partial(published, "large", NOW[0]),
        "warm small": partial(published, "small", NOW[1], edit=True),
        "warm large": partial(published, "large", NOW[1], edit=True),
        "quiet small": partial(published, "small", NOW[2]),
        "quiet large": partial(published, "large", NOW[2]),
    }
    return alternating(rounds, cases)


def _run(script: str, *arguments: object, output: BinaryIO | None = None) -> None:
    command = [sys.executable, str(REPOSITORY / "bench" / script), *map(str, arguments)]
    subprocess.run(command, check=True, stdout=output)  # noqa: S603


if __name__ == "__main__":
    tell_asked(rows, __doc__, entries=10_000, rounds=1)
