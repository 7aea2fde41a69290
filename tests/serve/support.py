"""A real server on loopback, sites to serve, and a client that says exactly what it is told to."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from calfeed.serve import Limits, assemble
from calfeed.serve.addresses import listen
from calfeed.serve.listener import Loop

NOW = dt.datetime(2026, 11, 22, 6, 0, 0, tzinfo=dt.UTC)
TYPES = {
    ".ics": "text/calendar; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".json": "application/json",
    ".html": "text/html; charset=utf-8",
    ".png": "image/png",
    ".nojekyll": "text/plain",
}
FILES: dict[str, bytes] = {
    ".nojekyll": b"",
    "index.html": b"<!doctype html><title>All</title>" + b"<p>A day to remember.</p>" * 40,
    "calendar.ics": b"BEGIN:VCALENDAR\r\n" + b"X-LINE:one of many\r\n" * 200 + b"END:VCALENDAR\r\n",
    "feed.rss": b"<rss/>" + b"<item/>" * 100,
    "events.json": b"[" + b"1," * 100 + b"1]",
    "tiny.json": b"{}",
    "picture.png": bytes(range(256)) * 8,
    "categories/khojaly/index.html": b"<!doctype html><title>Khojaly</title>" * 5,
    "categories/khojaly/calendar.ics": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n" * 20,
}


def publish(site: Path, files: Mapping[str, bytes], *, at: dt.datetime | None = None, broken: str = "") -> str:
    """Make a release of these files, dated `at`, and show it by one rename; gives its name."""
    lines = [
        {
            "path": path,
            "media_type": TYPES["." + path.rpartition(".")[2]],
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "events": None,
        }
        for path, data in sorted(files.items())
    ]
    written = json.dumps({"version": 1, "files": lines}).encode()
    name = hashlib.sha256(written).hexdigest()[:32]
    release = site / "releases" / name
    stamp = (NOW if at is None else at).timestamp()
    if not release.exists():
        for path, data in {**files, "manifest.json": written}.items():
            (release / path).parent.mkdir(parents=True, exist_ok=True)
            (release / path).write_bytes(data[::-1] if path == broken else data)
            os.utime(release / path, (stamp, stamp))
    os.utime(release, (stamp, stamp))
    show(site, name, at=at)
    return name


def show(site: Path, name: str, *, at: dt.datetime | None = None) -> None:
    """Turn `current` to a release."""
    link = site / ".current-test"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / name)
    stamp = (NOW if at is None else at).timestamp()
    os.utime(link, (stamp, stamp), follow_symlinks=False)
    link.replace(site / "current")


@dataclass(frozen=True)
class Reply:
    """One answer as it came over the wire; names of fields in lower case."""

    status: int
    fields: dict[str, str]
    body: bytes
    head: bytes = b""


@dataclass
class Client:
    """A connection that sends what it is told to, byte for byte."""

    sock: socket.socket
    read: bytes = b""

    def say(self, data: bytes) -> None:
        """Send exactly this."""
        self.sock.sendall(data)

    def ask(self, target: str = "/", method: str = "GET", version: str = "1.1", **fields: str) -> Reply:
        """One well-formed request, and its answer; `_` in names of fields stands for `-`."""
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
        self.say(f"{method} {target} HTTP/{version}\r\nHost: calendar.example\r\n{lines}\r\n".encode("latin-1"))
        return self.hear(method)

    def hear(self, method: str = "GET") -> Reply:
        """The next answer; raises EOFError when the connection ends before it is whole."""
        head = self._until(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")[:-2]
        assert first.startswith("HTTP/1.1 ")
        fields = dict(map(_field, lines))
        assert len(fields) == len(lines), "a field was sent twice"
        status = int(first.split(" ")[1])
        bodiless = method == "HEAD" or status in (204, 304)
        body = b"" if bodiless else self._count(int(fields["content-length"]))
        return Reply(status, fields, body, head)

    def ended(self) -> bool:
        """Whether the server closes without another byte; a reset counts."""
        try:
            return not self.read and self.sock.recv(1) == b""
        except ConnectionResetError:
            return True

    def _until(self, mark: bytes) -> bytes:
        while mark not in self.read:
            self._more()
        head, _, self.read = self.read.partition(mark)
        return head + mark

    def _count(self, number: int) -> bytes:
        while len(self.read) < number:
            self._more()
        data, self.read = self.read[:number], self.read[number:]
        return data

    def _more(self) -> None:
        data = self.sock.recv(65536)
        if not data:
            raise EOFError
        self.read += data


def _field(line: str) -> tuple[str, str]:
    name, _, value = line.partition(": ")
    return name.lower(), value


@dataclass
class Server:
    """A server in a thread of its own, with a clock that is handed in."""

    site: Path
    state: Path
    limits: Limits = field(default_factory=Limits)
    now: dt.datetime = NOW
    builds: dict[int, int] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    host: str = "127.0.0.1"
    access_log: bool = False

    @contextmanager
    def running(self) -> Iterator[Server]:
        """While the block runs; every connection that is left is closed at its end."""
        listeners = listen(self.host, 0)
        self.port = listeners[0].getsockname()[1]
        self.loop = self._assembled(listeners)
        self.clients: list[socket.socket] = []
        thread = threading.Thread(target=self.loop.run, daemon=True)
        thread.start()
        wait_until(lambda: "READY=1" in self.words)
        try:
            yield self
        finally:
            for sock in self.clients:
                sock.close()
            self.loop.stops = 2
            self.loop.waker.wake()
            thread.join(10)
            self.loop.waker.close()
            assert not thread.is_alive(), "the server did not stop"

    def _assembled(self, listeners: list[socket.socket]) -> Loop:
        loop = assemble(
            self.site,
            self.state,
            listeners,
            clock=lambda: self.now,
            notify=self.words.append,
            builds=lambda: self.builds,
            limits=self.limits,
        )
        loop.access_log = self.access_log
        return loop

    def client(self, *, receive: int = 0) -> Client:
        """A new connection; `receive` is the size of its receive buffer where that matters."""
        sock = socket.socket()
        if receive:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        sock.settimeout(10)
        sock.connect(("127.0.0.1", self.port))
        self.clients.append(sock)
        return Client(sock)

    def ask(self, target: str = "/", method: str = "GET", version: str = "1.1", **fields: str) -> Reply:
        """One request on a connection of its own."""
        client = self.client()
        try:
            return client.ask(target, method, version, **fields)
        finally:
            client.sock.close()

    def metric(self, name: str) -> float:
        """One number out of /metrics."""
        page = self.ask("/metrics").body.decode()
        return next(float(line.split()[-1]) for line in page.splitlines() if line.startswith(name + " "))

    def faster(self, **bounds: float) -> Server:
        """The same with other bounds; nothing runs yet."""
        return replace(self, limits=replace(self.limits, **bounds))  # type: ignore[arg-type]


def wait_until(condition: Callable[[], bool], seconds: float = 8.0) -> None:
    """Until the condition holds; fails after a deadline."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not come to pass in time"
        time.sleep(0.01)


CHILD = """
import datetime as dt, logging, resource, sys
from pathlib import Path
from calfeed.serve import Limits, address, listen, serve
descriptors, head, ahead = int(sys.argv[2]), float(sys.argv[3]), dt.timedelta(seconds=float(sys.argv[4]))
if descriptors:
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
logging.basicConfig(level=logging.INFO, stream=sys.stderr)
say = lambda words: print(words, flush=True)
listeners = listen("127.0.0.1", 0)
say(address("127.0.0.1", listeners[0]))
serve(Path(sys.argv[1]), Path(sys.argv[1]), listeners, clock=lambda: dt.datetime.now(dt.UTC) + ahead,
      on_hangup=lambda: say("HANGUP"), notify=say, builds=dict, alive=lambda: True,
      limits=Limits(head=head))
say("DONE")
"""


@contextmanager
def child(
    site: Path, *, descriptors: int = 0, head: float = 5.0, ahead: float = 0.0
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`serve` in a process of its own, with its port once it listens; its clock is `ahead` by so many seconds."""
    command = [sys.executable, "-c", CHILD, str(site), *map(str, (descriptors, head, ahead))]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        port = int(process.stdout.readline().rstrip("/\n").rpartition(":")[2])
        while process.stdout.readline() not in ("READY=1\n", ""):
            pass
        yield process, port
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        assert process.stderr is not None
        process.stderr.close()
