"""RSS 2.0 and Atom (RFC 4287) with feedgen: occurrences whose day has come, newest first.

Every stamp is given, because feedgen takes the clock's otherwise. Item titles are plain text, the content is
HTML, escaped here and nowhere else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator

from calfeed.domain.model import Document, Edition, Entry, Format
from calfeed.domain.texts import summary
from calfeed.formats.prose import FEED_STYLE, occurrence_html, within_budget

_ATOM_LINK = "{http://www.w3.org/2005/Atom}link"


def render_rss(edition: Edition) -> Iterator[Document]:
    """The RSS feed of an edition that has occurrences."""
    if edition.entries:
        yield _document(edition, RSS, lambda shown: _feed(shown, RSS).rss_str(pretty=True, encoding="utf-8"))


def render_atom(edition: Edition) -> Iterator[Document]:
    """The Atom feed of an edition that has occurrences."""
    if edition.entries:
        yield _document(edition, ATOM, lambda shown: _feed(shown, ATOM).atom_str(pretty=True, encoding="utf-8"))


def _document(edition: Edition, format_: Format, write: Callable[[Edition], bytes]) -> Document:
    path = edition.path + format_.filename
    written, shown, warnings = within_budget(edition, path, lambda shown: _styled(write(shown), edition))
    return Document(path, format_.media_type, (written,), entries=shown.items, warnings=warnings)


def _styled(written: bytes, edition: Edition) -> bytes:
    """A feed that somebody opens in a browser is readable; by CSS, since browsers are giving XSLT up."""
    declaration, newline, rest = written.partition(b"\n")
    sheet = f'<?xml-stylesheet type="text/css" href="{edition.root}{FEED_STYLE}"?>\n'
    return declaration + newline + sheet.encode() + rest


def _feed(edition: Edition, format_: Format) -> Any:  # feedgen has no types
    calendar = edition.calendar
    description = edition.description.text
    feed = FeedGenerator()
    feed.register_extension("links", BaseExtension, _EntryLinks, rss=False)
    feed.id(_feed_id(edition))
    feed.title(edition.name.text)
    feed.subtitle(description)
    feed.description(description)
    feed.author(name=calendar.text(calendar.title, edition.language))
    feed.language(edition.language)
    feed.generator("calfeed")
    feed.link(href=edition.url(format_.filename), rel="self", type=format_.media_type.split(";")[0])
    if calendar.hub:
        feed.link(href=calendar.hub, rel="hub")  # W3C WebSub §4; feedgen leaves it out of RSS
        feed.register_extension("hub", partial(_HubInRss, calendar.hub), BaseEntryExtension, atom=False)
    feed.link(href=edition.url(), rel="alternate", type="text/html")  # last: feedgen takes it for RSS's link
    feed.updated(_feed_updated(edition))
    feed.lastBuildDate(_feed_updated(edition))
    for item in edition.items:
        _add_item(feed, edition, item)
    return feed


def _add_item(feed: Any, edition: Edition, item: Entry) -> None:
    occurrence, calendar = item.occurrence, edition.calendar
    entry = feed.add_entry(order="append")
    entry.id(occurrence.uid)
    entry.guid(occurrence.uid, permalink=False)
    entry.title(summary(calendar, occurrence, edition.language))
    entry.link(href=edition.event_url(occurrence.event), rel="alternate", type="text/html")
    entry.content(occurrence_html(edition, item.occurrence), type="html")
    for category in occurrence.event.categories:
        label = calendar.text(category.title, edition.language)
        entry.category(term=category.slug, label=label)
    entry.published(item.first_published)
    entry.updated(item.updated(edition.language))


def _feed_updated(edition: Edition) -> dt.datetime:
    if edition.items:
        return max(item.updated(edition.language) for item in edition.items)
    return max(entry.revision.created for entry in edition.entries)


def _feed_id(edition: Edition) -> str:
    """A tag URI; items have a slash after the event's id, feeds have none, so they never meet."""
    parts = ["calendar", *edition.path.strip("/").split("/")] if edition.path else ["calendar"]
    return f"tag:{edition.calendar.authority}:{':'.join(parts)}"


class _EntryLinks(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """Writes `rel` and `type` of entry links, which feedgen 1.0.0 drops (lkiesow/python-feedgen#135)."""

    def extend_atom(self, entry: Any) -> Any:
        for link in entry.findall("link"):
            link.set("rel", "alternate")
            link.set("type", "text/html")
        return entry


class _HubInRss(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """Writes the hub beside the self link of an RSS channel, which feedgen has for Atom alone."""

    def __init__(self, hub: str) -> None:
        self.hub = hub

    def extend_rss(self, feed: Any) -> Any:
        link = feed.find(f"channel/{_ATOM_LINK}")
        link.addnext(link.makeelement(_ATOM_LINK, href=self.hub, rel="hub"))
        return feed


RSS = Format("RSS 2.0", "feed.rss", "application/rss+xml; charset=utf-8", render_rss)
ATOM = Format("Atom", "feed.atom", "application/atom+xml; charset=utf-8", render_atom)
