"""The head of a calendar file: a VCALENDAR without events, as content lines (RFC 5545, RFC 7986) and as jCal.

Written here as the events are (`vevent`); the tests hold every line against the icalendar package's. No UID in it:
vdirsyncer would store the whole calendar as one item (C34).
"""

from __future__ import annotations

from typing import Any

from calfeed.compose import FOLDER, in_address
from calfeed.domain.contentlines import escaped, fold
from calfeed.domain.model import Color, Edition, Format, Said
from calfeed.formats.vevent import property_of, text_line

_PRODID = "-//calfeed//calfeed//EN"  # without a version: a new release must not change every subscriber's bytes
_DAILY = "P1D"


def vcalendar(edition: Edition, format_: Format, name: Said) -> bytes:
    """Its content lines, folded, in the order in which the icalendar package has them; the last is yet to come."""
    said, color = edition.description, _color(edition)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODID}",
        "CALSCALE:GREGORIAN",
        text_line("DESCRIPTION", said),
        f"X-WR-CALDESC:{escaped(said.text)}",
        text_line("NAME", name),
        f"X-WR-CALNAME:{escaped(name.text)}",
        *([f"COLOR:{color.name}"] if color else []),
        f"REFRESH-INTERVAL;VALUE=DURATION:{_DAILY}",
        f"SOURCE;VALUE=URI:{_source(edition, format_)}",
        f"URL:{_page(edition)}",
        *([f"X-APPLE-CALENDAR-COLOR:{color.hex}"] if color else []),
        f"X-PUBLISHED-TTL:{_DAILY}",
    ]
    return fold(lines)


def jcal(edition: Edition, format_: Format, name: Said) -> list[Any]:
    """The same as JSON values: the properties of the component (RFC 7265 §3.4)."""
    said, color = edition.description, _color(edition)
    return [
        ["prodid", {}, "text", _PRODID],
        ["version", {}, "text", "2.0"],
        ["calscale", {}, "text", "GREGORIAN"],
        property_of("name", name),
        ["x-wr-calname", {}, "text", name.text],
        property_of("description", said),
        ["x-wr-caldesc", {}, "text", said.text],
        ["url", {}, "uri", _page(edition)],
        ["source", {}, "uri", _source(edition, format_)],
        ["refresh-interval", {}, "duration", _DAILY],
        ["x-published-ttl", {}, "unknown", _DAILY],
        *([["color", {}, "unknown", color.name]] if color else []),
        *([["x-apple-calendar-color", {}, "unknown", color.hex]] if color else []),
    ]


def _source(edition: Edition, format_: Format) -> str:
    """Where the file itself stands."""
    return edition.calendar.url + in_address(edition.path + format_.filename)


def _page(edition: Edition) -> str:
    """Where there is more to read; sets of categories have one page for all of them."""
    return edition.calendar.url + edition.language_path + FOLDER if edition.parts else edition.url()


def _color(edition: Edition) -> Color | None:
    """That of the category, an event's first one, or the calendar's."""
    selection = edition.selection
    category = next(iter(selection.event.categories), None) if selection.event else selection.category
    return (category.color if category else None) or edition.calendar.color
