"""feed.json (JSON Feed 1.1), and the budget that all feeds keep."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from calfeed.domain.model import Edition, Format
from calfeed.formats.jsonfeed import JSON_FEED, render
from calfeed.formats.syndication import ATOM, RSS
from tests.judges import FEED_JUDGES, JSON_SCHEMA, Judge, ReadItem, require
from tests.judges.schemas import json_feed
from tests.support import NOW, edition, event, later, read, uid, verify

HOSTILE = event(
    "hostile",
    title={"en": "R&D <b>bold</b> ]]> {{ 7*7 }}"},
    description={"en": '<script>alert(1)</script> & "quoted"\nsecond line'},
    date="1991-11-01",
)
FEEDS = (RSS, ATOM, JSON_FEED)
JSON_JUDGES = [judge for judge in FEED_JUDGES if ".json" in judge.suffixes]


def shown(path: str = "", **keys: object) -> Edition:
    return edition(read(event(), HOSTILE, **keys), path=path)


def feed(found: Edition) -> dict[str, Any]:
    (document,) = render(found)
    values: dict[str, Any] = json.loads(b"".join(document.chunks))
    return values


def test_it_names_itself_its_page_its_language_and_its_author() -> None:
    found = feed(shown("categories/history/", hub="https://hub.example/"))
    items = found.pop("items")
    assert len(items) == 4
    assert found == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "History – Days, kept; by us",
        "home_page_url": "https://calfeed.example/categories/history/",
        "feed_url": "https://calfeed.example/categories/history/feed.json",
        "description": "A calendar made for a test.",
        "language": "en",
        "authors": [{"name": "Days, kept; by us", "url": "https://calfeed.example/"}],
        "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
    }
    assert "hubs" not in feed(shown())


def test_an_item_has_the_uid_the_page_the_text_and_the_days() -> None:
    found = feed(shown())["items"][1]
    html = found.pop("content_html")
    assert html.startswith("<p>Tuesday 20 January 2026</p>")
    assert "<p><strong>Sources:</strong> A report (A publisher, 2023)</p>" in html
    assert found == {
        "id": uid("black-january-1990", 2026),
        "url": "https://calfeed.example/events/black-january-1990/",
        "title": "Black January 1990: 36th anniversary",
        "summary": "What happened, in the words of the curator of black-january-1990.",
        "date_published": "2026-01-19T20:00:00Z",
        "date_modified": "2026-11-22T06:00:00Z",
        "tags": ["History"],
        "language": "en",
        "_calfeed": {
            "event": "black-january-1990",
            "dtstart": "2026-01-20",
            "dtend": "2026-01-21",
            "ordinal": 36,
        },
    }


def test_titles_are_text_and_content_is_escaped() -> None:
    item = feed(shown())["items"][0]
    assert item["title"] == "R&D <b>bold</b> ]]> {{ 7*7 }}: 35th anniversary"
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quoted&quot;<br>second line" in item["content_html"]


def test_right_to_left_content_says_so() -> None:
    found = feed(shown("he/", languages=["en", "he"]))
    assert found["language"] == "he"
    assert all(item["content_html"].startswith('<p dir="rtl">') for item in found["items"])


@pytest.mark.parametrize("judge", JSON_JUDGES, ids=lambda judge: judge.name)
def test_readers_find_the_items_of_the_other_feeds(judge: Judge[ReadItem], tmp_path: Path) -> None:
    require(judge)
    read_by_format = []
    for format_ in (JSON_FEED, ATOM):
        (document,) = format_.render(shown())
        path = tmp_path / format_.filename
        path.write_bytes(b"".join(document.chunks))
        read_by_format.append(judge.read(path))
    assert read_by_format[0] == read_by_format[1]
    assert [item.id for item in read_by_format[0]] == [
        *(uid("hostile", 2026), uid("black-january-1990", 2026)),
        *(uid("hostile", 2025), uid("black-january-1990", 2025)),
    ]


@pytest.mark.parametrize("path", ["", "categories/history/", "events/hostile/"])
def test_it_is_what_the_schema_of_the_standard_says(path: str, tmp_path: Path) -> None:
    require(JSON_SCHEMA)
    file = tmp_path / "feed.json"
    file.write_text(json.dumps(feed(shown(path, hub="https://hub.example/"))), encoding="utf-8")
    json_feed([file])


def test_no_item_is_of_the_future_and_the_newest_are_kept() -> None:
    found = edition(read(event(), HOSTILE, feed_items="3"), later(days=400))
    items = feed(found)["items"]
    assert [item["id"] for item in items] == [
        *(uid("hostile", 2027), uid("black-january-1990", 2027), uid("hostile", 2026)),
    ]
    assert all(item["date_published"] <= f"{later(days=400):%Y-%m-%dT%H:%M:%SZ}" for item in items)


def kept(format_: Format, budget: int) -> tuple[int, list[str], tuple[str, ...]]:
    """Size, ids and warnings of a feed of four items, each of which is over the least budget there is."""
    long = {"en": "ə" * 3900}
    told = [event(f"day-{n}", date=f"199{n}-03-01", description=long, disputed=long) for n in (0, 1)]
    (document,) = format_.render(edition(read(*told, budget={"bytes": str(budget)})))
    written = b"".join(document.chunks)
    entries = [entry.occurrence.uid for entry in document.entries or ()]
    verify(document.path, written, document.entries)
    return len(written), entries, document.warnings


@pytest.mark.parametrize("format_", FEEDS, ids=lambda format_: format_.name)
def test_over_the_budget_the_newest_items_stay_and_the_curator_is_told(format_: Format) -> None:
    whole, every, quiet = kept(format_, 1_000_000)
    assert (len(every), quiet) == (4, ())
    assert kept(format_, whole) == (whole, every, ())
    for budget in (whole - 1, whole // 2 + 1000):
        size, some, warnings = kept(format_, budget)
        assert size <= budget
        assert some == every[: len(some)]
        assert 1 <= len(some) < 4
        assert warnings == (
            f"{format_.filename}: {4 - len(some)} of 4 items are over the budget and left out; lower `feed_items`",
        )


@pytest.mark.parametrize("format_", FEEDS, ids=lambda format_: format_.name)
def test_one_item_stays_whatever_the_budget(format_: Format) -> None:
    _, some, warnings = kept(format_, 10_000)
    assert len(some) == 1
    assert warnings


def test_a_part_without_a_day_has_no_feed() -> None:
    school = event("school", date="1901", observed="background")
    assert list(render(edition(read(event(), school), NOW, path="events/school/"))) == []
