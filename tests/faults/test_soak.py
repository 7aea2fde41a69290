"""Ten thousand releases of random edits, and readers all the time: nothing torn, mixed or leaked (F40, F66, G9).

A curator who never rests publishes in a process of its own (`gardener`), our server and nginx serve what stands,
and readers of every kind (`readers`) read without a pause. What they saw is held against what each release held
(`chronicle`). CALFEED_SOAK names another number of releases; by day they are few.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Protocol

import pytest

from tests.deploy.servers import file_server
from tests.faults.chronicle import Chronicle, Trail
from tests.faults.gardener import Taken, taken
from tests.faults.readers import (
    KEEP,
    PATHS,
    FolderReader,
    PathReader,
    SlowClient,
    SlowReader,
    Tags,
    WebReader,
    connected,
)
from tests.goals import Tally
from tests.judges import NGINX
from tests.serve.support import child, wait_until
from tests.support import REPOSITORY, Workshop, running

BUILDS = 10_000
BY_DAY = 15
GROWTH = 24 * 1024  # kilobytes: a leak of three a build would be 27 MB from the tenth part on
DESCRIPTORS = 8  # more at one moment than at another, with readers who come and go
DAY = 86_400.0  # each release is dated a second later than the one before, which is faster than time goes here


class Reader(Protocol):
    """Whoever reads, again and again."""

    trail: Trail

    def turn(self) -> None:
        """One piece of reading."""

    def close(self) -> None:
        """The end."""


@dataclass
class Soak:
    """What came of it; `took` is what the publisher and the server took after each release, `disk` in bytes."""

    releases: int = 0
    seen: int = 0
    wrong: list[str] = field(default_factory=list)
    took: list[tuple[Taken, Taken]] = field(default_factory=list)
    disk: list[int] = field(default_factory=list)
    kept: int = 0
    outlived: int = 0


def reads(reader: Reader, stop: threading.Event) -> None:
    """Until it is told to stop, or something breaks."""
    try:
        while not stop.is_set():
            reader.turn()
    except Exception as error:  # noqa: BLE001 - told by the main thread
        reader.trail.complain(f"broke off: {error!r}")
    finally:
        reader.close()


@contextmanager
def publisher(folder: Path, seed: int, builds: int) -> Iterator[subprocess.Popen[str]]:
    """The curator at work."""
    command = [sys.executable, "-P", "-m", "tests.faults.gardener", str(folder), str(seed), str(builds)]
    with running(command) as process:
        yield process


def web_readers(
    name: str, connect: Callable[[], object], tags: Tags, number: int, **kind: object
) -> list[WebReader]:
    """So many readers of one server, every second one on new connections now and then."""
    return [
        WebReader(Trail(f"{name} {turn}"), connect, Random(turn), tags, stays=turn % 2 == 0, **kind)  # type: ignore[arg-type]  # noqa: S311
        for turn in range(number)
    ]


def all_readers(site: Path, port: int, front: int | None, stop: threading.Event) -> list[Reader]:
    """One of each kind, and several of the server's."""
    ours = web_readers("serve", partial(connected, port), Tags(strong=True), 4)
    slow = SlowReader(Trail("slow"), partial(connected, port, kind=SlowClient, receive=4096), stop)
    paths = PathReader(Trail("through current"), site, Random(1))  # noqa: S311
    folders = [
        FolderReader(Trail("folder, locked" if locks else "folder"), site, Random(2), locks=locks, stop=stop)  # noqa: S311
        for locks in (True, False)
    ]
    theirs: list[WebReader] = []
    if front is not None:
        theirs = web_readers(
            "nginx", partial(connected, front), Tags(strong=False), 1, paths=PATHS, codings=("identity",)
        )
    return [*ours, slow, paths, *folders, *theirs]


def drained(process: subprocess.Popen[str], unusual: list[str]) -> None:
    """Take what a server says, which would stand still where nobody did; its log holds nothing unusual."""
    assert process.stdout is not None
    assert process.stderr is not None

    def take(lines: Iterable[str]) -> None:
        unusual.extend(line for line in lines if "serving release " not in line and line != "WATCHDOG=1\n")

    for stream in (process.stdout, process.stderr):
        threading.Thread(target=take, args=(stream,), daemon=True).start()


@dataclass
class Run:
    """A soak under way."""

    site: Path
    process: subprocess.Popen[str]
    stop: threading.Event = field(default_factory=threading.Event)
    chronicle: Chronicle = field(default_factory=Chronicle)
    readers: list[Reader] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)
    soak: Soak = field(default_factory=Soak)

    def watch(self, readers: list[Reader]) -> None:
        """Have them all read from now on."""
        self.readers = readers
        self.threads = [threading.Thread(target=reads, args=(reader, self.stop)) for reader in readers]
        for thread in self.threads:
            thread.start()

    def take(self) -> bool:
        """Wait for the next release and hold against it what was seen; False where there is none any more."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            return False
        told = json.loads(line)
        self.chronicle.add(told["name"], told["files"])
        *mine, disk = told["takes"]
        self.soak.took.append((Taken(*mine), Taken(0, 0)))
        self.soak.disk.append(disk)
        for reader in self.readers:
            reader.trail.judge(self.chronicle)
        self.chronicle.forget(min((reader.trail.newest for reader in self.readers), default=0))
        return True

    def end(self) -> None:
        """Until everybody who asks again and again has seen the last release."""
        last = self.chronicle.latest
        asking = [reader for reader in self.readers if isinstance(reader, WebReader | PathReader)]

        def seen() -> bool:
            for reader in asking:
                reader.trail.judge(self.chronicle)
            return all(reader.trail.newest == last or reader.trail.wrong for reader in asking)

        wait_until(seen, 20)

    def sum_up(self) -> None:
        """Once nobody reads any more."""
        soak, numbers = self.soak, self.chronicle.numbers
        soak.releases = self.chronicle.latest + 1
        for reader in self.readers:
            reader.trail.judge(self.chronicle, final=True)
            soak.seen += reader.trail.judged
            soak.wrong += reader.trail.wrong
            if isinstance(reader, FolderReader):
                soak.seen += reader.files
                soak.outlived += reader.outlived
                for name, stood in reader.pruned:
                    if numbers[stood] - numbers[name] < KEEP:
                        soak.wrong.append(f"{name}: went while it was kept")
        soak.kept = len(list((self.site / "releases").iterdir()))


@pytest.fixture(scope="module")
def soak(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Soak:
    """One long run; the tests below say what must have come of it."""
    nightly = request.config.getoption("--nightly")
    builds = int(os.environ.get("CALFEED_SOAK", "0")) or (BUILDS if nightly else BY_DAY)
    workshop, other = Workshop(tmp_path_factory.mktemp("soak")), tmp_path_factory.mktemp("nginx")
    with ExitStack() as stack:
        process = stack.enter_context(publisher(workshop.folder, 20, builds))
        found = Run(workshop.site, process)
        assert found.take(), process.communicate()[1]
        server, port = stack.enter_context(child(workshop.site, ahead=DAY))
        drained(server, found.soak.wrong)
        front = None
        if NGINX.missing() is None:
            front = stack.enter_context(contextmanager(file_server)("nginx", workshop.site, other)).port
        found.watch(all_readers(workshop.site, port, front, found.stop))
        try:
            while found.take():
                found.soak.took[-1] = found.soak.took[-1][0], taken(server.pid)
            found.end()
        finally:
            found.stop.set()
            for thread in found.threads:
                thread.join(60)
        assert process.wait(60) == 0, process.communicate()[1]
    found.sum_up()
    return found.soak


@pytest.mark.goal("G9", "releases of random edits, each with readers at work in every way there is")
def test_g9_ten_thousand_releases_are_published_under_readers(soak: Soak, tally: Tally) -> None:
    tally.add(soak.releases)
    assert soak.outlived, "nobody read a release for longer than it is kept"


@pytest.mark.goal("G9", "answers and files that they read: whole, never older than the last, right validators")
def test_g9_nothing_is_torn_or_mixed_and_no_validator_is_wrong(soak: Soak, tally: Tally) -> None:
    tally.add(soak.seen)
    assert soak.wrong == []
    assert soak.seen > soak.releases


@pytest.mark.goal("G9", "memory and descriptors of whoever publishes, serves or has builds made; the folder")
def test_f66_memory_descriptors_and_disk_stay_as_they_were(soak: Soak, tally: Tally) -> None:
    early, late = soak.took[len(soak.took) // 10], soak.took[-1]
    for who, before, after in zip(("publisher", "server"), early, late, strict=True):
        assert after.memory < before.memory + GROWTH, who
        assert after.descriptors <= before.descriptors + DESCRIPTORS, who
    assert soak.kept <= KEEP + 2  # those that a server and a reader hold among them
    assert soak.disk[-1] < 3 * max(soak.disk[: len(soak.disk) // 10 + 1])
    tally.add(soak.releases)


RUNNER = """
import sys
from pathlib import Path
from calfeed.asked import Places
from calfeed.schedule.keeper import Keeper
from calfeed.schedule.process import BuildProcess
from tests.faults.gardener import taken
from tests.support import NOW
folder, builds = Path(sys.argv[1]), int(sys.argv[2])
process = BuildProcess(["true"], folder, lambda: NOW)
keeper = Keeper(Places(folder / "events.yaml", folder / "site", folder), process)
for number in range(builds):
    keeper.owed = True
    assert keeper.tick(NOW)
    if number in (builds // 10, builds - 1):
        print(*vars(taken("self")).values())
"""


@pytest.mark.goal("G9", "memory and descriptors of whoever publishes, serves or has builds made; the folder")
def test_f66_whoever_has_builds_made_takes_no_more_after_many(
    tmp_path: Path, thorough: bool, tally: Tally
) -> None:
    builds = BUILDS if thorough else 100
    command = [sys.executable, "-P", "-c", RUNNER, str(tmp_path), str(builds)]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    early, late = (Taken(*map(int, line.split())) for line in done.stdout.splitlines())
    assert late.memory < early.memory + GROWTH
    assert late.descriptors == early.descriptors
    tally.add(builds)
