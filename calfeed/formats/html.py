"""Plain pages: the addresses of every calendar and feed, and a lasting page for each entry.

Nothing on them moves unless an occurrence enters or leaves the window: no 'today', no 'in five days'.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from calfeed.domain.model import Document, Edition, Format
from calfeed.domain.occurrences import civil_day
from calfeed.domain.texts import claim_citation, day_in_words, event_paragraphs, summary
from calfeed.domain.wording import LANGUAGES


def render(edition: Edition) -> Iterator[Document]:
    """`index.html` of an edition; beside the whole calendar's, the pages of withdrawn entries."""
    name = "event.html" if edition.selection.event else "index.html"
    yield _page(edition, name, edition.path, event=edition.selection.event)
    if not (edition.selection.event or edition.selection.category):
        for withdrawal in edition.withdrawn:
            day = civil_day(edition.calendar, withdrawal.on)
            path = f"{edition.path}events/{withdrawal.id}/"
            yield _page(edition, "withdrawn.html", path, gone=withdrawal, day=day)


def _page(edition: Edition, name: str, path: str, **context: object) -> Document:
    words = LANGUAGES[edition.language]
    root = "../" * path.count("/")
    template = _templates().get_template(name)
    written = template.render(
        edition=edition,
        calendar=edition.calendar,
        words=words,
        root=root,
        home=root + edition.language_path,
        text=lambda text: edition.calendar.text(text, edition.language),
        paragraphs=lambda event: event_paragraphs(edition.calendar, event, edition.language),
        cite=lambda claim: claim_citation(claim, words),
        days=lambda entry: day_in_words(entry.occurrence, words),
        summary=lambda entry: summary(edition.calendar, entry.occurrence, edition.language),
        **context,
    )
    return Document(path + PAGE.filename, PAGE.media_type, (written.encode(),))


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("calfeed.formats"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


PAGE = Format("HTML", "index.html", "text/html; charset=utf-8", render)
