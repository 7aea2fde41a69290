"""The head of a request, read by llhttp. The one door of httptools.

A head is a value: the same bytes always give the same `Request` or `Fault`, so answers can be remembered by
them. What a client says of hosts and of other clients (Host, Forwarded, X-Forwarded-*) is never kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import unquote_to_bytes

import httptools

HEAD_LIMIT = 16 * 1024
TARGET_LIMIT = 8 * 1024
END = b"\r\n\r\n"
_KEPT = frozenset(
    (
        b"accept-encoding",
        b"if-match",
        b"if-none-match",
        b"if-modified-since",
        b"if-unmodified-since",
        b"if-range",
        b"range",
        b"access-control-request-method",
    )
)
_LISTS = frozenset((b"accept-encoding", b"if-match", b"if-none-match"))
_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ [^ ]+ HTTP/\d\.\d\r\n")
_HOST = re.compile(rb"[0-9A-Za-z.\-_~%!$&'()*+,;=:\[\]]*")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ABSOLUTE = re.compile(r"https?://[^/?#]*", re.IGNORECASE)
_HIDDEN = re.compile(r"%2f|%5c|%00", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """A well-formed request; `path` is decoded, None for `*` and for what can never be published."""

    method: str
    path: str | None
    fields: Mapping[bytes, bytes] = field(default_factory=dict)
    keep_alive: bool = True
    old: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """A request that is answered by an error, after which the connection ends.

    `method` is HEAD where it began so, since then no body may follow (RFC 9110 §9.3.2), else `-`.
    """

    status: int
    method: str = "-"
    keep_alive: ClassVar[bool] = False
    old: ClassVar[bool] = False


class _Collector:
    """What llhttp finds, piece by piece."""

    def __init__(self) -> None:
        self.target = b""
        self.fields: list[tuple[bytes, bytes]] = []
        self.parser = httptools.HttpRequestParser(self)
        self.keep_alive: bool | None = None

    def on_url(self, piece: bytes) -> None:
        self.target += piece

    def on_header(self, name: bytes, value: bytes) -> None:
        self.fields.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        self.keep_alive = self.parser.should_keep_alive()  # llhttp forgets it right after the message


def early_fault(start: bytes) -> Fault | None:
    """What is wrong already with a head that is not complete yet; None while it may still become one.

    RFC 9112 §2.2 lets a server tolerate bare line feeds; this one does not wait for a head that ends in them.
    """
    if not start[:1].isalpha() and start[:1] not in b"\r\n":
        return Fault(400)
    if _target_length(start) > TARGET_LIMIT:
        return fault(414, start)
    if len(start) > HEAD_LIMIT:
        return fault(431, start)
    return fault(400, start) if b"\n\n" in start else None


def fault(status: int, start: bytes) -> Fault:
    """What is wrong with a head that begins like this."""
    return Fault(status, "HEAD" if start.startswith(b"HEAD ") else "-")


def _target_length(start: bytes) -> int:
    words = start.lstrip(b"\r\n").partition(b"\r\n")[0].split(b" ", 2)
    return len(words[1]) if len(words) > 1 else 0


def parse(head: bytes) -> Request | Fault:
    """One complete head, the empty line included, as a request, or as what is wrong with it."""
    found = _parse(head)
    return fault(found.status, head) if isinstance(found, Fault) else found


def _parse(head: bytes) -> Request | Fault:  # noqa: PLR0911 - one for each thing that can be wrong
    if _target_length(head) > TARGET_LIMIT:
        return Fault(414)
    if len(head) > HEAD_LIMIT:
        return Fault(431)
    if not _LINE.match(head):  # llhttp passes over more than one space
        return Fault(400)
    found = _Collector()
    parser = found.parser
    try:
        parser.feed_data(head)
    except httptools.HttpParserUpgrade:
        pass  # nothing here is upgraded: answered as if it had not been asked for (RFC 9110 §7.8)
    except httptools.HttpParserInvalidMethodError:
        return Fault(501)
    except httptools.HttpParserError:
        return Fault(400)
    if found.keep_alive is None:
        return Fault(400)
    version = parser.get_http_version()
    if version not in ("1.0", "1.1"):
        return Fault(505)
    return _request(parser.get_method().decode("ascii"), found, old=version == "1.0", keep=found.keep_alive)


def _request(method: str, found: _Collector, *, old: bool, keep: bool) -> Request | Fault:
    names = [name for name, _ in found.fields]
    hosts = [value for name, value in found.fields if name == b"host"]
    if len(hosts) > 1 or not (hosts or old) or not all(map(_HOST.fullmatch, hosts)):
        return Fault(400)  # RFC 9112 §3.2
    if method == "CONNECT":
        return Request(method, None, keep_alive=False, old=old)
    target = found.target.decode("latin-1")
    absolute = _ABSOLUTE.match(target)
    if absolute:  # the authority is nobody's business here (RFC 9112 §3.2.2)
        target = target[absolute.end() :]
        target = target if target.startswith("/") else "/" + target
    if not target.startswith("/") and not (target == "*" and method == "OPTIONS"):
        return Fault(400)
    target = target.partition("?")[0]
    if _BROKEN_ESCAPE.search(target):
        return Fault(400)
    body = b"transfer-encoding" in names or any(
        value.strip(b"0") for name, value in found.fields if name == b"content-length"
    )
    return Request(method, _decoded(target), _fields(found.fields), keep and not body, old)


def _decoded(target: str) -> str | None:
    """The path without its leading slash, decoded once; None where no file can have it."""
    if target == "*" or _HIDDEN.search(target) or "\\" in target:
        return None
    try:
        path = unquote_to_bytes(target[1:].encode("latin-1")).decode()
    except UnicodeDecodeError:
        return None
    return None if any(part.startswith(".") for part in path.split("/")) else path


def _fields(lines: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """The fields that matter; lists are joined (RFC 9110 §5.3), a single value said twice says nothing."""
    found: dict[bytes, bytes] = {}
    twice: set[bytes] = set()
    for name, value in lines:
        if name in found and name in _LISTS:
            found[name] += b", " + value
        elif name in found:
            twice.add(name)
        elif name in _KEPT:
            found[name] = value
    return {name: value for name, value in found.items() if name not in twice}
