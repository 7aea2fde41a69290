"""The records of a ledger, one in a line: read all together, or each when somebody asks."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calfeed.frozen import frozen
from calfeed.storage.damage import telling_damage

if TYPE_CHECKING:
    from calfeed.domain.memory import Memory

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_ID = b'{"id":"'
KNOWN = ("id", "days", "withdrawn")  # of a record that was let go


def line_of(values: Mapping[str, Any]) -> bytes:
    """A line of a ledger."""
    return _ENCODER.encode(values).encode()


@frozen
class Records:
    """The records as they stand from `start` to `end` in the octets of a ledger, which were written with them."""

    data: bytes
    start: int
    end: int
    authority: str
    window: tuple[str, str]
    path: Path | str

    def memory(self, known: Mapping[str, Mapping[str, object]] | None) -> Memory:
        """What they remember; where it is told what is `known`, records are read when somebody asks for more."""
        from calfeed.deferred import deferred, let_go  # noqa: PLC0415 - a quiet day needs none of these
        from calfeed.domain.memory import Memory, Record  # noqa: PLC0415
        from calfeed.storage.records import record_of  # noqa: PLC0415

        def read(id_: str) -> Record:
            with telling_damage(len(self.data), self.path):
                return record_of(json.loads(self.lines[id_]))

        def later(id_: str) -> Record:
            again = partial(read, id_)
            if known and id_ in known:
                return deferred(Record, known[id_], again)
            record = read(id_)  # all of them are looked at, whether they are what was written
            let_go(record, KNOWN, again)
            return record

        with telling_damage(len(self.data), self.path):
            if known is None:
                values = json.loads(b"[" + self.data[self.start : self.end] + b"]")
                records = {r.id: r for r in map(record_of, values)}
            else:
                records = {id_: later(id_) for id_ in self.lines}
            window = (dt.date.fromisoformat(self.window[0]), dt.date.fromisoformat(self.window[1]))
            return Memory(self.authority, window, records)

    @cached_property
    def lines(self) -> Mapping[str, bytes]:
        """The lines by their ids, which stand in front."""
        with telling_damage(len(self.data), self.path):
            return _Lines(self.data, dict(self._places()))

    def _places(self) -> Iterator[tuple[str, int]]:
        """Where the line of each id begins."""
        data, start = self.data, self.start
        while start < self.end:
            id_ = start + len(_ID)
            yield data[id_ : data.index(b'"', id_, self.end)].decode(), start
            start = data.find(b"\n", start, self.end) + 1 or self.end


@frozen
class _Lines(Mapping[str, bytes]):
    """Lines in the octets of a ledger, each of which begins at the place of its id."""

    data: bytes
    places: Mapping[str, int]

    def __getitem__(self, id_: str) -> bytes:
        start = self.places[id_]
        return self.data[start : self.data.index(b"\n", start)].removesuffix(b",")

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)
