"""Calendars: iCalendar line by line, jCal as JSON."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator

from calfeed.domain.model import Entry
from calfeed.storage.verify.findings import Entries, same, wrong

_CONTENT_LINE = re.compile(r'([A-Z][A-Z0-9-]*)((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', re.DOTALL)
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")  # a tab is text: RFC 5545 §3.3.11
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
_EVENT_NEEDS = frozenset(["UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY"])


def calendar(data: bytes, entries: Entries, *, alarms: bool = False) -> None:
    """iCalendar: every line of the file, and that it holds these entries; alarms where it should have them."""
    same(list(_events(data, alarms=alarms)), [_expected_event(entry) for entry in entries or ()])


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


def _expected_event(entry: Entry) -> tuple[str, str, str, str]:
    o = entry.occurrence
    return o.uid, f"{o.dtstart:%Y%m%d}".zfill(8), f"{o.dtend:%Y%m%d}".zfill(8), str(entry.revision.sequence)


def _events(data: bytes, *, alarms: bool) -> Iterator[object]:
    """(UID, DTSTART, DTEND, SEQUENCE) of every VEVENT, after checking every line of the file."""
    inside: list[str] = []
    found: list[dict[str, str]] = []  # the properties of each open component
    for name, parameters, value in _content_lines(data):
        if name == "BEGIN":
            inside.append(value)
            found.append({})
            _check_component(inside, alarms=alarms)
        elif name == "END":
            if not inside or inside.pop() != value:
                wrong(f"END:{value} without its BEGIN")
            properties = found.pop()
            if value == "VEVENT":
                yield _event(properties, alarms=alarms)
            elif value == "VALARM":
                found[-1]["VALARM"] = _alarm(properties)
        else:
            _check_property(inside, found[-1] if found else {}, name, parameters)
            found[-1][name] = value
    if inside:
        wrong("it ends inside a component")


def _check_component(inside: list[str], *, alarms: bool) -> None:
    allowed = [["VCALENDAR"], ["VCALENDAR", "VEVENT"], *([["VCALENDAR", "VEVENT", "VALARM"]] if alarms else [])]
    if inside not in allowed:
        wrong(f"{inside[-1]} does not belong there")


def _check_property(inside: list[str], component: dict[str, str], name: str, parameters: str) -> None:
    if not inside or name not in _LINES[inside[-1]]:
        wrong(f"{name} does not belong there")
    if name in component and name != "CATEGORIES":  # which stands once for each language that it is in
        wrong(f"{name} stands twice")
    if name in ("DTSTART", "DTEND") and parameters != ";VALUE=DATE":
        wrong(f"{name} is not a day")
    if name == "REFRESH-INTERVAL" and parameters != ";VALUE=DURATION":
        wrong("REFRESH-INTERVAL has no VALUE=DURATION")


def _alarm(alarm: dict[str, str]) -> str:
    """Only a line of text on the screen: no sound, no mail (C6)."""
    if alarm.keys() != _ALARM_LINES or alarm["ACTION"] != "DISPLAY" or not alarm["DESCRIPTION"]:
        wrong("an alarm that does more or less than to show a text")
    return alarm["TRIGGER"]


def _event(event: dict[str, str], *, alarms: bool) -> tuple[str, str, str, str]:
    missing = (_EVENT_NEEDS | {"VALARM"} if alarms else _EVENT_NEEDS) - event.keys()
    if missing or not event["SUMMARY"]:
        wrong(f"an event without {', '.join(sorted(missing)) or 'a title'}")
    if not event["DTSTART"] < event["DTEND"]:
        wrong("an event that ends before it begins")
    dt.datetime.strptime(event["DTSTAMP"], "%Y%m%dT%H%M%SZ")  # noqa: DTZ007 - only its form is looked at
    return re.sub(r"\\(.)", r"\1", event["UID"]), event["DTSTART"], event["DTEND"], event["SEQUENCE"]


def _content_lines(data: bytes) -> Iterator[tuple[str, str, str]]:
    """Unfolded content lines as (name, parameters, value): RFC 5545 §3.1."""
    if not data.startswith(b"BEGIN:VCALENDAR\r\n") or not data.endswith(b"\r\nEND:VCALENDAR\r\n"):
        wrong("it does not begin and end as a calendar does")
    lines = data.removesuffix(b"\r\n").split(b"\r\n")
    whole: list[str] = []
    for line in lines:
        text = line.decode()  # a character cut by folding is a UnicodeDecodeError, which is a ValueError
        if len(line) > 75 or not line or "\n" in text or "\r" in text:
            wrong(f"a line of {len(line)} octets, or an empty one, or a bare line break")
        if text[0] == " ":
            whole.append(text[1:])
            continue
        if whole:
            yield _content_line("".join(whole))
        whole = [text]
    yield _content_line("".join(whole))


def _content_line(line: str) -> tuple[str, str, str]:
    match = _CONTENT_LINE.fullmatch(line)
    if match is None or _CONTROL.search(line):
        raise ValueError(f"not a content line: {line[:40]!r}")
    return match[1], match[2], match[3]
