"""By ics.py. It folds no line, and has neither CREATED nor SEQUENCE: they are added as lines of their own.

What it calls `created` it writes as DTSTAMP.
"""

from __future__ import annotations

from collections.abc import Sequence

import ics
from ics.grammar.parse import ContentLine

from bench.writing import Item, timed


def write(items: Sequence[Item]) -> bytes:
    """The calendar."""
    calendar = ics.Calendar(creator="-//peers//ics.py//EN")
    for item in items:
        calendar.events.add(_event(item))
    text: str = calendar.serialize()
    return text.encode()


def _event(item: Item) -> ics.Event:
    event = ics.Event(
        uid=item["uid"],
        name=item["summary"],
        description=item["description"],
        begin=item["start"],
        created=item["modified"],
        last_modified=item["modified"],
        url=item["url"],
        categories=item["categories"],
        classification="PUBLIC",
        status="CONFIRMED",
        transparent=True,
    )
    event.make_all_day()
    event.end = item["end"]  # afterwards, since it takes an end for a day that counts in
    event.extra.append(ContentLine("CREATED", value=_instant(item["created"])))
    event.extra.append(ContentLine("SEQUENCE", value=str(item["sequence"])))
    return event


def _instant(text: str) -> str:
    return text.replace("-", "").replace(":", "")


if __name__ == "__main__":
    timed(write)
