"""The judges are judged: each reads a good file as it is meant, and notices a broken one."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from . import CALENDAR_JUDGES, FEED_JUDGES, JCAL_JUDGES, Complaint, Judge, ReadEvent, ReadItem, require
from .node import HERE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CALENDAR = r"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//calfeed.example//judges//EN
CALSCALE:GREGORIAN
NAME:Judged
X-WR-CALNAME:Judged
REFRESH-INTERVAL;VALUE=DURATION:P1D
X-PUBLISHED-TTL:P1D
SOURCE;VALUE=URI:https://calfeed.example/calendar.ics
COLOR:darkred
BEGIN:VEVENT
UID:tag:calfeed.example\,2026:republic-1918/2027
DTSTAMP:20261122T070000Z
CREATED:20261101T070000Z
LAST-MODIFIED:20261122T070000Z
SEQUENCE:2
DTSTART;VALUE=DATE:20270528
DTEND;VALUE=DATE:20270529
SUMMARY:Republic Day\, 109 years: "Cümhuriyyət"
DESCRIPTION:Two lines:\nthe second\; with a back\\slash and a long text th
 at is folded — here
CATEGORIES:republic
URL:https://calfeed.example/events/republic-1918/
CLASS:PUBLIC
TRANSP:TRANSPARENT
X-MICROSOFT-CDO-BUSYSTATUS:FREE
END:VEVENT
BEGIN:VEVENT
UID:tag:calfeed.example\,2026:khojaly-1992/2027
DTSTAMP:20261122T070001Z
SEQUENCE:0
DTSTART;VALUE=DATE:20270225
DTEND;VALUE=DATE:20270227
SUMMARY;LANGUAGE=az:Xocalı
DESCRIPTION:יום הזיכרון
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
"""

EVENTS = [
    ReadEvent(
        uid="tag:calfeed.example,2026:republic-1918/2027",
        start=dt.date(2027, 5, 28),
        end=dt.date(2027, 5, 29),
        summary='Republic Day, 109 years: "Cümhuriyyət"',
        description="Two lines:\nthe second; with a back\\slash and a long text that is folded — here",
        sequence=2,
        dtstamp=dt.datetime(2026, 11, 22, 7, 0, 0, tzinfo=dt.UTC),
    ),
    ReadEvent(
        uid="tag:calfeed.example,2026:khojaly-1992/2027",
        start=dt.date(2027, 2, 25),
        end=dt.date(2027, 2, 27),
        summary="Xocalı",
        description="יום הזיכרון",
        sequence=0,
        dtstamp=dt.datetime(2026, 11, 22, 7, 0, 1, tzinfo=dt.UTC),
    ),
]

JCAL = [
    "vcalendar",
    [
        ["version", {}, "text", "2.0"],
        ["prodid", {}, "text", "-//calfeed.example//judges//EN"],
        ["refresh-interval", {}, "duration", "P1D"],
        ["source", {}, "uri", "https://calfeed.example/calendar.ics"],
        ["color", {}, "text", "darkred"],
    ],
    [
        [
            "vevent",
            [
                ["uid", {}, "text", EVENTS[0].uid],
                ["dtstamp", {}, "date-time", "2026-11-22T07:00:00Z"],
                ["sequence", {}, "integer", 2],
                ["dtstart", {}, "date", "2027-05-28"],
                ["dtend", {}, "date", "2027-05-29"],
                ["summary", {"language": "az"}, "text", EVENTS[0].summary],
                ["description", {}, "text", EVENTS[0].description],
                ["categories", {}, "text", "republic", "of, two"],
                ["url", {}, "uri", "https://calfeed.example/events/republic-1918/"],
                ["x-microsoft-cdo-busystatus", {}, "unknown", "FREE"],
            ],
            [],
        ]
    ],
]

# What stands in the text of JCAL, and what takes its place.
BROKEN_JCAL = {
    "impossible day": ('"2027-05-28"', '"2027-02-30"'),
    "day as in iCalendar": ('"2027-05-28"', '"20270528"'),
    "instant as in iCalendar": ('"2026-11-22T07:00:00Z"', '"20261122T070000Z"'),
    "day that calls itself an instant": ('"date", "2027-05-28"', '"date-time", "2027-05-28"'),
    "unknown type": ('"text", "2.0"', '"string", "2.0"'),
    "no value": (', "darkred"', ""),
    "name in capitals": ('"color"', '"COLOR"'),
    "impossible duration": ('"P1D"', '"1 day"'),
    "no start": ('["dtstart", {}, "date", "2027-05-28"], ', ""),
    "no list of components": ('"FREE"]], []', '"FREE"]]'),
    "not a calendar": ('"vcalendar"', '"vcard"'),
    "not JSON": ('["vcalendar"', "BEGIN:VCALENDAR"),
}

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>Judged</title><link>https://calfeed.example/</link><description>For judges</description>
<atom:link href="https://calfeed.example/feed.rss" rel="self" type="application/rss+xml"/>
<language>en</language><lastBuildDate>Sun, 22 Nov 2026 07:00:00 +0000</lastBuildDate>
<item><title>Cümhuriyyət &amp; republic</title><link>https://calfeed.example/events/republic-1918/</link>
<description>28 May</description><guid isPermaLink="false">tag:calfeed.example,2026:republic-1918/2026</guid>
<pubDate>Wed, 27 May 2026 20:00:00 +0000</pubDate></item>
</channel></rss>
"""

ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>tag:calfeed.example,2026:feed</id><title>Judged</title><updated>2026-11-22T07:00:00+00:00</updated>
<author><name>calfeed</name></author><link href="https://calfeed.example/feed.atom" rel="self"/>
<entry><id>tag:calfeed.example,2026:republic-1918/2026</id><title>Cümhuriyyət &amp; republic</title>
<updated>2026-11-22T07:00:00+00:00</updated><published>2026-05-27T20:00:00+00:00</published>
<link href="https://calfeed.example/events/republic-1918/" rel="alternate"/><summary>28 May</summary></entry>
</feed>
"""

JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Judged",
        "items": [
            {
                "id": "tag:calfeed.example,2026:republic-1918/2026",
                "url": "https://calfeed.example/events/republic-1918/",
                "title": "Cümhuriyyət & republic",
                "content_text": "28 May",
                "date_published": "2026-05-27T20:00:00Z",
                "date_modified": "2026-11-22T07:00:00Z",
            }
        ],
    }
)

FEEDS = {".rss": RSS, ".atom": ATOM, ".json": JSON_FEED}

BROKEN_CALENDARS = {
    "cut off": CALENDAR[: CALENDAR.index("DTEND;VALUE=DATE:20270227")],
    "unfolded": CALENDAR.replace("\n at is folded", "\nat is folded"),
    "impossible day": CALENDAR.replace("DATE:20270528", "DATE:20270230"),
    "no start": CALENDAR.replace("DTSTART;VALUE=DATE:20270528\n", ""),
    "no uid": CALENDAR.replace(r"UID:tag:calfeed.example\,2026:republic-1918/2027" + "\n", ""),
    "not a calendar": "<html><body>404</body></html>",
    "empty": "",
}

BROKEN_FEEDS: dict[str, Callable[[str], str]] = {
    "cut off": lambda text: text[: len(text) // 2],
    "not a feed": lambda _: "<html><body>404</body></html>",
    "empty": lambda _: "",
    "no id": lambda text: text.replace("tag:calfeed.example,2026:republic-1918/2026", ""),
    "bad instant": lambda text: text.replace("27 May 2026 20:00:00", "27 May 2026 99:99:99").replace(
        "2026-05-27T20", "2026-05-99T99"
    ),
}

each_calendar_judge = pytest.mark.parametrize("judge", CALENDAR_JUDGES, ids=lambda judge: judge.name)
each_feed_judge = pytest.mark.parametrize(
    ("judge", "suffix"),
    [
        pytest.param(judge, suffix, id=f"{judge.name}{suffix}")
        for judge in FEED_JUDGES
        for suffix in judge.suffixes
    ],
)


def write_calendar(path: Path, text: str) -> Path:
    path.write_bytes(text.replace("\n", "\r\n").encode())
    return path


def verdict(judge: Judge[Any], path: Path) -> Any:
    """What the judge read, or None if it complains."""
    try:
        return judge.read(path)
    except Complaint:
        return None


@each_calendar_judge
@pytest.mark.parametrize("zone", ["UTC", "Asia/Baku", "America/Los_Angeles"])
def test_good_calendar_is_read_as_meant(
    judge: Judge[ReadEvent], zone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require(judge)
    monkeypatch.setenv("TZ", zone)
    assert judge.read(write_calendar(tmp_path / "good.ics", CALENDAR)) == EVENTS


@each_calendar_judge
@pytest.mark.parametrize("fault", BROKEN_CALENDARS)
def test_broken_calendar_is_noticed(judge: Judge[ReadEvent], fault: str, tmp_path: Path) -> None:
    require(judge)
    assert verdict(judge, write_calendar(tmp_path / "broken.ics", BROKEN_CALENDARS[fault])) != EVENTS


@pytest.mark.parametrize("judge", JCAL_JUDGES, ids=lambda judge: judge.name)
def test_good_jcal_is_read_as_meant(judge: Judge[ReadEvent], tmp_path: Path) -> None:
    require(judge)
    path = tmp_path / "good.json"
    path.write_text(json.dumps(JCAL), encoding="utf-8")
    assert judge.read(path) == EVENTS[:1]


@pytest.mark.parametrize("judge", JCAL_JUDGES, ids=lambda judge: judge.name)
@pytest.mark.parametrize("fault", BROKEN_JCAL)
def test_broken_jcal_is_noticed(judge: Judge[ReadEvent], fault: str, tmp_path: Path) -> None:
    require(judge)
    text, (right, wrong) = json.dumps(JCAL), BROKEN_JCAL[fault]
    assert right in text
    path = tmp_path / "broken.json"
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    assert verdict(judge, path) != EVENTS[:1]


@each_feed_judge
def test_good_feed_is_read_as_meant(judge: Judge[ReadItem], suffix: str, tmp_path: Path) -> None:
    require(judge)
    path = tmp_path / f"good{suffix}"
    path.write_text(FEEDS[suffix], encoding="utf-8")
    assert judge.read(path) == [
        ReadItem(
            id="tag:calfeed.example,2026:republic-1918/2026",
            title="Cümhuriyyət & republic",
            published=dt.datetime(2026, 5, 27, 20, tzinfo=dt.UTC),
            updated=None if suffix == ".rss" else dt.datetime(2026, 11, 22, 7, tzinfo=dt.UTC),
            link="https://calfeed.example/events/republic-1918/",
        )
    ]


@each_feed_judge
@pytest.mark.parametrize("fault", BROKEN_FEEDS)
def test_broken_feed_is_noticed(judge: Judge[ReadItem], suffix: str, fault: str, tmp_path: Path) -> None:
    require(judge)
    good, broken = tmp_path / f"good{suffix}", tmp_path / f"broken{suffix}"
    good.write_text(FEEDS[suffix], encoding="utf-8")
    broken.write_text(BROKEN_FEEDS[fault](FEEDS[suffix]), encoding="utf-8")
    assert verdict(judge, broken) != judge.read(good)


def test_no_lock_file_says_where_packages_come_from() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    lists = sorted((HERE.parents[1] / "requirements").glob("*.txt"))
    assert lists
    assert [path.name for path in lists if "://" in path.read_text(encoding="utf-8")] == []
