"""events.json: every entry with its dates, sources and what they say, background included."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from calfeed.domain.edtf import Edtf
from calfeed.domain.instants import rfc3339
from calfeed.domain.milestones import is_milestone
from calfeed.domain.model import Claim, Document, Edition, Entry, Event, Format, Source, Text
from calfeed.domain.occurrences import placement
from calfeed.domain.texts import summary
from calfeed.domain.wording import LANGUAGES


def render(edition: Edition) -> Iterator[Document]:
    """The data of the whole calendar in one language, texts in that language."""
    if edition.selection.kind != "all":
        return
    written = json.dumps(_calendar(edition), ensure_ascii=False, indent=1).encode() + b"\n"
    path = edition.path + EVENTS_JSON.filename
    yield Document(path, EVENTS_JSON.media_type, (written,), entries=edition.entries)


def _calendar(edition: Edition) -> dict[str, Any]:
    calendar = edition.calendar
    by_event: dict[str, list[Entry]] = defaultdict(list)
    for entry in edition.entries:
        by_event[entry.occurrence.event.id].append(entry)
    return {
        "version": 1,
        "title": edition.name.text,
        "description": calendar.text(calendar.description, edition.language),
        "language": edition.language,
        "url": edition.url(),
        "authority": calendar.authority,
        "timezone": calendar.timezone.key,
        "categories": {c.slug: calendar.text(c.title, edition.language) for c in calendar.categories},
        "events": [_event(edition, event, by_event[event.id]) for event in edition.events],
        "withdrawn": [{"id": w.id, "on": rfc3339(w.on)} for w in edition.withdrawn],
    }


def _event(edition: Edition, event: Event, entries: list[Entry]) -> dict[str, Any]:
    revision = edition.revisions[event.id]
    words = LANGUAGES[edition.language]
    return _present(
        id=event.id,
        url=edition.event_url(event),
        title=_text(edition, event.title),
        description=_text(edition, event.description),
        date=event.date.text if event.date else None,
        date_in_words=words.date(event.date, night=event.night) if event.date else None,
        night=event.night or None,
        placement=placement(event),
        observed=event.observed.rule,
        observed_in_words=words.rule(event.observed, event.date, event.limits),
        tone=event.tone,
        untranslated=_untranslated(edition, event) or None,
        categories=[category.slug for category in event.categories],
        location=_text(edition, event.location),
        reference=event.url,
        disputed=_text(edition, event.disputed),
        claims=[_claim(edition, claim) for claim in event.claims],
        sequence=revision.sequence,
        created=rfc3339(revision.created),
        last_modified=rfc3339(revision.last_modified[edition.language]),
        occurrences=[_occurrence(edition, entry) for entry in entries],
    )


def _untranslated(edition: Edition, event: Event) -> list[str]:
    """The members of an event that are in the calendar's first language for want of a translation."""
    texts = {"title": event.title, "description": event.description, "location": event.location}
    texts["disputed"] = event.disputed
    return [name for name, text in texts.items() if text and not text.get(edition.language)]


def _occurrence(edition: Edition, entry: Entry) -> dict[str, Any]:
    return _present(
        uid=entry.occurrence.uid,
        title=summary(edition.calendar, entry.occurrence, edition.language),
        dtstart=entry.occurrence.dtstart.isoformat(),
        dtend=entry.occurrence.dtend.isoformat(),
        ordinal=entry.occurrence.ordinal,
        milestone=is_milestone(entry.occurrence.ordinal) or None,
        first_published=rfc3339(entry.first_published) if entry.first_published else None,
    )


def _claim(edition: Edition, claim: Claim) -> dict[str, Any]:
    return _present(
        source=_source(edition, claim.source),
        heading=claim.heading,
        basis=claim.basis,
        date=_edtf(claim.date),
        says=_text(edition, claim.says),
        reasoning=_text(edition, claim.reasoning),
    )


def _source(edition: Edition, source: Source) -> dict[str, Any]:
    return _present(
        key=source.key,
        title=source.title,
        publisher=source.publisher,
        published=_edtf(source.published),
        url=source.url,
        note=_text(edition, source.note),
        cited=_text(edition, source.cited),
    )


def _text(edition: Edition, text: Text | None) -> str | None:
    return edition.calendar.text(text, edition.language) if text else None


def _edtf(date: Edtf | None) -> str | None:
    return date.text if date else None


def _present(**members: Any) -> dict[str, Any]:
    """An object without the members that have no value."""
    return {name: value for name, value in members.items() if value is not None}


EVENTS_JSON = Format("events.json", "events.json", "application/json; charset=utf-8", render)
