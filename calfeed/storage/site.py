"""Documents → a release, swapped in by one rename.

    site/releases/<digest>/   one release, never changed; named by the digest of its content
    site/current              → the release that readers see

Nothing is visible before `activate`; an error leaves what stands untouched and takes its temporary files
along. Files that did not change are hard links into the release before, so they keep their inode and mtime.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from calfeed.domain.model import Document
from calfeed.errors import PublishError, RefusedError
from calfeed.storage import files
from calfeed.storage.verify import verify

MANIFEST = "manifest.json"
CURRENT = "current"
KEEP = 3
_STAGING, _LINK = ".staging-", ".current-"
_DIGEST_LENGTH = 32


@dataclass(frozen=True)
class Published:
    """One line of the manifest; `events` is None where the file is no list of entries."""

    path: str
    media_type: str
    size: int
    sha256: str
    events: int | None


@dataclass(frozen=True)
class Release:
    """A release on disk; `warnings` are those of its documents."""

    path: Path
    digest: str
    manifest: tuple[Published, ...]
    warnings: tuple[str, ...] = ()


def standing(site: Path) -> Release | None:
    """The release that readers see, None where there is none yet.

    Raises PublishError when `current` is not a link of ours or its manifest cannot be read.
    """
    current = site / CURRENT
    if not current.is_symlink():
        if current.exists():
            raise PublishError(f"{current}: not a link that calfeed made; move it away, or name another --site")
        return None
    path = site / current.readlink()
    try:
        manifest = tuple(Published(**line) for line in json.loads((path / MANIFEST).read_bytes())["files"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise PublishError(
            f"{path / MANIFEST}: cannot be read ({error}), so nobody can tell what would be taken away; "
            f"restore it from a backup, or remove {current} and have everything published anew"
        ) from error
    return Release(path, path.name, manifest)


def is_whole(release: Release) -> bool:
    """Whether every file of a release is there with its size."""
    try:
        return all((release.path / line.path).stat().st_size == line.size for line in release.manifest)
    except OSError:
        return False


def stage(documents: Iterable[Document], site: Path, *, allow_removal: bool = False) -> Release:
    """Write, read back and guard a release; nothing of it is visible yet.

    Raises PublishError when it cannot be written or does not read back; RefusedError when a published path
    would go and `allow_removal` is not given.
    """
    with _telling(site):
        files.make_folder(site / "releases")
        files.remove_litter(site, _STAGING)
        files.remove_litter(site, _LINK)
        before = standing(site)
        staging = site / f"{_STAGING}{os.getpid()}"
        staging.mkdir()
        staging.chmod(files.FOLDER_MODE)
        try:
            return _stage(documents, site, staging, before, allow_removal=allow_removal)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise


def activate(site: Path, release: Release) -> bool:
    """Show a release to readers by one rename, and drop the releases nobody needs any more.

    False where readers see that very release already.
    """
    with _telling(site):
        target = Path("releases") / release.digest
        current = site / CURRENT
        stands = current.is_symlink() and current.readlink() == target
        if not stands:
            link = site / f"{_LINK}{os.getpid()}"
            link.symlink_to(target)
            link.replace(current)
            files.sync_folder(site)
        os.utime(release.path)
        _prune(site, release.digest)
    return not stands


def _stage(
    documents: Iterable[Document], site: Path, staging: Path, before: Release | None, *, allow_removal: bool
) -> Release:
    known = {line.path: line for line in before.manifest} if before else {}
    manifest: list[Published] = []
    warnings: list[str] = []
    for document in documents:
        line = _write(document, staging, before, known)
        manifest.append(line)
        warnings += document.warnings
    guard_paths(known, [line.path for line in manifest], allow_removal=allow_removal)
    written = _manifest(manifest)
    files.write_new(staging / MANIFEST, written)
    for folder, _, _ in os.walk(staging, topdown=False):
        files.sync_folder(Path(folder))
    digest = hashlib.sha256(written).hexdigest()[:_DIGEST_LENGTH]
    release = Release(site / "releases" / digest, digest, tuple(manifest), tuple(warnings))
    _settle(staging, release, site)
    return release


def _write(document: Document, staging: Path, before: Release | None, known: dict[str, Published]) -> Published:
    """Write one document (or link the equal one of the release before) and read it back from the disk."""
    path = _safe(document.path)
    data = b"".join(document.chunks)
    events = None if document.entries is None else len(document.entries)
    line = Published(document.path, document.media_type, len(data), hashlib.sha256(data).hexdigest(), events)
    target = staging / path
    files.make_folder(target.parent)
    if before is None or not _linked(line, known.get(document.path), before.path / path, target):
        files.write_new(target, data)
    read = target.read_bytes()
    if read != data:
        raise PublishError(f"{target}: the disk gives back other bytes than were written")
    verify(document.path, read, document.entries)
    return line


def _linked(line: Published, known: Published | None, old: Path, target: Path) -> bool:
    """Make a hard link to an equal file of the release before; False where a copy is needed."""
    if known is None or known.sha256 != line.sha256:
        return False
    try:
        if hashlib.sha256(old.read_bytes()).hexdigest() != line.sha256:
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


def guard_paths(known: Iterable[str], paths: Iterable[str], *, allow_removal: bool) -> None:
    """Refuse a release in which a published path is missing."""
    gone = sorted(set(known) - set(paths))
    if gone and not allow_removal:
        shown = ", ".join(gone[:10]) + (f" and {len(gone) - 10} more" if len(gone) > 10 else "")
        raise RefusedError(
            f"published addresses would go: {shown}; whoever follows them would be left with a dead "
            f"address; put back what was renamed or deleted, or allow it with --allow-removal"
        )


def _manifest(lines: list[Published]) -> bytes:
    values = {"version": 1, "files": [asdict(line) for line in sorted(lines, key=lambda line: line.path)]}
    return json.dumps(values, ensure_ascii=False, indent=1).encode() + b"\n"


def _settle(staging: Path, release: Release, site: Path) -> None:
    """Give the staged folder its name, unless the very same release is there already."""
    if release.path.exists():
        if not _equal(release):
            _mend(staging, release)
        shutil.rmtree(staging)
        return
    staging.rename(release.path)
    files.sync_folder(site / "releases")


def _mend(staging: Path, release: Release) -> None:
    """Put every file back in its place, one by one: readers may be looking at this release."""
    for path in (*(line.path for line in release.manifest), MANIFEST):
        target = release.path / path
        files.make_folder(target.parent)
        (staging / path).replace(target)
        files.sync_folder(target.parent)


def _equal(release: Release) -> bool:
    """Whether the folder of that name holds every file of the release, byte for byte."""
    try:
        return all(
            hashlib.sha256((release.path / line.path).read_bytes()).hexdigest() == line.sha256
            for line in release.manifest
        )
    except OSError:
        return False


def _prune(site: Path, current: str) -> None:
    """Keep the release that stands and the two before it."""
    found = [path for path in (site / "releases").iterdir() if path.is_dir() and path.name != current]
    for old in sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)[KEEP - 1 :]:
        with suppress(OSError):  # what stands is published: whatever cannot go now goes another day
            gone = old.rename(site / f"{_STAGING}gone-{old.name}")  # half a release must not look like one
            shutil.rmtree(gone)


@contextmanager
def _telling(site: Path) -> Iterator[None]:
    """Turn an error of the system into one that names the path and the cause."""
    try:
        yield
    except OSError as error:
        raise PublishError(f"{error.filename or site}: cannot publish: {error.strerror}") from error
