"""An events file cut at its entries, so that each can be read by itself, and let go.

Only what is plain to see is cut: `events:` on a line of its own, and below it items that begin in one column. That
the pieces say what the whole says follows from each of them being whole: a text in quotes, a list in brackets, a
key at the wrong place that reaches into the next piece leaves one that cannot be read, or says something else than
one entry. Of such a file, and of any that is cut otherwise, nothing is said here.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator

from calfeed.frozen import frozen

_EVENTS = re.compile(rb"^events:[ ]*(?:#[^\n]*)?\n(?:[ ]*(?:#[^\n]*)?\n)*(?=([ ]*)- )", re.MULTILINE)
_FURTHER_LEFT, _NO_ITEM = re.compile(rb"\n[^ \n#]"), re.compile(rb"\n(?!- )[^ \n#]")


@frozen
class Piece:
    """An entry in the bytes of a file, from `start` to `end`; `above` are the lines before it."""

    start: int
    end: int
    above: int


@frozen
class Cut:
    """An events file in pieces: `head` has as many empty lines as the entries that stood there have.

    `digest` is that of the head without them, `events` is the line of that key, from 1. The entries, `number` of
    them, stand from `start` to `end`, each begins with `item`, and there are so many lines `above` the first.
    """

    data: bytes
    head: bytes
    digest: str
    events: int
    number: int
    start: int
    end: int
    item: bytes
    above: int

    def entries(self) -> Iterator[Piece]:
        """The entries, one after the other."""
        data, start, above = self.data, self.start, self.above
        while (next_ := data.find(self.item, start, self.end)) >= 0:
            yield Piece(start, next_, above)
            above += data.count(b"\n", start, next_) + 1
            start = next_ + 1
        yield Piece(start, self.end, above)

    def text(self, piece: Piece) -> bytes:
        """What stands in an entry."""
        return self.data[piece.start : piece.end]


def cut(data: bytes, *, most: int) -> Cut | None:
    """The pieces of an events file, None where it cannot be cut, or into more than `most`."""
    data = data.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    found = _EVENTS.search(data)
    if found is None:
        return None
    start, indent = found.end(), found[1]
    end = _end(data, start, len(indent))
    item = b"\n" + indent + b"- "
    number = data.count(item, start, end) + 1
    if number > most or data.find(b"\n...", start, end) >= 0:  # an end of a document
        return None
    above = data.count(b"\n", 0, start)
    before, after = data[:start], data[end:]
    head = before + b"\n" * data.count(b"\n", start, end) + after
    digest = hashlib.sha256(before + b"\0" + after).hexdigest()
    events = data.count(b"\n", 0, found.start()) + 1
    return Cut(data, head, digest, events, number, start, end, item, above)


def _end(data: bytes, start: int, column: int) -> int:
    """Where the entries end: before a line that begins at the left edge, and is none of them."""
    found = (_FURTHER_LEFT if column else _NO_ITEM).search(data, start)
    return found.start() if found else len(data)
