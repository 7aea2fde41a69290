"""How connections come in: up to a number of them, and who gives way once that is reached.

Whoever waits gives way first, the longest first. Where everybody is being answered, that is the slowest reader who
has been at it for longer than `limits.write`: bytes that trickle out are no reason to shut all others out.
"""

from __future__ import annotations

import errno
import resource
import socket
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from typing import Protocol

from calfeed.serve.connection import Connection, State
from calfeed.serve.limits import Limits
from calfeed.serve.metrics import Tally
from calfeed.serve.wire import is_of_set

PAUSE = 0.5  # seconds without accepting where the system has no descriptors
_AT_ONCE = 16  # connections accepted before the others have their turn
_RESERVED = 64  # descriptors that are left to files, the other end of pipes, a build
_FULL = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class House(Protocol):
    """What the door needs of the loop behind it."""

    now: float
    limits: Limits
    tally: Tally
    clients: set[Connection]
    waiting: OrderedDict[Connection, None]

    def welcome(self, sock: socket.socket) -> None:
        """A connection has come in."""

    def drop(self, client: Connection) -> None:
        """Close and forget."""

    def say(self, kind: str, words: str, *values: object) -> None:
        """Log a warning, though not the same one all the time."""


class Door:
    """Accepts from the listeners; `accepting` is False while there is nobody who could give way."""

    def __init__(self, listeners: list[socket.socket], selector: DefaultSelector, house: House) -> None:
        self.listeners, self.selector, self.house = listeners, selector, house
        self.accepting = False
        self.room = room(house.limits)
        self._closed = False
        self._full_until = 0.0
        self._slow: list[Connection] = []  # the slowest at the end

    def resume(self) -> None:
        """Accept again, if somebody could be let in."""
        if self.accepting or self._closed or self.house.now < self._full_until or not self._has_room():
            return
        self.accepting = True
        for sock in self.listeners:
            self.selector.register(sock, EVENT_READ, self._accepts(sock))

    def close(self) -> None:
        """For good; twice is no harm."""
        self._stop()
        self._closed = True
        for sock in self.listeners:
            sock.close()

    def sweep(self, *, crowded: bool) -> None:
        """Look for slow readers where nobody else could give way. How slow they are was seen in the same sweep.

        Where it is `crowded`, the slowest of those who hold bytes of a set of categories is reset.
        """
        house = self.house
        full = len(house.clients) >= self.room and not house.waiting
        self._slow = sorted(filter(self._is_slow, house.clients), key=_rate, reverse=True) if full else []
        if crowded:
            holders = [client for client in house.clients if is_of_set(client.output) and self._is_slow(client)]
            for client in sorted(holders, key=_rate)[:1]:
                self.house.tally.evicted += 1
                client.abort()
        self.resume()

    def _stop(self) -> None:
        if self.accepting:
            self.accepting = False
            for sock in self.listeners:
                self.selector.unregister(sock)

    def _accepts(self, listener: socket.socket) -> Callable[[int], None]:
        return lambda _: self._accept(listener)

    def _accept(self, listener: socket.socket) -> None:
        if not self.accepting:
            return
        if not self._has_room():  # until somebody leaves, waits, or turns out to be slow
            self.house.say("full", "every one of %d connections is being answered; others have to wait", self.room)
            self._stop()
            return
        for _ in range(_AT_ONCE):
            if not self._has_room():
                return  # whether anybody is left outside, the selector will tell
            try:
                sock, _address = listener.accept()
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                if error.errno in _FULL:
                    self._full(error)
                    return
                continue  # that client is gone already
            if len(self.house.clients) >= self.room:
                self._make_room()
            self.house.welcome(sock)

    def _has_room(self) -> bool:
        """Whether one more can come: there is a place, or somebody who can give way."""
        while self._slow and not self._is_slow(self._slow[-1]):
            self._slow.pop()
        return len(self.house.clients) < self.room or bool(self.house.waiting or self._slow)

    def _is_slow(self, client: Connection) -> bool:
        """Whether it has been taking one answer, or several without a pause, for longer than `limits.write`."""
        began = client.started if client.state is State.SENDING else None
        return began is not None and self.house.now - began > self.house.limits.write

    def _make_room(self) -> None:
        """Drop whoever has been waiting longest, else the slowest reader."""
        client = next(iter(self.house.waiting), None)
        if client is not None:
            self.house.tally.evicted += 1
            self.house.drop(client)
        elif self._slow:
            self.house.tally.evicted += 1
            self._slow.pop().abort()

    def _full(self, error: OSError) -> None:
        """No descriptors: make room, and try again at the next sweep instead of spinning."""
        self.house.say(str(error.errno), "cannot accept connections: %s", error.strerror)
        self._full_until = self.house.now + PAUSE
        self._stop()
        with suppress(OSError):
            self._make_room()


def room(limits: Limits) -> int:
    """How many connections there may be, in view of the descriptors that the process may have."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return limits.connections if soft < 0 else min(limits.connections, max(8, soft - _RESERVED))


def _rate(client: Connection) -> float:
    """Bytes a second that the client has confirmed since its answer began."""
    return 0.0 if client.started is None else client.acked / max(client.host.now - client.started, 0.001)
