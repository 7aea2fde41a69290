"""Plain pages: the addresses of every calendar and feed, and a lasting page for each entry.

Nothing on them moves unless an occurrence enters or leaves the window: no 'today', no 'in five days'.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from calfeed.domain.model import Document, Edition, Format, Said
from calfeed.domain.occurrences import civil_day
from calfeed.domain.texts import Paragraph, claim_citation, day_in_words, event_paragraphs, said_summary
from calfeed.domain.wording import LANGUAGES


def render(edition: Edition) -> Iterator[Document]:
    """`index.html` of an edition; beside the whole calendar's, the pages of withdrawn entries."""
    name = "event.html" if edition.selection.event else "index.html"
    yield _page(edition, name, edition.path, event=edition.selection.event)
    if edition.selection.kind == "all":
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
        marked=partial(_marked, within=edition.language),
        said=lambda text: _marked(edition.calendar.said(text, edition.language), within=edition.language),
        alternates=_alternates(edition, path),
        ltr=Markup(' dir="ltr"') if words.direction == "rtl" else "",
        paragraphs=lambda event: event_paragraphs(edition.calendar, event, edition.language),
        cite=lambda claim: claim_citation(edition.calendar, claim, edition.language),
        days=lambda entry: day_in_words(entry.occurrence, words),
        summary=lambda entry: said_summary(edition.calendar, entry.occurrence, edition.language),
        **context,
    )
    return Document(path + PAGE.filename, PAGE.media_type, (written.encode(),))


def _marked(said: Said | Paragraph, *, within: str) -> str:
    """A text, in an element with its own language and direction where the page has another one."""
    if said.language == within:
        return said.text
    element = Markup('<span lang="{}" dir="{}">{}</span>')
    return element.format(said.language, LANGUAGES[said.language].direction, said.text)


def _alternates(edition: Edition, path: str) -> list[tuple[str, str, str]]:
    """Tag, own name and address of the same page in each language; none where there is one language alone."""
    calendar, rest = edition.calendar, path.removeprefix(edition.language_path)
    if len(calendar.languages) == 1:
        return []
    return [
        (tag, LANGUAGES[tag].name, calendar.url + calendar.language_path(tag) + rest) for tag in calendar.languages
    ]


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
