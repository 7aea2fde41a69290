"""The sockets that the loop begins with: the addresses, and the way to wake it from outside."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from calfeed.errors import ServeError

_BACKLOG = 1024
_OTHERS = 10  # ports to try where the choice is ours
_NO_SUCH_FAMILY = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets on every address of `host`, which may stand in brackets; port 0 takes a free one, the same for all.

    Raises ServeError naming the address and the cause.
    """
    host = without_brackets(host)
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        found = _on_all(host, port, 0 if port else _OTHERS)
    except (OSError, OverflowError, UnicodeError) as error:
        cause = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ServeError(f"{where}: cannot listen there: {cause.lower()}") from error
    if not found:
        raise ServeError(f"{where}: cannot listen there: this machine has no such address")
    return found


def without_brackets(host: str) -> str:
    """A host as programs want it, where it may have been written as in an address: `[::1]`."""
    return host[1:-1] if host.startswith("[") and host.endswith("]") else host


def _on_all(host: str, port: int, others: int) -> list[socket.socket]:
    """One for each family; a port that the first family had free and the next has not is left for another one."""
    found: list[socket.socket] = []
    try:
        for family, address, both in _addresses(host, port):
            taken = found[0].getsockname()[1] if found else port
            try:
                found.append(_bound(family, (address[0], taken, *address[2:]), both=both))
            except OSError as error:
                if both or error.errno not in _NO_SUCH_FAMILY:
                    raise
    except (OSError, OverflowError, UnicodeError) as error:
        for sock in found:
            sock.close()
        if found and others and isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            return _on_all(host, port, others - 1)
        raise
    return found


def _addresses(host: str, port: int) -> Iterator[tuple[int, tuple[Any, ...], bool]]:
    """Family and address of everything the name stands for, and whether it stands for that alone.

    The name goes down as bytes: as text it would load the tables for international names, used or not.
    """
    name = host.encode("ascii" if host.isascii() else "idna")
    known = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    addresses = dict.fromkeys((family, address) for family, _, _, _, address in known)
    for family, address in addresses:
        yield family, address, len(addresses) == 1


def _bound(family: int, address: tuple[Any, ...], *, both: bool) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if both else 1)
        sock.bind(address)
        sock.listen(_BACKLOG)
        sock.setblocking(False)
    except BaseException:
        sock.close()
        raise
    return sock


@dataclass
class Waker:
    """Gets the loop out of its wait, from another thread or from a signal."""

    ears: socket.socket = field(init=False)
    mouth: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.ears, self.mouth = socket.socketpair()
        self.ears.setblocking(False)
        self.mouth.setblocking(False)

    def wake(self) -> None:
        """Any number of times; one is enough."""
        with suppress(OSError):
            self.mouth.send(b"\0")

    def drain(self) -> None:
        """Forget how often."""
        with suppress(OSError):
            while self.ears.recv(4096):
                pass

    def close(self) -> None:
        """For good."""
        self.ears.close()
        self.mouth.close()
