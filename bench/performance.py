"""All goals in one run, as the table of docs/performance.md.

    python bench/performance.py [--entries 10000] [--rounds 5] [--write docs/performance.md]

Run it alone on the machine; what is compared runs side by side. Needs wrk and nginx for what is served.
"""

from __future__ import annotations

import argparse
import datetime as dt
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from bench import build, edit, growth, idle, serve, start  # noqa: E402 - run by its path
from bench.measuring import HEAD, Row  # noqa: E402

BEGIN, END = "<!-- figures -->\n", "<!-- /figures -->"


def rows(entries: int, rounds: int) -> Iterator[Row]:
    """Every goal, in order as far as they are measured together."""
    yield from build.rows(entries, rounds)
    yield from growth.rows(entries, 1)
    yield from start.rows(max(rounds, 9))
    yield from edit.rows(rounds)
    if shutil.which("wrk") and shutil.which("nginx"):
        yield from serve.rows(entries=min(entries, 1000), rounds=rounds)
    yield from idle.rows(min(entries, 1000))


def table(entries: int, rounds: int) -> str:
    """The table with a line on what it was measured on."""
    found = list(rows(entries, rounds))
    for row in found:
        print(row)
    commit = subprocess.run(  # noqa: S603
        [shutil.which("git") or "git", "describe", "--always", "--dirty"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    day = dt.datetime.now(dt.UTC).date()
    return (
        f"{day}, {platform.machine()}, Python {platform.python_version()}, commit {commit}: "
        f"{sum(row.is_reached for row in found)} of {len(found)} reached.\n\n{HEAD}"
        + "".join(f"{row}\n" for row in found)
    )


def main() -> None:
    """Print the table, and put it into a document."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    written = table(arguments.entries, arguments.rounds)
    if arguments.write:
        before, _, rest = arguments.write.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        arguments.write.write_text(f"{before}{BEGIN}{written}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
