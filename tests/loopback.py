"""A real web server on a free port of the loopback, which answers what a test tells it to."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> list[tuple[str, str]]:
        """The fields of a form, in order."""
        return parse_qsl(self.body.decode(), keep_blank_values=True)


@dataclass(frozen=True)
class Reply:
    """What is answered; a body in pieces is sent without its length, each piece as it comes."""

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bool = False  # the pieces are the whole answer, status line included


@dataclass
class Server:
    """A running server: where it is, what it was asked, and a flag that is set when the test is over."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serving(answer: Callable[[Asked], Reply], tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Serve until the block ends; every request runs in a thread of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            asked = Asked(self.command, self.path, dict(self.headers), self.rfile.read(length))
            server.asked.append(asked)
            with suppress(OSError):  # whoever asked has left
                self._reply(answer(asked))

        do_POST = do_GET  # noqa: N815  # so it is looked for

        def _reply(self, reply: Reply) -> None:
            self.close_connection = True
            if not reply.raw:
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if isinstance(reply.body, bytes) and "Content-Length" not in reply.headers:
                    self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
            for piece in [reply.body] if isinstance(reply.body, bytes) else reply.body:
                self.wfile.write(piece)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # so it is named there
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        if tls:
            http.socket = tls.wrap_socket(http.socket, server_side=True)
        server = Server(f"{'https' if tls else 'http'}://127.0.0.1:{http.server_port}/")
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            http.shutdown()
            thread.join()


def closed_port() -> str:
    """An address at which nobody listens."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as http:
        return f"http://127.0.0.1:{http.server_port}/"


def in_turn(*replies: Reply) -> Callable[[Asked], Reply]:
    """One reply after the other, the last one for ever."""
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]
