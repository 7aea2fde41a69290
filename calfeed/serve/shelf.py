"""The bytes that are sent, plain and gzip, made when somebody first asks and kept within bounds.

Everything is keyed by content, so it survives a swap in which that content did not change. Nothing is sent
before it was held against the digest in the manifest. Short files lie in memory; a long one is sent from its
open file, and is hashed and compressed beside the loop, which must go on turning: `Later` says so.
"""

from __future__ import annotations

import errno
import hashlib
import os
import zlib
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, TypeAlias

from calfeed.serve.snapshot import Listed, Snapshot

LONG = 512 * 1024  # bytes above which a file is neither kept in memory nor worked on within the loop
_CHUNK = 256 * 1024
_OPEN_FILE = 256 * 1024  # what an open file counts against the bound, so that descriptors are bounded too

Key: TypeAlias = tuple[bytes, bool]  # digest of the plain bytes, and whether gzip is meant


class OpenFile:
    """A file whose content was checked; closed when nobody sends from it any more."""

    __slots__ = ("_stamp", "descriptor", "size")

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        stat = os.fstat(descriptor)
        self.size, self._stamp = stat.st_size, (stat.st_size, stat.st_mtime_ns)

    def untouched(self) -> bool:
        """Whether nobody wrote into it since."""
        stat = os.fstat(self.descriptor)
        return (stat.st_size, stat.st_mtime_ns) == self._stamp

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):
            os.close(self.descriptor)


class Packed(NamedTuple):
    """What gzip made of a file: its entity tag with quotes, and how many bytes."""

    tag: bytes
    size: int


class Made(NamedTuple):
    """The outcome of the work on one file; `packed` and `data` are None where gzip makes it no smaller."""

    packed: Packed | None
    data: bytes | OpenFile | None


class Later(Exception):
    """The work has been begun; ask again when `key` is done."""

    def __init__(self, key: Hashable) -> None:
        super().__init__()
        self.key = key


class Damaged(Exception):
    """The file is not, or no longer, the one that the manifest names."""


class Exhausted(Exception):
    """The system has no descriptor for the file at this moment."""


class Stock(Protocol):
    """Where the bytes of a line are to be had; both may raise Later, Damaged or Exhausted."""

    def packed(self, snapshot: Snapshot, line: Listed) -> Packed | None:
        """Tag and size of the gzip form, None where there is none."""

    def data(self, snapshot: Snapshot, line: Listed, *, gzip: bool) -> bytes | OpenFile:
        """The very bytes to be sent."""


@dataclass
class Shelf:
    """At most `bound` bytes of representations, the longest unused go first; `wake` is called from a thread.

    What is wrong with a long file is known until the next release: nobody has it hashed once for each reader.
    """

    bound: int
    wake: Callable[[], None]
    held: int = 0
    _kept: OrderedDict[Key, bytes | OpenFile] = field(default_factory=OrderedDict)
    _packed: dict[bytes, Packed | None] = field(default_factory=dict)
    _jobs: dict[Key, Future[Made]] = field(default_factory=dict)
    _failed: dict[Key, str] = field(default_factory=dict)
    _outdated: set[Key] = field(default_factory=set)
    _worker: ThreadPoolExecutor | None = None

    def packed(self, snapshot: Snapshot, line: Listed) -> Packed | None:
        """Tag and size of the gzip form, None where there is none; raises Later, Damaged or Exhausted."""
        if line.sha256 not in self._packed:
            self._make(snapshot, line, (line.sha256, True))
        return self._packed[line.sha256]

    def data(self, snapshot: Snapshot, line: Listed, *, gzip: bool) -> bytes | OpenFile:
        """The very bytes to be sent; raises Later, Damaged or Exhausted."""
        key = line.sha256, gzip
        kept = self._kept.get(key)
        if kept is None or (isinstance(kept, OpenFile) and not kept.untouched()):
            return self._make(snapshot, line, key)
        self._kept.move_to_end(key)
        return kept

    def forget(self, content: Collection[bytes]) -> None:
        """Keep what is of this content only: another release is served now, and the old one may be deleted."""
        self._packed = {digest: packed for digest, packed in self._packed.items() if digest in content}
        for key in [key for key in self._kept if key[0] not in content]:
            self.held -= _weight(self._kept.pop(key))
        self._outdated = {key for key in self._jobs if key[0] not in content}
        self._failed.clear()

    def finished(self) -> list[Key]:
        """Take over what has been done beside the loop."""
        done = [key for key, job in self._jobs.items() if job.done()]
        for key in done:
            job = self._jobs.pop(key)
            error = job.exception()
            if key in self._outdated:
                continue
            if error is None:
                self._put(key, job.result())
            else:
                self._failed[key] = str(error)  # not the error itself, which holds the descriptor
        return done

    def close(self) -> None:
        """Begin no more work."""
        if self._worker is not None:
            self._worker.shutdown(wait=False, cancel_futures=True)

    def _make(self, snapshot: Snapshot, line: Listed, key: Key) -> bytes | OpenFile:
        """Do the work now where it is short, else begin it. Gives b"" where gzip makes nothing smaller."""
        if key in self._failed:
            raise Damaged(self._failed[key])
        if key in self._jobs:
            raise Later(key)
        try:
            file = OpenFile(snapshot.folder.open(line.path))
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                raise Exhausted(error.strerror) from error
            raise Damaged(f"{line.path}: {error.strerror}") from error
        if line.size > LONG:
            self._begin(key, file, line)
            raise Later(key)
        return self._put(key, work(file, line, gzip=key[1]))

    def _begin(self, key: Key, file: OpenFile, line: Listed) -> None:
        if self._worker is None:
            self._worker = ThreadPoolExecutor(1, "calfeed-shelf")
        self._jobs[key] = job = self._worker.submit(work, file, line, gzip=key[1])
        job.add_done_callback(lambda _: self.wake())

    def _put(self, key: Key, made: Made) -> bytes | OpenFile:
        if key[1]:
            self._packed[key[0]] = made.packed
        if made.data is None:
            return b""
        old = self._kept.pop(key, None)
        self.held += _weight(made.data) - (0 if old is None else _weight(old))
        self._kept[key] = made.data
        while self.held > self.bound and len(self._kept) > 1:
            self.held -= _weight(self._kept.popitem(last=False)[1])
        return made.data


def _weight(data: bytes | OpenFile) -> int:
    return len(data) if isinstance(data, bytes) else _OPEN_FILE


def compressor() -> Any:
    """What gzip bytes are made with: a header without time and name, so that equal bytes give equal gzip."""
    return zlib.compressobj(6, zlib.DEFLATED, 31)


def work(file: OpenFile, line: Listed, *, gzip: bool) -> Made:
    """Read, check and, where asked, compress one file; raises Damaged or OSError."""
    digest, packed = hashlib.sha256(), hashlib.sha256()
    press = compressor()
    pieces: list[bytes] = []
    offset = 0
    while chunk := os.pread(file.descriptor, _CHUNK, offset):
        offset += len(chunk)
        digest.update(chunk)
        if gzip:
            pieces.append(press.compress(chunk))
        elif line.size <= LONG:
            pieces.append(chunk)
    if digest.digest() != line.sha256 or offset != line.size:
        raise Damaged(line.path)
    if not gzip:
        return Made(None, b"".join(pieces) if line.size <= LONG else file)
    data = b"".join((*pieces, press.flush()))
    if len(data) >= line.size:
        return Made(None, None)
    packed.update(data)
    return Made(Packed(b'"%s"' % packed.hexdigest().encode(), len(data)), data)
