"""Reads finished documents back, sharing nothing with what wrote them: line by line, by expat, by json.

A truncated or empty calendar wipes events out of people's calendars without a word (C30), so no release is
shown before every file in it has been read here and holds exactly what it should.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Sequence
from email.utils import parsedate_to_datetime
from xml.parsers import expat

from calfeed.domain.model import Entry
from calfeed.errors import PublishError

NO_JEKYLL = ".nojekyll"  # GitHub Pages leaves out files unless one of this name is there (C33)
_CONTENT_LINE = re.compile(r'([A-Z][A-Z0-9-]*)((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', re.DOTALL)
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")  # a tab is text: RFC 5545 §3.3.11
_RFC822 = re.compile("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}")
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
_EVENT_NEEDS = frozenset(["UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY"])


def verify(path: str, data: bytes, entries: tuple[Entry, ...] | None) -> None:
    """Read one document back; raises PublishError when it is not whole or holds other entries than it should."""
    try:
        if path.endswith(".ics"):
            _same(list(_events(data)), [_expected_event(entry) for entry in entries or ()])
        elif path.endswith((".rss", ".atom")):
            _same(_items(data), [entry.occurrence.uid for entry in entries or ()])
        elif path.endswith(".json"):
            _json(data, entries)
        elif path.endswith(".html"):
            _page(data)
        elif path == NO_JEKYLL:
            _empty(data)
        else:
            _wrong("nobody knows how to read it back")
    except (ValueError, LookupError, expat.ExpatError) as error:
        raise PublishError(f"{path}: what was written does not read back: {error}") from error


def _expected_event(entry: Entry) -> tuple[str, str, str, str]:
    o = entry.occurrence
    return o.uid, f"{o.dtstart:%Y%m%d}".zfill(8), f"{o.dtend:%Y%m%d}".zfill(8), str(entry.revision.sequence)


def _same(found: Sequence[object], expected: Sequence[object]) -> None:
    if len(set(found)) != len(found):
        _wrong("an entry stands in it twice")
    if found != expected:
        _wrong(f"{len(found)} entries, {len(expected)} expected, or others than those expected")


def _empty(data: bytes) -> None:
    if data:
        _wrong("it should be empty")


def _wrong(message: str) -> None:
    raise ValueError(message)


def _events(data: bytes) -> Iterator[object]:
    """(UID, DTSTART, DTEND, SEQUENCE) of every VEVENT, after checking every line of the file."""
    inside: list[str] = []
    event: dict[str, str] = {}
    for name, parameters, value in _content_lines(data):
        if name == "BEGIN":
            inside.append(value)
            event = {}
        elif name == "END":
            if not inside or inside.pop() != value:
                _wrong(f"END:{value} without its BEGIN")
            if value == "VEVENT":
                yield _event(event)
        else:
            _check_property(inside, event, name, parameters)
            event[name] = value
    if inside:
        _wrong("it ends inside a component")


def _check_property(inside: list[str], event: dict[str, str], name: str, parameters: str) -> None:
    allowed = {("VCALENDAR",): _CALENDAR_LINES, ("VCALENDAR", "VEVENT"): _EVENT_LINES}.get(tuple(inside))
    if allowed is None or name not in allowed:
        _wrong(f"{name} does not belong there")
    if name in event:
        _wrong(f"{name} stands twice")
    if name in ("DTSTART", "DTEND") and parameters != ";VALUE=DATE":
        _wrong(f"{name} is not a day")
    if name == "REFRESH-INTERVAL" and parameters != ";VALUE=DURATION":
        _wrong("REFRESH-INTERVAL has no VALUE=DURATION")


def _event(event: dict[str, str]) -> tuple[str, str, str, str]:
    missing = _EVENT_NEEDS - event.keys()
    if missing or not event["SUMMARY"]:
        _wrong(f"an event without {', '.join(sorted(missing)) or 'a title'}")
    if not event["DTSTART"] < event["DTEND"]:
        _wrong("an event that ends before it begins")
    dt.datetime.strptime(event["DTSTAMP"], "%Y%m%dT%H%M%SZ")  # noqa: DTZ007 - only its form is looked at
    return re.sub(r"\\(.)", r"\1", event["UID"]), event["DTSTART"], event["DTEND"], event["SEQUENCE"]


def _content_lines(data: bytes) -> Iterator[tuple[str, str, str]]:
    """Unfolded content lines as (name, parameters, value): RFC 5545 §3.1."""
    if not data.startswith(b"BEGIN:VCALENDAR\r\n") or not data.endswith(b"\r\nEND:VCALENDAR\r\n"):
        _wrong("it does not begin and end as a calendar does")
    lines = data.removesuffix(b"\r\n").split(b"\r\n")
    whole: list[str] = []
    for line in lines:
        text = line.decode()  # a character cut by folding is a UnicodeDecodeError, which is a ValueError
        if len(line) > 75 or not line or "\n" in text or "\r" in text:
            _wrong(f"a line of {len(line)} octets, or an empty one, or a bare line break")
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


def _items(data: bytes) -> list[str]:
    """The ids of a feed's items, in order, after checking that every one has a title and a date."""
    found: list[dict[str, str]] = []
    path: list[str] = []
    parser = expat.ParserCreate()

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
            _wrong("an item without a title")
        _check_date(item)
    return [item.get("guid") or item["id"] for item in found]


def _check_date(item: dict[str, str]) -> None:
    """RFC 822 in RSS (with four digits of year), RFC 3339 in Atom."""
    if "pubDate" not in item:
        dt.datetime.fromisoformat(item["updated"])
    elif not _RFC822.fullmatch(item["pubDate"]) or parsedate_to_datetime(item["pubDate"]).tzinfo is None:
        _wrong(f"{item['pubDate']!r} is no date")


def _json(data: bytes, entries: tuple[Entry, ...] | None) -> None:
    values = json.loads(data)
    if entries is not None:
        found = sorted(o["uid"] for event in values["events"] for o in event["occurrences"])
        _same(found, sorted(entry.occurrence.uid for entry in entries))


def _page(data: bytes) -> None:
    text = data.decode()
    if not text.startswith("<!doctype html>") or not text.rstrip().endswith("</html>"):
        _wrong("it does not begin and end as a page does")
