"""What it costs to write all-day events as one .ics file: calfeed beside the libraries one would take instead.

    python bench/peers.py [--entries 10000] [--rounds 3]

Every library has a script of its own (`bench/peers/by_*`) that is given the same JSON, made of the texts of one
catalogue (`catalogue.py`), and writes what its interface has of the same fourteen properties. Each is a new
process, they take turns, and what is told is CPU time as a ratio to that of the icalendar package. Every script
measures its own, of the writing alone (`writing.py`), so that no runtime's start counts; what a runtime compiles
or collects meanwhile does. Afterwards the icalendar package reads each file: all events must be there.

icalendar comes with calfeed. A library that is not there is named below the table; to have them all:

    pip install ics==0.7.3 vobject==0.9.9   (into a copy of the environment; no test needs ics)
    npm ci --prefix bench/peers             (Node.js 22 or later, and a compiler of C++ for @hebcal/icalendar)
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import icalendar
import yaml

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

import calfeed  # noqa: E402 - run by its path
from bench import catalogue  # noqa: E402
from bench.measuring import alternating  # noqa: E402
from bench.writing import Item  # noqa: E402

FOLDER = REPOSITORY / "bench" / "peers"
MEASURE = "icalendar"
YEAR = 2026
STAMP = "2026-11-22T06:00:00Z"
HEAD = """\
| library | version | CPU to icalendar's, median | spread |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Peer:
    """A library: its script, how its version is asked for (None where it is not there), and how to get it."""

    name: str
    script: str
    version: Callable[[], str | None]
    how: str = ""

    def fault(self, *paths: Path) -> str | None:
        """Why it cannot be measured, found out with a file of entries to try: not there, or it does not run."""
        if self.version() is None:
            return f"not found: {self.how}"
        tried = _run(self.command(*paths))
        return f"does not run: {_error(tried.stderr)}" if tried.returncode else None

    def command(self, *paths: Path) -> list[str]:
        """What runs its script."""
        runtime = sys.executable if self.script.endswith(".py") else _node() or "node"
        return [runtime, str(FOLDER / self.script), *map(str, paths)]


def _python(name: str, script: str, how: str = "") -> Peer:
    def version() -> str | None:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            return None

    return Peer(name, script, version, how)


def _npm(name: str, script: str) -> Peer:
    def version() -> str | None:
        package = FOLDER / "node_modules" / name / "package.json"
        if _node() is None or not package.exists():
            return None
        return str(json.loads(package.read_bytes())["version"])

    return Peer(name, script, version, "npm ci --prefix bench/peers")


def _node() -> str | None:
    return shutil.which("node")


PEERS = (
    _python(MEASURE, "by_icalendar.py"),
    Peer("calfeed", "by_calfeed.py", lambda: calfeed.__version__),
    _python("ics", "by_ics.py", "pip install ics==0.7.3"),
    _python("vobject", "by_vobject.py", "pip install vobject==0.9.9"),
    _npm("ical.js", "by_icaljs.mjs"),
    _npm("ical-generator", "by_ical_generator.mjs"),
    _npm("@hebcal/icalendar", "by_hebcal.mjs"),
)


def items(entries: int) -> list[Item]:
    """The entries of the catalogue, on their days of one year."""
    values = yaml.load("".join(catalogue.lines(entries)), Loader=yaml.CSafeLoader)
    titles = {slug: category["title"]["en"] for slug, category in values["categories"].items()}
    found = [_item(event, values["url"], titles) for event in values["events"]]
    return sorted(found, key=lambda item: (item["start"], item["uid"]))


def _item(event: dict[str, Any], url: str, titles: Mapping[str, str]) -> Item:
    day = event["date"].replace(year=YEAR)
    return Item(
        uid=f"{event['id']}-{YEAR}@calfeed.example",
        summary=event["title"]["en"],
        description=event["description"]["en"],
        start=day.isoformat(),
        end=day.fromordinal(day.toordinal() + 1).isoformat(),
        url=f"{url}events/{event['id']}/",
        categories=[titles[slug] for slug in event["categories"]],
        created=STAMP,
        modified=STAMP,
        sequence=0,
    )


def measured(
    peers: Sequence[Peer], folder: Path, given: Sequence[Item], rounds: int
) -> tuple[dict[str, list[float]], list[str]]:
    """CPU seconds of each peer in every round; and what was not right with the files of the last one."""
    source = _source(folder, given)

    def case(peer: Peer) -> Callable[[], float]:
        return lambda: _seconds(peer.command(source, _target(folder, peer)))

    found = alternating(rounds, {peer.name: case(peer) for peer in peers})
    uids = {item["uid"] for item in given}
    return found, [told for peer in peers for told in _missing(peer.name, _target(folder, peer), uids)]


def _source(folder: Path, given: Sequence[Item]) -> Path:
    path = folder / f"{len(given)}.json"
    path.write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    return path


def _target(folder: Path, peer: Peer) -> Path:
    return folder / f"{peer.script}.ics"


def _seconds(command: Sequence[str]) -> float:
    """What a script says that its writing took."""
    done = _run(command)
    if done.returncode:
        raise SystemExit(done.stderr)
    return float(done.stdout)


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment)  # noqa: S603


def _error(told: str) -> str:
    """The line of a traceback that names the error: the last in Python, somewhere in the middle in Node.js."""
    return next((line for line in reversed(told.splitlines()) if "Error" in line), told.strip())


def _missing(name: str, path: Path, uids: set[str]) -> Iterator[str]:
    """What the icalendar package does not find again in a file."""
    try:
        events = icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    except ValueError as error:
        yield f"{name}: unreadable to icalendar: {error}"
        return
    found = {str(event.get("uid")) for event in events}
    if len(events) != len(uids) or found != uids:
        yield f"{name}: {len(events):,} events, {len(uids & found):,} of the {len(uids):,} asked for"


def row(peer: Peer, ratios: Sequence[float]) -> str:
    """A line of the table."""
    spread = f"{min(ratios):.3f}–{max(ratios):.3f}"
    return f"| {peer.name} | {peer.version()} | {statistics.median(ratios):.3f} | {spread} |"


def tell(entries: int, rounds: int) -> None:
    """Print the table, and below it what was not right and what is not in it."""
    given = items(entries)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tried = _source(folder, given[:1])
        # Whatever is installed but cannot be loaded shows with one entry, before the others have run for minutes.
        faults = {peer.name: peer.fault(tried, _target(folder, peer)) for peer in PEERS}
        there = [peer for peer in PEERS if faults[peer.name] is None]
        if PEERS[0] not in there:
            raise SystemExit(f"{MEASURE}: {faults[MEASURE]}")
        found, wrong = measured(there, folder, given, rounds)
    print(HEAD, end="")
    for peer in there:
        print(row(peer, [one / other for one, other in zip(found[peer.name], found[MEASURE], strict=True)]))
    print(f"\n{entries:,} all-day events; {', '.join(_runtimes())}")
    for told in [*wrong, *(f"{name}: {fault}" for name, fault in faults.items() if fault)]:
        print(told)


def _runtimes() -> Iterator[str]:
    yield f"Python {platform.python_version()}"
    if node := _node():
        yield f"Node.js {_run([node, '--version']).stdout.strip()}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    tell(arguments.entries, arguments.rounds)


if __name__ == "__main__":
    main()
