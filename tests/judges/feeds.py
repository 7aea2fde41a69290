"""Judges of feeds."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from .node import HERE, ask, ask_node_each
from .programs import program
from .shapes import ReadItem, complaining

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def feedparser(path: Path) -> list[ReadItem]:
    """feedparser: RSS and Atom, HTML left as it stands. Anything it had to guess is a complaint."""
    import feedparser as library  # noqa: PLC0415

    with complaining("feedparser"):
        feed = library.parse(path.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
        if feed.bozo:
            raise ValueError(feed.bozo_exception)
        if not feed.version:
            raise ValueError("not a feed")
        return [
            ReadItem(
                id=entry.get("id", ""),
                title=entry.get("title", ""),
                published=_from_struct(entry.get("published_parsed")),
                updated=_from_struct(entry.get("updated_parsed")) if feed.version.startswith("atom") else None,
                link=entry.get("link", ""),
            )
            for entry in feed.entries
        ]


def feedsmith(path: Path) -> list[ReadItem]:
    """feedsmith: RSS, Atom and JSON Feed."""
    return feedsmith_each([path])[0]


def feedsmith_each(paths: Iterable[Path]) -> list[list[ReadItem]]:
    """The same of many files at once."""
    return [[*map(_item, found)] for found in ask_node_each("feedsmith.mjs", paths)]


def rubyrss(path: Path) -> list[ReadItem]:
    """Ruby's rss with validation: an element that is lacking, misplaced or there twice is a complaint."""
    return rubyrss_each([path])[0]


def rubyrss_each(paths: Iterable[Path]) -> list[list[ReadItem]]:
    """The same of many files at once."""
    command: list[str | Path] = [program("ruby") or "ruby", "-W0", HERE / "rubyrss.rb"]
    return [[*map(_item, found)] for found in ask(command, paths)]


def fastfeedparser(path: Path) -> list[ReadItem]:
    """fastfeedparser: RSS, Atom and JSON Feed. What it cannot read it leaves out without a word."""
    import fastfeedparser as library  # noqa: PLC0415

    with complaining("fastfeedparser"):
        feed = library.parse(path.read_bytes())
        return [
            _item({key: entry.get(key) for key in ("id", "title", "published", "updated", "link")})
            for entry in feed.entries
        ]


def _item(found: dict[str, Any]) -> ReadItem:
    return ReadItem(
        id=found["id"] or "",
        title=found["title"] or "",
        published=_instant(found["published"]),
        updated=_instant(found["updated"]),
        link=found["link"] or "",
    )


def _instant(iso: str | None) -> dt.datetime | None:
    return None if iso is None else dt.datetime.fromisoformat(iso)


def _from_struct(parsed: tuple[int, ...] | None) -> dt.datetime | None:
    return None if parsed is None else dt.datetime(*parsed[:6], tzinfo=dt.UTC)  # type: ignore[arg-type,misc]
