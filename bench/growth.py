"""A catalogue ten times as large: what it takes beside the smaller one, side by side in one run.

    python bench/growth.py [--entries 10000] [--rounds 1]

It takes some minutes, and two gigabytes of memory where the larger one has 100,000 entries.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from bench import catalogue  # noqa: E402 - run by its path
from bench.build import NOW  # noqa: E402
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
    texts = {"small": "".join(catalogue.lines(entries)), "large": "".join(catalogue.lines(TIMES * entries))}
    numbers = iter(range(rounds))
    place = folder

    def published(size: str, at: str, text: str | None) -> Usage:
        if text is not None:
            (place / size).mkdir(exist_ok=True)
            (place / size / "events.yaml").write_text(text, encoding="utf-8")
        script = REPOSITORY / "bench" / "publish.py"
        return used([sys.executable, str(script), str(place / size / "events.yaml"), at])

    def first() -> Usage:
        nonlocal place
        place = folder / str(next(numbers))
        place.mkdir()
        return published("small", NOW[0], texts["small"])

    cases: dict[str, Callable[[], Usage]] = {
        "cold small": first,
        "cold large": partial(published, "large", NOW[0], texts["large"]),
        "warm small": partial(published, "small", NOW[1], catalogue.edited(texts["small"])),
        "warm large": partial(published, "large", NOW[1], catalogue.edited(texts["large"])),
        "quiet small": partial(published, "small", NOW[2], None),
        "quiet large": partial(published, "large", NOW[2], None),
    }
    return alternating(rounds, cases)


if __name__ == "__main__":
    tell_asked(rows, __doc__, entries=10_000, rounds=1)
