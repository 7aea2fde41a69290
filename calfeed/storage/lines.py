"""The records of a ledger, one in a line: read all together, or each when somebody asks."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calfeed.storage.damage import telling_damage

if TYPE_CHECKING:
    from calfeed.domain.memory import Memory

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_ID = b'{"id":"'


def line_of(values: Mapping[str, Any]) -> bytes:
    """A line of a ledger."""
    return _ENCODER.encode(values).encode()


@dataclass(frozen=True)
class Records:
    """The records as they stand there, those that the ledger was written with; `size` is that of all of it."""

    data: bytes
    authority: str
    window: tuple[str, str]
    path: Path | str
    size: int

    def memory(self, known: Mapping[str, Mapping[str, object]]) -> Memory:
        """What they remember; where something of a record is known, the rest is read when somebody asks."""
        from calfeed.deferred import deferred  # noqa: PLC0415 - a quiet day needs none of these
        from calfeed.domain.memory import Memory, Record  # noqa: PLC0415
        from calfeed.storage.records import record_of  # noqa: PLC0415

        def read(line: bytes) -> Record:
            with telling_damage(self.size, self.path):
                return record_of(json.loads(line))

        with telling_damage(self.size, self.path):
            if known:
                records = {
                    id_: deferred(Record, known[id_], partial(read, line)) if id_ in known else read(line)
                    for id_, line in self.lines.items()
                }
            else:
                records = {r.id: r for r in map(record_of, json.loads(b"[" + self.data + b"]"))}
            window = (dt.date.fromisoformat(self.window[0]), dt.date.fromisoformat(self.window[1]))
            return Memory(self.authority, window, records)

    @cached_property
    def lines(self) -> Mapping[str, bytes]:
        """The lines by their ids, which stand in front."""
        with telling_damage(self.size, self.path):
            lines = self.data.rstrip(b"\n").split(b",\n")
            return {line[len(_ID) : line.index(b'"', len(_ID))].decode(): line for line in lines}
