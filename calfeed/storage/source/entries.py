"""An events file cut at its entries, so that each can be read by itself, and let go.

Only what is plain to see is cut: `events:` on a line of its own, and below it items that begin in one column. That
the pieces say what the whole says follows from each of them being whole: a text in quotes, a list in brackets, a
key at the wrong place that reaches into the next piece leaves one that cannot be read, or says something else than
one entry. Of such a file, and of any that is cut otherwise, nothing is said here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

_EVENTS = re.compile(rb"^events:[ ]*(?:#[^\n]*)?\n(?:[ ]*(?:#[^\n]*)?\n)*(?=([ ]*)- )", re.MULTILINE)
_FURTHER_LEFT, _NO_ITEM = re.compile(rb"\n[^ \n#]"), re.compile(rb"\n(?!- )[^ \n#]")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Cut:
    """An events file in pieces of it: `head` has as many empty lines as the entries that stood there have.

    `digest` is that of the head without them. `events` is the line of that key, from 1; `lines` is where each
    entry begins, in lines above it.
    """

    head: bytes
    digest: str
    events: int
    entries: tuple[bytes, ...]
    lines: tuple[int, ...]

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        return zip(self.lines, self.entries, strict=True)


def cut(data: bytes, *, most: int) -> Cut | None:
    """The pieces of an events file, None where it cannot be cut, or into more than `most`."""
    data = data.removeprefix(_BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    found = _EVENTS.search(data)
    if found is None:
        return None
    indent = found[1]
    end = _end(data, found.end(), len(indent))
    body = data[found.end() : end]
    item = b"\n" + indent + b"- "
    if body.count(item) >= most or b"\n..." in body:  # the end of a document, and of a piece
        return None
    first, *others = body.split(item)
    entries = (first, *(item[1:] + entry for entry in others))
    above = data.count(b"\n", 0, found.end())
    lines = []
    for entry in entries:
        lines.append(above)
        above += entry.count(b"\n") + 1
    before, after = data[: found.end()], data[end:]
    head = before + b"\n" * body.count(b"\n") + after
    digest = hashlib.sha256(before + b"\0" + after).hexdigest()
    return Cut(head, digest, data.count(b"\n", 0, found.start()) + 1, entries, tuple(lines))


def _end(data: bytes, start: int, column: int) -> int:
    """Where the entries end: before a line that begins at the left edge, and is none of them."""
    found = (_FURTHER_LEFT if column else _NO_ITEM).search(data, start)
    return found.start() if found else len(data)
