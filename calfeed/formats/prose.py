"""What all feeds share: the text of an item as HTML, and how many items there is room for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from html import escape
from typing import TypeVar

from calfeed.domain.model import Edition, Entry
from calfeed.domain.texts import Paragraph, occurrence_paragraphs
from calfeed.domain.wording import LANGUAGES

_Item = TypeVar("_Item")
FEED_STYLE = "feed.css"  # beside the first language's start page


def entry_html(edition: Edition, entry: Entry) -> str:
    """HTML paragraphs of everything to say about an occurrence: the same in every feed that it stands in."""
    return edition.once(_entry_html.__name__, entry, _entry_html).decode()


def _entry_html(edition: Edition, entry: Entry) -> bytes:
    told = occurrence_paragraphs(edition.calendar, entry.occurrence, edition.language)
    return paragraphs_html(map(_paragraph, told), edition.language).encode()


def paragraphs_html(bodies: Iterable[str], language: str) -> str:
    """An HTML paragraph for each; `dir` only where the language runs from right to left (R17)."""
    attribute = ' dir="rtl"' if LANGUAGES[language].direction == "rtl" else ""
    return "".join(f"<p{attribute}>{body}</p>" for body in bodies)


def _paragraph(told: Paragraph) -> str:
    """The text with its label."""
    body = body_html(told)
    return f"<strong>{escape(told.label)}:</strong> {body}" if told.label else body


def body_html(told: Paragraph, body: str | None = None) -> str:
    """The text alone; announced, and marked with its language, where that is another one than the readers'.

    `body` is that text as HTML, where there is more to show of it than its words.
    """
    body = lines_html(told.text) if body is None else body
    if told.announced:
        direction = LANGUAGES[told.language].direction
        body = f'{escape(told.announced)} <span lang="{told.language}" dir="{direction}">{body}</span>'
    return body


def lines_html(text: str) -> str:
    """Plain text as HTML, with its line breaks."""
    return "<br>".join(escape(line) for line in text.split("\n"))


def within_budget(
    edition: Edition, path: str, write: Callable[[Edition], bytes]
) -> tuple[bytes, Edition, tuple[str, ...]]:
    """A feed of as many of the newest items as the calendar's budget has bytes for, at least one (C3).

    Also the edition with those items alone, and a warning where some are left out.
    """

    def of(items: tuple[Entry, ...]) -> Edition:
        return edition if items is edition.items else replace(edition, items=items)

    budget = edition.calendar.budget.bytes
    written, items, warnings = fitting(edition.items, path, budget, lambda items: write(of(items)))
    return written, of(items), warnings


def fitting(
    items: tuple[_Item, ...], path: str, budget: int, write: Callable[[tuple[_Item, ...]], bytes]
) -> tuple[bytes, tuple[_Item, ...], tuple[str, ...]]:
    """As many of the newest items as `budget` has bytes for: what is written, which they are, and a warning."""
    shown = items
    while len(written := write(shown)) > budget and len(shown) > 1:
        room = len(shown) * budget // len(written)
        shown = shown[: max(1, min(room, len(shown) - 1))]
    left = len(items) - len(shown)
    if not left:
        return written, shown, ()
    warning = f"{path}: {left} of {len(items)} items are over the budget and left out; lower `feed_items`"
    return written, shown, (warning,)
