"""Faults by counting: strace watches the calls of a build and spoils one of them.

Nothing is left to chance: the first call is spoiled, then the second, and so on to the last of an undisturbed
build. strace counts each kind of call by itself, so a call is known by its name and its number among those of
that name. A process that is killed is killed at the entry of the call: all that it did before is done.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.builder import Builder, Ended
from tests.judges import program

KILL = "signal=KILL"
# What changes a disk, or what a change begins with; reading is among it, since it shares `openat`.
CHANGING = frozenset(
    (
        *(
            "openat",
            "write",
            "fsync",
            "ftruncate",
            "mkdir",
            "rename",
            "link",
            "symlink",
            "unlink",
            "unlinkat",
            "rmdir",
        ),
        *("chmod", "fchmod", "utimensat", "flock"),
    )
)
_MEMORY = frozenset(("brk", "mmap", "munmap", "mremap", "madvise", "mprotect"))  # how many differs each time


def error(name: str) -> str:
    """The effect of a call that fails with this error and does nothing."""
    return f"error={name}"


@dataclass(frozen=True)
class Call:
    """The `number`th call of this name, from 1 on, and how strace wrote it."""

    name: str
    number: int
    text: str

    def __str__(self) -> str:
        return f"{self.name} {self.number}: {self.text}"


def calls_of(builder: Builder, arguments: Sequence[str]) -> list[Call]:
    """Every call of an undisturbed build, in order, but those that only ask for memory."""
    log = builder.folder / "calls"
    ended = _traced(builder, arguments, "-o", str(log), "-s", "200")
    assert ended.code == 0, ended.said
    counted: Counter[str] = Counter()
    found = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        name = line.partition("(")[0]
        if name.isidentifier() and name not in _MEMORY | {"exit_group"}:
            counted[name] += 1
            found.append(Call(name, counted[name], line))
    return found


def changing(calls: Sequence[Call], folder: Path) -> list[Call]:
    """Those that change something; what is opened elsewhere is Python's own and calfeed's code."""
    return [
        call for call in calls if call.name in CHANGING and (call.name != "openat" or str(folder) in call.text)
    ]


@dataclass(frozen=True)
class Spoiled:
    """How the build ended, and whether it had shown its release by then: a link was renamed to `current`."""

    ended: Ended
    shown: bool


def spoiled(builder: Builder, arguments: Sequence[str], call: Call, effect: str) -> Spoiled:
    """Build once; that call suffers the effect."""
    log = builder.folder / "calls"
    inject = f"--inject={call.name}:{effect}:when={call.number}"
    ended = _traced(builder, arguments, "-o", str(log), "-s", "200", f"--trace={call.name},rename", inject)
    shown = re.search(
        r'^rename\(.*/current"\) = 0$', log.read_text(encoding="utf-8", errors="replace"), re.MULTILINE
    )
    return Spoiled(ended, shown is not None)


def _wait_for_its_gate(number: int) -> None:
    """Wait until a child that does nothing yet waits to be let go."""
    stat = Path(f"/proc/{number}/stat")
    while stat.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[0] != "S":
        os.sched_yield()


def _traced(builder: Builder, arguments: Sequence[str], *how: str) -> Ended:
    tracers = []

    def watch(number: int) -> None:
        _wait_for_its_gate(number)  # else strace would count the call that waits there, or not
        command = [str(program("strace")), *how, "-p", str(number)]
        tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert tracer.stderr is not None
        first = tracer.stderr.readline()
        assert "attached" in first, first + tracer.stderr.read()
        tracers.append(tracer)

    ended = builder.build(arguments, watch)
    for tracer in tracers:
        tracer.communicate()
    return ended
