"""Which words of a longer text were changed, so that readers need not compare two paragraphs by eye."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from calfeed.frozen import frozen

_SHORT = 8  # words up to which a text is told as a whole
_ALIKE = 0.5  # share of words in common below which it is another text
_WORDS = re.compile(r"\s*\S+(?:\s+\Z)?")


@frozen
class Piece:
    """A stretch of a text; `changed` where the other text has it not."""

    text: str
    changed: bool


def differences(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces, which put together give the texts again; short and unlike texts change as a whole."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if min(len(old), len(new)) < _SHORT or matcher.ratio() < _ALIKE:
        return (Piece(before, changed=True),), (Piece(after, changed=True),)
    removed: list[Piece] = []
    added: list[Piece] = []
    for what, start, end, from_, to in matcher.get_opcodes():
        removed += _piece(old[start:end], what)
        added += _piece(new[from_:to], what)
    return tuple(removed), tuple(added)


def _piece(words: list[str], what: str) -> list[Piece]:
    return [Piece("".join(words), changed=what != "equal")] if words else []
