"""Style sheets, the script and the icon: one copy at the site's start for the pages of all languages."""

from __future__ import annotations

import hashlib
import importlib.resources
from collections.abc import Iterator
from functools import cache
from typing import Literal, get_args

from calfeed.domain.model import Calendar, Document, Edition

Asset = Literal["style.css", "feed.css", "page.js", "icon.svg"]
_MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml; charset=utf-8",
}


def assets(edition: Edition) -> Iterator[Document]:
    """All of them, beside the start page of the first language."""
    if edition.language == edition.calendar.languages[0]:
        for asset in get_args(Asset):
            media_type = _MEDIA_TYPES[asset.rpartition(".")[2]]
            yield Document(asset, media_type, (_content(asset, edition.calendar),))


def address_of(asset: Asset, calendar: Calendar) -> str:
    """Its path from the site's start, its digest in the query: no page meets an older style some browser kept."""
    return f"{asset}?{_digest(_content(asset, calendar))}"


@cache
def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:8]


def _content(asset: Asset, calendar: Calendar) -> bytes:
    return _shipped(asset) + (_colors(calendar) if asset == "style.css" else b"")


def _colors(calendar: Calendar) -> bytes:
    """A class for each category, since a page may hold no style of its own; on dark pages lighter."""
    colored = [(category.slug, category.color.hex) for category in calendar.categories if category.color]
    lines = [f".c-{slug} {{ --dot: {color}; }}\n" for slug, color in colored]
    lines += ["@media (prefers-color-scheme: dark) {\n"] if colored else []
    lines += [f".c-{slug} {{ --dot: color-mix(in oklab, {color} 55%, white); }}\n" for slug, color in colored]
    lines += ["}\n"] if colored else []
    return "".join(lines).encode()


@cache
def _shipped(asset: Asset) -> bytes:
    return importlib.resources.files("calfeed.formats.html").joinpath("static", asset).read_bytes()
