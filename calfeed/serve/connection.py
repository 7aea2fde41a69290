"""One client: bytes in, answers out, in order.

While an answer is being written nothing is read, so what a client sends ahead (pipelining) waits in the kernel
and in at most one buffer here. Timers are instants that a sweep looks at, not timers of their own.
"""

from __future__ import annotations

import socket
import struct
from collections import OrderedDict
from enum import Enum
from selectors import EVENT_READ, EVENT_WRITE
from typing import Protocol

from calfeed.serve.answers import Answer
from calfeed.serve.limits import Limits
from calfeed.serve.metrics import Tally
from calfeed.serve.requests import END, Fault, Request, early_fault, fault
from calfeed.serve.wire import BURST, Piece, pieces, unsent, write

CHUNK = 16 * 1024  # bytes read at once: what bounds the work of one turn for one client
_IN_A_ROW = 16  # answers to one client, then the others have their turn
_DISCARDED = 256 * 1024  # bytes that are read and thrown away after an answer that ends the connection


class State(Enum):
    """What a connection is at."""

    WAITING = "for a request, or the rest of one"
    PARKED = "until its answer is made"
    SENDING = "an answer"
    LINGERING = "until the client has read the last answer"
    CLOSED = "closed"


class Host(Protocol):
    """What a connection needs of the loop that it lives in."""

    now: float
    limits: Limits
    tally: Tally
    kept: dict[bytes, Answer]
    waiting: OrderedDict[Connection, None]
    access_log: bool

    def answer(self, client: Connection, head: bytes) -> Answer | None:
        """The answer, None where the client was parked."""

    def fault(self, fault: Fault) -> Answer:
        """The answer to what is no request."""

    def want(self, client: Connection, mask: int) -> None:
        """Be told when there is something to read, or when something can be written: one of the two."""

    def waits(self, client: Connection) -> None:
        """The client waits since now."""

    def busy(self, client: Connection) -> None:
        """The client is being answered and must not be evicted."""

    def give_up(self, client: Connection) -> None:
        """The client has been parked for too long."""

    def drop(self, client: Connection) -> None:
        """Close and forget."""

    def log(self, answer: Answer) -> None:
        """One answer was begun."""


class Connection:
    """A socket with what was read and what is to be written; `begun` while the head's time runs.

    `started` is when it began to take answers that the kernel did not take whole, None where nothing is to be
    taken; `sent` bytes went out since then, and it has confirmed `acked` of them.
    """

    __slots__ = (
        "acked",
        "asked",
        "begun",
        "buffer",
        "close",
        "host",
        "output",
        "sent",
        "since",
        "sock",
        "started",
        "state",
    )

    def __init__(self, sock: socket.socket, host: Host) -> None:
        self.sock, self.host = sock, host
        self.buffer = b""
        self.output: list[Piece] = []
        self.state, self.since, self.begun = State.WAITING, host.now, True
        self.close = False
        self.sent = self.acked = 0
        self.started: float | None = None
        self.asked: Request | None = None

    def write(self, _mask: int) -> None:
        """The client takes more."""
        if self.state is State.SENDING:
            self.flush()
            self.work()

    def read(self, _mask: int) -> None:
        """Take what is there; the whole of a request that was answered this very second goes the short way."""
        if self.state is State.CLOSED:
            return  # by something earlier in the same turn
        try:
            data = self.sock.recv(CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self.host.drop(self)
        elif self.state is State.LINGERING:
            self.sent += len(data)
            if self.sent > _DISCARDED:
                self.host.drop(self)
        elif not self.buffer and (answer := self.host.kept.get(data)) is not None:
            self.send(answer)
        else:
            if not self.begun:
                self.begun, self.since = True, self.host.now
            self.buffer += data
            self.work()

    def work(self) -> None:
        """Answer every complete head in the buffer, as long as the client takes the answers and it is its turn."""
        begun = 0
        while self.buffer and self.state is State.WAITING:
            if begun == _IN_A_ROW:
                self._take(0)
                self.host.want(self, EVENT_WRITE)  # which can be done at once, so the next turn goes on here
                return
            begun += 1
            self.buffer = self.buffer.lstrip(b"\r\n")  # RFC 9112 §2.2
            end = self.buffer.find(END)
            if end < 0:
                wrong = early_fault(self.buffer) if self.buffer else None
                if wrong is not None:
                    self.refuse(wrong)
                return
            head, self.buffer = self.buffer[: end + len(END)], self.buffer[end + len(END) :]
            answer = self.host.answer(self, head)
            if answer is not None:
                self.send(answer)

    def refuse(self, fault: Fault) -> None:
        """Say what is wrong and end."""
        self.buffer = b""
        self.send(self.host.fault(fault))

    def send(self, answer: Answer) -> None:
        """Write an answer, in one call wherever the kernel takes it whole."""
        host = self.host
        host.tally.answers[answer.status] += 1
        if host.access_log:
            host.log(answer)
        self.close = answer.close
        self.begun = False
        wire, sent = answer.wire, 0
        if wire is None:
            self.output = pieces(answer)
        else:
            try:
                sent = self.sock.send(wire)
            except (BlockingIOError, InterruptedError):
                pass
            except OSError:
                host.drop(self)
                return
            host.tally.sent += sent
            if sent == len(wire):
                self.sent += sent
                self.done()
                return
            self.output = [memoryview(wire)[sent:]]
        self._take(sent)
        self.flush()

    def _take(self, sent: int) -> None:
        """The client has something to take, of which the kernel has `sent` bytes."""
        if self.started is None:  # what the kernel holds already has to be confirmed before anything else
            self.started, self.sent, self.acked = self.host.now, unsent(self.sock), 0
        else:
            self.sent += sent
        self.state, self.since = State.SENDING, self.host.now
        self.host.busy(self)

    def flush(self) -> None:
        """Write on, until the kernel is full, everything is written, or others shall have their turn."""
        burst = 0
        try:
            while self.output and burst < BURST:
                burst += write(self.sock, self.output)
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self.host.drop(self)
            return
        finally:
            self.sent += burst
            self.host.tally.sent += burst
        if self.output:
            self.host.want(self, EVENT_WRITE)
        else:
            self.host.want(self, EVENT_READ)
            self.done()

    def done(self) -> None:
        """The kernel has the whole answer."""
        if self.close:
            self.linger()
            return
        host = self.host
        self.since, self.begun = host.now, bool(self.buffer)
        if not self.buffer:
            self.started = None
        if self.state is State.WAITING:
            host.waiting.move_to_end(self)
        else:
            self.state = State.WAITING
            host.waits(self)

    def linger(self) -> None:
        """Say that nothing more comes, and read on for a moment: a reset would take the answer away again."""
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self.host.drop(self)
            return
        self.buffer, self.sent = b"", 0
        self.state, self.since = State.LINGERING, self.host.now
        self.host.waits(self)

    def sweep(self) -> None:
        """End what has taken too long."""
        waited, limits = self.host.now - self.since, self.host.limits
        if self.state is State.WAITING and self.begun:
            if waited > limits.head:
                self.host.tally.timed_out += 1
                if self.buffer:
                    self.refuse(fault(408, self.buffer))
                else:
                    self.host.drop(self)
        elif self.state is State.WAITING:
            if waited > limits.idle:
                self.host.drop(self)
        elif self.state is State.SENDING:
            self._watch(waited > limits.write)
        elif self.state is State.PARKED:
            if waited > limits.work:
                self.host.give_up(self)
        elif self.state is State.LINGERING and waited > limits.linger:
            self.host.drop(self)

    def _watch(self, late: bool) -> None:
        """Has the reader taken anything since? What the kernel still holds does not count."""
        acked = self.sent - unsent(self.sock)
        if acked > self.acked:
            self.acked, self.since = acked, self.host.now
        elif late:
            self.host.tally.timed_out += 1
            self.abort()

    def abort(self) -> None:
        """Reset: the client shall not take half an answer for a whole one, and the kernel keeps nothing."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.host.drop(self)
