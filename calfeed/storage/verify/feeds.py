"""Feeds, and the lists of addresses that lead to them, by expat and by json."""

from __future__ import annotations

import datetime as dt
import json
import re
from email.utils import parsedate_to_datetime
from xml.parsers import expat

from calfeed.storage.verify.findings import Entries, same, wrong

_RFC822 = re.compile("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}")


def feed(data: bytes, entries: Entries) -> None:
    """RSS or Atom with these entries; without any given, a feed of something else, each item once."""
    found = _items(data)
    expected = found if entries is None else [entry.occurrence.uid for entry in entries]
    same(found, expected)


def _items(data: bytes) -> list[str]:
    """The ids of a feed's items, in order, after checking that every one has a title and a date."""
    found: list[dict[str, str]] = []
    path: list[str] = []
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, _: dict[str, str]) -> None:
        path.append(name)
        if name in ("item", "entry"):
            found.append({})

    def text(content: str) -> None:
        if found and len(path) > 1 and path[-2] in ("item", "entry"):
            found[-1][path[-1]] = found[-1].get(path[-1], "") + content

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: path.pop()
    parser.CharacterDataHandler = text
    parser.Parse(data, True)
    for item in found:
        if not item.get("title"):
            wrong("an item without a title")
        _check_date(item)
    return [item.get("guid") or item["id"] for item in found]


def _check_date(item: dict[str, str]) -> None:
    """RFC 822 in RSS (with four digits of year), RFC 3339 in Atom."""
    if "pubDate" not in item:
        dt.datetime.fromisoformat(item["updated"])
    elif not _RFC822.fullmatch(item["pubDate"]) or parsedate_to_datetime(item["pubDate"]).tzinfo is None:
        wrong(f"{item['pubDate']!r} is no date")


def json_feed(data: bytes, entries: Entries) -> None:
    """JSON Feed with these entries."""
    values = json.loads(data)
    for item in values["items"]:
        if not item["title"] or not item["content_html"]:
            wrong("an item without a title or a text")
        dt.datetime.fromisoformat(item["date_modified"])
    same([item["id"] for item in values["items"]], [entry.occurrence.uid for entry in entries or ()])


def opml(data: bytes, _: Entries) -> None:
    """A list in which every outline has a text, every feed an address, and none stands twice."""
    found: list[dict[str, str]] = []
    roots: list[str] = []
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        roots.append(name)
        if name == "outline":
            found.append(attributes)

    parser.StartElementHandler = start
    parser.Parse(data, True)
    if roots[0] != "opml" or not all(outline.get("text") for outline in found):
        wrong("no list, or an outline without a text")
    feeds = [outline["xmlUrl"] for outline in found if "type" in outline]
    if not feeds or len(set(feeds)) != len(feeds):
        wrong("no feed in it, or one of them twice")


def sitemap(data: bytes, _: Entries) -> None:
    """A map in which no page stands twice, and every page has an address."""
    found: list[str] = []
    path: list[str] = []
    parser = expat.ParserCreate()

    def start(name: str, _: dict[str, str]) -> None:
        path.append(name)
        if name == "url":
            found.append("")

    def text(content: str) -> None:
        if path[-1] == "loc":
            found[-1] += content

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: path.pop()
    parser.CharacterDataHandler = text
    parser.Parse(data, True)
    if not found or not all(found) or len(set(found)) != len(found):
        wrong("no page in it, or one of them twice or without an address")
