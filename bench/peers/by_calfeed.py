"""By calfeed, with what a build calls for its calendar.ics: `render` of an Edition, and `vevent` for each Entry.

The Edition is made of the JSON, within the time that is measured. calfeed writes more than it is given: the days
in words and the address go into every DESCRIPTION, the year into every SUMMARY, the language to every text, and
two properties for Outlook. So its figure is of a somewhat larger file than its peers'.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bench.writing import Item, timed
from calfeed.domain.instants import instant
from calfeed.domain.model import (
    Budget,
    Calendar,
    Category,
    Edition,
    Entry,
    Event,
    Occurrence,
    Revision,
    Said,
    Selection,
)
from calfeed.domain.rules import Annual
from calfeed.domain.rules.span import Span
from calfeed.formats.icalendar import render

LANGUAGE = "en"
_OBSERVED = Annual()


def write(items: Sequence[Item]) -> bytes:
    """The calendar."""
    (document,) = render(_edition(tuple(map(_entry, items))))
    return b"".join(document.chunks)


def _entry(item: Item) -> Entry:
    start, modified = dt.date.fromisoformat(item["start"]), instant(item["modified"])
    event = Event(
        id=item["url"].rstrip("/").rpartition("/")[2],
        title={LANGUAGE: item["summary"]},
        description={LANGUAGE: item["description"]},
        observed=_OBSERVED,
        categories=tuple(Category(title.lower(), {LANGUAGE: title}) for title in item["categories"]),
        claims=(),
    )
    span = Span(start, dt.date.fromisoformat(item["end"]))
    revision = Revision(item["sequence"], instant(item["created"]), {LANGUAGE: modified})
    return Entry(Occurrence(event, start.year, span, None, item["uid"]), revision, modified)


def _edition(entries: tuple[Entry, ...]) -> Edition:
    events = tuple(entry.occurrence.event for entry in entries)
    calendar = Calendar(
        title={LANGUAGE: "Peers"},
        description={LANGUAGE: "Made for measuring."},
        url="https://calfeed.example/",
        authority="calfeed.example,2026",
        timezone=ZoneInfo("Asia/Baku"),
        languages=(LANGUAGE,),
        categories=(),
        events=events,
        budget=Budget(events=len(entries), bytes=10**12),
    )
    return Edition(
        calendar=calendar,
        language=LANGUAGE,
        selection=Selection(),
        path="",
        name=Said("Peers", LANGUAGE),
        year=entries[0].occurrence.dtstart.year,
        entries=entries,
        items=(),
        upcoming=(),
        events=events,
        revisions={},
        withdrawn=(),
    )


if __name__ == "__main__":
    timed(write)
