"""Documents → a folder with a whole release in it, read back from the disk; nothing of it is visible yet."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

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
    filling = _Filling(staging, before, known, dict(read or {}))
    lines: list[Line] = []
    warnings: list[str] = []
    for document in documents:
        lines.append(filling.write(document))
        warnings += document.warnings
    written = manifest.written(lines)
    files.write_new(staging / manifest.NAME, [written], wait=False)
    for path in (*filling.fresh, staging / manifest.NAME):
        files.sync_file(path)
    for folder, _, _ in os.walk(staging, topdown=False):
        files.sync_folder(Path(folder))
    return Placed(manifest.digest(written), tuple(lines), staging, tuple(warnings))


@dataclass
class _Filling:
    """A folder that is filled: `known` are the files of the release before.

    `fresh` are those that are not links to them, `read` what the verifier found so far, `folders` those that are
    there.
    """

    folder: Path
    before: Placed | None
    known: Mapping[str, Line]
    read: Known
    fresh: list[Path] = field(default_factory=list)
    folders: set[Path] = field(default_factory=set)

    def write(self, document: Document) -> Line:
        """Write one document (or link the equal one of the release before) and read it back."""
        path = _safe(document.path)
        size, digest = 0, hashlib.sha256()
        for chunk in document.chunks:
            size += len(chunk)
            digest.update(chunk)
        events = None if document.entries is None else len(document.entries)
        line = Line(document.path, document.media_type, size, digest.hexdigest(), events)
        target = self.folder / path
        if target.parent not in self.folders:
            files.make_folder(target.parent)
            self.folders.add(target.parent)
        if self.before is None or not _linked(line, self.known.get(line.path), self.before.path / path, target):
            files.write_new(target, document.chunks, wait=False)
            self.fresh.append(target)
        with target.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != line.sha256:
                raise PublishError(f"{target}: the disk gives back other bytes than were written")
            file.seek(0)
            verify(document.path, file, document.entries, self.read)
        return line


def _linked(line: Line, known: Line | None, old: Path, target: Path) -> bool:
    """Make a hard link to an equal file of the release before; False where a copy is needed."""
    if known is None or known.sha256 != line.sha256:
        return False
    try:
        if files.sha256(old) != line.sha256:
            return False  # somebody touched the published file: write it anew
        target.hardlink_to(old)
    except OSError:  # no hard links there, or the old file is gone
        return False
    return True


def _safe(path: str) -> PurePosixPath:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or not pure.parts or "\\" in path or "\0" in path:
        raise PublishError(f"{path!r}: not a path below the site")
    return pure
