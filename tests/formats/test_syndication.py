"""RSS 2.0 and Atom: rows R1–R17 of docs/clients.md, read back by programs we did not write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from calfeed.domain.model import Edition
from calfeed.formats.syndication import render_atom, render_rss
from tests.judges import FEED_JUDGES, Judge, ReadItem, require
from tests.judges.links import feedparser_links, feedsmith_links
from tests.support import NOW, edition, event, read, uid

A = "{http://www.w3.org/2005/Atom}"
HOSTILE = event(
    "hostile",
    title={"en": "R&D <b>bold</b> ]]> {{ 7*7 }}"},
    description={"en": '<script>alert(1)</script> & ]]> "quoted"\nsecond line'},
    date="1991-11-01",
)


def atom(shown: Edition) -> bytes:
    (document,) = render_atom(shown)
    return b"".join(document.chunks)


def rss(shown: Edition) -> bytes:
    (document,) = render_rss(shown)
    return b"".join(document.chunks)


def shown(**keys: object) -> Edition:
    return edition(read(event(), HOSTILE, **keys))


@pytest.mark.parametrize("judge", FEED_JUDGES, ids=lambda judge: judge.name)
@pytest.mark.parametrize("suffix", ["rss", "atom"])
def test_readers_find_the_items_newest_first(judge: Judge[ReadItem], suffix: str, tmp_path: Path) -> None:
    require(judge)
    path = tmp_path / f"feed.{suffix}"
    path.write_bytes({"rss": rss, "atom": atom}[suffix](shown()))
    found = judge.read(path)
    assert [item.id for item in found] == [
        uid("hostile", 2026),
        uid("black-january-1990", 2026),
        uid("hostile", 2025),
        uid("black-january-1990", 2025),
    ]
    assert found[0].title == "R&D <b>bold</b> ]]> {{ 7*7 }}: 35th anniversary"
    assert found[1].published == dt.datetime(2026, 1, 19, 20, tzinfo=dt.UTC)
    assert found[1].link == "https://calfeed.example/events/black-january-1990/"
    assert found[1].updated in (NOW, None)


def test_no_item_lies_in_the_future() -> None:
    for entry in ET.fromstring(atom(shown())).iter(f"{A}entry"):
        published = entry.findtext(f"{A}published")
        assert published is not None
        assert dt.datetime.fromisoformat(published) <= NOW


def test_guid_is_no_permalink_and_equals_the_atom_id_and_the_uid() -> None:
    guids = list(ET.fromstring(rss(shown())).iter("guid"))
    assert {guid.get("isPermaLink") for guid in guids} == {"false"}
    assert [guid.text for guid in guids] == [
        e.findtext(f"{A}id") for e in ET.fromstring(atom(shown())).iter(f"{A}entry")
    ]


def test_feeds_name_themselves_their_language_and_their_page() -> None:
    channel = ET.fromstring(rss(shown())).find("channel")
    assert channel is not None
    self_link = channel.find(f"{A}link")
    assert self_link is not None
    assert self_link.attrib == {
        "href": "https://calfeed.example/feed.rss",
        "rel": "self",
        "type": "application/rss+xml",
    }
    assert channel.findtext("link") == "https://calfeed.example/"
    assert channel.findtext("language") == "en"
    feed = ET.fromstring(atom(shown()))
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert {link.get("rel"): link.get("href") for link in feed.findall(f"{A}link")} == {
        "self": "https://calfeed.example/feed.atom",
        "alternate": "https://calfeed.example/",
    }


@pytest.mark.parametrize("suffix", ["rss", "atom"])
@pytest.mark.parametrize(
    ("judge", "links"),
    [*zip(FEED_JUDGES, (feedparser_links, feedsmith_links), strict=False)],
    ids=["feedparser", "feedsmith"],
)
def test_readers_find_the_hub_and_the_topic_to_subscribe_to(
    judge: Judge[ReadItem], links: Callable[[Path], list[tuple[str, str]]], suffix: str, tmp_path: Path
) -> None:
    """W3C WebSub §4: the first link of either relation counts."""
    require(judge)
    path = tmp_path / f"feed.{suffix}"
    path.write_bytes({"rss": rss, "atom": atom}[suffix](shown(hub="https://hub.example/?a=1&b=2")))
    first = dict(reversed(links(path)))
    assert first["hub"] == "https://hub.example/?a=1&b=2"
    assert first["self"] == f"https://calfeed.example/feed.{suffix}"
    assert judge.read(path)[0].id == uid("hostile", 2026)


@pytest.mark.parametrize("render", [rss, atom])
def test_a_hub_adds_one_link_and_nothing_else(render: Callable[[Edition], bytes]) -> None:
    without, with_hub = (render(found).splitlines() for found in (shown(), shown(hub="https://hub.example/")))
    added = [line for line in with_hub if line not in without]
    assert len(added) == 1
    assert b'rel="hub"' in added[0]
    assert [line for line in with_hub if line not in added] == without


def test_link_of_the_page_in_rss_is_not_the_hub() -> None:
    found = ET.fromstring(rss(shown(hub="https://hub.example/")))
    assert found.findtext("channel/link") == "https://calfeed.example/"


def test_atom_entry_links_keep_their_relation_and_type() -> None:
    for entry in ET.fromstring(atom(shown())).iter(f"{A}entry"):
        assert [link.attrib for link in entry.findall(f"{A}link")] == [
            {
                "href": entry.find(f"{A}link").get("href"),  # type: ignore[union-attr]
                "rel": "alternate",
                "type": "text/html",
            }
        ]


def test_content_is_escaped_html_with_the_day_in_words() -> None:
    content = ET.fromstring(atom(shown())).findall(f"{A}entry")[0].find(f"{A}content")
    assert content is not None
    assert content.get("type") == "html"
    text = content.text or ""
    assert text.startswith("<p>Sunday 1 November 2026</p>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; ]]&gt; &quot;quoted&quot;<br>second line" in text
    assert "<script" not in text


def test_no_author_without_an_address_in_rss() -> None:
    assert b"<author>" not in rss(shown())


def test_feed_date_is_that_of_the_newest_content_never_the_clock() -> None:
    later = NOW + dt.timedelta(days=3)
    assert ET.fromstring(rss(shown())).findtext("channel/lastBuildDate") == "Sun, 22 Nov 2026 06:00:00 +0000"
    assert atom(edition(read(), now=later)).count(b"2026-11-25T06:00:00+00:00") == 3  # the feed and two entries


def test_only_the_newest_items_are_kept() -> None:
    items = list(ET.fromstring(rss(shown(feed_items="3"))).iter("item"))
    assert len(items) == 3
    assert items[0].findtext("guid") == uid("hostile", 2026)


def test_feed_ids_differ_between_selections() -> None:
    found = read()
    ids = {
        ET.fromstring(atom(edition(found, path=path))).findtext(f"{A}id") for path in ("", "categories/history/")
    }
    assert ids == {"tag:calfeed.example,2026:calendar", "tag:calfeed.example,2026:calendar:categories:history"}
