"""Content lines (RFC 5545 §3.1): folded and taken apart again, without the icalendar package.

What serves calendars composes them of lines that are there already, and must not load a library for that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

_LINE_OCTETS = 75  # RFC 5545 §3.1, line break not counted
_ZWJ = "\u200d"
# First octets of characters that stand alone: ASCII, and the letters of Latin, Greek and Cyrillic up to U+047F.
_ALONE = frozenset([*range(0x80), *range(0xC3, 0xCC), 0xCE, 0xCF, 0xD0, 0xD1])
_BINDING = frozenset([ord("\\"), _ZWJ.encode()[-1]])  # last octets of what may bind the next character to it
_JOINERS = frozenset(("\u200c", _ZWJ))
_BREAK = re.compile(rb"\r\n(?! )")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def fold(lines: Iterable[str]) -> bytes:
    """Lines folded at 75 octets between grapheme clusters (RFC 5545 §3.1, UAX #29 in its main rules).

    A cluster longer than a line is cut between characters, never inside one.
    """
    folded: list[bytes] = []
    for line in lines:
        octets = line.encode()
        folded.append(octets if len(octets) <= _LINE_OCTETS else _folded(line, octets))
    folded.append(b"")
    return b"\r\n".join(folded)


def _folded(line: str, octets: bytes) -> bytes:
    """A long line, cut where that is surely right; where it takes a closer look, all of it gets one."""
    pieces, start, room = [], 0, _LINE_OCTETS
    while (end := start + room) < len(octets):
        while 0x80 <= octets[end] < 0xC0:  # inside a character
            end -= 1
        if octets[end] not in _ALONE or octets[end - 1] in _BINDING:
            return b"\r\n ".join(_pieces(line))
        pieces.append(octets[start:end])
        start, room = end, _LINE_OCTETS - 1
    pieces.append(octets[start:])
    return b"\r\n ".join(pieces)


def folded_lines(data: bytes) -> list[bytes]:
    """The content lines of `data`, still folded as they stand there, without their last line breaks."""
    return _BREAK.split(data.removesuffix(b"\r\n"))


def unfolded(line: bytes) -> str:
    """A folded content line as one text; raises UnicodeDecodeError where it is no UTF-8."""
    return line.replace(b"\r\n ", b"").decode()


def escaped(text: str) -> str:
    """A value of type TEXT (RFC 5545 §3.3.11)."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def unescaped(value: str) -> str:
    """The text that a value of type TEXT stands for."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def _pieces(line: str) -> Iterator[bytes]:
    """One content line in pieces; every piece but the first follows a space, which counts."""
    start, room = 0, _LINE_OCTETS
    while True:
        piece = line[start : start + room].encode()
        if len(piece) <= room and start + room >= len(line):
            yield piece
            return
        reach = start + len(piece[:room].decode(errors="ignore"))
        end = reach
        while end > start and _inside_cluster(line, end):
            end -= 1
        end = end if end > start else reach
        yield line[start:end].encode()
        start, room = end, _LINE_OCTETS - 1


def _inside_cluster(text: str, at: int) -> bool:
    """Whether a cut before `text[at]` would part what readers see (or parsers read) as one."""
    before, after = text[at - 1], text[at]
    if before == "\\" and _run_before(text, at, "\\", "\\") % 2:
        return True  # an escape, as in \n: some readers take it apart at a fold
    if after.isascii():
        return False
    if before == _ZWJ or after in _JOINERS or unicodedata.category(after) in ("Mn", "Me", "Mc"):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True  # skin tones and tag characters
    return "\U0001f1e6" <= after <= "\U0001f1ff" and _run_before(text, at, "\U0001f1e6", "\U0001f1ff") % 2 == 1


def _run_before(text: str, at: int, first: str, last: str) -> int:
    """How many characters from `first` to `last` stand in a row before a position."""
    length = 0
    while at - length > 0 and first <= text[at - length - 1] <= last:
        length += 1
    return length
