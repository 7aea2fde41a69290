"""`manifest.json`: every file of a release with its size and digest; its own digest is the release's name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from calfeed.errors import RefusedError, printable
from calfeed.frozen import frozen

NAME = "manifest.json"
_DIGEST_LENGTH = 32
_UNFOLLOWED = frozenset(["robots.txt"])  # asked for by programs at the root of a host, where there may be none


@frozen
class Line:
    """One file; `size` in bytes, `events` is None where the file is no list of entries."""

    path: str
    media_type: str
    size: int
    sha256: str
    events: int | None


@frozen
class Release:
    """What readers see at one moment: its name, and its files."""

    digest: str
    manifest: tuple[Line, ...]


@frozen
class Placed(Release):
    """A release in a folder of this machine; `warnings` are those of its documents."""

    path: Path
    warnings: tuple[str, ...] = ()


@frozen
class Whole:
    """A release that stands with all its files; `stamp` is another as soon as somebody touches one of them."""

    digest: str
    stamp: str | None


def written(lines: Iterable[Line]) -> bytes:
    """The bytes of a manifest, the same for equal lines in any order."""
    values = {"version": 1, "files": [vars(line) for line in sorted(lines, key=lambda line: line.path)]}
    return json.dumps(values, ensure_ascii=False, indent=1).encode() + b"\n"


def parse(data: bytes) -> tuple[Line, ...]:
    """Read a manifest; raises ValueError when it is not as `written` writes it."""
    try:
        values = json.loads(data)["files"]
        if not all(isinstance(line["path"], str) and isinstance(line["size"], int) for line in values):
            raise ValueError("not a manifest: paths are texts and sizes are numbers")
        return tuple(Line(**line) for line in values)
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a manifest: {error}") from error


def digest(data: bytes) -> str:
    """The name of the release that these bytes are the manifest of."""
    return hashlib.sha256(data).hexdigest()[:_DIGEST_LENGTH]


def guard_paths(known: Iterable[Line], paths: Iterable[str], *, allow_removal: bool) -> None:
    """Refuse a release in which a published path is missing, but for one that nobody follows."""
    gone = sorted({line.path for line in known} - set(paths) - _UNFOLLOWED)
    if gone and not allow_removal:
        shown = ", ".join(map(printable, gone[:10])) + (f" and {len(gone) - 10} more" if len(gone) > 10 else "")
        raise RefusedError(
            f"published addresses would go: {shown}; whoever follows them would be left with a dead "
            f"address; put back what was renamed or deleted, or allow it with --allow-removal"
        )
