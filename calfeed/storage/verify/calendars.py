"""Calendars: iCalendar line by line, jCal as JSON."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice, zip_longest
from typing import BinaryIO, TypeAlias

from calfeed.domain.model import Entry
from calfeed.storage.verify.findings import Entries, same, wrong

Line: TypeAlias = tuple[str, str, str]
Event: TypeAlias = tuple[str, str, str, str]
"""UID, DTSTART, DTEND, SEQUENCE"""
Known: TypeAlias = dict[bytes, Entry]
"""Which entry the octets of an event say, and nothing else, by their digest."""

_CONTENT_LINES = re.compile(
    r'^([A-Z][A-Z0-9-]*)((?:;[A-Z-]+=(?:"[^"\r\n]*"|[^";:,\r\n]*))*):([^\r\n]*)', re.MULTILINE
)
_FIT = b"\t\n\r" + bytes({*range(0x20, 0x100)} - {0x7F})  # a tab is text: RFC 5545 §3.3.11
_CALENDAR_LINES = frozenset(
    [
        "VERSION",
        "PRODID",
        "CALSCALE",
        "NAME",
        "X-WR-CALNAME",
        "DESCRIPTION",
        "X-WR-CALDESC",
        "URL",
        "SOURCE",
        "COLOR",
        "X-APPLE-CALENDAR-COLOR",
        "REFRESH-INTERVAL",
        "X-PUBLISHED-TTL",
    ]
)
_EVENT_LINES = frozenset(
    [
        "UID",
        "DTSTAMP",
        "CREATED",
        "LAST-MODIFIED",
        "SEQUENCE",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "DESCRIPTION",
        "LOCATION",
        "URL",
        "CATEGORIES",
        "CLASS",
        "STATUS",
        "TRANSP",
        "X-MICROSOFT-CDO-BUSYSTATUS",
        "X-MICROSOFT-CDO-ALLDAYEVENT",
    ]
)
_ALARM_LINES = frozenset(["ACTION", "TRIGGER", "DESCRIPTION"])
_LINES = {"VCALENDAR": _CALENDAR_LINES, "VEVENT": _EVENT_LINES, "VALARM": _ALARM_LINES}
_PARAMETERS = {
    "DTSTART": ";VALUE=DATE",
    "DTEND": ";VALUE=DATE",
    "REFRESH-INTERVAL": ";VALUE=DURATION",
}
_STAMP = re.compile("[0-9]{8}T[0-9]{6}Z")
_BLOCK = 2**20  # octets that are looked at together: a large calendar is never held whole
_END = b"\r\nEND:VCALENDAR\r\n"
_BEGIN_EVENT = b"\r\nBEGIN:VEVENT\r\n"  # a line of its own: one that goes on begins with a space
_SHORT = re.compile(
    rb"\r\nDTSTART;VALUE=DATE:([0-9]{8})\r\nDTEND;VALUE=DATE:([0-9]{8})\r\nDTSTAMP:[0-9TZ]+"
    rb"\r\nUID:([^\r\n]+(?:\r\n [^\r\n]*)*)\r\nSEQUENCE:([0-9]+)\r\n"
)
_BEGIN_ALARM = ("BEGIN", "", "VALARM")
_EVENT_NEEDS = frozenset(["UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY"])


def calendar(file: BinaryIO, entries: Entries, known: Known, *, alarms: bool = False) -> None:
    """iCalendar: every line of the file, and that it holds these entries; alarms where it should have them.

    The same event stands in several files: what was found in its octets is `known` then, and is not read again.
    """
    parts = _parts(file)
    _check_head(next(parts))
    expected = entries or ()
    for octets, entry in zip_longest(parts, expected):
        if octets is None or entry is None:
            wrong(f"more or fewer than the {len(expected)} entries expected")
        _check_event(octets, entry, known, alarms=alarms)
    if len({entry.occurrence.uid for entry in expected}) != len(expected):
        wrong("an entry stands in it twice")


def _check_event(octets: bytes, entry: Entry, known: Known, *, alarms: bool) -> None:
    """That the octets say this entry: looked at line by line, unless they said so before."""
    digest = _digest(octets, alarms=alarms)
    if known.get(digest) is not entry:
        if _event(octets, alarms=alarms) != _expected_event(entry):
            wrong(f"another entry stands in the place of {entry.occurrence.uid}, or another day of it")
        known[digest] = entry


def _digest(octets: bytes, *, alarms: bool) -> bytes:
    return hashlib.blake2b(octets, digest_size=16, person=b"alarms" if alarms else b"").digest()


def _parts(file: BinaryIO) -> Iterator[bytes]:
    """The head of a file and each of its events, without the lines that tell them apart; one after the other."""
    held = b""
    while block := file.read(_BLOCK):
        *parts, held = (held + block).split(_BEGIN_EVENT)
        yield from parts
    if not held.endswith(_END):
        wrong("it does not end as a calendar does")
    yield held.removesuffix(_END)


def stood(file: BinaryIO, entries: Mapping[str, Entry]) -> Iterator[tuple[bytes, Entry]]:
    """The octets of each event, without its first line, that says one of these entries, which are given by UID.

    The file was read back before, so no more is looked at than what tells one entry from another; an event whose
    lines are not in the order that ours have is left out.
    """
    for octets in islice(_parts(file), 1, None):
        if found := _SHORT.search(octets):
            start, end, uid, sequence = (part.decode() for part in found.groups())
            event = _unescaped(uid.replace("\r\n ", "")), start, end, sequence
            entry = entries.get(event[0])
            if entry and event == _expected_event(entry):
                yield octets, entry


def know(octets: bytes, entry: Entry, known: Known) -> None:
    """Remember that the octets of an event without an alarm say this entry."""
    known[_digest(octets, alarms=False)] = entry


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def jcal(data: bytes, entries: Entries) -> None:
    """RFC 7265: a component is its name, its properties and its components."""
    name, _, components = json.loads(data)
    if name != "vcalendar" or any(component[0] != "vevent" for component in components):
        wrong("it holds something else than events")
    found = [{line[0]: line[3] for line in properties} for _, properties, _ in components]
    expected = [
        (e.occurrence.uid, str(e.occurrence.dtstart), str(e.occurrence.dtend), e.revision.sequence)
        for e in entries or ()
    ]
    same([(e["uid"], e["dtstart"], e["dtend"], e["sequence"]) for e in found], expected)


def _expected_event(entry: Entry) -> Event:
    o = entry.occurrence
    return o.uid, _basic(o.dtstart), _basic(o.dtend), str(entry.revision.sequence)


@lru_cache(maxsize=4096)
def _basic(day: dt.date) -> str:
    """A day as RFC 5545 §3.3.4 writes it."""
    return day.isoformat().replace("-", "")


def _check_head(octets: bytes) -> None:
    """Everything before the first event."""
    begin, *lines = _content_lines(octets)
    if begin != ("BEGIN", "", "VCALENDAR"):
        wrong("it does not begin as a calendar does")
    _properties(lines, "VCALENDAR")


def _event(octets: bytes, *, alarms: bool) -> Event:
    """(UID, DTSTART, DTEND, SEQUENCE) of a VEVENT without its first line, after checking every line of it."""
    *lines, end = _content_lines(octets)
    if end != ("END", "", "VEVENT"):
        wrong("it does not end as an event does")
    alarm = lines.index(_BEGIN_ALARM) if _BEGIN_ALARM in lines else len(lines)
    if (alarm < len(lines)) != alarms:
        wrong("an event with an alarm where there should be none, or without one")
    if alarms:
        _check_alarm(lines[alarm + 1 :])
    event = _properties(lines[:alarm], "VEVENT")
    missing = _EVENT_NEEDS - event.keys()
    if missing or not event["SUMMARY"]:
        wrong(f"an event without {', '.join(sorted(missing)) or 'a title'}")
    if not event["DTSTART"] < event["DTEND"]:
        wrong("an event that ends before it begins")
    if not _STAMP.fullmatch(event["DTSTAMP"]):
        wrong(f"{event['DTSTAMP']!r} is no instant")
    dt.datetime.fromisoformat(event["DTSTAMP"])
    return _unescaped(event["UID"]), event["DTSTART"], event["DTEND"], event["SEQUENCE"]


def _check_alarm(lines: list[Line]) -> None:
    """Only a line of text on the screen: no sound, no mail (C6)."""
    if not lines or lines.pop() != ("END", "", "VALARM"):
        wrong("it does not end as an alarm does")
    alarm = _properties(lines, "VALARM")
    if alarm.keys() != _ALARM_LINES or alarm["ACTION"] != "DISPLAY" or not alarm["DESCRIPTION"]:
        wrong("an alarm that does more or less than to show a text")


def _properties(lines: list[Line], component: str) -> dict[str, str]:
    """The properties of a component by their names, each of which may stand there once."""
    allowed, found = _LINES[component], dict[str, str]()
    for name, parameters, value in lines:
        if name not in allowed:
            wrong(f"{name} does not belong there")
        if name in found and name != "CATEGORIES":  # which stands once for each language that it is in
            wrong(f"{name} stands twice")
        if parameters != _PARAMETERS.get(name, parameters):
            wrong(f"{name} has not the parameters {_PARAMETERS[name]}")
        found[name] = value
    return found


def _content_lines(octets: bytes) -> list[Line]:
    """Unfolded content lines as (name, parameters, value): RFC 5545 §3.1. The last line break is not given."""
    folded = octets.split(b"\r\n")
    if b"" in folded or max(map(len, folded)) > 75:
        wrong("a line of more than 75 octets, or an empty one")
    if octets.count(b"\n") != len(folded) - 1 or octets.count(b"\r") != len(folded) - 1:
        wrong("a bare line break")
    text = octets.decode().replace("\r\n ", "")  # no character is cut where a line is folded
    lines: list[Line] = _CONTENT_LINES.findall(text)
    if len(lines) != text.count("\r\n") + 1 or octets.translate(None, _FIT):
        wrong(f"no content lines: {text[:40]!r}")
    return lines
