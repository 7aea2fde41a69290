"""HTTP over the published site: one release at a time, in one thread, with every time-out on.

Nothing here writes to the site, and nothing that a client says about itself is believed, kept or logged.
docs/decisions/0008 has the reasons; the order of the modules, from the bytes up:

    negotiation, requests, limits   pure: what was asked
    snapshot, shelf, composing      what there is: the index of a release, the bytes that are sent
    answers, metrics                what is said
    addresses, wire, connection     the sockets
    door, listener                  who comes in, and the loop
"""

from __future__ import annotations

import datetime as dt
import logging
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from calfeed.serve.addresses import Waker, listen, without_brackets
from calfeed.serve.answers import Desk
from calfeed.serve.composing import Composer
from calfeed.serve.limits import Limits
from calfeed.serve.listener import Loop
from calfeed.serve.metrics import Tally, exposition
from calfeed.serve.shelf import Shelf
from calfeed.serve.snapshot import Site
from calfeed.storage.status import read_status

__all__ = ["Limits", "address", "assemble", "listen", "serve"]

log = logging.getLogger("calfeed")


def serve(  # noqa: PLR0913 - everything it takes from the world around is handed in
    site: Path,
    state: Path,
    listeners: list[socket.socket],
    *,
    clock: Callable[[], dt.datetime],
    on_hangup: Callable[[], None],
    notify: Callable[[str], None],
    builds: Callable[[], Mapping[int, int]],
    alive: Callable[[], bool],
    access_log: bool = False,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> None:
    """Serve until SIGTERM or SIGINT; a second one ends at once. To be called in the main thread.

    `listeners` are those that `listen` gave. SIGHUP calls `on_hangup`. `notify` gets the words of sd_notify, and
    `builds` gives builds by exit code. WATCHDOG=1 is said only while `alive` holds: while the site is kept built.
    """
    loop = assemble(site, state, listeners, clock=clock, notify=notify, builds=builds, limits=limits)
    loop.alive, loop.access_log = alive, access_log
    try:
        with _signals(loop, on_hangup):
            loop.run()
    finally:
        loop.waker.close()


def assemble(  # noqa: PLR0913 - the same, without the process around it
    site: Path,
    state: Path,
    listeners: list[socket.socket],
    *,
    clock: Callable[[], dt.datetime],
    notify: Callable[[str], None],
    builds: Callable[[], Mapping[int, int]],
    limits: Limits,
) -> Loop:
    """A loop that is ready to run, without any signal; `loop.stops` and `loop.waker.wake()` end it."""
    waker, tally, published = Waker(), Tally(started=clock().timestamp()), Site(site)

    def page() -> bytes:
        return exposition(tally, published.snapshot, read_status(state), builds(), alive=loop.alive())

    shelf, composer = Shelf(limits.cache, waker.wake), Composer(limits.sets, waker.wake)
    desk = Desk(published, shelf, composer, page)
    loop = Loop(listeners, desk, waker, lambda: clock().timestamp(), limits, tally, notify)
    return loop


def address(host: str, listener: socket.socket) -> str:
    """Where to look: the host as it was given, with the port that was got."""
    host = without_brackets(host)
    return f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}/"


@contextmanager
def _signals(loop: Loop, on_hangup: Callable[[], None]) -> Iterator[None]:
    """Signals only leave a mark and wake the loop, which does the rest in its next turn."""
    hangups: list[None] = []

    def stop(*_: object) -> None:
        loop.stops += 1

    def each_turn() -> None:
        while hangups:
            hangups.pop()
            on_hangup()

    loop.each_turn = each_turn
    numbers = {signal.SIGTERM: stop, signal.SIGINT: stop, signal.SIGHUP: lambda *_: hangups.append(None)}
    woken = signal.set_wakeup_fd(loop.waker.mouth.fileno(), warn_on_full_buffer=False)
    before = {number: signal.signal(number, action) for number, action in numbers.items()}
    try:
        yield
    finally:
        signal.set_wakeup_fd(woken)
        for number, action in before.items():
            signal.signal(number, action)
