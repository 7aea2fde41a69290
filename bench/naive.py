"""What one would write in an afternoon: yaml.safe_load, icalendar and feedgen in a loop.

    python bench/naive.py events.yaml FOLDER

The whole calendar and each of its categories as iCalendar, RSS and Atom, for the current year, with the newest
fifty in the feeds: the files that calfeed makes of the same catalogue, without any of its promises.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import icalendar
import yaml
from feedgen.feed import FeedGenerator

NOW = dt.datetime(2026, 11, 22, 6, tzinfo=dt.UTC)
ITEMS = 50


def main(source: str, target: str) -> None:
    """Publish."""
    with Path(source).open(encoding="utf-8") as file:
        values = yaml.safe_load(file)
    for slug in (None, *values["categories"]):
        events = [event for event in values["events"] if slug is None or slug in event["categories"]]
        folder = Path(target) / (slug or ".")
        folder.mkdir(exist_ok=True)
        publish(values, events, folder)


def publish(values: dict[str, Any], events: list[dict[str, Any]], folder: Path) -> None:
    """One selection."""
    calendar, feed = icalendar.Calendar(), FeedGenerator()
    calendar.add("prodid", "-//naive//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", values["title"]["en"])
    feed.id(values["url"])
    feed.title(values["title"]["en"])
    feed.link(href=values["url"])
    feed.description(values["description"]["en"])
    dated = sorted((day_of(event), event["id"], event) for event in events)
    for day, id_, event in dated:
        entry = icalendar.Event()
        entry.add("uid", f"{id_}-{day.year}")
        entry.add("dtstamp", NOW)
        entry.add("created", NOW)
        entry.add("last-modified", NOW)
        entry.add("sequence", 0)
        entry.add("dtstart", day)
        entry.add("dtend", day + dt.timedelta(days=1))
        entry.add("summary", event["title"]["en"])
        entry.add("description", text_of(event, values))
        entry.add("categories", event["categories"])
        entry.add("url", f"{values['url']}{id_}")
        entry.add("transp", "TRANSPARENT")
        calendar.add_component(entry)
    for day, id_, event in [found for found in reversed(dated) if found[0] <= NOW.date()][:ITEMS]:
        item = feed.add_entry(order="append")
        item.id(f"{id_}-{day.year}")
        item.title(event["title"]["en"])
        item.link(href=f"{values['url']}{id_}")
        item.content(text_of(event, values), type="html")
        item.published(dt.datetime.combine(day, dt.time(), dt.UTC))
        item.updated(NOW)
    (folder / "calendar.ics").write_bytes(calendar.to_ical())
    feed.rss_file(str(folder / "feed.rss"), pretty=True)
    feed.atom_file(str(folder / "feed.atom"), pretty=True)


def day_of(event: dict[str, Any]) -> dt.date:
    """Its day of this year."""
    day: dt.date = event["date"]
    return day.replace(year=NOW.year)


def text_of(event: dict[str, Any], values: dict[str, Any]) -> str:
    """The description with what the sources say."""
    said = [f"{values['sources'][claim['source']]['title']}: {claim['says']['en']}" for claim in event["claims"]]
    return "\n\n".join([event["description"]["en"], *said])


if __name__ == "__main__":
    main(*sys.argv[1:])
