"""A folder as the place to publish: a release is swapped in by one rename.

    site/releases/<digest>/   one release, never changed; named by the digest of its content
    site/current              → the release that readers see

Nothing is visible before `activate`; an error leaves what stands untouched and takes its temporary files
along. Files that did not change are hard links into the release before, so they keep their inode and mtime.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from calfeed.errors import PublishError
from calfeed.storage import files, manifest
from calfeed.storage.manifest import Line, Placed, guard_paths

if TYPE_CHECKING:
    from calfeed.domain.model import Document
    from calfeed.storage.verify.calendars import Known

CURRENT = "current"
KEEP = 3
_LINK = ".current-"


def standing(site: Path) -> Placed | None:
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
        lines = manifest.parse((path / manifest.NAME).read_bytes())
    except (OSError, ValueError) as error:
        raise PublishError(
            f"{path / manifest.NAME}: cannot be read ({error}), so nobody can tell what would be taken away; "
            f"restore it from a backup, or remove {current} and have everything published anew"
        ) from error
    return Placed(path.name, lines, path)


def published(release: Placed, path: str) -> BinaryIO | None:
    """A file of a release, open at its beginning; None where it has none or somebody touched it."""
    sha256 = next((line.sha256 for line in release.manifest if line.path == path), None)
    with ExitStack() as stack, suppress(OSError):
        file = stack.enter_context((release.path / path).open("rb"))
        if hashlib.file_digest(file, "sha256").hexdigest() == sha256:
            file.seek(0)
            stack.pop_all()
            return file
    return None


def releases(site: Path) -> set[str]:
    """The digests of the releases that are kept; raises PublishError when nobody can tell."""
    with _telling(site):
        return {path.name for path in (site / "releases").glob("*")}


def stamp(release: Placed) -> str | None:
    """A digest of what the disk says of the files of a release, None where one is gone or has another size.

    That is size, mtime and inode. As long as it is the same, nobody touched a file; `is_proven` reads them all.
    """
    found = hashlib.sha256()
    try:
        for line in sorted(release.manifest, key=lambda line: line.path):
            told = os.stat(f"{release.path}/{line.path}")  # noqa: PTH116 - of a thousand files, a Path takes longer
            if told.st_size != line.size:
                return None
            found.update(f"{line.path} {told.st_size} {told.st_mtime_ns} {told.st_ino}\n".encode())
    except OSError:
        return None
    return found.hexdigest()


def is_proven(release: Placed) -> bool:
    """Whether the folder of that name holds every file of the release, byte for byte."""
    try:
        return all(files.sha256(release.path / line.path) == line.sha256 for line in release.manifest)
    except OSError:
        return False


def stage(
    documents: Iterable[Document],
    site: Path,
    *,
    known: Iterable[Line] | None = None,
    allow_removal: bool = False,
    read: Known | None = None,
) -> Placed:
    """Write, read back and guard a release; nothing of it is visible yet.

    `known` are the published files, where they are not those of the release that stands; `read` is what was read
    back before. Raises PublishError when it cannot be written or does not read back; RefusedError when a published
    path would go and `allow_removal` is not given.
    """
    from calfeed.storage.staging import fill, make_staging  # noqa: PLC0415 - a quiet day needs none of it

    with _telling(site):
        files.make_folder(site / "releases")
        files.remove_litter(site, _LINK)
        before = standing(site)
        staging = make_staging(site)
        try:
            release = fill(staging, documents, before=before, read=read)
            if known is None:
                known = before.manifest if before else ()
            guard_paths(known, [line.path for line in release.manifest], allow_removal=allow_removal)
            return _settle(release, before, site)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise


def activate(site: Path, release: Placed) -> bool:
    """Show a release to readers by one rename, and drop the releases nobody needs any more.

    False where readers see that very release already.
    """
    with _telling(site):
        target = Path("releases") / release.digest
        current = site / CURRENT
        stands = current.is_symlink() and current.readlink() == target
        if not stands:
            _turn(current, target)
            files.sync_folder(site)
        with suppress(PermissionError):  # another user made it; it is shown all the same
            os.utime(release.path)
        with suppress(OSError):  # what stands is published: whatever cannot go now goes another day
            _prune(site, release.digest)
    return not stands


def _turn(current: Path, target: Path) -> None:
    """Let the link name another release, in one step."""
    link = current.with_name(f"{_LINK}{os.getpid()}")
    link.symlink_to(target)
    try:
        link.replace(current)
    except OSError:
        link.unlink()
        raise


def discard(site: Path, release: Placed) -> None:
    """Take away a release that was never shown, as far as that goes: a full disk has no room for it."""
    if not (site / CURRENT).is_symlink() or (site / CURRENT).readlink().name != release.digest:
        _drop(site, release.path)


def _settle(release: Placed, before: Placed | None, site: Path) -> Placed:
    """Give the staged folder its name, unless the very same release is there already."""
    settled = replace(release, path=site / "releases" / release.digest)
    if settled.path.exists():
        if not is_proven(settled):
            _mend(release.path, settled)
        _date_later(settled, before)
        shutil.rmtree(release.path)
        return settled
    _date_later(release, before)
    release.path.rename(settled.path)
    try:
        files.sync_folder(site / "releases")
    except OSError:
        settled.path.rename(release.path)  # back to where it is taken for what it is, and taken away
        raise
    return settled


def _date_later(release: Placed, before: Placed | None) -> None:
    """Let a file that changed be dated a second later than it was, at the least, and no file earlier.

    Web servers make Last-Modified and ETag of mtime in seconds and size: two edits within one second, or the
    return to an older release, would have them answer 304 to a reader who holds the other content. What an older
    release has as the last one has it may have been another in between.
    """
    if before is None or before.digest == release.digest:
        return
    known = {line.path: line.sha256 for line in before.manifest}
    later = {line.path: known[line.path] != line.sha256 for line in release.manifest if line.path in known}
    for path, changed in (*later.items(), (manifest.NAME, True)):
        # The old file is gone, so no validator is made of it any more, or this one is another user's.
        with suppress(FileNotFoundError, PermissionError):
            least = int((before.path / path).stat().st_mtime) + changed
            if int((release.path / path).stat().st_mtime) < least:
                os.utime(release.path / path, (least, least))


def _mend(staging: Path, release: Placed) -> None:
    """Put every file back in its place, one by one: readers may be looking at this release."""
    for path in (*(line.path for line in release.manifest), manifest.NAME):
        target = release.path / path
        files.make_folder(target.parent)
        (staging / path).replace(target)
        files.sync_folder(target.parent)


def _prune(site: Path, current: str) -> None:
    """Keep the release that stands, the two before it, and whatever a server still reads from."""
    found = [path for path in (site / "releases").iterdir() if path.is_dir() and path.name != current]
    for old in sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)[KEEP - 1 :]:
        _drop(site, old)


def _drop(site: Path, release: Path) -> None:
    """Remove a release that nobody reads, as far as that goes."""
    with suppress(OSError):
        with _nobody_reads(release):
            # Half a release must not look like one.
            gone = release.rename(site / f"{files.STAGING}gone-{release.name}")
        shutil.rmtree(gone)


@contextmanager
def _nobody_reads(release: Path) -> Iterator[None]:
    """Raises BlockingIOError where a server holds the release's folder by a shared lock."""
    descriptor = os.open(release, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _telling(site: Path) -> Iterator[None]:
    """Turn an error of the system into one that names the path and the cause.

    Of two paths it is the second, which should have come into being: the first of a link is what stands in it.
    """
    try:
        yield
    except OSError as error:
        path = error.filename2 or error.filename or site
        raise PublishError(f"{path}: cannot publish: {error.strerror}") from error
