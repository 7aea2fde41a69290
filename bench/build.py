"""calfeed's build held against a naive script, side by side in one run: ratios, not times.

    python bench/build.py [--entries 10000] [--rounds 3]

Both sides write the whole calendar and its twelve categories as iCalendar, RSS and Atom, for the entries of one
catalogue (`catalogue.py`). calfeed also validates, keeps its ledger, reads back what it wrote, waits for the disk.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from bench import catalogue  # noqa: E402 - run by its path
from bench.measuring import Row, Usage, alternating, cpu, memory, tell_asked, used  # noqa: E402

NOW = ("2026-11-22T06:00:00+00:00", "2026-11-22T07:00:00+00:00", "2026-11-22T08:00:00+00:00")


def rows(entries: int, rounds: int) -> Iterator[Row]:
    """The goals of a build: cold, one per cent edited, nothing due."""
    with tempfile.TemporaryDirectory() as name:
        found = _measured(Path(name), entries, rounds)
    what = f"{entries:,} entries, 13 selections"
    yield Row(
        "P1", f"cold build, {what}: CPU to the naive script's", "0.10, aim 0.06", 0.10, cpu(found, "cold", "naive")
    )
    yield Row("P1", "the same: memory at most", "0.4", 0.4, memory(found, "cold", "naive"), 2)
    yield Row("P2", "one entry in a hundred edited: CPU", "0.04, aim 0.02", 0.04, cpu(found, "warm", "naive"))
    yield Row(
        "P3", "nothing due, nothing changed: CPU", "0.0065, aim 0.005", 0.0065, cpu(found, "quiet", "naive"), 4
    )


def _measured(folder: Path, entries: int, rounds: int) -> dict[str, list[Usage]]:
    text = "".join(catalogue.lines(entries))
    changed = catalogue.edited(text)
    numbers = iter(range(rounds))
    place = folder

    def naive() -> Usage:
        nonlocal place
        place = folder / str(next(numbers))
        (place / "naive").mkdir(parents=True)
        (place / "events.yaml").write_text(text, encoding="utf-8")
        return _ran("naive.py", place / "events.yaml", place / "naive")

    def published(at: str) -> Usage:
        return _ran("publish.py", place / "events.yaml", at)

    def warm() -> Usage:
        (place / "events.yaml").write_text(changed, encoding="utf-8")
        return published(NOW[1])

    cases = {"naive": naive, "cold": lambda: published(NOW[0]), "warm": warm, "quiet": lambda: published(NOW[2])}
    return alternating(rounds, cases)


def _ran(script: str, *arguments: object) -> Usage:
    return used([sys.executable, str(REPOSITORY / "bench" / script), *map(str, arguments)])


if __name__ == "__main__":
    tell_asked(rows, __doc__, entries=10_000, rounds=3)
