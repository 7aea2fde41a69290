"""Pages made for a test, and a reader of their elements."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from calfeed.domain.editions import editions
from calfeed.domain.model import Calendar
from calfeed.formats.html import render
from tests.support import NOW, revised

_VOID = frozenset(("meta", "link", "br", "input", "rect", "line", "path", "circle"))


def pages(found: Calendar) -> dict[str, str]:
    """Everything that the pages' format writes, by path."""
    shown = revised(found)
    documents = (document for edition in editions(found, shown, NOW) for document in render(edition))
    return {document.path: b"".join(document.chunks).decode() for document in documents}


@dataclass
class Element:
    """A start tag with its attributes, and the text inside."""

    tag: str
    attributes: Mapping[str, str]
    text: str = ""

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")


@dataclass
class Page(HTMLParser):
    """The elements of a page in order; closing tags must fit."""

    source: str
    elements: list[Element] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.source)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements of a tag whose attributes hold these words."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            e for e in self.elements if e.tag == tag and all(v in e[name].split() for name, v in wanted.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only one of them."""
        (found,) = self.all(tag, **attributes)
        return found

    @property
    def addresses(self) -> list[str]:
        """Every address on the page."""
        return [e[name] for e in self.elements for name in ("href", "src") if name in e.attributes]

    @property
    def data(self) -> dict[str, Any]:
        """The JSON-LD."""
        found: dict[str, Any] = json.loads(self.one("script", type="application/ld+json").text)
        return found
