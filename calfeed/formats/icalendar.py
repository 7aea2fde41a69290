"""iCalendar (RFC 5545, RFC 7986) and jCal (RFC 7265): one VEVENT a year, all-day, without RRULE or METHOD.

What each line is for stands in docs/clients.md (rows C1–C37). The icalendar package writes the head of a file,
`vevent` the events; lines are folded again here, since the package may cut inside a cluster.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import icalendar as ics

from calfeed.compose import FOLDER, in_address
from calfeed.domain.budget import within_budget
from calfeed.domain.contentlines import fold
from calfeed.domain.model import Color, Document, Edition, Entry, Format, Said
from calfeed.domain.wording import LANGUAGES
from calfeed.formats import vevent

_PRODID = "-//calfeed//calfeed//EN"  # without a version: a new release must not change every subscriber's bytes
_END = b"END:VCALENDAR\r\n"
_Write: TypeAlias = Callable[[Edition, Entry], bytes]


def render(edition: Edition) -> Iterator[Document]:
    """The calendar file of an edition; none where it has no occurrence.

    That of a set of categories holds what their own files hold, so that it can be composed of those.
    """
    if edition.parts:
        held = {entry.occurrence.uid for part in edition.parts for entry in _held(part)}
        edition = replace(edition, entries=tuple(e for e in edition.entries if e.occurrence.uid in held))
    yield from _calendar_file(edition, ICALENDAR, edition.name, vevent.vevent)


def _held(edition: Edition) -> tuple[Entry, ...]:
    """What the calendar file of an edition has room for."""
    head = fold(content_lines(_vcalendar(edition, ICALENDAR, edition.name)))
    return _within_budget(edition, vevent.vevent, spare=len(head))


def render_alarms(edition: Edition) -> Iterator[Document]:
    """The same for those who want a reminder; apart, since programs drop alarms or annoy with them (C6)."""
    if edition.selection.kind in ("all", "category"):
        label = LANGUAGES[edition.name.language].labels["with_alarms"]
        name = Said(label.format(edition.name.text), edition.name.language)
        yield from _calendar_file(edition, ALARMS, name, vevent.with_alarm)


def render_jcal(edition: Edition) -> Iterator[Document]:
    """The same as JSON (RFC 7265), with the occurrences that the calendar file has."""
    if edition.selection.kind not in ("all", "category") or not edition.entries:
        return
    head, path = _vcalendar(edition, JCAL, edition.name), edition.path + JCAL.filename
    kept = _held(edition)
    events = b",".join(edition.once(_jcal.__name__, entry, _jcal) for entry in kept)
    name, properties, _ = head.to_jcal()
    chunks = (b"[", _json(name), b",", _json(properties), b",[", events, b"]]\n")
    yield Document(path, JCAL.media_type, chunks, entries=kept)


def _calendar_file(edition: Edition, format_: Format, name: Said, write: _Write) -> Iterator[Document]:
    if not edition.entries:
        return
    head, path = fold(content_lines(_vcalendar(edition, format_, name))), edition.path + format_.filename
    kept = _within_budget(edition, write, spare=len(head))
    omitted = len(edition.entries) - len(kept)
    yield Document(
        path,
        format_.media_type,
        _Written(head.removesuffix(_END), edition, kept, write),
        entries=kept,
        warnings=_trimmed(path, len(edition.entries), omitted),
        omitted=omitted if format_ is ICALENDAR else 0,  # pages speak of the file that is subscribed to
    )


@dataclass(frozen=True)
class _Written:
    """The octets of a calendar file, as often as they are asked for: its head, its events, its end."""

    head: bytes
    edition: Edition
    entries: tuple[Entry, ...]
    write: _Write

    def __iter__(self) -> Iterator[bytes]:
        yield self.head
        for entry in self.entries:
            yield self.edition.once(self.write.__name__, entry, self.write)
        yield _END


def _within_budget(edition: Edition, write: _Write, *, spare: int) -> tuple[Entry, ...]:
    """The occurrences that the budget has room for beside `spare` octets."""
    budget, entries = edition.calendar.budget, edition.entries
    past = sum(entry.occurrence.dtstart.year < edition.year for entry in entries)

    kept = within_budget(
        len(entries),
        past,
        lambda place: len(edition.once(write.__name__, entries[place], write)),
        events=budget.events,
        octets=budget.bytes - spare,
    )
    return entries[kept.start : kept.stop]


def _trimmed(path: str, whole: int, omitted: int) -> tuple[str, ...]:
    if not omitted:
        return ()
    return (
        f"{path}: {omitted} of {whole} occurrences are over the budget and left out; "
        f"narrow `window`, or point subscribers to the category calendars",
    )


def _jcal(edition: Edition, entry: Entry) -> bytes:
    return _json(vevent.jcal(edition, entry))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _vcalendar(edition: Edition, format_: Format, name: Said) -> ics.Calendar:
    """The VCALENDAR without events. No UID here: vdirsyncer would store the whole feed as one item (C34)."""
    description, color = edition.description, _color(edition)
    found = ics.Calendar()
    found.add("prodid", _PRODID)
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    _say(found, "name", name)
    found.add("x-wr-calname", ics.vText(name.text))
    _say(found, "description", description)
    found.add("x-wr-caldesc", ics.vText(description.text))
    found.add("url", _page(edition))
    source = edition.calendar.url + in_address(edition.path + format_.filename)
    found.add("source", source, parameters={"VALUE": "URI"})
    found.add("refresh-interval", dt.timedelta(days=1), parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", "P1D")
    if color:
        found.add("color", color.name)
        found.add("x-apple-calendar-color", color.hex)
    return found


def _page(edition: Edition) -> str:
    """Where there is more to read; sets of categories have one page for all of them."""
    return edition.calendar.url + edition.language_path + FOLDER if edition.parts else edition.url()


def _color(edition: Edition) -> Color | None:
    """That of the category, an event's first one, or the calendar's."""
    selection = edition.selection
    category = next(iter(selection.event.categories), None) if selection.event else selection.category
    return (category.color if category else None) or edition.calendar.color


def _say(component: ics.Component, name: str, said: Said) -> None:
    """Add a text with the language that it is in (RFC 5545 §3.2.10)."""
    component.add(name, ics.vText(said.text), parameters={"LANGUAGE": said.language})


def content_lines(component: ics.Component) -> list[str]:
    """The unfolded lines of a component, as the icalendar package writes them."""
    return [line for line in component.content_lines() if line]


ICALENDAR = Format("iCalendar", "calendar.ics", "text/calendar; charset=utf-8", render)
ALARMS = Format("iCalendar with alarms", "calendar-alarms.ics", "text/calendar; charset=utf-8", render_alarms)
JCAL = Format("jCal", "calendar.jcal", "application/calendar+json", render_jcal)
