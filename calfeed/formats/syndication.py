"""RSS 2.0 and Atom (RFC 4287) with feedgen: occurrences whose day has come, newest first.

Every stamp is given, because feedgen takes the clock's otherwise. Item titles are plain text, the content is
HTML, escaped here and nowhere else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from html import escape
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator

from calfeed.domain.model import Document, Edition, Entry, Format
from calfeed.domain.texts import Paragraph, occurrence_paragraphs, summary
from calfeed.domain.wording import LANGUAGES

_ATOM_LINK = "{http://www.w3.org/2005/Atom}link"


def render_rss(edition: Edition) -> Iterator[Document]:
    """The RSS feed of an edition that has occurrences."""
    if not edition.selection.event and edition.entries:
        feed = _feed(edition, RSS)
        yield _document(edition, RSS, feed.rss_str(pretty=True, encoding="utf-8"))


def render_atom(edition: Edition) -> Iterator[Document]:
    """The Atom feed of an edition that has occurrences."""
    if not edition.selection.event and edition.entries:
        feed = _feed(edition, ATOM)
        yield _document(edition, ATOM, feed.atom_str(pretty=True, encoding="utf-8"))


def _document(edition: Edition, format_: Format, written: bytes) -> Document:
    path = edition.path + format_.filename
    return Document(path, format_.media_type, (written,), entries=edition.items)


def _feed(edition: Edition, format_: Format) -> Any:  # feedgen has no types
    calendar = edition.calendar
    description = calendar.text(calendar.description, edition.language)
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
    entry.content(_content(edition, item), type="html")
    for category in occurrence.event.categories:
        label = calendar.text(category.title, edition.language)
        entry.category(term=category.slug, label=label)
    entry.published(item.first_published)
    entry.updated(_updated(edition, item))


def _content(edition: Edition, item: Entry) -> str:
    """HTML paragraphs; `dir` only where the language runs from right to left (R17)."""
    direction = LANGUAGES[edition.language].direction
    attribute = ' dir="rtl"' if direction == "rtl" else ""
    return "".join(
        f"<p{attribute}>{_paragraph(p)}</p>"
        for p in occurrence_paragraphs(edition.calendar, item.occurrence, edition.language)
    )


def _paragraph(told: Paragraph) -> str:
    """The text with its label; announced, and marked with its language, where that is another one."""
    body = "<br>".join(escape(line) for line in told.text.split("\n"))
    if told.announced:
        direction = LANGUAGES[told.language].direction
        body = f'{escape(told.announced)} <span lang="{told.language}" dir="{direction}">{body}</span>'
    return f"<strong>{escape(told.label)}:</strong> {body}" if told.label else body


def _updated(edition: Edition, item: Entry) -> dt.datetime:
    """The later of entering the feeds and the last correction in this language."""
    modified = item.revision.last_modified[edition.language]
    return max(modified, item.first_published) if item.first_published else modified


def _feed_updated(edition: Edition) -> dt.datetime:
    if edition.items:
        return max(_updated(edition, item) for item in edition.items)
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
