"""By icalendar, the package of PyPI that most people take: every property by `add`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import icalendar

from bench.writing import Item, timed


def write(items: Sequence[Item]) -> bytes:
    """The calendar."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//peers//icalendar//EN")
    calendar.add("version", "2.0")
    for item in items:
        calendar.add_component(_event(item))
    octets: bytes = calendar.to_ical()
    return octets


def _event(item: Item) -> icalendar.Event:
    modified = dt.datetime.fromisoformat(item["modified"])
    event = icalendar.Event()
    event.add("uid", item["uid"])
    event.add("dtstamp", modified)
    event.add("created", dt.datetime.fromisoformat(item["created"]))
    event.add("last-modified", modified)
    event.add("sequence", item["sequence"])
    event.add("dtstart", dt.date.fromisoformat(item["start"]))
    event.add("dtend", dt.date.fromisoformat(item["end"]))
    event.add("summary", item["summary"])
    event.add("description", item["description"])
    event.add("categories", item["categories"])
    event.add("url", item["url"])
    event.add("class", "PUBLIC")
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


if __name__ == "__main__":
    timed(write)
