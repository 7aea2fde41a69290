"""From the moment an edit is saved until `calfeed serve` shows it, beside what the build of it takes.

python bench/edit.py [--rounds 5]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from bench.measuring import CALFEED, Row, real_calendar, tell_asked, used  # noqa: E402 - run by its path
from bench.serve import free_port  # noqa: E402

_OFTEN = 0.02  # seconds between two looks
_PATIENCE = 120.0


def rows(rounds: int) -> Iterator[Row]:
    """How much longer than a build it takes until readers see an edit, in seconds."""
    with tempfile.TemporaryDirectory() as name:
        served, built = Path(name) / "served", Path(name) / "built"
        for folder in (served, built):
            folder.mkdir()
            real_calendar(folder)
        _build(built)
        with _serving(served) as address:
            more = [_seen(served, address, number) - _built(built, number) for number in range(rounds)]
    yield Row("P5", "a saved edit until `serve` shows it: seconds more than its build", "1", 1, more, 2)


def _edit(folder: Path, number: int) -> None:
    path = folder / "events.yaml"
    text = path.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("title:"))
    other = f"title: {{en: Edition {number}}}"
    path.write_text(text.replace(line, other, 1), encoding="utf-8")


def _seen(folder: Path, address: str, number: int) -> float:
    """Edit, and wait until it is served."""
    _edit(folder, number)
    began = time.monotonic()
    while f"Edition {number}" not in _calendar(address):
        if time.monotonic() - began > _PATIENCE:
            raise SystemExit("the edit was never served")
        time.sleep(_OFTEN)
    return time.monotonic() - began


def _built(folder: Path, number: int) -> float:
    """Edit the other copy, and build it."""
    _edit(folder, number)
    began = time.monotonic()
    _build(folder)
    return time.monotonic() - began


def _build(folder: Path) -> None:
    used([*CALFEED, "build", "--quiet"], folder=folder)


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    """A server on a port of this machine, once it serves."""
    port = free_port()
    command = [*CALFEED, "serve", "--port", str(port), "--quiet"]
    process = subprocess.Popen(command, cwd=folder, env={"PYTHONPATH": str(REPOSITORY)})  # noqa: S603
    address = f"http://127.0.0.1:{port}/calendar.ics"
    try:
        began = time.monotonic()
        while "BEGIN:VCALENDAR" not in _calendar(address) and time.monotonic() - began < _PATIENCE:
            time.sleep(_OFTEN)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _calendar(address: str) -> str:
    """What is served there, nothing before anybody does."""
    with suppress(OSError), urlopen(address, timeout=10) as answer:  # noqa: S310 - a server of our own
        return str(answer.read().decode())
    return ""


if __name__ == "__main__":
    tell_asked(rows, __doc__, rounds=5)
