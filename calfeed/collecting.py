"""The garbage collector, which looks for cycles: where there are none, looking takes longer than the work."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let nobody look for cycles among what is made meanwhile: a large calendar has millions of values."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def never_collect() -> None:
    """Let nobody look for cycles in this process, nor at its end: it is over soon, and gives everything back."""
    gc.disable()
    atexit.register(gc.freeze)  # the interpreter looks once more as it leaves, but not at what is frozen
