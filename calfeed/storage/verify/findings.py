"""What every reader here says when something is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn, TypeAlias

from calfeed.domain.model import Entry

Entries: TypeAlias = tuple[Entry, ...] | None


def same(found: Sequence[object], expected: Sequence[object]) -> None:
    """Raise ValueError unless both are equal and nothing stands twice."""
    if len(set(found)) != len(found):
        wrong("an entry stands in it twice")
    if found != expected:
        wrong(f"{len(found)} entries, {len(expected)} expected, or others than those expected")


def wrong(message: str) -> NoReturn:
    """Raise ValueError."""
    raise ValueError(message)
