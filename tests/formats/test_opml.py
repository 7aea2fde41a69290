"""feeds.opml: the addresses of all feeds, as readers import them."""

from __future__ import annotations

import subprocess
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from calfeed.domain.editions import editions
from calfeed.domain.model import Calendar, Edition
from calfeed.domain.wording import LANGUAGES
from calfeed.formats import FORMATS
from calfeed.formats.opml import render
from tests.judges import NEWSBOAT, OPML, program, require
from tests.judges.subscriptions import feedsmith_opml
from tests.support import NOW, Workshop, edition, event, later, read, revised, verify

HOSTILE = event("hostile", title={"en": "R&D \"<b>\" 'x' ]]>"}, date="1991-11-01")
SCHOOL = event("school", date="1901", observed="background", categories=["empty"])
CATEGORIES = {"history": {"title": {"en": "History"}}, "empty": {"title": {"en": "Empty"}}}


def calendar() -> Calendar:
    return read(event(), HOSTILE, SCHOOL, languages=["en", "he"], categories=CATEGORIES)


def written(shown: Edition) -> bytes:
    (document,) = render(shown)
    return b"".join(document.chunks)


def outlines(shown: Edition) -> list[ET.Element]:
    return list(ET.fromstring(written(shown)).iter("outline"))


def test_the_whole_calendar_subjects_entries_and_corrections_stand_in_it() -> None:
    body = ET.fromstring(written(edition(calendar()))).find("body")
    assert body is not None
    assert [(o.get("text"), [i.get("text") for i in o]) for o in body] == [
        ("Days, kept; by us", []),
        ("Subjects", ["History"]),
        ("Entries", ["Black January 1990", "R&D \"<b>\" 'x' ]]>"]),
        ("Corrections", []),
    ]


def test_a_feed_says_all_that_the_standard_has_words_for() -> None:
    (found,) = [o for o in outlines(edition(calendar(), path="he/")) if o.get("text") == "Black January 1990"]
    assert found.attrib == {
        "text": "Black January 1990",
        "title": "Black January 1990",
        "type": "rss",
        "xmlUrl": "https://calfeed.example/he/events/black-january-1990/feed.rss",
        "htmlUrl": "https://calfeed.example/he/events/black-january-1990/",
        "language": "he",
        "version": "RSS2",
    }


def test_every_feed_in_it_is_published_and_every_feed_that_is_published_is_in_it() -> None:
    found = calendar()
    published = {
        found.url + document.path
        for each in editions(found, revised(found), NOW)
        for format_ in FORMATS
        for document in format_.render(each)
        if document.path.endswith("feed.rss")
    }
    listed = {
        outline.get("xmlUrl")
        for each in editions(found, revised(found), NOW)
        if each.selection.kind == "all"
        for outline in outlines(each)
        if outline.get("version") == "RSS2"
    }
    assert listed == published


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_the_groups(language: str) -> None:
    words = LANGUAGES[language]
    assert len({words.page["categories"], words.labels["entries"], words.page["corrections"]}) == 3


def test_its_dates_are_those_of_the_entries_never_the_clocks(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    workshop.write(event(), HOSTILE)
    workshop.build(NOW)
    head = ET.fromstring(workshop.files()["feeds.opml"]).find("head")
    assert head is not None
    assert parsedate_to_datetime(head.findtext("dateCreated") or "") == NOW
    workshop.write(event(), {**HOSTILE, "title": {"en": "Other"}})
    workshop.build(later(days=5))
    before = workshop.files()["feeds.opml"]
    workshop.build(later(days=300))
    assert workshop.files()["feeds.opml"] == before
    head = ET.fromstring(before).find("head")
    assert head is not None
    assert parsedate_to_datetime(head.findtext("dateCreated") or "") == NOW
    assert parsedate_to_datetime(head.findtext("dateModified") or "") == later(days=5)


def test_feedsmith_reads_every_feed_in_its_group(tmp_path: Path) -> None:
    require(OPML)
    path = tmp_path / "feeds.opml"
    path.write_bytes(written(edition(calendar())))
    assert [(found.groups, found.text, found.xml_url) for found in feedsmith_opml(path)] == [
        ((), "Days, kept; by us", "https://calfeed.example/feed.rss"),
        (("Subjects",), "History", "https://calfeed.example/categories/history/feed.rss"),
        (("Entries",), "Black January 1990", "https://calfeed.example/events/black-january-1990/feed.rss"),
        (("Entries",), "R&D \"<b>\" 'x' ]]>", "https://calfeed.example/events/hostile/feed.rss"),
        ((), "Corrections", "https://calfeed.example/corrections/feed.atom"),
    ]


def test_newsboat_imports_every_feed(tmp_path: Path) -> None:
    require(NEWSBOAT)
    shown = edition(calendar())
    (tmp_path / "feeds.opml").write_bytes(written(shown))
    (tmp_path / "urls").write_text("", encoding="utf-8")
    command = [program("newsboat") or "", "-i", "feeds.opml", "-u", "urls", "-C", "/dev/null", "-c", "cache"]
    environment = {"HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, timeout=60)
    lines = (tmp_path / "urls").read_text(encoding="utf-8").splitlines()
    assert [line.split()[0] for line in lines] == [o.get("xmlUrl") for o in outlines(shown) if o.get("type")]


def test_what_is_written_passes_the_verifier_and_no_part_has_a_list() -> None:
    verify("feeds.opml", written(edition(calendar())), None)
    assert list(render(edition(calendar(), path="categories/history/"))) == []
