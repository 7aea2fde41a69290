"""The reader that no release passes unread: it must notice what a writer could get wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from calfeed.domain.model import Document
from calfeed.errors import PublishError
from calfeed.formats import FORMATS, icalendar
from tests.support import edition, event, read, verify

SHOWN = edition(read(event(), event("landau-1908", date="1908-01-22")))


def document(path: str) -> tuple[bytes, Document]:
    found = next(d for format_ in FORMATS for d in format_.render(SHOWN) if d.path == path)
    return b"".join(found.chunks), found


def cut(needle: bytes, put: bytes = b"", times: int = 1) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        assert needle in data, needle
        return data.replace(needle, put, times)

    return change


def without_first_event(data: bytes) -> bytes:
    start = data.index(b"BEGIN:VEVENT")
    return data[:start] + data[data.index(b"END:VEVENT\r\n") + 12 :]


def doubled_event(data: bytes) -> bytes:
    start, end = data.index(b"BEGIN:VEVENT"), data.index(b"END:VEVENT\r\n") + 12
    return data[:end] + data[start:end] + data[end:]


DAMAGE: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "truncated": ("calendar.ics", lambda data: data[: len(data) // 2]),
    "empty": ("calendar.ics", lambda _: b""),
    "no events": ("calendar.ics", lambda data: data[: data.index(b"BEGIN:VEVENT")] + b"END:VCALENDAR\r\n"),
    "an event less": ("calendar.ics", without_first_event),
    "an event twice": ("calendar.ics", doubled_event),
    "another day": ("calendar.ics", cut(b"DTSTART;VALUE=DATE:20250120", b"DTSTART;VALUE=DATE:20250119")),
    "end before begin": ("calendar.ics", cut(b"DTEND;VALUE=DATE:20250121", b"DTEND;VALUE=DATE:20250120")),
    "a time": ("calendar.ics", cut(b"DTSTART;VALUE=DATE:20250120", b"DTSTART:20250120T000000Z")),
    "another sequence": ("calendar.ics", cut(b"SEQUENCE:0", b"SEQUENCE:1")),
    "another uid": ("calendar.ics", cut(b"black-january-1990/2025", b"black-january-1990/2024")),
    "a method": ("calendar.ics", cut(b"VERSION:2.0", b"VERSION:2.0\r\nMETHOD:CANCEL")),
    "an alarm": ("calendar.ics", cut(b"CLASS:PUBLIC", b"BEGIN:VALARM\r\nEND:VALARM")),
    "a rule": ("calendar.ics", cut(b"CLASS:PUBLIC", b"RRULE:FREQ=YEARLY")),
    "no title": ("calendar.ics", cut(b"SUMMARY;LANGUAGE=en:Black January 1990: 35th anniversary\r\n", b"")),
    "a bare line feed": ("calendar.ics", cut(b"CLASS:PUBLIC\r\n", b"CLASS:PUBLIC\n")),
    "a long line": ("calendar.ics", cut(b"CLASS:PUBLIC", b"CLASS:" + b"X" * 70)),
    "a cut character": ("calendar.ics", cut(b"CLASS:PUBLIC", b"CLASS:\xc3\r\n \xbc")),
    "a refresh hint without its type": ("calendar.ics", cut(b";VALUE=DURATION", b"")),
    "a stamp that is none": ("calendar.ics", cut(b"DTSTAMP:20261122T060000Z", b"DTSTAMP:now")),
    "feed truncated": ("feed.rss", lambda data: data[: len(data) // 2]),
    "feed item less": (
        "feed.rss",
        lambda data: data[: data.index(b"<item>")] + data[data.index(b"</item>") + 7 :],
    ),
    "feed order": ("feed.atom", cut(b"/2026</id>", b"/2025</id>")),
    "feed without a date": ("feed.rss", cut(b"<pubDate>", b"<pubDate>x")),
    "feed without a title": ("feed.atom", cut(b"<title>Black January 1990: 36th anniversary</title>", b"")),
    "feed with a control": ("feed.atom", cut(b"36th", b"\x07")),
    "data truncated": ("events.json", lambda data: data[:-20]),
    "data with another uid": ("events.json", cut(b"black-january-1990/2025", b"black-january-1990/2024")),
    "table truncated": ("events.csv", lambda data: data[: len(data) // 2]),
    "table without its mark": ("events.csv", lambda data: data[3:]),
    "table with another uid": ("events.csv", cut(b"black-january-1990/2025", b"black-january-1990/2024")),
    "table with another day": ("events.csv", cut(b",2025-01-20,2025-01-20,", b",2025-01-20,2025-01-21,")),
    "table with a cell more": ("events.csv", cut(b",neutral,", b",neutral,,")),
    "table with a formula": ("events.csv", cut(b",neutral,", b",=1,")),
    "table with a wide formula": ("events.csv", cut(b",neutral,", ",＝1,".encode())),
    "table with a cell that begins with a line feed": ("events.csv", cut(b",neutral,", b',"\n=1",')),
    "list truncated": ("feeds.opml", lambda data: data[:-20]),
    "list without its feeds": ("feeds.opml", lambda _: b"<opml version='2.0'/>"),
    "list with an outline of no text": ("feeds.opml", cut(b'<outline text="', b'<outline txt="')),
    "list with a feed twice": (
        "feeds.opml",
        cut(b"events/landau-1908/feed.rss", b"events/black-january-1990/feed.rss"),
    ),
    "map truncated": ("sitemap.xml", lambda data: data[:-20]),
    "map without pages": ("sitemap.xml", lambda _: b"<urlset/>"),
    "map with a page twice": ("sitemap.xml", cut(b"/events/landau-1908/", b"/events/black-january-1990/")),
    "map with a page of no address": ("sitemap.xml", cut(b"<loc>https://calfeed.example/</loc>", b"<loc/>")),
    "robots truncated": ("robots.txt", lambda data: data[:8]),
    "robots with a line of no name": ("robots.txt", cut(b"Allow: /", b"/")),
    "page truncated": ("index.html", lambda data: data[:-20]),
    "page empty": ("index.html", lambda _: b""),
}


@pytest.mark.parametrize(
    "path",
    [
        *(
            "calendar.ics",
            "feed.rss",
            "feed.atom",
            "events.json",
            "events.csv",
            "feeds.opml",
            "sitemap.xml",
            "robots.txt",
            "index.html",
        ),
    ],
)
def test_what_the_formats_write_passes(path: str) -> None:
    data, found = document(path)
    verify(path, data, found.entries)


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_noticed(name: str) -> None:
    path, damage = DAMAGE[name]
    data, found = document(path)
    with pytest.raises(PublishError, match=f"{path}: what was written does not read back"):
        verify(path, damage(data), found.entries)


def test_unknown_kind_of_file_is_refused() -> None:
    with pytest.raises(PublishError, match="nobody knows how to read it back"):
        verify("calendar.exe", b"", None)


def test_an_event_whose_categories_are_not_all_translated_passes() -> None:
    titles = {"one": {"en": "One", "az": "Bir"}, "two": {"en": "Two"}}
    categories = {slug: {"title": title} for slug, title in titles.items()}
    found = read(event(categories=list(titles)), languages=["en", "az"], categories=categories)
    (written,) = icalendar.render(edition(found, path="az/"))
    data = b"".join(written.chunks)
    assert b"CATEGORIES;LANGUAGE=az:Bir\r\nCATEGORIES;LANGUAGE=en:Two\r\n" in data
    verify(written.path, data, written.entries)
