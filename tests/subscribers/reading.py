"""Published bytes as a strict program reads them, written from the standards: calendars, jCal and feeds.

Everything that is not as the standard wants it is noticed: what a lenient program would repair, another one drops.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree as ET

from tests.subscribers.noticed import Noticed, notice

_LINE = re.compile(
    r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)', re.DOTALL
)
_ESCAPE = re.compile(r"\\([\\;,nN])")
_ATOM = "{http://www.w3.org/2005/Atom}"
_ONCE = ("UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION")


@dataclass(frozen=True)
class Version:
    """One version of an event: whole days, `end` exclusive; `data` are its lines, but for those of alarms."""

    uid: str
    sequence: int
    dtstamp: dt.datetime
    last_modified: dt.datetime
    created: dt.datetime
    start: dt.date
    end: dt.date
    summary: str
    description: str
    data: bytes

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """The first day, and the day after the last."""
        return self.start, self.end

    @property
    def event(self) -> str:
        """The entry it is an occurrence of: what stands in the UID before the last slash."""
        return self.uid.rpartition("/")[0].rpartition(":")[2]


@dataclass(frozen=True)
class Item:
    """One item of a feed; `updated` is None in RSS, which has no place for it."""

    id: str
    title: str
    published: dt.datetime
    updated: dt.datetime | None


@dataclass(frozen=True)
class Feed:
    """A feed, its items in the order of the file; `updated` is None in JSON Feed, which has no place for it."""

    items: tuple[Item, ...]
    updated: dt.datetime | None


def read_calendar_file(data: bytes) -> dict[str, Version]:
    """The events of an iCalendar stream by UID (RFC 5545 §3.4 and §3.6.1)."""
    notice("the calendar does not end with a line break", unless=data.endswith(b"\r\n"))
    found: dict[str, Version] = {}
    open_: list[str] = []
    lines: list[bytes] = []
    for line in _unfolded(data):
        begins, ends = line.startswith(b"BEGIN:"), line.startswith(b"END:")
        if begins:
            open_.append(line[6:].decode())
            lines = [] if open_[-1] == "VEVENT" else lines
        elif ends:
            notice(f"{line.decode()} ends what is not open", unless=bool(open_) and open_[-1] == line[4:].decode())
        if "VEVENT" in open_ and "VALARM" not in open_ and not begins and not ends:
            lines.append(line)
        if ends and open_.pop() == "VEVENT":
            _add(found, _version(lines))
    notice(f"the calendar breaks off inside {open_}", unless=not open_)
    return found


def _add(found: dict[str, Version], version: Version) -> None:
    notice(f"two events have the UID {version.uid}", unless=version.uid not in found)
    found[version.uid] = version


def _unfolded(data: bytes) -> list[bytes]:
    """Content lines (RFC 5545 §3.1)."""
    for line in data.split(b"\r\n"):
        notice(f"a line of {len(line)} octets: {line[:40]!r}", unless=len(line) <= 75)
        notice(f"a bare line break in {line[:40]!r}", unless=b"\n" not in line and b"\r" not in line)
    return data[:-2].replace(b"\r\n ", b"").split(b"\r\n")


def _version(lines: list[bytes]) -> Version:
    values: dict[str, str] = {}
    for line in lines:
        name, _, value = _parts(line.decode())
        notice(f"{name} stands twice in one event", unless=name not in values or name not in _ONCE)
        values[name] = value
    missing = [name for name in _ONCE if name not in values]
    notice(f"an event without {', '.join(missing)}", unless=not missing)
    return Version(
        uid=_text(values["UID"]),
        sequence=int(values["SEQUENCE"]),
        dtstamp=_utc(values["DTSTAMP"]),
        last_modified=_utc(values["LAST-MODIFIED"]),
        created=_utc(values["CREATED"]),
        start=_day(values["DTSTART"]),
        end=_day(values["DTEND"]),
        summary=_text(values["SUMMARY"]),
        description=_text(values["DESCRIPTION"]),
        data=b"\r\n".join(lines),
    )


def _parts(line: str) -> tuple[str, str, str]:
    found = _LINE.fullmatch(line)
    if not found:
        raise Noticed(f"no content line: {line[:60]!r}")
    return found[1].upper(), found[2], found[3]


def _text(value: str) -> str:
    """A TEXT without its escapes (RFC 5545 §3.3.11)."""
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def _utc(value: str) -> dt.datetime:
    return dt.datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)


def _day(value: str) -> dt.date:
    return dt.datetime.strptime(value, "%Y%m%d").replace(tzinfo=dt.UTC).date()


def read_jcal(data: bytes) -> dict[str, tuple[tuple[dt.date, dt.date], int, dt.datetime]]:
    """Days, SEQUENCE and LAST-MODIFIED by UID (RFC 7265)."""
    kind, _, parts = json.loads(data)
    notice(f"jCal that holds a {kind}", unless=kind == "vcalendar")
    found = {}
    for name, properties, _ in parts:
        values = {key: value for key, _, _, value, *_ in properties}
        notice(f"two events have the UID {values['uid']} in jCal", unless=values["uid"] not in found)
        notice(f"jCal has a {name}", unless=name == "vevent")
        days = (dt.date.fromisoformat(values["dtstart"]), dt.date.fromisoformat(values["dtend"]))
        found[values["uid"]] = (days, int(values["sequence"]), dt.datetime.fromisoformat(values["last-modified"]))
    return found


def read_feed(data: bytes) -> Feed:
    """RSS 2.0, Atom (RFC 4287) or JSON Feed 1.1."""
    if data.startswith(b"{"):
        feed = _json_feed(json.loads(data))
    else:
        root = ET.fromstring(data)
        feed = _rss(root) if root.tag == "rss" else _atom(root)
    ids = [item.id for item in feed.items]
    notice("a feed has two items of one id", unless=len(set(ids)) == len(ids))
    return feed


def _json_feed(values: dict[str, Any]) -> Feed:
    return Feed(
        tuple(
            Item(
                item["id"],
                item["title"],
                dt.datetime.fromisoformat(item["date_published"]),
                dt.datetime.fromisoformat(item["date_modified"]),
            )
            for item in values["items"]
        ),
        None,
    )


def _atom(root: ET.Element) -> Feed:
    def instant(element: ET.Element, name: str) -> dt.datetime:
        return dt.datetime.fromisoformat(_only(element, _ATOM + name))

    items = (
        Item(
            _only(entry, f"{_ATOM}id"),
            _only(entry, f"{_ATOM}title"),
            instant(entry, "published"),
            instant(entry, "updated"),
        )
        for entry in root.findall(f"{_ATOM}entry")
    )
    return Feed(tuple(items), instant(root, "updated"))


def _rss(root: ET.Element) -> Feed:
    (channel,) = root.findall("channel")
    return Feed(tuple(_rss_items(channel)), parsedate_to_datetime(_only(channel, "lastBuildDate")))


def _rss_items(channel: ET.Element) -> Iterator[Item]:
    for item in channel.findall("item"):
        (guid,) = item.findall("guid")
        notice("a guid that is taken for a link", unless=guid.get("isPermaLink") == "false")
        published = parsedate_to_datetime(_only(item, "pubDate"))
        yield Item(guid.text or "", _only(item, "title"), published, None)


def _only(element: ET.Element, name: str) -> str:
    """The text of the one child of that name."""
    found = element.findall(name)
    notice(f"{element.tag} has {len(found)} of {name}", unless=len(found) == 1)
    return found[0].text or ""
