"""compose/categories.json: what calendars of one's own are composed by (`calfeed.compose`)."""

from __future__ import annotations

from collections.abc import Iterator

from calfeed import compose
from calfeed.domain.model import Document, Edition, Format, Text


def render(edition: Edition) -> Iterator[Document]:
    """The menu of the whole calendar in one language: the categories that have a calendar, and their titles."""
    if edition.selection.kind == "all" and edition.entries:
        calendar = edition.calendar
        menu = compose.Menu(
            languages=_languages(edition),
            title=_text(edition, calendar.title),
            url=edition.url(compose.FOLDER),
            year=edition.year,
            events=calendar.budget.events,
            octets=calendar.budget.bytes,
            categories={c.slug: _text(edition, c.title) for c in edition.choices},
        )
        yield Document(edition.path + MENU.filename, MENU.media_type, (compose.written_menu(menu),))


def _languages(edition: Edition) -> tuple[str, ...]:
    """This edition's and the one that a missing text falls back to."""
    return tuple(dict.fromkeys((edition.language, edition.calendar.languages[0])))


def _text(edition: Edition, text: Text) -> Text:
    return {tag: text[tag] for tag in _languages(edition) if text.get(tag)}


MENU = Format("categories.json", compose.MENU, "application/json; charset=utf-8", render)
