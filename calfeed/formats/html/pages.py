"""Pages for people: the calendar, its categories, its months, and a lasting page for each entry.

All static: by itself a page moves only when an occurrence is over or the civil year turns; no 'today', no 'in
five days'. It asks no other site for anything; what its script adds (copying, finding, composing) nobody needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from calfeed.domain.corrections import corrections_of
from calfeed.domain.model import Document, Edition, Selection
from calfeed.formats.html import PAGE
from calfeed.formats.html.assets import assets
from calfeed.formats.html.grid import known_to_month, listed, months_of, year_grid
from calfeed.formats.html.history import history
from calfeed.formats.html.linked_data import calendar_data, event_data
from calfeed.formats.html.subscribing import Ways, qr_code
from calfeed.formats.html.timeline import timeline
from calfeed.formats.html.view import View

_CORRECTIONS = 500  # the newest, as many as a page can hold
_COMPOSED = "compose/{}/calendar.ics"  # braces stand for the set that the page's script puts there


def render(edition: Edition) -> Iterator[Document]:
    """`index.html` of an edition; beside the whole calendar's all pages that are its own."""
    if edition.selection.gone:
        return  # its page is one of the whole calendar's, as that of an entry that never had a day
    if edition.selection.event:
        yield _event(edition)
        return
    yield _overview(edition)
    if edition.selection.kind == "all":
        yield from _months(edition)
        yield _page("compose.html", View(edition, edition.path + "compose/"), ways=Ways(edition, _COMPOSED))
        told = corrections_of(edition, _CORRECTIONS)
        yield _page("corrections.html", View(edition, edition.path + "corrections/"), corrections=told)
        yield from _withdrawn(edition)
        yield from assets(edition)


def _overview(edition: Edition) -> Document:
    """The start page, and the page of a category."""
    view, ways = View(edition, edition.path), Ways(edition)
    return _page(
        "index.html",
        view,
        ways=ways,
        qr=qr_code(ways.webcal),
        months=year_grid(edition),
        listed=listed(edition),
        picture=timeline(edition),
        history=history(edition),
        data=calendar_data(edition),
    )


def _months(edition: Edition) -> Iterator[Document]:
    """A page for each month, with the current year and the next."""
    this, following = (months_of(edition, edition.year + more) for more in (0, 1))
    for number, years in enumerate(zip(this, following, strict=True), start=1):
        view = View(edition, f"{edition.path}months/{number:02}/")
        yield _page("month.html", view, number=number, years=years, events=known_to_month(edition, number))


def _event(edition: Edition) -> Document:
    """The lasting page of an entry."""
    view, told = View(edition, edition.path), corrections_of(edition, _CORRECTIONS)
    return _page("event.html", view, ways=Ways(edition), data=event_data(edition), corrections=told)


def _withdrawn(edition: Edition) -> Iterator[Document]:
    for gone in edition.withdrawn:
        view = View(edition, f"{edition.path}events/{gone.id}/")
        told = corrections_of(replace(edition, selection=Selection(gone=gone)))
        yield _page("withdrawn.html", view, gone=gone, corrections=told)


def _page(name: str, view: View, **context: object) -> Document:
    template = _templates().get_template(name)
    written = template.render(
        view=view, edition=view.edition, calendar=view.calendar, words=view.words, page=view.page, **context
    )
    return Document(view.path + PAGE.filename, PAGE.media_type, (written.encode(),))


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("calfeed.formats.html"),
        auto_reload=False,  # templates do not change during a build
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
