"""Tells the service manager how we are (sd_notify(3)): a datagram to the socket it named, if it named one."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from contextlib import suppress


def notifier(environment: Mapping[str, str]) -> Callable[[str], None]:
    """A function that sends words such as `READY=1`; it does nothing where nobody listens."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return lambda _: None

    def notify(words: str) -> None:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaker:
            speaker.sendto(words.encode(), address.replace("@", "\0", 1))  # '@' stands for the abstract namespace

    return notify
