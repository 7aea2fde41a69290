"""What all feeds share: the text of an item as HTML, and how many items there is room for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape

from calfeed.domain.model import Edition, Occurrence
from calfeed.domain.texts import Paragraph, occurrence_paragraphs
from calfeed.domain.wording import LANGUAGES

FEED_STYLE = "feed.css"  # beside the first language's start page


def occurrence_html(edition: Edition, occurrence: Occurrence) -> str:
    """HTML paragraphs; `dir` only where the language runs from right to left (R17)."""
    attribute = ' dir="rtl"' if LANGUAGES[edition.language].direction == "rtl" else ""
    told = occurrence_paragraphs(edition.calendar, occurrence, edition.language)
    return "".join(f"<p{attribute}>{_paragraph(p)}</p>" for p in told)


def _paragraph(told: Paragraph) -> str:
    """The text with its label; announced, and marked with its language, where that is another one."""
    body = "<br>".join(escape(line) for line in told.text.split("\n"))
    if told.announced:
        direction = LANGUAGES[told.language].direction
        body = f'{escape(told.announced)} <span lang="{told.language}" dir="{direction}">{body}</span>'
    return f"<strong>{escape(told.label)}:</strong> {body}" if told.label else body


def within_budget(
    edition: Edition, path: str, write: Callable[[Edition], bytes]
) -> tuple[bytes, Edition, tuple[str, ...]]:
    """A feed of as many of the newest items as the calendar's budget has bytes for, at least one (C3).

    Also the edition with those items alone, and a warning where some are left out.
    """
    shown, budget = edition, edition.calendar.budget.bytes
    while len(written := write(shown)) > budget and len(shown.items) > 1:
        room = len(shown.items) * budget // len(written)
        shown = replace(shown, items=shown.items[: max(1, min(room, len(shown.items) - 1))])
    left = len(edition.items) - len(shown.items)
    if not left:
        return written, shown, ()
    warning = f"{path}: {left} of {len(edition.items)} items are over the budget and left out; lower `feed_items`"
    return written, shown, (warning,)
