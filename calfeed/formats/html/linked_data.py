"""What a page says as schema.org data (JSON-LD): days that are known, never the first of a month for a month."""

from __future__ import annotations

from typing import Any

from calfeed.domain.edtf import Edtf, EdtfDate, EdtfInterval
from calfeed.domain.model import Edition, Entry, Event
from calfeed.domain.texts import claim_citation, summary, unstated

_CONTEXT = "https://schema.org"


def calendar_data(edition: Edition) -> dict[str, Any]:
    """A page of a calendar or a category, with the occurrences that come next."""
    return {
        "@context": _CONTEXT,
        "@type": "CollectionPage",
        "@id": edition.url(),
        "url": edition.url(),
        "name": edition.name.text,
        "description": edition.text(edition.calendar.description),
        "inLanguage": edition.language,
        "isPartOf": _site(edition),
        "mainEntity": {
            "@type": "ItemList",
            "itemListElement": [
                {"@type": "ListItem", "position": number, "item": _occurrence(edition, entry)}
                for number, entry in enumerate(edition.upcoming[:6], start=1)
            ],
        },
    }


def event_data(edition: Edition) -> dict[str, Any]:
    """The page of an entry: what it is about, and the occurrences that come next."""
    (event,) = edition.events
    found: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "WebPage",
        "@id": edition.url(),
        "url": edition.url(),
        "name": edition.name.text,
        "description": edition.text(event.description),
        "inLanguage": edition.language,
        "isPartOf": _site(edition),
        "citation": list(
            dict.fromkeys(claim_citation(edition.calendar, c, edition.language) for c in event.claims)
        ),
    }
    about = _history(edition, event)
    if about:
        found["about"] = about
    if edition.upcoming:
        found["mentions"] = [_occurrence(edition, entry) for entry in edition.upcoming]
    return found


def _site(edition: Edition) -> dict[str, Any]:
    calendar = edition.calendar
    address = calendar.url + edition.language_path
    name = edition.text(calendar.title)
    return {"@type": "WebSite", "@id": f"{address}#site", "url": address, "name": name}


def _history(edition: Edition, event: Event) -> dict[str, Any] | None:
    """What happened, where a source states its day and none disputes anything."""
    days = _days(event.date) if event.date and not event.disputed and not unstated(event) else None
    if days is None:
        return None
    found = _event(edition, event, edition.text(event.title), *days)
    if event.location:
        place = edition.text(event.location)
        found["location"] = {"@type": "Place", "name": place, "address": place}
    return found


def _days(date: Edtf) -> tuple[str, str] | None:
    ends = (date.start, date.end) if isinstance(date, EdtfInterval) else (date, date)
    first, last = (end if isinstance(end, EdtfDate) and end.is_day and end.year > 0 else None for end in ends)
    if first is None or last is None or last.year > 9999:
        return None
    return first.text, last.text


def _occurrence(edition: Edition, entry: Entry) -> dict[str, Any]:
    """A day that is kept: it has no place, since nobody is asked to go to where something once happened."""
    occurrence = entry.occurrence
    name = summary(edition.calendar, occurrence, edition.language)
    found = _event(edition, occurrence.event, name, str(occurrence.dtstart), str(occurrence.last_day))
    return {**found, "identifier": occurrence.uid}


def _event(edition: Edition, event: Event, name: str, first: str, last: str) -> dict[str, Any]:
    return {
        "@type": "Event",
        "name": name,
        "description": edition.text(event.description),
        "startDate": first,
        "endDate": last,
        "url": edition.event_url(event),
    }
