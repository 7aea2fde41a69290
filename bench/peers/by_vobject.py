"""By vobject, which checks how often each property stands when it writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import vobject

from bench.writing import Item, timed


def write(items: Sequence[Item]) -> bytes:
    """The calendar."""
    calendar = vobject.iCalendar()
    calendar.add("prodid").value = "-//peers//vobject//EN"
    for item in items:
        _fill(calendar.add("vevent"), item)
    text: str = calendar.serialize()
    return text.encode()


def _fill(event: Any, item: Item) -> None:
    modified = _instant(item["modified"])
    event.add("uid").value = item["uid"]
    event.add("dtstamp").value = modified
    event.add("created").value = _instant(item["created"])
    event.add("last-modified").value = modified
    event.add("sequence").value = str(item["sequence"])
    event.add("dtstart").value = dt.date.fromisoformat(item["start"])
    event.add("dtend").value = dt.date.fromisoformat(item["end"])
    event.add("summary").value = item["summary"]
    event.add("description").value = item["description"]
    event.add("categories").value = item["categories"]
    event.add("url").value = item["url"]
    event.add("class").value = "PUBLIC"
    event.add("status").value = "CONFIRMED"
    event.add("transp").value = "TRANSPARENT"


def _instant(text: str) -> dt.datetime:
    """In the only UTC that it knows by name."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=vobject.icalendar.utc)


if __name__ == "__main__":
    timed(write)
