"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/): the items of the other feeds, with their days as data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from calfeed.domain.instants import rfc3339
from calfeed.domain.model import Document, Edition, Entry, Format
from calfeed.domain.texts import summary
from calfeed.formats.prose import entry_html, within_budget


def render(edition: Edition) -> Iterator[Document]:
    """The feed of an edition that has occurrences."""
    if not edition.entries:
        return
    path = edition.path + JSON_FEED.filename
    written, shown, warnings = within_budget(edition, path, _written)
    yield Document(path, JSON_FEED.media_type, (written,), entries=shown.items, warnings=warnings)


def _written(edition: Edition) -> bytes:
    return json.dumps(_feed(edition), ensure_ascii=False, indent=1).encode() + b"\n"


def _feed(edition: Edition) -> dict[str, Any]:
    calendar = edition.calendar
    hubs = {"hubs": [{"type": "WebSub", "url": calendar.hub}]} if calendar.hub else {}
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": edition.name.text,
        "home_page_url": edition.url(),
        "feed_url": edition.url(JSON_FEED.filename),
        "description": edition.description.text,
        "language": edition.language,
        "authors": [{"name": edition.text(calendar.title), "url": calendar.url}],
        **hubs,
        "items": [_item(edition, item) for item in edition.items],
    }


def _item(edition: Edition, item: Entry) -> dict[str, Any]:
    occurrence, calendar = item.occurrence, edition.calendar
    event = occurrence.event
    entered = {"date_published": rfc3339(item.first_published)} if item.first_published else {}
    return {
        "id": occurrence.uid,
        "url": edition.event_url(event),
        "title": summary(calendar, occurrence, edition.language),
        "content_html": entry_html(edition, item),
        "summary": edition.text(event.description),
        **entered,
        "date_modified": rfc3339(item.updated(edition.language)),
        "tags": [edition.text(category.title) for category in event.categories],
        "language": edition.language,
        "_calfeed": {
            "event": event.id,
            "dtstart": occurrence.dtstart.isoformat(),
            "dtend": occurrence.dtend.isoformat(),
            **({"ordinal": occurrence.ordinal} if occurrence.ordinal is not None else {}),
        },
    }


JSON_FEED = Format("JSON Feed 1.1", "feed.json", "application/feed+json; charset=utf-8", render)
