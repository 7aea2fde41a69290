"""A build in a process of its own, which is killed on its way.

Calls are counted, not left to chance: an audit hook (PEP 578) sees a change of the file system before it is made.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGES = ("os.rename", "os.link", "os.symlink", "os.remove", "os.mkdir", "os.rmdir", "os.utime", "os.chmod")


@contextmanager
def _child() -> Iterator[bool]:
    """Whether this is the child; it ends with the block, whatever happens in it."""
    pid = os.fork()
    if pid:
        yield False
        os.waitpid(pid, 0)
        return
    try:
        yield True
    finally:
        os._exit(0)


def killed(build: Callable[[], object], marker: str, number: int) -> None:
    """Build in a process that is killed before its `number`-th change of a path that holds the marker."""
    left = [number]

    def look(name: str, arguments: tuple[object, ...]) -> None:
        changes = name in _CHANGES or (name == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES)
        if changes and marker in " ".join(map(str, arguments[:2])):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    with _child() as child:
        if child:
            sys.addaudithook(look)
            build()
