"""Sets of categories: how many may be in one, and the one name of each."""

from __future__ import annotations

from collections.abc import Iterable

MOST = 64  # categories in one set


def set_name(slugs: Iterable[str]) -> str:
    """The one name of a set, as it stands in its path."""
    return "+".join(sorted(slugs))
