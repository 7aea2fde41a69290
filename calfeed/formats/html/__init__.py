"""Pages for people; what they are made with is loaded with the first of them."""

from __future__ import annotations

from collections.abc import Iterator

from calfeed.domain.model import Document, Edition, Format


def render(edition: Edition) -> Iterator[Document]:
    """The pages of an edition."""
    from calfeed.formats.html import pages  # noqa: PLC0415 - jinja2, segno: not every build makes pages

    return pages.render(edition)


PAGE = Format("HTML", "index.html", "text/html; charset=utf-8", render)
