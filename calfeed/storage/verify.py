"""Reads finished documents back, sharing nothing with what wrote them: line by line, by expat, by json.

A truncated or empty calendar wipes events out of people's calendars without a word (C30), so no release is
shown before every file in it has been read here and holds exactly what it should.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TypeAlias
from xml.parsers import expat

from calfeed.domain.model import Entry
from calfeed.errors import PublishError

NO_JEKYLL = ".nojekyll"  # GitHub Pages leaves out files unless one of this name is there (C33)
_CONTENT_LINE = re.compile(r'([A-Z][A-Z0-9-]*)((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', re.DOTALL)
_Entries: TypeAlias = tuple[Entry, ...] | None
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
_ALARM_LINES = frozenset(["ACTION", "TRIGGER", "DESCRIPTION"])
_LINES = {"VCALENDAR": _CALENDAR_LINES, "VEVENT": _EVENT_LINES, "VALARM": _ALARM_LINES}
_EVENT_NEEDS = frozenset(["UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY"])


def verify(path: str, data: bytes, entries: tuple[Entry, ...] | None) -> None:
    """Read one document back; raises PublishError when it is not whole or holds other entries than it should."""
    name = path.rpartition("/")[2]
    read = _READERS.get(name) or _READERS.get(name[name.rfind(".") :])
    try:
        if read is None:
            _wrong("nobody knows how to read it back")
        else:
            read(data, entries)
    except (ValueError, LookupError, TypeError, expat.ExpatError) as error:
        raise PublishError(f"{path}: what was written does not read back: {error}") from error


def _calendar(data: bytes, entries: _Entries, *, alarms: bool = False) -> None:
    _same(list(_events(data, alarms=alarms)), [_expected_event(entry) for entry in entries or ()])


def _feed(data: bytes, entries: _Entries) -> None:
    found = _items(data)
    expected = found if entries is None else [entry.occurrence.uid for entry in entries]
    _same(found, expected)  # None: a feed of something else than entries


def _expected_event(entry: Entry) -> tuple[str, str, str, str]:
    o = entry.occurrence
    return o.uid, f"{o.dtstart:%Y%m%d}".zfill(8), f"{o.dtend:%Y%m%d}".zfill(8), str(entry.revision.sequence)


def _same(found: Sequence[object], expected: Sequence[object]) -> None:
    if len(set(found)) != len(found):
        _wrong("an entry stands in it twice")
    if found != expected:
        _wrong(f"{len(found)} entries, {len(expected)} expected, or others than those expected")


def _empty(data: bytes, _: _Entries) -> None:
    if data:
        _wrong("it should be empty")


def _wrong(message: str) -> None:
    raise ValueError(message)


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
                _wrong(f"END:{value} without its BEGIN")
            properties = found.pop()
            if value == "VEVENT":
                yield _event(properties, alarms=alarms)
            elif value == "VALARM":
                found[-1]["VALARM"] = _alarm(properties)
        else:
            _check_property(inside, found[-1] if found else {}, name, parameters)
            found[-1][name] = value
    if inside:
        _wrong("it ends inside a component")


def _check_component(inside: list[str], *, alarms: bool) -> None:
    allowed = [["VCALENDAR"], ["VCALENDAR", "VEVENT"], *([["VCALENDAR", "VEVENT", "VALARM"]] if alarms else [])]
    if inside not in allowed:
        _wrong(f"{inside[-1]} does not belong there")


def _check_property(inside: list[str], component: dict[str, str], name: str, parameters: str) -> None:
    if not inside or name not in _LINES[inside[-1]]:
        _wrong(f"{name} does not belong there")
    if name in component and name != "CATEGORIES":  # which stands once for each language that it is in
        _wrong(f"{name} stands twice")
    if name in ("DTSTART", "DTEND") and parameters != ";VALUE=DATE":
        _wrong(f"{name} is not a day")
    if name == "REFRESH-INTERVAL" and parameters != ";VALUE=DURATION":
        _wrong("REFRESH-INTERVAL has no VALUE=DURATION")


def _alarm(alarm: dict[str, str]) -> str:
    """Only a line of text on the screen: no sound, no mail (C6)."""
    if alarm.keys() != _ALARM_LINES or alarm["ACTION"] != "DISPLAY" or not alarm["DESCRIPTION"]:
        _wrong("an alarm that does more or less than to show a text")
    return alarm["TRIGGER"]


def _event(event: dict[str, str], *, alarms: bool) -> tuple[str, str, str, str]:
    missing = (_EVENT_NEEDS | {"VALARM"} if alarms else _EVENT_NEEDS) - event.keys()
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


def _opml(data: bytes, _: _Entries) -> None:
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
        _wrong("no list, or an outline without a text")
    feeds = [outline["xmlUrl"] for outline in found if "type" in outline]
    if not feeds or len(set(feeds)) != len(feeds):
        _wrong("no feed in it, or one of them twice")


def _sitemap(data: bytes, _: _Entries) -> None:
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
        _wrong("no page in it, or one of them twice or without an address")


def _robots(data: bytes, _: _Entries) -> None:
    lines = data.decode("ascii").splitlines()
    if lines[:1] != ["User-agent: *"] or not all(re.fullmatch("|[A-Z][a-z-]+: [!-~]+", line) for line in lines):
        _wrong("a line that no robot reads")


def _json_feed(data: bytes, entries: _Entries) -> None:
    values = json.loads(data)
    for item in values["items"]:
        if not item["title"] or not item["content_html"]:
            _wrong("an item without a title or a text")
        dt.datetime.fromisoformat(item["date_modified"])
    _same([item["id"] for item in values["items"]], [entry.occurrence.uid for entry in entries or ()])


def _jcal(data: bytes, entries: _Entries) -> None:
    """RFC 7265: a component is its name, its properties and its components."""
    name, _, components = json.loads(data)
    if name != "vcalendar" or any(component[0] != "vevent" for component in components):
        _wrong("it holds something else than events")
    found = [{line[0]: line[3] for line in properties} for _, properties, _ in components]
    expected = [
        (e.occurrence.uid, str(e.occurrence.dtstart), str(e.occurrence.dtend), e.revision.sequence)
        for e in entries or ()
    ]
    _same([(e["uid"], e["dtstart"], e["dtend"], e["sequence"]) for e in found], expected)


def _json(data: bytes, entries: _Entries) -> None:
    values = json.loads(data)
    if entries is not None:
        found = sorted(o["uid"] for event in values["events"] for o in event["occurrences"])
        _same(found, sorted(entry.occurrence.uid for entry in entries))


def _text(data: bytes, _: _Entries) -> None:
    if not data.decode().endswith("\n"):
        _wrong("it does not end with a line")


def _xml(data: bytes, _: _Entries) -> None:
    expat.ParserCreate().Parse(data, True)


def _menu(data: bytes, _: _Entries) -> None:
    """Whoever composes by it needs a name for every category, in one of its languages."""
    values = json.loads(data)
    languages = values["languages"]
    titles = [values["title"], *(category["title"] for category in values["categories"].values())]
    if not values["categories"] or not all(title[languages[-1]] for title in titles):
        _wrong("a name is missing")
    if not values["url"].endswith("/compose/") or min(values["budget"].values()) < 1:
        _wrong("its address or its budget make no sense")


def _table(data: bytes, entries: _Entries) -> None:
    """Rows of equal length that no spreadsheet runs; those with a uid are the entries, in order."""
    text = data.decode()
    if not text.startswith("\ufeffuid,") or not text.endswith("\r\n"):
        _wrong("it does not begin and end as a table does")
    names, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    if any(len(row) != len(names) for row in rows):
        _wrong("a row with more or fewer cells than there are names")
    if any(cell[:1] in set("=+-@\t\r") for row in rows for cell in row):
        _wrong("a cell that a spreadsheet runs")
    columns = [names.index(name) for name in ("uid", "first_day", "last_day")]
    found = [tuple(row[column] for column in columns) for row in rows]
    expected = [
        (e.occurrence.uid, str(e.occurrence.dtstart), str(e.occurrence.dtend - dt.timedelta(days=1)))
        for e in entries or ()
    ]
    _same([row for row in found if row[0]], expected)


def _page(data: bytes, _: _Entries) -> None:
    text = data.decode()
    if not text.startswith("<!doctype html>") or not text.rstrip().endswith("</html>"):
        _wrong("it does not begin and end as a page does")


_READERS: Mapping[str, Callable[[bytes, _Entries], None]] = {
    NO_JEKYLL: _empty,
    "calendar-alarms.ics": partial(_calendar, alarms=True),
    "feed.json": _json_feed,
    "categories.json": _menu,
    ".ics": _calendar,
    ".jcal": _jcal,
    ".rss": _feed,
    ".atom": _feed,
    ".json": _json,
    ".csv": _table,
    ".opml": _opml,
    "robots.txt": _robots,
    "sitemap.xml": _sitemap,
    ".html": _page,
    ".css": _text,
    ".js": _text,
    ".svg": _xml,
}
