"""A request and a snapshot → one answer. No socket and no clock: the second is handed in.

Every answer is built from one snapshot, so header and body are of one release.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import quote

from calfeed.compose import CALENDAR, FOLDER, in_address
from calfeed.domain.sets import set_name
from calfeed.serve.composing import Busy, Composer, Set, known_set
from calfeed.serve.negotiation import Codings, Validators, Verdict, byte_range, codings, weigh, written_date
from calfeed.serve.requests import Fault, Request
from calfeed.serve.shelf import Damaged, Exhausted, OpenFile, Packed, Shelf, Stock
from calfeed.serve.snapshot import Listed, Site, Snapshot
from calfeed.storage import manifest
from calfeed.storage.delivery import cache_control

log = logging.getLogger("calfeed")

ALLOW = b"Allow: GET, HEAD, OPTIONS\r\n"
JOINED = 64 * 1024  # bytes up to which head and body are put together into one write
PREFLIGHT = (
    b"Access-Control-Allow-Methods: GET, HEAD, OPTIONS\r\n"
    b"Access-Control-Allow-Headers: Accept, Cache-Control, If-Match, If-Modified-Since, If-None-Match, "
    b"If-Range, If-Unmodified-Since, Range\r\n"
    b"Access-Control-Max-Age: 86400\r\n"
)
_NOSNIFF = b"X-Content-Type-Options: nosniff\r\n"
_OPEN = b"Access-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: ETag\r\n"
_FRESH, _FRESH_PAGE = (
    b"Cache-Control: %s\r\n" % cache_control(media_type).encode() for media_type in ("text/calendar", "text/html")
)
_PAGE = (
    b"Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    b"connect-src 'self'; base-uri 'none'; form-action 'none'\r\nReferrer-Policy: no-referrer\r\n"
)
_NEVER = b"Cache-Control: no-store\r\n"
_SOON = b"Retry-After: 5\r\n"
_QUIET = 60  # seconds between two lines that say that descriptors are lacking
_WORDS = {
    status.value: b"HTTP/1.1 %d %s\r\nDate: " % (status.value, status.phrase.encode("ascii"))
    for status in HTTPStatus
    if status.value >= 200
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is written: `head` with its empty line, then `body` from `start` to `end`; `wire` is all of it in one.

    `kept` says that the same request within the same second gets the same bytes; `path` is a published one, or
    `-`: what a client made up goes into no log.
    """

    status: int
    head: bytes
    body: bytes | OpenFile = b""
    start: int = 0
    end: int = 0
    close: bool = False
    kept: bool = False
    method: str = "-"
    path: str = "-"
    wire: bytes | None = None


@dataclass
class Desk:
    """Answers requests; `now` is the second that Date tells, set by whoever has the clock."""

    site: Site
    shelf: Shelf
    composer: Composer
    metrics: Callable[[], bytes]
    now: int = 0
    date: bytes = b""
    stopping: bool = False
    _told: set[str] = field(default_factory=set)
    _quiet_until: int = 0

    def set_clock(self, now: int) -> None:
        """A new second."""
        self.now, self.date = now, written_date(now) + b"\r\n"
        self.composer.breathe()

    def take_up(self, snapshot: Snapshot) -> None:
        """Another release is served from now on."""
        self._told.clear()
        self.shelf.forget({line.sha256 for line in snapshot.index.values()})
        self.composer.take_up(snapshot)

    def finished(self) -> list[Hashable]:
        """Take over what has been done beside the loop, and give the keys that somebody waits for."""
        return [*self.shelf.finished(), *self.composer.finished()]

    def close(self) -> None:
        """Begin no more work beside the loop."""
        self.shelf.close()
        self.composer.close()

    def answer(self, asked: Request | Fault) -> Answer:
        """The answer; raises `shelf.Later` when it has to wait for work beside the loop."""
        if isinstance(asked, Fault):
            return self._error(asked, asked.status)
        if asked.method == "OPTIONS":
            return self._options(asked)
        if asked.method not in ("GET", "HEAD"):
            return self._error(asked, 405, ALLOW)
        if asked.path in _OPERATING:
            return self._operating(asked, asked.path)
        snapshot = self.site.snapshot
        if snapshot is None:
            return self.unavailable(asked)
        return self._published(asked, snapshot)

    def unavailable(self, asked: Request) -> Answer:
        """Not now, but soon."""
        return self._error(asked, 503, _SOON)

    def _published(self, asked: Request, snapshot: Snapshot) -> Answer:
        path = asked.path
        if path is None:
            return self._error(asked, 404)
        page = path + "index.html" if path.endswith("/") or not path else path
        line = snapshot.index.get(page)
        if line is not None:
            return self._file(asked, snapshot, line)
        if f"{path}/index.html" in snapshot.index:
            last = quote(path.rpartition("/")[2]).encode("ascii")  # relative, so also right below a proxy's prefix
            where = b"Location: %s/\r\n" % last
            return self._text(asked, 308, _FRESH_PAGE + where, path=path + "/")
        found = known_set(snapshot, path)
        return self._error(asked, 404) if found is None else self._set(asked, snapshot, path, found)

    def _file(self, asked: Request, snapshot: Snapshot, line: Listed) -> Answer:
        return self._guarded(
            asked, line.path, lambda: self._representation(asked, snapshot, line, self.shelf, line)
        )

    def _set(self, asked: Request, snapshot: Snapshot, path: str, found: Set) -> Answer:
        """A set of categories, at its one address; nothing but the names of its parts goes into the log."""
        name = set_name(found.slugs)
        if path != f"{found.folder}{FOLDER}{name}/{CALENDAR}":
            where = b"Location: ../%s/%s\r\n" % (in_address(name).encode("ascii"), CALENDAR.encode("ascii"))
            return self._text(asked, 308, _FRESH_PAGE + where)
        dated = snapshot.index[manifest.NAME]  # later with every release, as the latest of the parts need not be

        def representation() -> Answer:
            line = self.composer.line(snapshot, path, found)
            return self._representation(asked, snapshot, line, self.composer, dated)

        return self._guarded(asked, found.folder + FOLDER, representation)

    def _guarded(self, asked: Request, path: str, make: Callable[[], Answer]) -> Answer:
        """The answer, or what is said where its bytes cannot be had; `path` is what the log calls it."""
        try:
            return make()
        except Busy:
            return self.unavailable(asked)
        except Exhausted as error:
            if self.now >= self._quiet_until:
                self._quiet_until = self.now + _QUIET
                log.error("%s: cannot be opened (%s); answered with 503", path, error)  # noqa: TRY400
            return self.unavailable(asked)
        except (Damaged, OSError) as error:
            told = f"{path}: {error}"  # for sets `path` is a folder, and the error names the file
            if told not in self._told:
                self._told.add(told)
                log.error("%s: not what the manifest says (%s); answered with 500", path, error)  # noqa: TRY400
            return self._error(asked, 500)

    def _representation(
        self, asked: Request, snapshot: Snapshot, line: Listed, stock: Stock, dated: Listed
    ) -> Answer:
        """A file as this client wants it; its Last-Modified is that of the line `dated`."""
        wanted = codings(asked.fields.get(b"accept-encoding"))
        squeezable = _compressible(line.media_type)
        packed = stock.packed(snapshot, line) if squeezable and wanted.gzip else None
        have = _validators(line, packed, wanted, self._modified(snapshot, dated))
        block = _block(line, have, squeezable=squeezable)
        verdict, tag = weigh(asked.fields, have)
        if verdict is Verdict.NOT_MODIFIED:
            return self._made(asked, 304, b"ETag: " + tag + b"\r\n" + block, kept=True, path=line.path)
        if verdict is Verdict.FAILED:
            return self._error(asked, 412)
        block = b"ETag: " + tag + b"\r\n" + block

        def body() -> bytes | OpenFile:
            return stock.data(snapshot, line, gzip=packed is not None)

        return self._content(asked, line, (have, packed, block), body)

    def _content(
        self,
        asked: Request,
        line: Listed,
        chosen: tuple[Validators, Packed | None, bytes],
        body: Callable[[], bytes | OpenFile],
    ) -> Answer:
        have, packed, block = chosen
        size = line.size if packed is None else packed.size
        part = byte_range(asked.fields, have, size) if asked.method == "GET" else None
        if part is not None and part[0] == part[1]:
            return self._error(asked, 416, b"Content-Range: bytes */%d\r\n" % size)
        start, end = part or (0, size)
        head = block + b"Accept-Ranges: bytes\r\nContent-Type: %s\r\nContent-Length: %d\r\n" % (
            line.media_type.encode("ascii"),
            end - start,
        )
        if packed is not None:
            head += b"Content-Encoding: gzip\r\n"
        if part is not None:
            head += b"Content-Range: bytes %d-%d/%d\r\n" % (start, end - 1, size)
        return self._made(asked, 206 if part else 200, head, body(), (start, end), kept=True, path=line.path)

    def _modified(self, snapshot: Snapshot, line: Listed) -> int | None:
        """Last-Modified, left out where it would lie after Date (RFC 9110 §8.8.2.1)."""
        instant = self.site.modified(snapshot, line)
        return None if instant is None or instant > self.now else instant

    def _options(self, asked: Request) -> Answer:
        preflight = b"access-control-request-method" in asked.fields
        return self._made(asked, 204, ALLOW + _NEVER + _NOSNIFF + _OPEN + (PREFLIGHT if preflight else b""))

    def _operating(self, asked: Request, path: str) -> Answer:
        if path == "metrics":
            kind = b"Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
            return self._text(asked, 200, _NEVER + kind, self.metrics(), path=path)
        ready = path == "healthz" or self.site.snapshot is not None
        extra = _NEVER if ready else _NEVER + _SOON
        return self._text(asked, 200 if ready else 503, extra, path=path)

    def _error(self, asked: Request | Fault, status: int, extra: bytes = b"") -> Answer:
        return self._text(asked, status, _NEVER + extra)

    def _text(
        self, asked: Request | Fault, status: int, extra: bytes, body: bytes | None = None, path: str = "-"
    ) -> Answer:
        """A short plain text, the name of the status where nothing else is to be said."""
        if body is None:
            body = b"%d %s\n" % (status, HTTPStatus(status).phrase.encode("ascii"))
        if b"Content-Type" not in extra:
            extra += b"Content-Type: text/plain; charset=utf-8\r\n"
        head = extra + b"Content-Length: %d\r\n" % len(body) + _NOSNIFF + _OPEN
        return self._made(asked, status, head, body, (0, len(body)), path=path)

    def _made(  # noqa: PLR0913 - what an answer consists of
        self,
        asked: Request | Fault,
        status: int,
        block: bytes,
        body: bytes | OpenFile = b"",
        part: tuple[int, int] = (0, 0),
        *,
        kept: bool = False,
        path: str = "-",
    ) -> Answer:
        close = self.stopping or not asked.keep_alive
        start, end = (0, 0) if asked.method == "HEAD" else part
        connection = b"Connection: close\r\n" if close else b""
        if asked.old and not close:
            connection = b"Connection: keep-alive\r\n"
        head = b"".join((_WORDS[status], self.date, block, connection, b"\r\n"))
        joined = isinstance(body, bytes) and end - start <= JOINED
        wire = head + body[start:end] if joined and isinstance(body, bytes) else None
        return Answer(status, head, body, start, end, close, kept and not close, asked.method, path, wire)


_OPERATING = frozenset(("healthz", "readyz", "metrics"))


def _compressible(media_type: str) -> bool:
    kind = media_type.partition(";")[0].rstrip().lower()
    return kind.startswith("text/") or kind.endswith(("json", "xml", "javascript"))


def _validators(line: Listed, packed: Packed | None, wanted: Codings, modified: int | None) -> Validators:
    plain = b'"%s"' % line.sha256.hex().encode("ascii")
    if packed is None:
        return Validators(plain, None, modified)
    return Validators(packed.tag, plain if wanted.identity else None, modified)


def _block(line: Listed, have: Validators, *, squeezable: bool) -> bytes:
    """The header fields that 200, 206 and 304 have in common (RFC 9110 §15.4.5), but for the tag."""
    page = line.media_type.startswith("text/html")
    return b"".join(
        (
            b"" if have.modified is None else b"Last-Modified: %s\r\n" % written_date(have.modified),
            b"Vary: Accept-Encoding\r\n" if squeezable else b"",
            _FRESH_PAGE + _PAGE if page else _FRESH + _OPEN,
            _NOSNIFF,
        )
    )
