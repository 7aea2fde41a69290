"""One occurrence as a VEVENT: its content lines (RFC 5545) and its jCal (RFC 7265).

Written here rather than with the icalendar package, which takes fourteen times as long for the same lines; the
tests hold every one of them against the package's.
"""

from __future__ import annotations

from typing import Any

from calfeed.domain.contentlines import escaped, fold
from calfeed.domain.instants import rfc3339
from calfeed.domain.model import Calendar, Category, Edition, Entry, Said
from calfeed.domain.texts import occurrence_paragraphs, said_summary

BEGIN = b"BEGIN:VEVENT\r\n"
END = b"END:VEVENT\r\n"
CIVIL_HOUR = "PT9H"  # after the midnight at which an all-day event starts
_MARKS = str.maketrans("", "", "-:")  # between the numbers of ISO 8601: RFC 5545 has none, RFC 7265 has them


def vevent(edition: Edition, entry: Entry) -> bytes:
    """Its content lines, folded, in the order in which the icalendar package has them."""
    occurrence, revision, calendar = entry.occurrence, entry.revision, edition.calendar
    event, language = occurrence.event, edition.language
    modified = rfc3339(revision.last_modified[language])
    lines = [
        text_line("SUMMARY", said_summary(calendar, occurrence, language)),
        f"DTSTART;VALUE=DATE:{occurrence.dtstart.isoformat().translate(_MARKS)}",
        f"DTEND;VALUE=DATE:{occurrence.dtend.isoformat().translate(_MARKS)}",
        f"DTSTAMP:{modified.translate(_MARKS)}",  # without METHOD the last change: RFC 5545 §3.8.7.2
        f"UID:{escaped(occurrence.uid)}",
        f"SEQUENCE:{revision.sequence}",
        *(
            f"CATEGORIES;LANGUAGE={tag}:{','.join(map(escaped, names))}"
            for tag, names in _by_language(calendar, event.categories, language).items()
        ),
        "CLASS:PUBLIC",
        f"CREATED:{rfc3339(revision.created).translate(_MARKS)}",
        text_line("DESCRIPTION", _description(edition, entry)),
        f"LAST-MODIFIED:{modified.translate(_MARKS)}",
        *([text_line("LOCATION", calendar.said(event.location, language))] if event.location else []),
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        f"URL:{edition.event_url(event)}",
        "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    ]
    return BEGIN + fold(lines) + END


def with_alarm(edition: Edition, entry: Entry) -> bytes:
    """The same with one reminder for a program to show (RFC 5545 §3.6.6), at a civil hour of the first day."""
    alarm = [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        text_line("DESCRIPTION", said_summary(edition.calendar, entry.occurrence, edition.language)),
        f"TRIGGER:{CIVIL_HOUR}",
        "END:VALARM",
    ]
    return edition.once(vevent.__name__, entry, vevent).removesuffix(END) + fold(alarm) + END


def jcal(edition: Edition, entry: Entry) -> list[Any]:
    """The same as JSON values: name, properties, components (RFC 7265 §3.3)."""
    occurrence, revision, calendar = entry.occurrence, entry.revision, edition.calendar
    event, language = occurrence.event, edition.language
    modified = rfc3339(revision.last_modified[language])
    properties: list[list[Any]] = [
        ["uid", {}, "text", occurrence.uid],
        ["dtstamp", {}, "date-time", modified],
        ["created", {}, "date-time", rfc3339(revision.created)],
        ["last-modified", {}, "date-time", modified],
        ["sequence", {}, "integer", revision.sequence],
        ["dtstart", {}, "date", occurrence.dtstart.isoformat()],
        ["dtend", {}, "date", occurrence.dtend.isoformat()],
        property_of("summary", said_summary(calendar, occurrence, language)),
        property_of("description", _description(edition, entry)),
        *([property_of("location", calendar.said(event.location, language))] if event.location else []),
        ["url", {}, "uri", edition.event_url(event)],
        *(
            ["categories", {"language": tag}, "text", *names]
            for tag, names in _by_language(calendar, event.categories, language).items()
        ),
        ["class", {}, "text", "PUBLIC"],
        ["status", {}, "text", "CONFIRMED"],
        ["transp", {}, "text", "TRANSPARENT"],
        ["x-microsoft-cdo-busystatus", {}, "unknown", "FREE"],
        ["x-microsoft-cdo-alldayevent", {}, "unknown", "TRUE"],
    ]
    return ["vevent", properties, []]


def _description(edition: Edition, entry: Entry) -> Said:
    """Everything to say, and where to read on."""
    event = entry.occurrence.event
    paragraphs = occurrence_paragraphs(edition.calendar, entry.occurrence, edition.language)
    return Said("\n\n".join([*map(str, paragraphs), edition.event_url(event)]), edition.language)


def text_line(name: str, said: Said) -> str:
    """A text with the language that it is in (RFC 5545 §3.2.10)."""
    return f"{name};LANGUAGE={said.language}:{escaped(said.text)}"


def property_of(name: str, said: Said) -> list[Any]:
    """The same in jCal."""
    return [name, {"language": said.language}, "text", said.text]


def _by_language(calendar: Calendar, categories: tuple[Category, ...], language: str) -> dict[str, list[str]]:
    """The names of each language together, since a property has one LANGUAGE for all its values."""
    found: dict[str, list[str]] = {}
    for category in categories:
        name = calendar.said(category.title, language)
        found.setdefault(name.language, []).append(name.text)
    return found
