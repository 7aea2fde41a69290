"""The feed of corrections (Atom), newest first: what was changed, when, why, from what to what, by which source.

It is there from the first build on, so that it can be followed before anything was wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from calfeed.domain.corrections import ToldAmendment, ToldCorrection, ToldNote, corrections_of
from calfeed.domain.differences import Piece
from calfeed.domain.model import Document, Edition, Format
from calfeed.domain.wording import LANGUAGES
from calfeed.formats.feeds import new_feed, styled
from calfeed.formats.prose import body_html, fitting, lines_html, paragraphs_html


def render(edition: Edition) -> Iterator[Document]:
    """The feed of the whole calendar in one language."""
    if edition.selection.kind != "all":
        return
    path, calendar = edition.path + CORRECTIONS.filename, edition.calendar

    def write(shown: tuple[ToldCorrection, ...]) -> bytes:
        return styled(_feed(edition, shown).atom_str(pretty=True, encoding="utf-8"), path)

    newest = corrections_of(edition, calendar.feed_items)
    written, _, warnings = fitting(newest, path, calendar.budget.bytes, write)
    yield Document(path, CORRECTIONS.media_type, (written,), warnings=warnings)


def _feed(edition: Edition, shown: tuple[ToldCorrection, ...]) -> Any:  # feedgen has no types
    words = LANGUAGES[edition.name.language].corrections
    parts = [edition.calendar.authority, "corrections", *edition.path.strip("/").split("/")]
    created = min(revision.created for revision in edition.revisions.values())
    feed = new_feed(
        edition,
        CORRECTIONS,
        id_="tag:" + ":".join(part for part in parts if part),
        title=words["feed"].format(edition.name.text),
        updated=max([created, *(correction.updated for correction in shown)]),  # clocks may go back a little
    )
    for correction in shown:
        _add_entry(feed, edition, correction)
    return feed


def _add_entry(feed: Any, edition: Edition, correction: ToldCorrection) -> None:
    entry = feed.add_entry(order="append")
    entry.id(correction.uid)
    entry.title(correction.headline.text)
    entry.link(href=correction.url, rel="alternate", type="text/html")
    entry.content(correction_html(correction, edition.language), type="html")
    entry.published(correction.at)
    entry.updated(correction.updated)


def correction_html(correction: ToldCorrection, language: str) -> str:
    """A paragraph for each thing that was changed, then the reason."""
    bodies = [*map(_amendment, correction.amendments), *map(_note, correction.notes)]
    return paragraphs_html(bodies, language)


def _amendment(told: ToldAmendment) -> str:
    """What it is, and below it what stood there and what stands there now; in words, too, where no style shows."""
    if not told.label:
        return body_html(told.after) if told.after else ""
    label = f"{told.label} – {told.cited}" if told.cited else told.label
    lines = [f"<strong>{escape(label)}</strong>"]
    for side, pieces, element in zip((told.before, told.after), told.pieces, ("del", "ins"), strict=True):
        if side is told.before and told.withheld and side:
            lines.append(f"{escape(side.label)}: {body_html(side)}")
        elif side:
            text = "".join(_marked(piece, element) for piece in pieces)
            lines.append(f"{escape(side.label)}: {body_html(side, text)}")
    return "<br>".join(lines)


def _marked(piece: Piece, element: str) -> str:
    text = lines_html(piece.text)
    return f"<{element}>{text}</{element}>" if piece.changed else text


def _note(told: ToldNote) -> str:
    body = f"<strong>{escape(told.why.label)}:</strong> {body_html(told.why)}"
    return f"{body} – {escape(told.cited)}" if told.cited else body


CORRECTIONS = Format("Corrections (Atom)", "corrections/feed.atom", "application/atom+xml; charset=utf-8", render)
