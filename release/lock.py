"""The lists in `requirements/`: what is installed, in which version, by which hashes, and for whose sake."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LISTS = ROOT / "requirements"
PROJECT = "calfeed (pyproject.toml)"  # how a list names us

_PINNED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)(?: ; ([^\\]+?))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Locked:
    """One line of a list: `hashes` are SHA-256 of the files that may be installed, `via` who asks for it.

    `marker` says where it is installed (PEP 508), empty for everywhere.
    """

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    via: tuple[str, ...]


def read_list(path: Path) -> list[Locked]:
    """What a list of `requirements/compile` holds; raises ValueError for a line that is none of its own.

    So there is none without a hash, and none that says where from: no address and no option of pip.
    """
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    found: list[Locked] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("#"):
            found[-1:] = [_with_via(found[-1], line)] if found else []
        elif line.strip():
            found.append(_locked(line, f"{path.name}, entry {number}"))
    return found


def _locked(line: str, place: str) -> Locked:
    pinned, *hashes = re.split(r"\s+(?=--)", line.strip())
    match = _PINNED.fullmatch(pinned.strip())
    digests = [_HASH.fullmatch(word.strip()) for word in hashes]
    if match is None or not digests or not all(digests):
        raise ValueError(f"{place}: not a version with its hashes: {line.strip()[:80]!r}")
    return Locked(match[1], match[2], match[3] or "", tuple(sorted(d[1] for d in digests if d)), ())


def _with_via(locked: Locked, comment: str) -> Locked:
    """The line with whoever a comment below it names: `# via click`, or one name on each line."""
    who = comment.strip(" #").removeprefix("via").strip()
    if not who or who.startswith("-"):
        return locked
    return Locked(locked.name, locked.version, locked.marker, locked.hashes, (*locked.via, who))
