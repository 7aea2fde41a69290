"""iCalendar (RFC 5545, RFC 7986) and jCal (RFC 7265): one VEVENT a year, all-day, without RRULE or METHOD.

What each line is for stands in docs/clients.md (rows C1–C37). `vcalendar` writes the head of a file, `vevent` the
events.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias

from calfeed.domain.budget import within_budget
from calfeed.domain.model import Document, Edition, Entry, Format, Said
from calfeed.domain.wording import LANGUAGES
from calfeed.formats import vcalendar, vevent

_END = b"END:VCALENDAR\r\n"
_TOGETHER = 100  # events are written at a time
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
    head = vcalendar.vcalendar(edition, ICALENDAR, edition.name)
    return _within_budget(edition, vevent.vevent, spare=len(head) + len(_END))


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
    head, path = vcalendar.jcal(edition, JCAL, edition.name), edition.path + JCAL.filename
    kept = _held(edition)
    events = b",".join(edition.once(_jcal.__name__, entry, _jcal) for entry in kept)
    chunks = (b'["vcalendar",', _json(head), b",[", events, b"]]\n")
    yield Document(path, JCAL.media_type, chunks, entries=kept)


def _calendar_file(edition: Edition, format_: Format, name: Said, write: _Write) -> Iterator[Document]:
    if not edition.entries:
        return
    head, path = vcalendar.vcalendar(edition, format_, name), edition.path + format_.filename
    kept = _within_budget(edition, write, spare=len(head) + len(_END))
    omitted = len(edition.entries) - len(kept)
    yield Document(
        path,
        format_.media_type,
        _Written(head, edition, kept, write),
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
        written = (self.edition.once(self.write.__name__, entry, self.write) for entry in self.entries)
        while octets := b"".join(islice(written, _TOGETHER)):
            yield octets
        yield _END


def _within_budget(edition: Edition, write: _Write, *, spare: int) -> tuple[Entry, ...]:
    """The occurrences that the budget has room for beside `spare` octets."""
    budget, entries = edition.calendar.budget, edition.entries
    past = sum(entry.occurrence.dtstart.year < edition.year for entry in entries)
    kept = within_budget(
        len(entries),
        past,
        lambda first, last: (edition.size(write.__name__, entry, write) for entry in entries[first:last]),
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


ICALENDAR = Format("iCalendar", "calendar.ics", "text/calendar; charset=utf-8", render)
ALARMS = Format("iCalendar with alarms", "calendar-alarms.ics", "text/calendar; charset=utf-8", render_alarms)
JCAL = Format("jCal", "calendar.jcal", "application/calendar+json", render_jcal)
