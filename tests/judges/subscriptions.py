"""A judge of lists of subscriptions (OPML 2.0), as feed readers import them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .node import ask_node
from .shapes import complaining

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class ReadOutline:
    """A feed in a list of subscriptions, with the texts of the groups it stands in, the outermost first."""

    groups: tuple[str, ...]
    text: str
    type: str
    xml_url: str
    html_url: str
    language: str


def feedsmith_opml(path: Path) -> list[ReadOutline]:
    """feedsmith: every outline that is a feed. It needs text and address, and each of its groups a text.

    feedsmith mends broken XML and misspelt names without a word, so an XML parser must find the same addresses.
    """
    found = ask_node("opml.mjs", path)
    with complaining("opml"):
        addresses = [outline.get("xmlUrl") for outline in ET.parse(path).iter("outline") if outline.get("type")]
        if addresses != [outline["xmlUrl"] for outline in found]:
            raise ValueError(f"not read as it stands: {addresses}")
        return [
            ReadOutline(
                groups=tuple(str(group["text"]) for group in outline["groups"]),
                text=outline["text"],
                type=outline["type"],
                xml_url=outline["xmlUrl"],
                html_url=outline.get("htmlUrl", ""),
                language=outline.get("language", ""),
            )
            for outline in found
        ]
