"""iCalendar (RFC 5545, RFC 7986): one VEVENT a year, all-day, without RRULE, METHOD or alarm.

What each line is for stands in docs/clients.md (rows C1–C37). The icalendar package writes every property;
lines are folded again here, because it may cut inside a grapheme cluster.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Iterator

import icalendar as ics

from calfeed.domain.model import Document, Edition, Entry, Format, Said
from calfeed.domain.texts import occurrence_paragraphs, said_summary

_PRODID = "-//calfeed//calfeed//EN"  # without a version: a new release must not change every subscriber's bytes
_LINE_OCTETS = 75  # RFC 5545 §3.1, line break not counted
_END = b"END:VCALENDAR\r\n"
_ZWJ = "\u200d"
_JOINERS = frozenset(("\u200c", _ZWJ))


def render(edition: Edition) -> Iterator[Document]:
    """The calendar file of an edition; none where it has no occurrence or is one event's alone."""
    if edition.selection.event or not edition.entries:
        return
    *head_lines, _ = content_lines(_calendar(edition))
    head = fold(head_lines)
    written = [(entry, fold(content_lines(_vevent(edition, entry)))) for entry in edition.entries]
    kept = within_budget(edition, written, spare=len(head) + len(_END))
    chunks = (head, *(text for _, text in kept), _END)
    path = edition.path + ICALENDAR.filename
    yield Document(
        path,
        ICALENDAR.media_type,
        chunks,
        entries=tuple(entry for entry, _ in kept),
        warnings=_trimmed(path, len(written), len(kept)),
    )


def within_budget(
    edition: Edition, written: list[tuple[Entry, bytes]], *, spare: int
) -> list[tuple[Entry, bytes]]:
    """Leave out what is over the calendar's budget: the far past first, then the far future (C3).

    At least one entry stays. What is left out depends on the civil year alone, so it moves only on 1 January.
    """
    budget = edition.calendar.budget
    past = [pair for pair in written if pair[0].occurrence.dtstart.year < edition.year]
    future = written[len(past) :]
    events, octets = len(written), sum(len(text) for _, text in written) + spare
    while events > 1 and (events > budget.events or octets > budget.bytes):
        _, text = past.pop(0) if past else future.pop()
        events, octets = events - 1, octets - len(text)
    return past + future


def _trimmed(path: str, whole: int, kept: int) -> tuple[str, ...]:
    if whole == kept:
        return ()
    return (
        f"{path}: {whole - kept} of {whole} occurrences are over the budget and left out; "
        f"narrow `window`, or point subscribers to the category calendars",
    )


def _calendar(edition: Edition) -> ics.Calendar:
    """The VCALENDAR without events. No UID here: vdirsyncer would store the whole feed as one item (C34)."""
    calendar = edition.calendar
    description = calendar.said(calendar.description, edition.language)
    color = (edition.selection.category.color if edition.selection.category else None) or calendar.color
    found = ics.Calendar()
    found.add("prodid", _PRODID)
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    _say(found, "name", edition.name)
    found.add("x-wr-calname", ics.vText(edition.name.text))
    _say(found, "description", description)
    found.add("x-wr-caldesc", ics.vText(description.text))
    found.add("url", edition.url())
    found.add("source", edition.url(ICALENDAR.filename), parameters={"VALUE": "URI"})
    found.add("refresh-interval", dt.timedelta(days=1), parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", "P1D")
    if color:
        found.add("color", color.name)
        found.add("x-apple-calendar-color", color.hex)
    return found


def _vevent(edition: Edition, entry: Entry) -> ics.Event:
    occurrence, revision = entry.occurrence, entry.revision
    event, calendar = occurrence.event, edition.calendar
    modified = revision.last_modified[edition.language]
    link = edition.event_url(event)
    paragraphs = occurrence_paragraphs(calendar, occurrence, edition.language)
    found = ics.Event()
    found.add("uid", occurrence.uid)
    found.add("dtstamp", modified)  # without METHOD it is when the content last changed: RFC 5545 §3.8.7.2
    found.add("created", revision.created)
    found.add("last-modified", modified)
    found.add("sequence", revision.sequence)
    found.add("dtstart", occurrence.dtstart)
    found.add("dtend", occurrence.dtend)
    _say(found, "summary", said_summary(calendar, occurrence, edition.language))
    _say(found, "description", Said("\n\n".join([*map(str, paragraphs), link]), edition.language))
    if event.location:
        _say(found, "location", calendar.said(event.location, edition.language))
    found.add("url", link)
    for language, names in _by_language(calendar.said(c.title, edition.language) for c in event.categories):
        found.add("categories", names, parameters={"LANGUAGE": language})
    found.add("class", "PUBLIC")
    found.add("status", "CONFIRMED")
    found.add("transp", "TRANSPARENT")
    found.add("x-microsoft-cdo-busystatus", "FREE")
    found.add("x-microsoft-cdo-alldayevent", "TRUE")
    return found


def _say(component: ics.Component, name: str, said: Said) -> None:
    """Add a text with the language that it is in (RFC 5545 §3.2.10)."""
    component.add(name, ics.vText(said.text), parameters={"LANGUAGE": said.language})


def _by_language(names: Iterable[Said]) -> Iterable[tuple[str, list[str]]]:
    """The names of each language together, since a property has one LANGUAGE for all its values."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(name.language, []).append(name.text)
    return found.items()


def content_lines(component: ics.Component) -> list[str]:
    """The unfolded lines of a component, as the icalendar package writes them."""
    return [line for line in component.content_lines() if line]


def fold(lines: Iterable[str]) -> bytes:
    """Lines folded at 75 octets between grapheme clusters (RFC 5545 §3.1, UAX #29 in its main rules).

    A cluster longer than a line is cut between characters, never inside one.
    """
    return b"".join(b"\r\n ".join(_pieces(line)) + b"\r\n" for line in lines)


def _pieces(line: str) -> Iterator[bytes]:
    """One content line in pieces; every piece but the first follows a space, which counts."""
    start, room = 0, _LINE_OCTETS
    while True:
        piece = line[start : start + room].encode()
        if len(piece) <= room and start + room >= len(line):
            yield piece
            return
        reach = start + len(piece[:room].decode(errors="ignore"))
        end = reach
        while end > start and _inside_cluster(line, end):
            end -= 1
        end = end if end > start else reach
        yield line[start:end].encode()
        start, room = end, _LINE_OCTETS - 1


def _inside_cluster(text: str, at: int) -> bool:
    """Whether a cut before `text[at]` would part what readers see (or parsers read) as one."""
    before, after = text[at - 1], text[at]
    if before == "\\" and _run_before(text, at, "\\", "\\") % 2:
        return True  # an escape, as in \n: some readers take it apart at a fold
    if after.isascii():
        return False
    if before == _ZWJ or after in _JOINERS or unicodedata.category(after) in ("Mn", "Me", "Mc"):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True  # skin tones and tag characters
    return "\U0001f1e6" <= after <= "\U0001f1ff" and _run_before(text, at, "\U0001f1e6", "\U0001f1ff") % 2 == 1


def _run_before(text: str, at: int, first: str, last: str) -> int:
    """How many characters from `first` to `last` stand in a row before a position."""
    length = 0
    while at - length > 0 and first <= text[at - length - 1] <= last:
        length += 1
    return length


ICALENDAR = Format("iCalendar", "calendar.ics", "text/calendar; charset=utf-8", render)
