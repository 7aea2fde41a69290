"""The loop: connections and their number, time-outs, and the end.

A loop of our own on `selectors` instead of asyncio: it knows how long every client has been waiting, so it can
make room, and it costs neither asyncio's memory nor a timer for each connection (docs/decisions/0008).
"""

from __future__ import annotations

import errno
import logging
import os
import resource
import socket
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from selectors import EVENT_READ, DefaultSelector, SelectorKey

from calfeed.serve.addresses import Waker
from calfeed.serve.answers import Answer, Desk
from calfeed.serve.connection import Connection, State
from calfeed.serve.limits import Limits
from calfeed.serve.metrics import Tally
from calfeed.serve.requests import Fault, Request, parse
from calfeed.serve.shelf import Key, Later

log = logging.getLogger("calfeed")

SWEEP = 0.5  # seconds between two looks at everything that can be late
PING = 5.0  # seconds between two signs of life
_AT_ONCE = 16  # connections accepted before the others have their turn
_RESERVED = 64  # descriptors that are left to files, the other end of pipes, a build
_KEPT, _KEPT_BYTES = 512, 1024 * 1024  # answers that are remembered within one second
_QUIET = 60.0  # seconds between two lines of the same kind in the log
_FULL = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


def room(limits: Limits) -> int:
    """How many connections there may be, in view of the descriptors that the process may have."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return limits.connections if soft < 0 else min(limits.connections, max(8, soft - _RESERVED))


@dataclass
class Loop:
    """Everything that changes while serving. `clock` gives seconds since 1970, `monotonic` those that only grow.

    `each_turn` is called at least twice a second and whenever something woke the loop.
    """

    listeners: list[socket.socket]
    desk: Desk
    waker: Waker
    clock: Callable[[], float]
    limits: Limits
    tally: Tally
    notify: Callable[[str], None]
    each_turn: Callable[[], None] = lambda: None
    access_log: bool = False
    monotonic: Callable[[], float] = time.monotonic
    now: float = 0.0
    stops: int = 0
    kept: dict[bytes, Answer] = field(default_factory=dict)
    _kept_bytes: int = 0
    _room: int = 0
    _clients: set[Connection] = field(default_factory=set)
    waiting: OrderedDict[Connection, None] = field(default_factory=OrderedDict)
    _parked: dict[Key, list[Connection]] = field(default_factory=dict)
    _said: dict[str, float] = field(default_factory=dict)
    _selector: DefaultSelector = field(default_factory=DefaultSelector)
    _accepting: bool = False
    _full_until: float = 0.0
    _next_look: float = 0.0
    _next_sweep: float = 0.0
    _next_ping: float = 0.0
    _end: float | None = None

    def run(self) -> None:
        """Until `stops` is 1 and every answer is out, or the time for that is over, or `stops` is 2."""
        self._room = room(self.limits)
        self._selector.register(self.waker.ears, EVENT_READ, self._woken)
        self._turn()
        self._accept_again()
        self.notify("READY=1")
        try:
            while not self._finished():
                self._once(SWEEP)
        finally:
            self._close()

    def _once(self, timeout: float) -> None:
        events = self._selector.select(timeout)
        self._turn()
        self._pass_on(events)

    def _pass_on(self, events: list[tuple[SelectorKey, int]]) -> None:
        for key, mask in events:
            try:
                key.data(mask)
            except Exception:  # noqa: BLE001 - told with its traceback, and the others are served on
                self._survive(key.data)

    def _survive(self, action: object) -> None:
        """A bug costs the one connection that it was met in; to be called while the exception is at hand."""
        log.exception("a request met a bug; its connection was closed")
        client = getattr(action, "__self__", None)
        if isinstance(client, Connection):
            self.drop(client)

    def _turn(self) -> None:
        """What is due, before the news of this turn is looked at."""
        self.now = now = self.monotonic()
        if now >= self._next_look:
            self._next_look = now + self.limits.link
            self._look()
        if now >= self._next_sweep:
            self._next_sweep = now + SWEEP
            self._sweep()
        if now >= self._next_ping:
            self._next_ping = now + PING
            self.notify("WATCHDOG=1")
        self.each_turn()
        if self.stops and self._end is None:
            self._begin_end()

    def _look(self) -> None:
        """Read the clock and the link; what was remembered holds for one second and one release."""
        seconds = self.clock()
        swapped = self.desk.site.look(seconds)
        if swapped and self.desk.site.snapshot is not None:
            snapshot = self.desk.site.snapshot
            self.desk.shelf.forget({line.sha256 for line in snapshot.index.values()})
            self.notify(f"STATUS=serving release {os.path.basename(snapshot.target)}")  # noqa: PTH119
        if swapped or int(seconds) != self.desk.now:
            self.desk.set_clock(int(seconds))
            self._forget()

    def _forget(self) -> None:
        self.kept.clear()
        self._kept_bytes = 0

    # What connections ask of the loop.

    def answer(self, client: Connection, head: bytes) -> Answer | None:
        """The answer to a head; None where it is still being made, and the client is parked until it is."""
        asked = parse(head)
        try:
            answer = self.desk.answer(asked)
        except Later as later:
            assert isinstance(asked, Request)  # noqa: S101 - a Fault has no file to wait for
            client.asked = asked
            self._park(client, later.key)
            return None
        if answer.kept and answer.wire is not None:
            self._keep(head, answer, answer.wire)
        return answer

    def _keep(self, head: bytes, answer: Answer, wire: bytes) -> None:
        if len(self.kept) >= _KEPT or self._kept_bytes > _KEPT_BYTES:
            self._forget()
        self.kept[head] = answer
        self._kept_bytes += len(wire) + len(head)

    def fault(self, status: int) -> Answer:
        """The answer to what is no request."""
        return self.desk.answer(Fault(status))

    def want(self, client: Connection, mask: int) -> None:
        """Be told of one kind of event; reading and writing are never wanted together."""
        self._selector.modify(client.sock, mask, client.read if mask == EVENT_READ else client.write)

    def waits(self, client: Connection) -> None:
        """The client waits since now: it is the last to make room."""
        self.waiting[client] = None
        self.waiting.move_to_end(client)

    def busy(self, client: Connection) -> None:
        """The client is being answered."""
        self.waiting.pop(client, None)

    def drop(self, client: Connection) -> None:
        """Close and forget a connection."""
        if client.state is State.CLOSED:
            return
        if client.state is not State.PARKED:
            self._selector.unregister(client.sock)
        client.state = State.CLOSED
        client.output = []
        client.sock.close()
        self._clients.discard(client)
        self.waiting.pop(client, None)
        self.tally.connections = len(self._clients)
        if not self._accepting and self.now >= self._full_until:
            self._accept_again()

    def log(self, answer: Answer) -> None:
        """Write an answer down: never who asked, and nothing that a client made up."""
        path = answer.path if answer.path == "-" else "/" + answer.path
        log.info("%s %s %d %d", answer.method, path, answer.status, answer.end - answer.start)

    # Connections come.

    def _accept_again(self) -> None:
        if not self._accepting and self._end is None:
            self._accepting = True
            for sock in self.listeners:
                self._selector.register(sock, EVENT_READ, lambda _, sock=sock: self._accept(sock))

    def _accept_no_more(self) -> None:
        if self._accepting:
            self._accepting = False
            for sock in self.listeners:
                self._selector.unregister(sock)

    def _accept(self, listener: socket.socket) -> None:
        for _ in range(_AT_ONCE):
            if not self._accepting or not self._has_room():
                self._accept_no_more()  # until somebody leaves
                return
            try:
                sock, _address = listener.accept()
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                if error.errno in _FULL:
                    self._full(error)
                    return
                continue  # that client is gone already
            self._welcome(sock)
            if len(self._clients) > self._room:
                self._evict()

    def _welcome(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        with suppress(OSError):  # gone already; the first read will tell
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client = Connection(sock, self)
        self._clients.add(client)
        self.waiting[client] = None
        self._selector.register(sock, EVENT_READ, client.read)
        self.tally.connections = len(self._clients)

    def _has_room(self) -> bool:
        """Whether one more can come: there is a place, or somebody waits who can give way."""
        if len(self._clients) < self._room or self.waiting:
            return True
        self._say("full", "every one of %d connections is being answered; others have to wait", self._room)
        return False

    def _evict(self) -> None:
        """Drop whoever has been waiting longest."""
        client = next(iter(self.waiting), None)
        if client is not None:
            self.tally.evicted += 1
            self.drop(client)

    def _full(self, error: OSError) -> None:
        """No descriptors: make room, and try again at the next sweep instead of spinning."""
        self._say(str(error.errno), "cannot accept connections: %s", error.strerror)
        self._full_until = self.now + SWEEP
        self._accept_no_more()
        self._evict()

    def _say(self, kind: str, words: str, *values: object) -> None:
        """A line a minute of each kind is enough."""
        if self.now >= self._said.get(kind, self.now):
            self._said[kind] = self.now + _QUIET
            log.warning(words, *values)

    # Work beside the loop.

    def _woken(self, _: int) -> None:
        self.waker.drain()
        for key in self.desk.shelf.finished():
            for client in self._parked.pop(key, []):
                self._unpark(client)

    def _park(self, client: Connection, key: Key) -> None:
        self.busy(client)
        self._selector.unregister(client.sock)
        client.state = State.PARKED
        self._parked.setdefault(key, []).append(client)

    def _unpark(self, client: Connection) -> None:
        if client.state is State.CLOSED or client.asked is None:
            return
        try:
            answer = self.desk.answer(client.asked)
        except Later as later:  # the release changed meanwhile, or the file has to be read for what is sent now
            self._parked.setdefault(later.key, []).append(client)
            return
        client.asked, client.state = None, State.WAITING
        self._selector.register(client.sock, EVENT_READ, client.read)
        client.send(answer)
        client.work()

    # Connections go.

    def _sweep(self) -> None:
        for client in tuple(self._clients):
            client.sweep()
        if not self._accepting and self.now >= self._full_until and len(self._clients) < self._room:
            self._accept_again()

    def _begin_end(self) -> None:
        """Stop accepting; whoever is idle is let go, whoever has asked is answered."""
        self._accept_no_more()
        for sock in self.listeners:
            sock.close()
        self.desk.stopping = True
        self._forget()
        self._end = self.now + self.limits.stop
        self.notify("STOPPING=1")
        self._pass_on(self._selector.select(0))  # what has come in already is answered
        for client in tuple(self.waiting):
            if client.state is State.WAITING and not client.buffer:
                self.drop(client)

    def _finished(self) -> bool:
        return self._end is not None and (not self._clients or self.now >= self._end or self.stops > 1)

    def _close(self) -> None:
        for client in tuple(self._clients):
            client.abort() if client.state is State.SENDING else self.drop(client)
        for sock in self.listeners:
            sock.close()
        self._selector.close()
        self.desk.shelf.close()
