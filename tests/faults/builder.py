"""A process that has loaded everything and forks a child for each build, so that thousands of them can be tried.

    python -m tests.faults.builder

reads a JSON line for each build: the `arguments` of the command line, the file that takes its `output`, and a
`gate`, a FIFO that the child reads one byte from before it begins, so that somebody can watch it from its first
call on. It answers with the child's number and, when it has ended, with its exit code; what was killed has the
negative number of the signal, as in subprocess.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from calfeed.cli import main as command_line
from calfeed.storage.source import piecewise
from tests.support import NOW, REPOSITORY, Workshop, event


@dataclass(frozen=True)
class Ended:
    """How a build ended, and what it said."""

    code: int
    said: str


@dataclass
class Builder:
    """The process, seen from the tests; one build at a time."""

    process: subprocess.Popen[str]
    folder: Path
    gate: int

    def build(self, arguments: Sequence[str], watch: Callable[[int], object] = lambda _: None) -> Ended:
        """Build by the command line; `watch` is told the number of the process before it does anything."""
        output = self.folder / "output"
        asked = {"arguments": ["build", *arguments], "output": str(output), "gate": str(self.folder / "gate")}
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        number = self._answer()
        watch(number)
        os.write(self.gate, b"!")
        code = self._answer()
        with suppress(BlockingIOError):  # it was killed before it came in
            os.read(self.gate, 1)
        return Ended(code, output.read_text(encoding="utf-8", errors="replace"))

    def _answer(self) -> int:
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())


@contextmanager
def started(folder: Path) -> Iterator[Builder]:
    """A builder that keeps its own files in this folder."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-P", "-m", "tests.faults.builder"]
    os.mkfifo(folder / "gate")
    gate = os.open(folder / "gate", os.O_RDWR | os.O_NONBLOCK)  # for both, so neither waits for one that is gone
    pipe = subprocess.PIPE
    try:
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) as process:
            yield Builder(process, folder, gate)
            assert process.stdin is not None
            process.stdin.close()
    finally:
        os.close(gate)


def main() -> None:
    """Answer each line until there is none; something is kept of the smallest calendar, so that is tried too."""
    piecewise.FEWEST = 1
    with tempfile.TemporaryDirectory() as warm:
        workshop = Workshop(Path(warm))
        for title in ("Cold", "Warm"):
            workshop.write(event(title={"en": title}))
            _build(["build", "-q", str(workshop.places.events), "--now", NOW.isoformat()])
    for line in sys.stdin:
        asked = json.loads(line)
        number = os.fork()
        if number == 0:
            _child(asked["arguments"], asked["output"], asked["gate"])
        print(number, flush=True)  # noqa: T201 - the answer
        print(os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]), flush=True)  # noqa: T201


def _child(arguments: list[str], output: str, gate: str) -> None:
    """Build, and never come back."""
    said = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(said, 1)
    os.dup2(said, 2)
    with open(gate, "rb", buffering=0) as opened:  # noqa: PTH123 - unbuffered
        opened.read(1)
    code = _build(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _build(arguments: list[str]) -> int:
    """The exit code of the command line; 1, after its traceback, for what it does not expect."""
    try:
        command_line(arguments)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 0
    except BaseException:  # noqa: BLE001 - told as Python itself would tell it
        traceback.print_exc()
    return 1


if __name__ == "__main__":
    main()
