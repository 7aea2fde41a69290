"""What subscribers cost: a year of the calendar, built day by day, and programs that poll it.

    python bench/polling.py [--days 366] [--events events.yaml]

For every published file the days on which its bytes changed are counted; a program that asks with the validator
of its last copy gets a 304 unless the file changed in between. Programs that ask without one (some do) get the
whole file each time, and are counted apart. Head and body bytes are those of `calfeed serve`, measured on
loopback with gzip accepted; the intervals are what the programs are known to do, as docs/clients.md tells.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import itertools
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from calfeed.asked import Places  # noqa: E402 - run by its path
from calfeed.build import build  # noqa: E402
from calfeed.serve.shelf import compressor  # noqa: E402

START = dt.datetime(2026, 11, 22, 0, 20, tzinfo=dt.timezone(dt.timedelta(hours=4)))
HEAD_304 = 362  # bytes: status line and headers of a 304
HEAD_200 = 465  # bytes: those of a 200
WATCHED = ("calendar.ics", "categories/khojaly/calendar.ics", "feed.rss", "feed.atom", "index.html")

# name: hours between two polls, whether it sends validators
PROGRAMS: Mapping[str, tuple[float, bool]] = {
    "Thunderbird (30 min)": (0.5, True),
    "Outlook.com (3 h)": (3.0, True),
    "Google (12 h)": (12.0, True),
    "Apple (daily)": (24.0, True),
    "Apple (weekly)": (168.0, True),
    "feed reader (1 h)": (1.0, True),
    "any, without validators (12 h)": (12.0, False),
}

# An assumption, not a measurement: which share of the subscribers uses which program.
MIX = {"Apple (daily)": 0.40, "Google (12 h)": 0.35, "Outlook.com (3 h)": 0.20, "Thunderbird (30 min)": 0.05}
SUBSCRIBERS = (100_000, 100_000_000)
BUSY = 10  # how many times the average a busy second may be: programs like round hours


def main() -> None:
    """Build the year and print three tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--days", type=int, default=366)
    parser.add_argument("--events", type=Path, default=REPOSITORY / "events.yaml")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        digests, sizes = year(arguments.events, Path(folder), arguments.days)
    print(f"| file | bytes | gzip | days of {arguments.days} on which it changed |")
    print("|---|---|---|---|")
    for path, (size, small) in sizes.items():
        print(f"| `{path}` | {size:,} | {small:,} | {changes(digests[path])} |")
    print()
    print("| program, reading `calendar.ics` | polls | 304 | bytes a year for one subscriber |")
    print("|---|---|---|---|")
    for name, (hours, validates) in PROGRAMS.items():
        polls, fresh = polled(digests["calendar.ics"], hours, validates=validates)
        moved = fresh * (HEAD_200 + sizes["calendar.ics"][1]) + (polls - fresh) * HEAD_304
        print(f"| {name} | {polls:,} | {1 - fresh / polls:.2%} | {moved:,} |")
    print()
    print("| subscribers | requests a day | a second (busy) | bytes a day | more on a day of change |")
    print("|---|---|---|---|---|")
    for number in SUBSCRIBERS:
        polls = round(number * sum(share * 24 / PROGRAMS[name][0] for name, share in MIX.items()))
        change = number * (HEAD_200 - HEAD_304 + sizes["calendar.ics"][1])
        a_second = f"{polls / 86400:,.0f} ({BUSY * polls / 86400:,.0f})"
        print(f"| {number:,} | {polls:,} | {a_second} | {polls * HEAD_304:,} | {change:,} |")


def year(events: Path, folder: Path, days: int) -> tuple[dict[str, list[str]], dict[str, tuple[int, int]]]:
    """The digest of each watched file on each day, and its size on the last one, plain and packed."""
    places = Places(events, folder / "site", folder / "state")
    current = folder / "site" / "current"
    digests: dict[str, list[str]] = {path: [] for path in WATCHED}
    for day in range(days):
        build(places, START + dt.timedelta(days=day))
        for path, found in digests.items():
            found.append(hashlib.sha256((current / path).read_bytes()).hexdigest())
    data = {path: (current / path).read_bytes() for path in digests}
    return digests, {path: (len(body), packed(body)) for path, body in data.items()}


def packed(body: bytes) -> int:
    """How many bytes `calfeed serve` makes of it."""
    press = compressor()
    return len(press.compress(body)) + len(press.flush())


def changes(digests: list[str]) -> int:
    """On how many days the file was another than the day before."""
    return sum(one != other for one, other in itertools.pairwise(digests))


def polled(digests: list[str], hours: float, *, validates: bool) -> tuple[int, int]:
    """Polls in all those days, the first included, and how many of them were answered with the whole file."""
    polls = max(1, int(len(digests) * 24 / hours))
    if not validates:
        return polls, polls
    seen = [digests[int(number * hours / 24)] for number in range(polls)]
    return polls, 1 + changes(seen)


if __name__ == "__main__":
    main()
