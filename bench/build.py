"""calfeed's build held against a naive script, side by side in one run: ratios, not times.

    python bench/build.py [--events 1000] [--rounds 3]

The naive script is what one would write in an afternoon: yaml.safe_load, icalendar and feedgen in a loop.
Both sides write the whole calendar and one category, as iCalendar, RSS and Atom, for the same events. calfeed
also validates, keeps its ledger, reads back what it wrote and waits for the disk; it alone writes pages,
events.json and the other files for programs, and five files for every entry, its calendar and feeds among them.
CPU time of a process of its own for each round, sides alternating; the medians and every round are printed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
NOW = "2026-11-22T06:00:00+00:00"
WORDS = "Sözlər ilə yazılmış uzun bir mətn, iki abzas, mənbələri ilə birlikdə. " * 6

NAIVE = """
import datetime as dt, sys, yaml, icalendar
from feedgen.feed import FeedGenerator
values = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
now = dt.datetime(2026, 11, 22, 6, tzinfo=dt.timezone.utc)
for name in ("all", "history"):
    calendar, feed = icalendar.Calendar(), FeedGenerator()
    calendar.add("prodid", "-//naive//"); calendar.add("version", "2.0")
    feed.id("tag:naive"); feed.title("Naive"); feed.link(href="https://calfeed.example/")
    feed.description("Naive")
    for event in values["events"]:
        month, day = (int(part) for part in str(event["date"]).split("-")[1:])
        for year in range(2025, 2032):
            start = dt.date(year, month, day)
            entry = icalendar.Event()
            entry.add("uid", f"{event['id']}-{year}"); entry.add("dtstamp", now)
            entry.add("dtstart", start); entry.add("dtend", start + dt.timedelta(days=1))
            entry.add("summary", event["title"]["en"])
            entry.add("description", event["description"]["en"])
            calendar.add_component(entry)
    for event in values["events"][:40]:
        item = feed.add_entry()
        item.id(event["id"]); item.title(event["title"]["en"]); item.description(event["description"]["en"])
        item.updated(now)
    open(f"{sys.argv[2]}/{name}.ics", "wb").write(calendar.to_ical())
    feed.rss_file(f"{sys.argv[2]}/{name}.rss"); feed.atom_file(f"{sys.argv[2]}/{name}.atom")
"""


def events_yaml(number: int) -> str:
    """A calendar of so many annual events, as YAML that both sides read."""
    events = [
        {
            "id": f"event-{index}",
            "title": {"en": f"Event {index}"},
            "description": {"en": f"{WORDS}\n\n{WORDS}"},
            "date": str(dt.date(1900, 1, 1) + dt.timedelta(days=index * 37 % 36000)).replace("-02-29", "-02-28"),
            "observed": "annual",
            "categories": ["history"],
            "claims": [
                {"source": key, "basis": "stated", "says": {"en": "It says so."}} for key in ("first", "second")
            ],
        }
        for index in range(number)
    ]
    head = {
        "version": "1",
        "title": {"en": "Bench"},
        "description": {"en": "Made for measuring."},
        "url": "https://calfeed.example/",
        "authority": "calfeed.example,2026",
        "timezone": "Asia/Baku",
        "languages": ["en"],
        "budget": {"events": "999999999", "bytes": "999999999"},
        "categories": {"history": {"title": {"en": "History"}}},
        "sources": {key: {"title": key, "publisher": "P"} for key in ("first", "second")},
    }
    return json.dumps({**head, "events": events}, ensure_ascii=False, indent=1)


def cpu_seconds(command: list[str]) -> float:
    """CPU time, user and system, of one process; children of ours run one at a time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)  # noqa: S603
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(number: int, rounds: int) -> dict[str, list[float]]:
    """CPU seconds of every round: naive, cold (no site, no state), one title edited, nothing due."""
    found: dict[str, list[float]] = {"naive": [], "cold": [], "edited": [], "quiet": []}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            path = folder / "events.yaml"
            text = events_yaml(number)
            path.write_text(text, encoding="utf-8")
            calfeed = [sys.executable, "-m", "calfeed", "build", str(path), "--quiet", "--now", NOW]
            found["naive"].append(cpu_seconds([sys.executable, "-c", NAIVE, str(path), name]))
            found["cold"].append(cpu_seconds(calfeed))
            path.write_text(text.replace('"Event 0"', '"Edited"'), encoding="utf-8")
            found["edited"].append(cpu_seconds(calfeed))
            found["quiet"].append(cpu_seconds(calfeed))
    return found


def main() -> None:
    """Print a table of medians and their ratio to the naive script."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    found = measure(arguments.events, arguments.rounds)
    naive = statistics.median(found["naive"])
    print(f"{arguments.events} events, CPU seconds, median of {arguments.rounds}, and ratio to the naive script")
    for name, seconds in found.items():
        median = statistics.median(seconds)
        print(f"{name:8}{median:9.3f}{median / naive:9.4f}   {' '.join(f'{value:.3f}' for value in seconds)}")


if __name__ == "__main__":
    main()
