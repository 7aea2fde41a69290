"""The one door of feedgen: a feed with everything that all of ours have, and what feedgen 1.0.0 lacks.

Every stamp is given, because feedgen takes the clock's otherwise.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator

from calfeed.domain.model import Edition, Format
from calfeed.formats.prose import FEED_STYLE

_ATOM_LINK = "{http://www.w3.org/2005/Atom}link"


def new_feed(edition: Edition, format_: Format, *, id_: str, title: str, updated: dt.datetime) -> Any:
    """A feed without entries, which stands under the format's file name, beside its page; feedgen has no types."""
    calendar, folder = edition.calendar, "".join(format_.filename.rpartition("/")[:2])
    description = edition.description.text
    feed = FeedGenerator()
    feed.register_extension("links", BaseExtension, _EntryLinks, rss=False)
    feed.id(id_)
    feed.title(title)
    feed.subtitle(description)
    feed.description(description)
    feed.author(name=edition.text(calendar.title))
    feed.language(edition.language)
    feed.generator("calfeed")
    feed.link(href=edition.url(format_.filename), rel="self", type=format_.media_type.split(";")[0])
    if calendar.hub:
        feed.link(href=calendar.hub, rel="hub")  # W3C WebSub §4; feedgen leaves it out of RSS
        feed.register_extension("hub", partial(_HubInRss, calendar.hub), BaseEntryExtension, atom=False)
    feed.link(href=edition.url(folder), rel="alternate", type="text/html")  # last: feedgen takes it for RSS's link
    feed.updated(updated)
    feed.lastBuildDate(updated)
    return feed


def styled(written: bytes, path: str) -> bytes:
    """A feed that somebody opens in a browser is readable; by CSS, since browsers are giving XSLT up."""
    declaration, newline, rest = written.partition(b"\n")
    root = "../" * path.count("/")
    sheet = f'<?xml-stylesheet type="text/css" href="{root}{FEED_STYLE}"?>\n'
    return declaration + newline + sheet.encode() + rest


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
