"""Documents → a folder with a whole release in it, read back from the disk; nothing of it is visible yet."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from calfeed.domain.model import Document
from calfeed.errors import PublishError
from calfeed.storage import files, manifest
from calfeed.storage.manifest import Line, Placed
from calfeed.storage.verify import verify
from calfeed.storage.verify.calendars import Known


def make_staging(folder: Path) -> Path:
    """A new empty folder inside `folder`, where what an interrupted run left is removed."""
    files.remove_litter(folder, files.STAGING)
    staging = folder / f"{files.STAGING}{os.getpid()}"
    staging.mkdir()
    try:
        staging.chmod(files.FOLDER_MODE)
    except OSError:
        staging.rmdir()
        raise
    return staging


def fill(
    staging: Path, documents: Iterable[Document], *, before: Placed | None = None, read: Known | None = None
) -> Placed:
    """Write, read back and fsync every document, then the manifest; equal files of `before` are linked.

    `read` is what was read back before. The disk is waited for at the end: by then it has most of them, and to
    wait for each takes longer.
    Raises PublishError when one of them does not read back, OSError when it cannot be written.
    """
    known = {line.path: line for line in before.manifest} if before else {}
    filling = _Filling(str(staging), before, known, dict(read or {}))
    lines: list[Line] = []
    warnings: list[str] = []
    for document in documents:
        lines.append(filling.write(document))
        warnings += document.warnings
    written = manifest.written(lines)
    files.write_new(staging / manifest.NAME, [written], wait=False)
    for path in filling.fresh:
        files.sync_file(path)
    files.sync_file(staging / manifest.NAME)
    for folder in reversed(filling.folders):
        files.sync_folder(Path(folder))
    return Placed(manifest.digest(written), tuple(lines), staging, tuple(warnings))


@dataclass
class _Filling:
    """A folder that is filled: `known` are the files of the release before.

    `read` is what the verifier found so far, `fresh` are the files that are not links to old ones, `folders` those
    that are there, each before those in it. Names are text: to make a Path of each takes as long as its file.
    """

    folder: str
    before: Placed | None
    known: Mapping[str, Line]
    read: Known
    fresh: list[str] = field(default_factory=list)
    folders: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folders[self.folder] = None

    def write(self, document: Document) -> Line:
        """Write one document (or link the equal one of the release before) and read it back."""
        path = _safe(document.path)
        target = f"{self.folder}/{path}"
        self._make(target.rpartition("/")[0])
        passing, known = _Passing(document.chunks), self.known.get(path)
        if known is None or self.before is None:
            files.write_new(target, passing, wait=False)
            self.fresh.append(target)
        elif not _linked(passing.sha256, known, f"{self.before.path}/{path}", target):
            files.write_new(target, document.chunks, wait=False)
            self.fresh.append(target)
        events = None if document.entries is None else len(document.entries)
        line = Line(path, document.media_type, passing.size, passing.sha256, events)
        with open(target, "rb") as file:  # noqa: PTH123 - see above
            if hashlib.file_digest(file, "sha256").hexdigest() != line.sha256:
                raise PublishError(f"{target}: the disk gives back other bytes than were written")
            file.seek(0)
            verify(path, file, document.entries, self.read)
        return line

    def _make(self, folder: str) -> None:
        """Make a folder below this one, and those above it, unless it is there."""
        if folder not in self.folders:
            self._make(folder.rpartition("/")[0])
            files.make_new_folder(folder)
            self.folders[folder] = None


class _Passing:
    """Octets that pass by once, and what they were when they have."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._digest = hashlib.sha256()
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.size += len(chunk)
            self._digest.update(chunk)
            yield chunk

    @property
    def sha256(self) -> str:
        """The digest of all of them, in hexadecimal, passed by or not."""
        for _ in self:
            pass
        return self._digest.hexdigest()


def _linked(sha256: str, known: Line, old: str, target: str) -> bool:
    """Make a hard link to an equal file of the release before; False where a copy is needed."""
    if known.sha256 != sha256:
        return False
    try:
        if files.sha256(old) != sha256:
            return False  # somebody touched the published file: write it anew
        os.link(old, target)
    except OSError:  # no hard links there, or the old file is gone
        return False
    return True


def _safe(path: str) -> str:
    """The path, which stays below the folder that it is in."""
    if {"", ".", ".."}.intersection(path.split("/")) or "\\" in path or "\0" in path:
        raise PublishError(f"{path!r}: not a path below the site")
    return path
