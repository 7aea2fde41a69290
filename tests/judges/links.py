"""What the judges of feeds read of the feed itself: where it stands, and which hub to subscribe at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .node import ask_node

if TYPE_CHECKING:
    from pathlib import Path


def feedparser_links(path: Path) -> list[tuple[str, str]]:
    """Relation and address of every link, as feedparser reads them."""
    import feedparser as library  # noqa: PLC0415

    return [(link["rel"], link["href"]) for link in library.parse(path.read_bytes()).feed.links]


def feedsmith_links(path: Path) -> list[tuple[str, str]]:
    """The same, as feedsmith reads them."""
    return [(link["rel"], link["href"]) for link in ask_node("feedlinks.mjs", path)]
