"""Judges of .ics files, except libical, which has a room of its own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from .node import ask_node_each
from .shapes import ReadEvent, complaining, utc

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def icaljs(path: Path) -> list[ReadEvent]:
    """ical.js: Thunderbird, Nextcloud. Strict about dates and the types of properties."""
    return by_node("icaljs.mjs", [path])[0]


def icaljs_jcal(path: Path) -> list[ReadEvent]:
    """ical.js reads jCal (RFC 7265), and must be able to write it as .ics and read that back the same."""
    return by_node("jcal.mjs", [path])[0]


def nodeical(path: Path) -> list[ReadEvent]:
    """node-ical: bots and dashboards. Complains of almost nothing: lines it cannot read, it drops."""
    return by_node("nodeical.mjs", [path])[0]


def tsics(path: Path) -> list[ReadEvent]:
    """ts-ics with its zod schema."""
    return by_node("tsics.mjs", [path])[0]


def python_icalendar(path: Path) -> list[ReadEvent]:
    """icalendar: the library calfeed writes with, so it says little about shared mistakes."""
    import icalendar  # noqa: PLC0415 - each judge brings its own library, only when asked

    with complaining("icalendar"):
        calendar = icalendar.Calendar.from_ical(path.read_bytes())
        errors = [error for component in calendar.walk() for error in component.errors]
        if errors:
            raise ValueError(errors)
        events: list[Any] = calendar.walk("VEVENT")
        return [
            ReadEvent(
                uid=str(event["UID"]),
                start=event["DTSTART"].dt,
                end=event["DTEND"].dt if "DTEND" in event else None,
                summary=str(event.get("SUMMARY", "")),
                description=str(event.get("DESCRIPTION", "")),
                sequence=int(event.get("SEQUENCE", 0)),
                dtstamp=utc(event["DTSTAMP"].dt),
            )
            for event in events
        ]


def ical_strict(path: Path) -> list[ReadEvent]:
    """Package ical: Home Assistant. The strictest reader of RFC 5545 in Python."""
    from ical.calendar_stream import IcsCalendarStream  # noqa: PLC0415

    with complaining("ical"):
        calendar = IcsCalendarStream.calendar_from_ics(path.read_bytes().decode())
        return [
            ReadEvent(
                uid=event.uid,
                start=event.start,
                end=event.dtend,
                summary=event.summary or "",
                description=event.description or "",
                sequence=event.sequence or 0,
                dtstamp=utc(event.dtstamp),
            )
            for event in calendar.events
        ]


def vobject(path: Path) -> list[ReadEvent]:
    """vobject: Radicale. Checks how often each property stands."""
    import vobject as library  # noqa: PLC0415

    with complaining("vobject"):
        calendar = library.readOne(path.read_bytes().decode())
        calendar.validate(raiseException=True)
        return [
            ReadEvent(
                uid=event.uid.value,
                start=event.dtstart.value,
                end=event.dtend.value if "dtend" in event.contents else None,
                summary=event.getChildValue("summary", ""),
                description=event.getChildValue("description", ""),
                sequence=int(event.getChildValue("sequence", "0")),
                dtstamp=event.getChildValue("dtstamp"),
            )
            for event in calendar.contents.get("vevent", [])
        ]


def by_node(script: str, paths: Iterable[Path]) -> list[list[ReadEvent]]:
    """The events of many files at once, as a script of this folder reads them."""
    read = ask_node_each(script, paths)
    with complaining(script.removesuffix(".mjs")):
        return [[*map(_event, events)] for events in read]


def _event(found: dict[str, Any]) -> ReadEvent:
    return ReadEvent(
        uid=found["uid"],
        start=_moment(found["start"]),
        end=None if found["end"] is None else _moment(found["end"]),
        summary=found["summary"] or "",
        description=found["description"] or "",
        sequence=found["sequence"] or 0,
        dtstamp=None if found["dtstamp"] is None else dt.datetime.fromisoformat(found["dtstamp"]),
    )


def _moment(iso: str) -> dt.date:
    return dt.date.fromisoformat(iso) if len(iso) == len("2027-05-28") else dt.datetime.fromisoformat(iso)
