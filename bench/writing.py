"""What every peer written in Python has around its writing (`bench/peers/`): the entries, the clock and the file.

A peer is run by `bench/peers.py` as `python by_NAME.py ENTRIES.json OUT.ics`, with this repository in PYTHONPATH.
Its clock is that of its own CPU, user and system, from the entries in memory to the file on the disk: neither the
start of the interpreter nor the imports nor the reading of the JSON counts. It prints those seconds, nothing else.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypedDict


class Item(TypedDict):
    """An entry: days as `2026-01-20`, `end` the day after the last; instants as `2026-11-22T06:00:00Z`."""

    uid: str
    summary: str
    description: str
    start: str
    end: str
    url: str
    categories: list[str]
    created: str
    modified: str
    sequence: int


def timed(write: Callable[[Sequence[Item]], bytes]) -> None:
    """Have the file of the command line written, and print what that took."""
    source, target = map(Path, sys.argv[1:])
    items: list[Item] = json.loads(source.read_bytes())
    before = time.process_time()
    target.write_bytes(write(items))
    print(time.process_time() - before)
