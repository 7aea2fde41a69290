"""Runs of text that keep their own direction inside a sentence of the other one (UAX #9, isolates)."""

from __future__ import annotations

import unicodedata

_FSI, _PDI = "\u2068", "\u2069"


def isolated(text: str) -> str:
    """The text between FSI and PDI: it runs as its first letter does, and moves nothing around it.

    Every line has a pair of its own, because an isolate ends with its paragraph (UAX #9, BD9).
    """
    return "\n".join(f"{_FSI}{line}{_PDI}" if line else line for line in text.split("\n"))


def kept_apart(text: str) -> str:
    """The text, isolated where it holds a letter that runs from left to right."""
    return isolated(text) if any(unicodedata.bidirectional(letter) == "L" for letter in text) else text
