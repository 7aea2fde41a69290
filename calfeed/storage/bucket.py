"""A bucket as the place to publish: the order in which objects are written, and what keeps publishers apart.

There is no rename there, so the published names lie at the prefix itself and are written one by one, each whole
and read back: what others point to first, subscribed names later, then the lists of addresses and the start page,
the manifest last.

The ledger is written before all of them, on condition that it is still the one this build began from: of two
publishers on two machines one wins, the other changes nothing. Equal ledgers have equal releases (`inputs`, the
records and the next due instant are in it), so whose ledger stands, his release it is. Each object is then
written on condition that it is in the state in which it was seen *before* the ledger was found to be still ours:
a publisher that was held up cannot overwrite what a later one wrote.

A publication has ended when a listing taken after the manifest was written shows nothing left to do; one that was
cut short is finished by the next build, on any machine. An object counts as equal where its ETag is its MD5, or
where it has been read; nothing is believed. What lies there besides is not in the manifest, and nobody touches it.

A WebDAV folder knows no conditions: one publisher, and no second one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from calfeed.domain.model import Document
from calfeed.errors import BusyError, PublishError
from calfeed.storage import manifest
from calfeed.storage.ledger import NAME as LEDGER
from calfeed.storage.ledger import Standing, Written
from calfeed.storage.manifest import Line, Placed, Release, Whole, guard_paths
from calfeed.storage.objects import ConflictError, Objects, Seen, in_parallel, open_objects
from calfeed.storage.staging import fill, make_staging
from calfeed.storage.verify.calendars import Known

_TRIES = 4
_JSON = "application/json; charset=utf-8"
_RANKS = {
    ".css": 0,
    ".js": 0,
    ".svg": 0,
    ".png": 0,
    ".html": 1,
    ".json": 2,
    ".csv": 2,
}  # all else is subscribed to
_LISTS = frozenset(["feeds.opml", "sitemap.xml", "robots.txt"])
_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def open_bucket(address: str, state: Path, *, webdav: tuple[str, str] | None = None) -> Bucket:
    """The bucket at an address; raises PublishError as `open_objects` does."""
    return Bucket(open_objects(address, webdav=webdav), state)


@dataclass
class Bucket:
    """A bucket and a folder for what is on its way there; one value serves one build."""

    objects: Objects
    state: Path
    _claimed: Seen | None = field(default=None, init=False)
    _proven: dict[str, str | None] = field(default_factory=dict, init=False)  # path → the tag of equal bytes

    @property
    def name(self) -> str:
        """The address."""
        return self.objects.name

    def is_proven(self) -> bool:
        """Object stores keep checksums of their own, and give no object whose bytes are others."""
        return True

    def stamp(self, release: Placed) -> str | None:  # noqa: ARG002 - none but ours can write what we do not see
        """None: what is listed there tells by itself whether anything was written later."""
        return None

    def whole(self) -> Whole | None:
        """The release of the manifest there, if it is the ledger's own and nothing was written after it.

        An object that is later than the manifest was written by a publisher that was held up, or by hand.
        """
        release = self._standing()
        if release is None or not self._is_of_ledger(release):
            return None
        files = {line.path: line.size for line in release.manifest}
        listed = self.objects.listed({*files, manifest.NAME})
        whole = all(path in listed and listed[path].size == size for path, size in files.items())
        return Whole(release.digest, None) if whole and not _late(listed) else None

    def known(self) -> tuple[Line, ...]:
        """The files of the manifest there."""
        release = self._standing()
        return release.manifest if release else ()

    def ledger(self) -> Standing | None:
        """The ledger of all publishers, as it was when this build began."""
        return Standing.of(f"{self.name}/{LEDGER}", self._began[0], shared=True) if self._began else None

    def forgotten(self) -> str | None:
        """A manifest without a ledger."""
        return f"{self.name}: a release stands there" if self.objects.read(manifest.NAME) else None

    def published(self, release: str, path: str) -> BinaryIO | None:  # noqa: ARG002 - it would have to be fetched
        """Nothing is at hand."""
        return None

    @contextmanager
    def staged(
        self, documents: Iterable[Document], known: tuple[Line, ...], *, allow_removal: bool, read: Known
    ) -> Iterator[Placed]:
        """A release in the state folder, which goes when it is uploaded or given up."""
        try:
            staging = make_staging(self.state)
            try:
                release = fill(staging, documents, read=read)
                guard_paths(known, [line.path for line in release.manifest], allow_removal=allow_removal)
                self._check_free(release)
                yield release
            finally:
                shutil.rmtree(staging, ignore_errors=True)
        except OSError as error:
            raise PublishError(f"{error.filename or self.state}: cannot publish: {error.strerror}") from error

    def claim(self, ledger: Written) -> None:
        """Write the ledger, if it is still the one this build began from; BusyError where it is not.

        Raises PublishError where the store takes no notice of conditions.
        """
        before, seen = self._began or (None, None)
        data = bytes(ledger)
        if data != before:
            try:
                self.objects.put(LEDGER, data, _JSON, over=seen)
            except ConflictError:
                seen = None
            found = self.objects.read(LEDGER)
            if found is None or found[0] != data:  # else it was written, and at most the answer was lost
                raise self._overtaken()
            seen = found[1]
        self._claimed = seen
        if self.objects.conditional:
            self._check_conditions(data)

    def activate(self, release: Placed) -> bool:
        """Upload what is missing, take away what the release before had and this one has not."""
        before = self._standing()
        lines = _uploaded(release)
        gone = {line.path for line in before.manifest} - {*lines, LEDGER} if before else set()
        shown = False
        for attempt in range(_TRIES):
            listed = self.objects.listed({*lines, *gone, LEDGER})
            stale = self._stale(release, lines, listed)
            surplus = sorted(gone & listed.keys())
            if not stale and not surplus and not (attempt == 0 and _late(listed)):
                return shown
            shown = shown or bool(stale or surplus)
            self._write(release, stale, surplus, listed)
            if not self.objects.conditional:
                return shown
        raise BusyError(f"{self.name}: it changes all the time; something else writes there")

    def _write(self, release: Placed, stale: list[Line], surplus: list[str], listed: Mapping[str, Seen]) -> None:
        for group in _in_order(stale):
            in_parallel(
                lambda line: self._upload(release, line, listed.get(line.path)),
                group,
                at_once=self.objects.writes_at_once,
            )
        in_parallel(self._remove, surplus)
        self._upload(release, _manifest_line(release), listed.get(manifest.NAME))

    @cached_property
    def _began(self) -> tuple[bytes, Seen] | None:
        """The ledger this build began from, read once: what `claim` replaces is what was compiled from."""
        return self.objects.read(LEDGER)

    def _is_of_ledger(self, release: Release) -> bool:
        sha256 = hashlib.sha256(self._began[0]).hexdigest() if self._began else ""
        return any(line.path == LEDGER and line.sha256 == sha256 for line in release.manifest)

    def _stale(self, release: Placed, lines: Mapping[str, Line], listed: Mapping[str, Seen]) -> list[Line]:
        """What the bucket does not have in these bytes."""
        equal = in_parallel(lambda line: self._holds(release, line, listed.get(line.path)), lines.values())
        return [line for line, is_equal in zip(lines.values(), equal, strict=True) if not is_equal]

    def _holds(self, release: Placed, line: Line, seen: Seen | None) -> bool:
        """Whether the bucket has these bytes: most ETags are the MD5 and tell, else the object is read."""
        if seen is None or seen.size != line.size:
            return False
        data = (release.path / line.path).read_bytes()
        if seen.tag and seen.tag in (
            self._proven.get(line.path),
            hashlib.md5(data, usedforsecurity=False).hexdigest(),
        ):
            return True
        return self._reads_back(line.path, data)

    def _reads_back(self, path: str, data: bytes) -> bool:
        found = self.objects.read(path)
        if found is None or found[0] != data:
            return False
        self._proven[path] = found[1].tag
        return True

    def _upload(self, release: Placed, line: Line, seen: Seen | None) -> None:
        """Write one object and read it back; somebody else's write in between is overwritten, if we may."""
        data = (release.path / line.path).read_bytes()
        if seen and not self.objects.listing_names_states:
            seen = self.objects.look(line.path)
        for _ in range(_TRIES):
            self._check_still_ours()  # after the look at the object: whoever took over writes it later than that
            try:
                self.objects.put(line.path, data, line.media_type, over=seen)
            except ConflictError:
                if self._reads_back(line.path, data):
                    return  # by another build of the same release, or by us: the answer was lost
                seen = self.objects.look(line.path)
                continue
            if not self._reads_back(line.path, data):
                self._check_still_ours()
                raise PublishError(f"{self.name}/{line.path}: the store gives back other bytes than were written")
            return
        raise BusyError(f"{self.name}/{line.path}: it changes all the time; something else writes there")

    def _remove(self, path: str) -> None:
        self._check_still_ours()
        self.objects.delete(path)

    def _check_still_ours(self) -> None:
        if self.objects.conditional and not (self._claimed and self._claimed.is_same(self.objects.look(LEDGER))):
            raise self._overtaken()

    def _overtaken(self) -> BusyError:
        return BusyError(f"{self.name}: another publisher was faster, and what it publishes is what stands")

    def _check_conditions(self, ledger: bytes) -> None:
        """A store that ignores conditions would let two publishers overwrite each other without a word."""
        for wrong in (None, Seen(f'"{"0" * 32}"', "0", 0, _NEVER)):
            try:
                self.objects.put(LEDGER, ledger, _JSON, over=wrong)
            except ConflictError:
                continue
            raise PublishError(
                f"{self.name}: this store ignores the conditions If-Match and If-None-Match, so two publishers "
                f"would overwrite each other; take one that honours them"
            )

    def _check_free(self, release: Release) -> None:
        """No name is taken that somebody else uses: not by a first publication, nor by one that has new names."""
        standing = self._standing()
        known = {line.path for line in standing.manifest} if standing else set()
        new = {line.path: line for line in release.manifest if line.path not in known and line.path != LEDGER}
        listed = self.objects.listed({*new, manifest.NAME}) if new else {}
        taken = [path for path in sorted(listed.keys() & new) if not self._may_be_ours(path, listed, standing)]
        taken = [path for path in taken if not self._has_digest(new[path])]
        if taken and self._is_as_it_began():
            raise PublishError(
                f"{self.name}: {taken[0]} is there already, and calfeed has not published it; name a prefix of "
                f"its own for the calendar, or take away what lies there"
            )

    def _may_be_ours(self, path: str, listed: Mapping[str, Seen], standing: Release | None) -> bool:
        """Whether a publication that was cut off may have written it: the ledger is newer than the manifest.

        Whatever it wrote is later than the manifest before, and it made sure that its names were free.
        """
        if self._began is None or (standing is not None and self._is_of_ledger(standing)):
            return False
        last = listed.get(manifest.NAME)
        return last is None or listed[path].modified >= last.modified

    def _has_digest(self, line: Line) -> bool:
        """Whether these very bytes lie there, as where a publisher that was held up has written them."""
        found = self.objects.read(line.path)
        return found is not None and hashlib.sha256(found[0]).hexdigest() == line.sha256

    def _is_as_it_began(self) -> bool:
        """Whether the ledger is still the one of the beginning: else another publisher is at work on its names."""
        if not self.objects.conditional:
            return True  # there is one publisher
        now = self.objects.look(LEDGER)
        return now is None if self._began is None else self._began[1].is_same(now)

    def _standing(self) -> Release | None:
        found = self.objects.read(manifest.NAME)
        if found is None:
            return None
        try:
            return Release(manifest.digest(found[0]), manifest.parse(found[0]))
        except ValueError as error:
            raise PublishError(
                f"{self.name}/{manifest.NAME}: cannot be read ({error}), so nobody can tell what would be taken "
                f"away; put an older one back, or delete it and have everything published anew"
            ) from error


def _uploaded(release: Placed) -> dict[str, Line]:
    """Every file that `activate` writes, by path: all but the ledger, and the manifest."""
    lines = (*release.manifest, _manifest_line(release))
    return {line.path: line for line in lines if line.path != LEDGER}


def _manifest_line(release: Placed) -> Line:
    data = (release.path / manifest.NAME).read_bytes()
    return Line(manifest.NAME, _JSON, len(data), hashlib.sha256(data).hexdigest(), None)


def _late(listed: Mapping[str, Seen]) -> bool:
    """Whether anything was written after the manifest, which is written last."""
    last = listed.get(manifest.NAME)
    return last is None or any(seen.modified > last.modified for seen in listed.values())


def _in_order(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """What pages are made with, pages, data, subscribed names, then the lists of addresses and the start page.

    Whoever follows a link, while some of it is new already, finds what it leads to.
    """
    groups: dict[int, list[Line]] = {}
    for line in lines:
        if line.path != manifest.NAME:
            groups.setdefault(_rank(line.path), []).append(line)
    for rank in sorted(groups):
        yield groups[rank]


def _rank(path: str) -> int:
    name = Path(path).name
    if path == "index.html" or name in _LISTS:
        return 4
    return 3 if name == "feed.json" else _RANKS.get(Path(path).suffix, 3)
