"""Readers that never stop, each in its own way, and what each of them is promised.

Through a server: every body is whole and of one release, nobody is ever answered from a release before one that he
saw, a tag stands for one body, 304 is said of what he holds, and Last-Modified rises with every change.

In the folder, three ways to read. Whoever opens the folder that `current` names and locks it (shared, as our
server does) has the whole release for as long as he likes. Without the lock he has whole files of that release,
and misses some only after three more releases were shown. Whoever goes through `current` for each file, as web
servers do, has whole files and never an older one after a newer one; but two files may be of two releases.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import socket
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from tests.faults.chronicle import ABSENT, Trail
from tests.faults.gardener import SET, set_digest
from tests.serve.support import Client, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

PATHS = (
    "calendar.ics",
    "calendar.jcal",
    "feed.rss",
    "feed.atom",
    "feed.json",
    "index.html",
    "events.json",
    "manifest.json",
    "categories/town/calendar.ics",
    "categories/people/feed.atom",
    "events/fire/calendar.ics",
    "events/flood/index.html",
)
KEEP = 3  # releases, the one that stands among them


def breathe(seconds: float) -> None:
    """Leave the others some time: readers in threads could keep a publisher of two cores from publishing."""
    threading.Event().wait(seconds)


class Held(NamedTuple):
    """What a reader holds of an address in one coding; `digest` is that of what was published."""

    tag: str
    modified: str | None
    body: bytes
    digest: str


@dataclass
class Tags:
    """What each tag was seen to stand for, by all readers of a server; `strong` ones are digests."""

    strong: bool
    known: dict[tuple[str, str], str] = field(default_factory=dict)


@dataclass
class WebReader:
    """Asks a server in every way that readers do, and notes what it gets."""

    trail: Trail
    connect: Callable[[], Client]
    chance: Random
    tags: Tags
    paths: tuple[str, ...] = (*PATHS, SET)
    codings: tuple[str, ...] = ("identity", "gzip")
    stays: bool = True  # on one connection, for many requests
    held: dict[tuple[str, str], Held] = field(default_factory=dict)
    dated: dict[str, tuple[float, str]] = field(default_factory=dict)
    client: Client | None = None

    def turn(self) -> None:
        """One request of a kind that chance chooses."""
        breathe(0.003)
        if self.client is None or not (self.stays or self.chance.random() < 0.5):
            self.close()
            self.client = self.connect()
        path, coding = self.chance.choice(self.paths), self.chance.choice(self.codings)
        held = self.held.get((path, coding))
        ways = [self._plain, self._head] if held is None else [self._tagged, self._tagged, self._dated, self._rest]
        if held is not None and self.chance.random() < 0.3:
            ways = [self._plain, self._head]
        self.chance.choice(ways)(path, coding, held)

    def close(self) -> None:
        """End the connection, if there is one."""
        if self.client is not None:
            self.client.sock.close()
            self.client = None

    def _ask(self, path: str, coding: str, method: str = "GET", **fields: str) -> Reply:
        assert self.client is not None
        found = self.client.ask("/" + path, method, Accept_Encoding=coding, **fields)
        if found.fields.get("connection") == "close":  # nginx says so after a thousand answers
            self.close()
        return found

    def _plain(self, path: str, coding: str, _: Held | None) -> None:
        self._whole(path, coding, self._ask(path, coding))

    def _tagged(self, path: str, coding: str, held: Held | None) -> None:
        assert held is not None
        self._conditional(path, coding, held, self._ask(path, coding, If_None_Match=held.tag))

    def _dated(self, path: str, coding: str, held: Held | None) -> None:
        assert held is not None
        if held.modified is not None:
            found = self._ask(path, coding, If_Modified_Since=held.modified)
            self._conditional(path, coding, held, found)

    def _conditional(self, path: str, coding: str, held: Held, found: Reply) -> None:
        if found.status != 304:
            self._whole(path, coding, found)
        elif found.fields["etag"] != held.tag:
            self.trail.complain(f"{path}: 304 with {found.fields['etag']} to one who holds {held.tag}")
        else:
            self._saw(path, held.digest, found)

    def _head(self, path: str, coding: str, _: Held | None) -> None:
        found = self._ask(path, coding, "HEAD")
        if found.status != 200:
            return self.trail.complain(f"{path}: HEAD is answered {found.status}")
        digest = self.tags.known.get((path, found.fields["etag"]))
        if digest is not None:
            self._saw(path, digest, found)
        return None

    def _rest(self, path: str, coding: str, held: Held | None) -> None:
        """What a program asks for that was cut off: the rest, if it is still of the same."""
        assert held is not None
        at = self.chance.randrange(len(held.body))
        found = self._ask(path, coding, If_Range=held.tag, Range=f"bytes={at}-")
        if found.status != 206:
            return self._whole(path, coding, found)
        if found.body != held.body[at:] or found.fields["etag"] != held.tag:
            self.trail.complain(f"{path}: the rest is that of another body")
        self._saw(path, held.digest, found)
        return None

    def _whole(self, path: str, coding: str, found: Reply) -> None:
        """A body: what it stands for, and that its tag stands for it alone."""
        if found.status != 200:
            return self.trail.complain(f"{path}: answered {found.status}")
        tag, sent = found.fields["etag"], hashlib.sha256(found.body).hexdigest()
        if self.tags.strong and tag != f'"{sent}"':
            self.trail.complain(f"{path}: the tag is not that of the body")
        packed = found.fields.get("content-encoding") == "gzip"
        data = gzip.decompress(found.body) if packed else found.body
        digest = digest_of(path, data)
        if self.tags.known.setdefault((path, tag), digest) != digest:
            self.trail.complain(f"{path}: {tag} stands for two bodies")
        self.held[path, coding] = Held(tag, found.fields.get("last-modified"), found.body, digest)
        self._saw(path, digest, found)
        return None

    def _saw(self, path: str, digest: str, found: Reply) -> None:
        """Note it; Last-Modified never goes back, and has risen where the content is another."""
        self.trail.saw(path, digest)
        said = found.fields.get("last-modified")
        if said is not None:
            instant = parsedate_to_datetime(said).timestamp()
            before, content = self.dated.get(path, (0.0, digest))
            if instant < before or (content != digest and instant == before):
                self.trail.complain(f"{path}: Last-Modified {said} where it was {before:.0f} before")
            self.dated[path] = instant, digest


def digest_of(path: str, data: bytes) -> str:
    """What a body is known by: its digest, or that of its events where it was composed."""
    if path != SET:
        return hashlib.sha256(data).hexdigest()
    whole = data.startswith(b"BEGIN:VCALENDAR\r\n") and data.endswith(b"END:VCALENDAR\r\n")
    once = data.count(b"BEGIN:VEVENT\r\n") == len(set(data.split(b"BEGIN:VEVENT\r\n")[1:]))
    return set_digest(data) if whole and once else "torn"


class SlowClient(Client):
    """Takes what is sent in small sips."""

    def _more(self) -> None:
        breathe(0.005)
        data = self.sock.recv(4096)
        if not data:
            raise EOFError
        self.read += data


@dataclass
class SlowReader:
    """Asks for much at once and takes it slowly, so that releases change between two answers and within them."""

    trail: Trail
    connect: Callable[[], Client]
    stop: threading.Event

    def turn(self) -> None:
        """One connection; the kernel takes two megabytes for it ahead, so as much again is asked for."""
        client = self.connect()
        try:
            client.say(b"".join(b"GET /%s HTTP/1.1\r\nHost: a\r\n\r\n" % path.encode() for path in PATHS * 40))
            for path in PATHS * 40:
                if self.stop.is_set():
                    return
                found = client.hear()
                digest = hashlib.sha256(found.body).hexdigest()
                if (found.status, found.fields["etag"]) != (200, f'"{digest}"'):
                    self.trail.complain(f"{path}: {found.status} with {found.fields.get('etag')}")
                self.trail.saw(path, digest)
        finally:
            client.sock.close()

    def close(self) -> None:
        """Nothing is held."""


@dataclass
class PathReader:
    """Goes through `current` for each file, as web servers do."""

    trail: Trail
    site: Path
    chance: Random

    def turn(self) -> None:
        """One file."""
        breathe(0.001)
        path = self.chance.choice(PATHS)
        try:
            digest = hashlib.sha256((self.site / "current" / path).read_bytes()).hexdigest()
        except FileNotFoundError:
            digest = ABSENT
        self.trail.saw(path, digest)

    def close(self) -> None:
        """Nothing is held."""


@dataclass
class FolderReader:
    """Opens the release that stands and reads all of it, later and later; with a lock or without one."""

    trail: Trail
    site: Path
    chance: Random
    locks: bool
    stop: threading.Event
    files: int = 0
    outlived: int = 0  # folders that were still read when they would no longer be kept
    shown: list[str] = field(default_factory=list)  # the release that is read, and those after it
    pruned: list[tuple[str, str]] = field(default_factory=list)  # release, and the one that stood by then

    def turn(self) -> None:
        """One release, from when it stands until it is, or would be, no longer kept."""
        with self._opened() as (name, folder):
            self.shown = [name]
            listed = self._listed(folder)
            paths = list(listed)
            self.chance.shuffle(paths)
            long = KEEP + 1 + self.locks  # not in step with one another: what one of them locks is kept for all
            for part, after in enumerate((0, KEEP - 1, long)):
                if not self._await(after):
                    return
                self.outlived += after >= KEEP
                missing = [path for path in paths[part::3] if not self._read(folder, name, listed, path)]
                if self.locks and missing:
                    self.trail.complain(f"{name}: files went under a reader who had locked the folder")

    def close(self) -> None:
        """Nothing is held."""

    @contextmanager
    def _opened(self) -> Iterator[tuple[str, int]]:
        while True:
            target = (self.site / "current").readlink()
            folder = os.open(self.site / target, os.O_RDONLY | os.O_DIRECTORY)
            try:
                if self.locks:
                    fcntl.flock(folder, fcntl.LOCK_SH | fcntl.LOCK_NB)
                if os.path.samestat(os.fstat(folder), (self.site / target).stat()):  # not pruned meanwhile
                    yield target.name, folder
                    return
            finally:
                os.close(folder)

    def _listed(self, folder: int) -> dict[str, str]:
        data = self._bytes(folder, "manifest.json")
        self.trail.saw("manifest.json", hashlib.sha256(data).hexdigest())
        return {line["path"]: line["sha256"] for line in json.loads(data)["files"]}

    def _await(self, number: int) -> bool:
        """Until so many releases were shown after this one; False where everything ends before."""
        while len(self.shown) <= number:
            if self.stop.is_set():
                return False
            breathe(0.01)
            stands = (self.site / "current").readlink().name
            if stands != self.shown[-1]:
                self.shown.append(stands)
        return True

    def _read(self, folder: int, name: str, listed: dict[str, str], path: str) -> bool:
        """Whether the file is there; what is there is whole."""
        try:
            data = self._bytes(folder, path)
        except FileNotFoundError:
            self.pruned.append((name, (self.site / "current").readlink().name))
            return False
        if hashlib.sha256(data).hexdigest() != listed[path]:
            self.trail.complain(f"{name}/{path}: not what its manifest says")
        self.files += 1
        return True

    def _bytes(self, folder: int, path: str) -> bytes:
        with os.fdopen(os.open(path, os.O_RDONLY, dir_fd=folder), "rb") as file:
            return file.read()


def connected(port: int, *, kind: type[Client] = Client, receive: int = 0) -> Client:
    """A connection to a port of loopback; `receive` is the size of its receive buffer where that matters."""
    sock = socket.socket()
    if receive:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    sock.settimeout(20)
    sock.connect(("127.0.0.1", port))
    return kind(sock)
