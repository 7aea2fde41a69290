"""What is served at one moment: the index of one immutable release, held open.

The release's folder is open and carries a shared lock, so pruning leaves it alone, and a swap of `site/current`
changes nothing for whoever was given a snapshot. The manifest is the list of what may be served: a path that is
not in it does not exist, so no path leads out of the release.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import logging
import os
import re
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from calfeed.storage import manifest
from calfeed.storage.site import CURRENT

log = logging.getLogger("calfeed")

_MEDIA_TYPE = re.compile(r"[!-~][ -~]*")
_AGAIN = 5.0  # seconds until a release that was refused is read again: with many files that takes its time
_REACTIVATED = 60.0  # seconds by which the link is younger than a release that was shown before


class Listed(NamedTuple):
    """A line of the manifest, as small as it gets: there may be tens of thousands. `sha256` is binary."""

    path: str
    media_type: str
    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One release: `index` by path; `floor` is the earliest Last-Modified (seconds since 1970) or 0."""

    target: str
    folder: Folder
    index: dict[str, Listed]
    floor: int
    loaded: float


class Folder:
    """An open folder, closed when the last snapshot that holds it goes."""

    __slots__ = ("descriptor", "identity")

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        stat = os.fstat(self.descriptor)
        self.identity = stat.st_dev, stat.st_ino

    def open(self, path: str) -> int:
        """A descriptor of a file below; raises OSError. Symbolic links are not followed."""
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW, dir_fd=self.descriptor)

    def stat(self, path: str) -> os.stat_result:
        """What stands at a path below; raises OSError."""
        return os.stat(path, dir_fd=self.descriptor, follow_symlinks=False)

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):  # it was never opened, or the process is ending
            os.close(self.descriptor)


def take(site: Path, target: str, now: float) -> Snapshot:
    """Open the release that `target` (as `site/current` says it) names, `now` in seconds since 1970.

    Raises OSError or ValueError when it is not whole or cannot be read.
    """
    folder = Folder(site / target)
    _lock(folder.descriptor)
    descriptor = folder.open(manifest.NAME)
    with os.fdopen(descriptor, "rb") as file:
        data = file.read()
    index = _index(data)
    for line in index.values():
        if folder.stat(line.path).st_size != line.size:
            raise ValueError(f"{line.path} is not as long as the manifest says")
    return Snapshot(target, folder, index, _floor(site, target, folder), now)


def _lock(descriptor: int) -> None:
    """Keep the release from being pruned; a file system without locks has to do without."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES):
            raise  # it is being pruned at this moment


def _index(data: bytes) -> dict[str, Listed]:
    """The manifest by path; raises ValueError when it is none."""
    found: dict[str, Listed] = {}

    def listed(value: dict[str, object]) -> object:
        if "sha256" in value:
            line = _listed(value)
            if not any(part.startswith(".") for part in line.path.split("/")):
                found[line.path] = line  # hidden files (.nojekyll) are for other hosts
            return None
        return value

    try:
        values = json.loads(data, object_hook=listed)  # no object is kept: the list is one of Nones
    except RecursionError as error:
        raise ValueError("the manifest is nested too deeply") from error
    if not isinstance(values, dict) or values.get("version") != 1:
        raise ValueError("not a manifest that this calfeed knows")
    found[manifest.NAME] = Listed(
        manifest.NAME, "application/json; charset=utf-8", len(data), hashlib.sha256(data).digest()
    )
    return found


def _listed(value: dict[str, object]) -> Listed:
    path, media_type, size, sha256 = (value.get(key) for key in ("path", "media_type", "size", "sha256"))
    if not (isinstance(path, str) and isinstance(media_type, str) and isinstance(sha256, str)):
        raise ValueError("a line of the manifest lacks a text")  # noqa: TRY004 - as the rest of the file
    if not isinstance(size, int) or size < 0 or not _MEDIA_TYPE.fullmatch(media_type):
        raise ValueError(f"{path}: size or media type make no sense")
    if any(part in ("", ".", "..") for part in path.split("/")) or "\0" in path:
        raise ValueError(f"{path}: not a path that can be published")
    return Listed(path, sys.intern(media_type), size, bytes.fromhex(sha256))


def _floor(site: Path, target: str, folder: Folder) -> int:
    """When `current` was turned to a release that had been shown before, or was turned back by hand; else 0.

    The files of such a release are older than what readers have seen since, and Last-Modified never goes back.
    """
    turned = (site / CURRENT).lstat().st_mtime
    mine = os.fstat(folder.descriptor).st_mtime
    with os.scandir((site / target).parent) as found:
        newer = any(entry.is_dir() and entry.stat().st_mtime > mine for entry in found)
    reactivated = turned - folder.stat(manifest.NAME).st_mtime > _REACTIVATED
    return int(turned) if newer or reactivated else 0


@dataclass
class Site:
    """The site as it changes: `snapshot` is what the next request is answered from."""

    path: Path
    snapshot: Snapshot | None = None
    _told: dict[str, tuple[bytes, int]] = field(default_factory=dict)
    _refused: tuple[str, float] = "", 0.0
    _said: str = ""

    def look(self, now: float) -> bool:
        """Take up a new release if there is a whole one; True where the snapshot is another one now."""
        try:
            target = str((self.path / CURRENT).readlink())
        except FileNotFoundError:
            return False  # nothing was published yet, or the folder is away: what is loaded stays up
        except OSError as error:
            return self._refuse(f"{self.path / CURRENT}: {error.strerror}")
        if self.snapshot is not None and self._stands(self.snapshot, target):
            return False
        if target == self._refused[0] and abs(now - self._refused[1]) < _AGAIN:
            return False
        try:
            self.snapshot = take(self.path, target, now)
        except (OSError, ValueError) as error:
            self._refused = target, now
            return self._refuse(f"{self.path / target}: cannot be served: {error}")
        self._said, self._refused = "", ("", 0.0)
        self._told = {path: said for path, said in self._told.items() if path in self.snapshot.index}
        log.info("serving release %s", Path(target).name)
        return True

    def _stands(self, snapshot: Snapshot, target: str) -> bool:
        if snapshot.target != target:
            return False
        try:
            stat = (self.path / target).stat()
        except OSError:
            return True  # gone: nothing better to show
        return (stat.st_dev, stat.st_ino) == snapshot.folder.identity

    def _refuse(self, why: str) -> bool:
        if why != self._said:
            log.error("%s; what was served before stays up", why)
        self._said = why
        return False

    def modified(self, snapshot: Snapshot, line: Listed) -> int | None:
        """Last-Modified in seconds since 1970: the file's own, but never earlier than what was told before.

        Content that changed is a second later at the least (RFC 9110 §8.8.2.2). None where the file is gone.
        """
        said = self._told.get(line.path)
        if said is not None and said[0] == line.sha256:
            return said[1]
        try:
            instant = max(int(snapshot.folder.stat(line.path).st_mtime), snapshot.floor)
        except OSError:
            return None
        if said is not None:
            instant = max(instant, said[1] + 1)
        self._told[line.path] = line.sha256, instant
        return instant
