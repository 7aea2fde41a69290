"""Files made to hang, to fill the memory or to crash a reader, and a process of its own to read them in.

`python -m tests.storage.bombs` reads every one of them in a process of its own, under a limit of memory and of
time, and writes a line of JSON for each: what it was told, what it took, or what killed it.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any

from calfeed.errors import SourceError
from calfeed.storage.source import read_calendar

MEMORY = 600 * 1024**2  # of addresses, which a process has more of than it uses
CLOCK = 60  # seconds on the wall, where others work too
SECONDS = 2  # of work
MEGABYTES = 300  # that a process uses, Python and calfeed among them
_MUCH = 1_000_000  # bytes, more or less: what takes squared time takes minutes


def _repeated(piece: str, before: str = "", after: str = "") -> bytes:
    return (before + piece * (_MUCH // len(piece.encode())) + after).encode()


def _billion_laughs() -> bytes:
    lines = ["a0: &a0 [lol, lol]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    return "\n".join(lines).encode()


def _merge_bomb() -> bytes:
    lines = ["a0: &a0 {k: v}"] + [f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 40)]
    return "\n".join(lines).encode()


def _numbered(line: str) -> bytes:
    return "".join(line.format(n) for n in range(_MUCH // len(line))).encode()


# Name, file, line of the first problem, and what its message says.
BOMBS: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "25,000 brackets": (lambda: b"version: 1\nevents: " + b"[" * 25_000, 2, "nested more than"),
    "25,000 braces": (lambda: b"version: 1\nevents: " + b"{a: " * 25_000, 2, "nested more than"),
    "25,000 question marks": (lambda: b"version: 1\nevents:\n" + b"? " * 25_000, 3, "a key must be one word"),
    "25,000 hyphens": (lambda: b"version: 1\nevents:\n  " + b"- " * 25_000, 3, "nested more than"),
    "25,000 indentations": (
        lambda: b"".join(b" " * n + b"a:\n" for n in range(1500)),
        11,
        "nested more than",
    ),
    "brackets for ever": (lambda: _repeated("[", "events: "), 1, "nested more than"),
    "aliases of aliases": (_billion_laughs, 1, "the anchor"),
    "merges of merges": (_merge_bomb, 1, "the anchor"),
    "anchors": (lambda: _numbered("- &a{} x\n"), 1, "the anchor"),
    "digits": (lambda: _repeated("9", "version: 1\nnotice_days: "), 2, "too many digits"),
    "digits with underscores": (lambda: _repeated("1_", "version: 1\nnotice_days: ", "1"), 2, "whole number"),
    "sexagesimal": (lambda: _repeated("1:", "version: 1\nnotice_days: ", "1"), 2, "whole number"),
    "exponent": (lambda: b"version: 1\nnotice_days: 1e999999999", 2, "whole number"),
    "long date": (lambda: _repeated("9", "events:\n- date: "), 2, "is not an EDTF date"),
    "long rule": (lambda: _repeated("a", "events:\n- observed: "), 2, "is not a rule"),
    "long zone": (lambda: _repeated("a", "timezone: "), 1, "is not a time zone"),
    "long key": (lambda: _repeated("a", "? ", "\n: b"), 1, "is not a key"),
    "long address": (lambda: _repeated("a", "url: https://"), 1, "does not end with a slash"),
    "long address of hyphens": (lambda: _repeated("-", "url: https://a"), 1, "is not a web address"),
    "long authority": (lambda: _repeated("a.", "authority: "), 1, "is not an authority"),
    "long text of spaces": (lambda: _repeated(" ", "url: 'a", "a'"), 1, "is not a web address"),
    "items on one line": (lambda: _repeated("a,", "events: [", "]"), 1, "more than 20,000 items"),
    "items on their lines": (lambda: _repeated("- a\n", "events:\n"), 20_002, "more than 20,000 items"),
    "empty mappings": (lambda: _repeated("{},", "events: [", "]"), 1, "more than 20,000 items"),
    "keys": (lambda: _numbered("k{}: x\n"), 20_001, "more than 20,000 items"),
    "one key": (lambda: _repeated("a: b\n"), 2, "stands here and on line"),
    "values in lists": (
        lambda: b"events:\n" + (b"- [" + b"a," * 60 + b"]\n") * 8200,
        8198,
        "more than 500,000 values",
    ),
    "empty lines": (lambda: _repeated("\n"), 1, "the file is empty"),
    "spaces": (lambda: _repeated(" "), 1, "the file is empty"),
    "comments": (lambda: _repeated("#\n"), 1, "the file is empty"),
    "tabs": (lambda: _repeated("\t\n"), 1, "a tab"),
    "no-break spaces": (lambda: _repeated("\u00a0"), 1, "no-break"),
    "NULs": (lambda: _repeated("\0"), 1, "control character"),
    "escaped controls": (lambda: _repeated("\\0", 'version: "', '"'), 1, "control character"),
    "direction marks": (lambda: _repeated("\u202e"), 1, "direction mark"),
    "merge markers": (lambda: _repeated("<<<<<<< x\n"), 1, "unfinished merge"),
    "line separators": (lambda: _repeated("\u2028", "version: 'a", "a'"), 1, "version cannot be"),
    "next lines": (lambda: _repeated("\x85", "version: 'a", "a'"), 1, "version cannot be"),
    "accents in a heap": (lambda: _repeated("\u0315\u0300", "version: a"), 1, "accents"),
    "byte order marks": (lambda: _repeated("\ufeff"), 1, "byte order mark"),
    "documents": (lambda: _repeated("---\n"), 2, "second document"),
    "bytes of no character": (lambda: b"version: 1\n" + b"\xff" * _MUCH, 2, "not UTF-8"),
    "more than 10 MiB": (lambda: b"#" * (10 * 1024**2 + 1), 0, "more than 10,485,760 bytes"),
}


def _read(name: str) -> dict[str, object]:
    make, _, _ = BOMBS[name]
    data = make()
    problems: list[str] = []
    lines: list[int] = []
    try:
        read_calendar(data, file="bomb.yaml")
    except SourceError as error:
        problems = [f"{problem.message}; {problem.hint}" for problem in error.problems]
        lines = [problem.location.line for problem in error.problems]
    return {
        "name": name,
        "longest": max(map(len, problems), default=0),
        "problems": [[line, text] for line, text in zip(lines, problems, strict=True)][:50],
        "number": len(problems),
    }


def _read_apart(name: str) -> dict[str, Any]:
    """What a process of its own finds, and what it took: seconds of work, and megabytes at its largest."""
    receiver, sender = os.pipe()
    child = os.fork()
    if not child:
        signal.alarm(CLOCK)
        os.write(sender, json.dumps(_read(name)).encode())
        os._exit(0)
    os.close(sender)
    with os.fdopen(receiver) as told:
        found = told.read()
    _, status, usage = os.wait4(child, 0)
    values = json.loads(found) if found else {"killed": os.waitstatus_to_exitcode(status)}
    return {**values, "seconds": usage.ru_utime + usage.ru_stime, "megabytes": usage.ru_maxrss // 1024}


def _tried_again(name: str, tries: int) -> dict[str, Any]:
    """The first of so many tries that took no longer than it may: where others work too, work takes longer."""
    found = _read_apart(name)
    return found if found["seconds"] <= SECONDS or tries == 1 else _tried_again(name, tries - 1)


def main() -> None:
    """Read every bomb, each in a process that is killed when it takes too long or too much."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for name in BOMBS:
        sys.stdout.write(json.dumps({"name": name, **_tried_again(name, 3)}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
