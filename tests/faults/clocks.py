"""A wall clock that a test sets, under a real `calfeed`: libfaketime, with the offset in a file.

The monotonic clock stays real, as it does when an operator or NTP sets the wall clock, and after a suspend; faked
too, it would let Python wait for ever, since libfaketime 0.9.10 does not know sem_clockwait.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from calfeed.storage.status import Status, read_status
from tests.judges.programs import faketime
from tests.support import REPOSITORY, Workshop

# libfaketime 0.9.10 passes a wrong instant to clock_nanosleep while the monotonic clock is real, which is what
# time.sleep calls from Python 3.11 on: EINVAL. Python loads this file before anything else.
SLEEP = "import select, time\ntime.sleep = lambda seconds: select.select([], [], [], seconds)\n"

# `calfeed run`, which looks at the wall clock every second instead of every thirty.
QUICK = """
import sys
from pathlib import Path
from calfeed.asked import Options, Places
from calfeed.cli.logs import log_to_stderr
from calfeed.cli.options import clock
from calfeed.schedule import Pace, run
log_to_stderr("json", quiet=False)
folder = Path(sys.argv[1]).parent
run(Places(Path(sys.argv[1]), folder / "site", folder / "state"), Options(), clock=clock, pace=Pace(clock=1.0))
"""
OUTCOMES = ("published to ", "nothing is due ", "compiled to the same bytes")


@dataclass
class Running:
    """A `run` or `serve` on a workshop's calendar, and the wall clock that it and its builds see.

    `quick` has it look at that clock every second; else it is the command itself, which looks every thirty.
    """

    workshop: Workshop
    zone: ZoneInfo
    command: str = "run"
    quick: bool = False
    notes: list[str] = field(default_factory=list)
    child: subprocess.Popen[bytes] = field(init=False)

    @property
    def patience(self) -> float:
        """Seconds within which it notices that its clock was set, some seconds of a busy machine among them."""
        return 16.0 if self.quick else 45.0

    @property
    def log(self) -> Path:
        return self.workshop.folder / "log"

    def set(self, at: dt.datetime) -> None:
        """Set the wall clock; it goes on from there."""
        file = self.workshop.folder / "offset"
        draft = file.with_suffix(".new")
        draft.write_text(f"{round(at.timestamp() - time.time()):+d}\n")
        draft.replace(file)  # it is read at every look at the clock, and never half

    def now(self) -> dt.datetime:
        """What the wall clock shows."""
        offset = int((self.workshop.folder / "offset").read_text())
        return dt.datetime.fromtimestamp(time.time() + offset, dt.UTC)

    @contextmanager
    def started(self, at: dt.datetime) -> Iterator[Running]:
        """While the block runs; it has to end with 0 when told to, unless the block failed."""
        (self.workshop.folder / "sitecustomize.py").write_text(SLEEP)
        self.set(at)
        words = ["-c", QUICK] if self.quick else ["-m", "calfeed", self.command, "--log-format", "json"]
        words += ["--port", "0"] if self.command == "serve" else []
        command = [sys.executable, *words, str(self.workshop.places.events)]
        with self.log.open("wb") as log:
            self.child = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=log, env=self._environment(), start_new_session=True
            )
            try:
                yield self
                self.child.terminate()
                assert self.child.wait(20) == 0, self.log.read_text()
            finally:
                self.child.kill()
                self.child.wait()

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": f"{self.workshop.folder}:{REPOSITORY}",
            "LD_PRELOAD": str(faketime()),
            "FAKETIME_TIMESTAMP_FILE": str(self.workshop.folder / "offset"),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def status(self) -> Status | None:
        return read_status(self.workshop.places.state)

    def ledger(self) -> bytes:
        return (self.workshop.places.state / "ledger.json").read_bytes()

    def lines(self) -> list[tuple[dt.datetime, str]]:
        """What was logged when, by the clock that was faked then."""
        said = [
            json.loads(line) for line in self.log.read_text("utf-8").splitlines(keepends=True) if line[-1:] == "\n"
        ]
        return [(dt.datetime.fromisoformat(line["time"]), line["message"]) for line in said]

    def builds(self) -> list[dt.date]:
        """The civil day of each good build, published or quiet, in the order in which they came."""
        return [at.astimezone(self.zone).date() for at, words in self.lines() if words.startswith(OUTCOMES)]

    def noticed(self) -> int:
        """How often it noticed that its clock was set."""
        return sum(words.startswith("the clock was set") for _, words in self.lines())

    def until(self, condition: Callable[[], bool], seconds: float) -> float:
        """Wait until the condition holds, and give the seconds that it took."""
        began = time.monotonic()
        while not condition():
            waited = time.monotonic() - began
            assert self.child.poll() is None, f"it ended: {self.log.read_text()}"
            assert waited < seconds, f"not within {seconds:g} s; at {self.now()}: {self.log.read_text()[-2000:]}"
            time.sleep(0.05)  # between two looks
        return time.monotonic() - began
