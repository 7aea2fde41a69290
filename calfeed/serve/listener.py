"""The loop: who is being answered, what is due, and the end.

A loop of our own on `selectors` instead of asyncio: it knows how long every client has been waiting, so it can
make room, and it costs neither asyncio's memory nor a timer for each connection (docs/decisions/0008).
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from selectors import EVENT_READ, DefaultSelector, SelectorKey

from calfeed.serve.addresses import Waker
from calfeed.serve.answers import Answer, Desk
from calfeed.serve.connection import Connection, State
from calfeed.serve.door import Door
from calfeed.serve.limits import Limits
from calfeed.serve.metrics import Tally
from calfeed.serve.requests import Fault, Request, parse
from calfeed.serve.shelf import Later

log = logging.getLogger("calfeed")

SWEEP = 0.5  # seconds between two looks at everything that can be late
PING = 5.0  # seconds between two signs of life
_KEPT, _KEPT_BYTES = 512, 1024 * 1024  # answers that are remembered within one second
_QUIET = 60.0  # seconds between two lines of the same kind in the log


@dataclass
class Loop:
    """Everything that changes while serving. `clock` gives seconds since 1970, `monotonic` those that only grow.

    `each_turn` is called at least twice a second and whenever something woke the loop. Signs of life are given
    only while `alive` holds: a server whose site is no longer kept built is not well.
    """

    listeners: list[socket.socket]
    desk: Desk
    waker: Waker
    clock: Callable[[], float]
    limits: Limits
    tally: Tally
    notify: Callable[[str], None]
    each_turn: Callable[[], None] = lambda: None
    alive: Callable[[], bool] = lambda: True
    access_log: bool = False
    monotonic: Callable[[], float] = time.monotonic
    now: float = 0.0
    stops: int = 0
    kept: dict[bytes, Answer] = field(default_factory=dict)
    _kept_bytes: int = 0
    clients: set[Connection] = field(default_factory=set)
    waiting: OrderedDict[Connection, None] = field(default_factory=OrderedDict)
    _parked: dict[Hashable, list[Connection]] = field(default_factory=dict)
    _said: dict[str, float] = field(default_factory=dict)
    _selector: DefaultSelector = field(default_factory=DefaultSelector)
    door: Door = field(init=False)
    _next_look: float = 0.0
    _next_sweep: float = 0.0
    _next_ping: float = 0.0
    _end: float | None = None

    def __post_init__(self) -> None:
        self.door = Door(self.listeners, self._selector, self)

    def run(self) -> None:
        """Until `stops` is 1 and every answer is out, or the time for that is over, or `stops` is 2."""
        self._selector.register(self.waker.ears, EVENT_READ, self._woken)
        self._turn()
        self.door.resume()
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
                self._survive(getattr(key.data, "__self__", None))

    def _survive(self, client: object) -> None:
        """A bug costs the one connection that it was met in; to be called while the exception is at hand."""
        log.exception("a request met a bug; its connection was closed")
        if isinstance(client, Connection):
            self.drop(client)

    def _try(self, step: Callable[[], None], name: str) -> None:
        """Something that is due by itself; a bug in it, told once a minute, keeps nobody from being served."""
        try:
            step()
        except Exception:
            if self._is_news(name):
                log.exception("%s met a bug; serving goes on", name)

    def _turn(self) -> None:
        """What is due, before the news of this turn is looked at."""
        self.now = now = self.monotonic()
        if now >= self._next_look:
            self._next_look = now + self.limits.link
            self._try(self._look, "looking for a release")
        if now >= self._next_sweep:
            self._next_sweep = now + SWEEP
            self._try(self._sweep, "sweeping")
        if now >= self._next_ping:
            self._next_ping = now + PING
            self._try(self._give_sign, "a sign of life")
        self._try(self.each_turn, "what is due each turn")
        if self.stops and self._end is None:
            self._try(self._begin_end, "the beginning of the end")

    def _give_sign(self) -> None:
        if self.alive():
            self.notify("WATCHDOG=1")
        elif self._is_news("alive"):
            log.error("the site is no longer kept built; what stands is served on; start calfeed anew")

    def _look(self) -> None:
        """Read the clock and the link; what was remembered holds for one second and one release."""
        seconds = self.clock()
        swapped = self.desk.site.look(seconds)
        if swapped and self.desk.site.snapshot is not None:
            snapshot = self.desk.site.snapshot
            self.desk.take_up(snapshot)
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

    def fault(self, fault: Fault) -> Answer:
        """The answer to what is no request."""
        return self.desk.answer(fault)

    def want(self, client: Connection, mask: int) -> None:
        """Be told of one kind of event; reading and writing are never wanted together."""
        self._selector.modify(client.sock, mask, client.read if mask == EVENT_READ else client.write)

    def waits(self, client: Connection) -> None:
        """The client waits since now: it is the last to make room."""
        self.waiting[client] = None
        self.waiting.move_to_end(client)
        self.door.resume()

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
        self.clients.discard(client)
        self.waiting.pop(client, None)
        self.tally.connections = len(self.clients)
        self.door.resume()

    def log(self, answer: Answer) -> None:
        """Write an answer down: never who asked, and nothing that a client made up."""
        path = answer.path if answer.path == "-" else "/" + answer.path
        log.info("%s %s %d %d", answer.method, path, answer.status, answer.end - answer.start)

    def welcome(self, sock: socket.socket) -> None:
        """Somebody has come in."""
        sock.setblocking(False)
        with suppress(OSError):  # gone already; the first read will tell
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client = Connection(sock, self)
        self.clients.add(client)
        self.waiting[client] = None
        self._selector.register(sock, EVENT_READ, client.read)
        self.tally.connections = len(self.clients)

    def say(self, kind: str, words: str, *values: object) -> None:
        """Log a warning; a line a minute of each kind is enough."""
        if self._is_news(kind):
            log.warning(words, *values)

    def _is_news(self, kind: str) -> bool:
        if self.now < self._said.get(kind, self.now):
            return False
        self._said[kind] = self.now + _QUIET
        return True

    # Work beside the loop.

    def _woken(self, _: int) -> None:
        self.waker.drain()
        for key in self.desk.finished():
            for client in self._parked.pop(key, []):
                try:
                    self._unpark(client)
                except Exception:  # noqa: BLE001 - as in _pass_on: the others wait for the same file
                    self._survive(client)

    def _park(self, client: Connection, key: Hashable) -> None:
        self.busy(client)
        self._selector.unregister(client.sock)
        client.state, client.since = State.PARKED, self.now
        self._parked.setdefault(key, []).append(client)

    def _unpark(self, client: Connection) -> None:
        if client.state is not State.PARKED or client.asked is None:
            return  # closed, or given up
        try:
            answer = self.desk.answer(client.asked)
        except Later as later:  # the release changed meanwhile, or the file has to be read for what is sent now
            self._parked.setdefault(later.key, []).append(client)
            return
        self._tell(client, answer)

    def give_up(self, client: Connection) -> None:
        """A parked client has waited long enough: it may ask again."""
        if client.asked is not None:
            self._tell(client, self.desk.unavailable(client.asked))

    def _tell(self, client: Connection, answer: Answer) -> None:
        """Give a parked client its answer, as if it had been at hand from the first."""
        client.asked, client.state = None, State.WAITING
        self._selector.register(client.sock, EVENT_READ, client.read)
        self.waits(client)
        client.send(answer)
        client.work()

    # Connections go.

    def _sweep(self) -> None:
        for client in tuple(self.clients):
            try:
                client.sweep()
            except Exception:  # noqa: BLE001 - as in _pass_on
                self._survive(client)
        self.door.sweep(crowded=self.desk.composer.is_crowded)

    def _begin_end(self) -> None:
        """Stop accepting; whoever is idle is let go, whoever has asked is answered."""
        self._end = self.now + self.limits.stop
        self.door.close()
        self.desk.stopping = True
        self._forget()
        self.notify("STOPPING=1")
        self._pass_on(self._selector.select(0))  # what has come in already is answered
        for client in tuple(self.waiting):
            if client.state is State.WAITING and not client.buffer:
                self.drop(client)

    def _finished(self) -> bool:
        return self._end is not None and (not self.clients or self.now >= self._end or self.stops > 1)

    def _close(self) -> None:
        for client in tuple(self.clients):
            client.abort() if client.state is State.SENDING else self.drop(client)
        self.door.close()
        self._selector.close()
        self.desk.close()
