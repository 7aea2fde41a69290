"""A gate before a real server: it counts what is asked, and cuts, holds or changes it as a test tells it to.

Requests go on as they came, `Host` included, so signatures stay right.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

Verdict = Literal["pass", "cut", "lose"]  # `lose`: it is done, but the answer never arrives
_CONDITIONS = ("if-match", "if-none-match")
_OF_THE_LINE = ("connection", "transfer-encoding", "content-length")


@dataclass
class Gate:
    """A running gate; `judge` sees the number of a request (from 1), its method and its path."""

    behind: int
    judge: Callable[[int, str, str], Verdict] = lambda _number, _method, _path: "pass"
    drops_conditions: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, method: str, path: str) -> int:
        """The number of this request."""
        with self._lock:
            self.asked.append((method, path))
            return len(self.asked)

    def written(self) -> list[str]:
        """The paths that were put, in order."""
        return [path for method, path in self.asked if method == "PUT"]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, gate: Gate) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.gate = gate
        gate.port = self.server_port

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: publishers that leave in the middle are what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):  # every method alike
            return self._pass_or_not
        raise AttributeError(name)

    def _pass_or_not(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        gate = self.server.gate
        verdict = gate.judge(gate.count(self.command, self.path), self.command, self.path)
        if verdict != "cut":
            self._pass_on(body, answered=verdict == "pass")
        if verdict != "pass":
            self.close_connection = True

    def _pass_on(self, body: bytes, *, answered: bool) -> None:
        gate = self.server.gate
        with closing(http.client.HTTPConnection("127.0.0.1", gate.behind, timeout=30)) as server:
            server.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if not (gate.drops_conditions and name.lower() in _CONDITIONS):
                    server.putheader(name, value)
            server.endheaders(body)
            answer = server.getresponse()
            data = answer.read()
        if answered:
            with suppress(OSError):
                self._answer(answer, data)

    def _answer(self, answer: http.client.HTTPResponse, data: bytes) -> None:
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in _OF_THE_LINE:
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(data))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # so it is named there
        pass


@contextmanager
def gate_before(port: int) -> Iterator[Gate]:
    """A gate before the server at a port of the loopback."""
    gate = Gate(port)
    with _Server(gate) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield gate
        finally:
            server.shutdown()
            thread.join()
