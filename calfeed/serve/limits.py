"""How long and how much: every bound of the server in one place."""

from __future__ import annotations

from calfeed.frozen import frozen


@frozen
class Limits:
    """Bounds of the server; times are in seconds, sizes in bytes.

    `head` runs from the accept, or the first byte of a further request, to the end of its head; `idle` between two
    requests; `write` without any byte taken by a reader, and from there on the slowest makes room where everybody
    is being answered; `work` until a long file is hashed and packed; `linger` after we said that we close; `stop`
    from SIGTERM: with what a build may take after that the process is gone within ten. `link` is how old the
    knowledge of what is current may be, `cache` what representations may take, `sets` what composed calendars may.
    """

    connections: int = 1000
    head: float = 5.0
    idle: float = 30.0
    write: float = 30.0
    work: float = 30.0
    linger: float = 2.0
    stop: float = 3.0
    link: float = 0.05
    cache: int = 8 * 1024 * 1024
    sets: int = 8 * 1024 * 1024
