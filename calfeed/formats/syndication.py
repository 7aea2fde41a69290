"""RSS 2.0 and Atom (RFC 4287): occurrences whose day has come, newest first.

Item titles are plain text, the content is HTML, escaped in `prose` and nowhere else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from calfeed.domain.model import Document, Edition, Entry, Format
from calfeed.domain.texts import summary
from calfeed.formats.feeds import new_feed, styled
from calfeed.formats.prose import entry_html, within_budget


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
    written, shown, warnings = within_budget(edition, path, lambda shown: styled(write(shown), path))
    return Document(path, format_.media_type, (written,), entries=shown.items, warnings=warnings)


def _feed(edition: Edition, format_: Format) -> Any:  # feedgen has no types
    updated = _feed_updated(edition)
    feed = new_feed(edition, format_, id_=_feed_id(edition), title=edition.name.text, updated=updated)
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
    entry.content(entry_html(edition, item), type="html")
    for category in occurrence.event.categories:
        label = edition.text(category.title)
        entry.category(term=category.slug, label=label)
    entry.published(item.first_published)
    entry.updated(item.updated(edition.language))


def _feed_updated(edition: Edition) -> dt.datetime:
    """The instant of the latest change, be it that something left."""
    newest = _newest(edition)
    return max(newest, edition.left) if edition.left else newest


def _newest(edition: Edition) -> dt.datetime:
    """The date of the newest content."""
    if edition.items:
        return max(item.updated(edition.language) for item in edition.items)
    revisions = [entry.revision for entry in edition.entries]
    if edition.selection.kind == "event":  # what became of it is told before its day has come
        return max(revision.last_modified[edition.language] for revision in revisions)
    return max(revision.created for revision in revisions)


def _feed_id(edition: Edition) -> str:
    """A tag URI; items have a slash after the event's id, feeds have none, so they never meet."""
    parts = ["calendar", *edition.path.strip("/").split("/")] if edition.path else ["calendar"]
    return f"tag:{edition.calendar.authority}:{':'.join(parts)}"


RSS = Format("RSS 2.0", "feed.rss", "application/rss+xml; charset=utf-8", render_rss)
ATOM = Format("Atom", "feed.atom", "application/atom+xml; charset=utf-8", render_atom)
