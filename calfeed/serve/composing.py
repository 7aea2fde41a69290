"""Calendars of sets of categories, composed of the files of one release when somebody asks for one.

There are more sets than anybody could keep, and whoever asks for all of them shall cost nobody else much: there is
one worker beside the loop, which rests as long as it works, few sets wait for it, and the bytes of all sets
together are bounded, those included that a slow reader is still taking. Half of that is for what is kept, whatever
readers hold: over the whole, a set that is not kept is answered 503, and the door resets the slowest reader.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from calfeed.compose import CALENDAR, FOLDER, MENU, composed, read_menu, set_of
from calfeed.serve.shelf import Damaged, Exhausted, Later, Packed, compressor
from calfeed.serve.snapshot import Listed, Snapshot

log = logging.getLogger("calfeed")

WAITING = 16  # sets that are being made or wait for it
_REST = 1.0  # times as long as it worked the worker rests: the loop shares the interpreter with it
_LONGEST_REST = 1.0  # seconds, so that nobody waits for it at the end
_MEDIA_TYPE = "text/calendar; charset=utf-8"

Key: TypeAlias = tuple[str, str]  # the release, and the path of the set


class Set(NamedTuple):
    """What was asked for: the folder of its language, and its slugs as they were written."""

    folder: str
    slugs: tuple[str, ...]

    @property
    def parts(self) -> list[str]:
        """The paths of the files that it is made of: the menu, the whole calendar, the categories."""
        return [self.folder + MENU, self.folder + CALENDAR, *(_path(self.folder, slug) for slug in self.slugs)]


def known_set(snapshot: Snapshot, path: str) -> Set | None:
    """The set that a path names; None where it names none, or one with a category that has no calendar."""
    found = set_of(path)
    asked = None if found is None else Set(*found)
    return asked if asked is not None and all(part in snapshot.index for part in asked.parts) else None


def _path(folder: str, slug: str) -> str:
    return f"{folder}categories/{slug}/{CALENDAR}"


class Busy(Exception):
    """Enough is being made, or being taken, at this moment."""


class Spoilt(Damaged):
    """A file that no set can be made of; `path` is its path."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path


@dataclass
class Held:
    """How many bytes of sets are in memory, kept or still being sent."""

    octets: int = 0


class Portion(bytes):
    """Bytes that are counted for as long as anybody holds them."""

    held: Held

    def __new__(cls, data: bytes, held: Held) -> Portion:
        """The same bytes, counted from now on."""
        self = super().__new__(cls, data)
        self.held = held
        held.octets += len(data)
        return self

    def __del__(self) -> None:
        self.held.octets -= len(self)


class Made(NamedTuple):
    """A set as the worker made it; `packed` is None where gzip makes it no smaller."""

    plain: bytes
    digest: bytes
    packed: bytes | None


class Composition(NamedTuple):
    """A set as it is kept."""

    line: Listed
    plain: Portion
    packed: Packed | None
    squeezed: Portion | None


@dataclass
class Composer:
    """About `bound` bytes of sets, the longest unused go first; `wake` is called from a thread.

    Work begins below the bound, so the sets that are being made come on top.

    What is wrong with a file is known until the next release: nobody has it read once for each set that it is in.
    """

    bound: int
    wake: Callable[[], None]
    held: Held = field(default_factory=Held)
    _kept: OrderedDict[str, Composition] = field(default_factory=OrderedDict)
    _jobs: dict[Key, Future[Made]] = field(default_factory=dict)
    _spoilt: dict[str, str] = field(default_factory=dict)
    _lacking: dict[Key, str] = field(default_factory=dict)
    _release: str = ""
    _worker: ThreadPoolExecutor | None = None
    _rested: float = 0.0

    def line(self, snapshot: Snapshot, path: str, asked: Set) -> Listed:
        """The set as if the manifest had it; raises Later, Busy, Damaged or Exhausted."""
        kept = self._kept.get(path)
        if kept is not None:
            self._kept.move_to_end(path)
            return kept.line
        key = snapshot.target, path
        for why in filter(None, map(self._spoilt.get, asked.parts)):
            raise Damaged(why)
        if key in self._lacking:
            raise Exhausted(self._lacking[key])
        if key not in self._jobs:
            self._begin(key, snapshot, asked)
        raise Later(key)

    def packed(self, _: Snapshot, line: Listed) -> Packed | None:
        """Tag and size of the gzip form of a set that `line` gave a moment ago."""
        return self._kept[line.path].packed

    def data(self, _: Snapshot, line: Listed, *, gzip: bool) -> bytes:
        """The very bytes of such a set."""
        kept = self._kept[line.path]
        return kept.squeezed if gzip and kept.squeezed is not None else kept.plain

    def take_up(self, snapshot: Snapshot) -> None:
        """Another release is served: nothing of the old one is kept, and nobody waits for it."""
        self._release = snapshot.target
        self._kept.clear()
        self._spoilt.clear()
        self.breathe()
        for job in tuple(self._jobs.values()):
            job.cancel()

    @property
    def is_crowded(self) -> bool:
        """Whether slow readers alone hold so much of what is kept no more that no further set can be made."""
        return self.held.octets > self.bound and self.held.octets - self._octets() > self.bound // 2

    def breathe(self) -> None:
        """Time has passed: there may be descriptors again."""
        self._lacking.clear()

    def finished(self) -> list[Key]:
        """Take over one set that has been made: whoever waits for it gets it before another takes its room."""
        done = [key for key, job in self._jobs.items() if job.done()]
        if len(done) > 1:
            self.wake()
        for key in done[:1]:
            self._take_over(key, self._jobs.pop(key))
        return done[:1]

    def close(self) -> None:
        """Begin no more work."""
        if self._worker is not None:
            self._worker.shutdown(wait=False, cancel_futures=True)

    def _begin(self, key: Key, snapshot: Snapshot, asked: Set) -> None:
        self._make_room(least=0)
        if len(self._jobs) >= WAITING or self.held.octets > self.bound:
            raise Busy
        if self._worker is None:
            self._worker = ThreadPoolExecutor(1, "calfeed-composer")
        self._jobs[key] = job = self._worker.submit(self._in_turn, snapshot, asked)
        job.add_done_callback(lambda _: self.wake())

    def _in_turn(self, snapshot: Snapshot, asked: Set) -> Made:
        """In the worker: rest from the set before, then make this one."""
        time.sleep(max(0.0, self._rested - time.monotonic()))
        began = time.monotonic()
        try:
            return work(snapshot, asked)
        finally:
            ended = time.monotonic()
            self._rested = ended + min(_REST * (ended - began), _LONGEST_REST)

    def _take_over(self, key: Key, job: Future[Made]) -> None:
        release, path = key
        if job.cancelled() or release != self._release:
            return
        error = job.exception()
        if isinstance(error, Spoilt):
            self._spoilt[error.path] = str(error)
        elif isinstance(error, (Exhausted, MemoryError)):
            self._lacking[key] = str(error)
        elif error is not None:
            log.error("composing met a bug; no set is composed until the next release", exc_info=error)
            self._spoilt[path.partition(FOLDER)[0] + MENU] = "it led to a bug"
        else:
            self._keep(path, job.result())

    def _keep(self, path: str, made: Made) -> None:
        squeezed = None if made.packed is None else Portion(made.packed, self.held)
        packed = None if squeezed is None else Packed(b'"%s"' % _hex(squeezed), len(squeezed))
        line = Listed(path, _MEDIA_TYPE, len(made.plain), made.digest)
        self._kept[path] = Composition(line, Portion(made.plain, self.held), packed, squeezed)
        self._make_room(least=1)

    def _make_room(self, *, least: int) -> None:
        """Let go of what was longest unused, but not of the last half: readers may hold on to it all the same."""
        kept = self._octets()
        while self.held.octets > self.bound and kept > self.bound // 2 and len(self._kept) > least:
            kept -= _weight(self._kept.popitem(last=False)[1])

    def _octets(self) -> int:
        return sum(map(_weight, self._kept.values()))


def _weight(kept: Composition) -> int:
    return len(kept.plain) + (0 if kept.squeezed is None else len(kept.squeezed))


def _hex(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()


def work(snapshot: Snapshot, asked: Set) -> Made:
    """Read, check, compose and compress one set; raises Spoilt or Exhausted."""
    menu, whole, *parts = asked.parts
    try:
        plain = composed(
            read_menu(_read(snapshot, menu)), asked.slugs, _read(snapshot, whole), _each(snapshot, parts)
        )
    except (ValueError, LookupError, StopIteration) as error:
        # The files are those of the manifest, so another program wrote them: no set can be made in this folder.
        raise Spoilt(menu, f"nothing can be composed by it: {error}") from error
    press = compressor()
    packed = press.compress(plain) + press.flush()
    return Made(plain, hashlib.sha256(plain).digest(), packed if len(packed) < len(plain) else None)


def _each(snapshot: Snapshot, paths: list[str]) -> Iterator[bytes]:
    """One file after the other: of those before, as many events as a calendar may have are in memory."""
    for path in paths:
        yield _read(snapshot, path)


def _read(snapshot: Snapshot, path: str) -> bytes:
    """A whole file of the release, held against its digest."""
    line = snapshot.index[path]
    try:
        with os.fdopen(snapshot.folder.open(path), "rb") as file:
            data = file.read(line.size + 1)
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            raise Exhausted(error.strerror) from error
        raise Spoilt(path, str(error.strerror)) from error
    if hashlib.sha256(data).digest() != line.sha256:
        raise Spoilt(path, "its bytes are others")
    return data
