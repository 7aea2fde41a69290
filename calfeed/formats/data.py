"""events.json: every entry with its dates, sources and what they say, background included.

What each member means, and what is promised, stands in docs/formats.md and in the schema that is published beside
it. No member is null: what has no value is left out.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from importlib import resources
from typing import Any

from calfeed.domain.addresses import (
    SCHEMA,
    category_url,
    files_of_calendar,
    files_of_category,
    files_of_event,
)
from calfeed.domain.edtf import Edtf
from calfeed.domain.instants import rfc3339
from calfeed.domain.milestones import is_milestone
from calfeed.domain.model import Category, Claim, Color, Document, Edition, Entry, Event, Format, Source, Text
from calfeed.domain.occurrences import placement
from calfeed.domain.texts import citation, summary
from calfeed.domain.wording import LANGUAGES


def render(edition: Edition) -> Iterator[Document]:
    """The data of the whole calendar in one language, texts in that language; its schema with the first one."""
    if edition.selection.kind != "all":
        return
    path = edition.path + EVENTS_JSON.filename
    yield Document(path, EVENTS_JSON.media_type, (_json(_calendar(edition)),), entries=edition.entries)
    if not edition.language_path:
        yield Document(SCHEMA, EVENTS_JSON.media_type, (_json(schema(edition.calendar.url)),))


def schema(url: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of events.json, as it is published below the address of a calendar."""
    packaged = resources.files("calfeed.formats").joinpath("schemas", SCHEMA).read_text(encoding="utf-8")
    members: dict[str, Any] = json.loads(packaged)
    return {"$schema": members.pop("$schema"), "$id": url + SCHEMA, **members}


def _json(values: dict[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, indent=1).encode() + b"\n"


def _calendar(edition: Edition) -> dict[str, Any]:
    calendar = edition.calendar
    by_event: dict[str, list[Entry]] = defaultdict(list)
    for entry in edition.entries:
        by_event[entry.occurrence.event.id].append(entry)
    published = edition.choices
    return {
        "$schema": calendar.url + SCHEMA,
        **_present(
            version=1,
            title=edition.name.text,
            description=_text(edition, calendar.description),
            language=edition.language,
            untranslated=_untranslated(edition, title=calendar.title, description=calendar.description),
            url=edition.url(),
            authority=calendar.authority,
            timezone=calendar.timezone.key,
            addresses=files_of_calendar(edition),
            categories=[_category(edition, c, has_days=c in published) for c in calendar.categories],
            events=[_event(edition, event, by_event[event.id]) for event in edition.events],
            withdrawn=[{"id": w.id, "on": rfc3339(w.on)} for w in edition.withdrawn],
        ),
    }


def _category(edition: Edition, category: Category, *, has_days: bool) -> dict[str, Any]:
    return _present(
        slug=category.slug,
        title=_text(edition, category.title),
        color=_color(category.color),
        untranslated=_untranslated(edition, title=category.title),
        url=category_url(edition, category) if has_days else None,
        addresses=files_of_category(edition, category) if has_days else None,
    )


def _color(color: Color | None) -> dict[str, str] | None:
    return {"name": color.name, "hex": color.hex} if color else None


def _event(edition: Edition, event: Event, entries: list[Entry]) -> dict[str, Any]:
    revision = edition.revisions[event.id]
    words = LANGUAGES[edition.language]
    return _present(
        id=event.id,
        url=edition.event_url(event),
        title=_text(edition, event.title),
        description=_text(edition, event.description),
        kind=event.kind,
        date=event.date.text if event.date else None,
        date_in_words=words.date(event.date, night=event.night) if event.date else None,
        night=event.night or None,
        placement=placement(event),
        observed=event.observed.rule,
        observed_in_words=words.rule(event.observed, event.date, event.limits),
        tone=event.tone,
        untranslated=_untranslated(
            edition,
            title=event.title,
            description=event.description,
            location=event.location,
            disputed=event.disputed,
        ),
        categories=list(event.slugs),
        location=_text(edition, event.location),
        reference=event.url,
        disputed=_text(edition, event.disputed),
        claims=[_claim(edition, claim) for claim in event.claims],
        addresses=files_of_event(edition, event) if entries else None,
        sequence=revision.sequence,
        created=rfc3339(revision.created),
        last_modified=rfc3339(revision.last_modified[edition.language]),
        occurrences=[_occurrence(edition, entry) for entry in entries],
    )


def _untranslated(edition: Edition, **texts: Text | None) -> list[str] | None:
    """The members that are in the calendar's first language for want of a translation."""
    return [name for name, text in texts.items() if text and not text.get(edition.language)] or None


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
        untranslated=_untranslated(edition, says=claim.says, reasoning=claim.reasoning),
    )


def _source(edition: Edition, source: Source) -> dict[str, Any]:
    return _present(
        key=source.key,
        title=source.title,
        publisher=source.publisher,
        published=_edtf(source.published),
        url=source.url,
        citation=citation(edition.calendar, source, edition.language),
        note=_text(edition, source.note),
        untranslated=_untranslated(edition, citation=source.cited, note=source.note),
    )


def _text(edition: Edition, text: Text | None) -> str | None:
    return edition.text(text) if text else None


def _edtf(date: Edtf | None) -> str | None:
    return date.text if date else None


def _present(**members: Any) -> dict[str, Any]:
    """An object without the members that have no value."""
    return {name: value for name, value in members.items() if value is not None}


EVENTS_JSON = Format("events.json", "events.json", "application/json; charset=utf-8", render)
