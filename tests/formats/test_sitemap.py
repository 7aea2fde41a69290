"""sitemap.xml and robots.txt: every page in every language."""

from __future__ import annotations

from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest

from calfeed.domain.editions import editions
from calfeed.domain.model import Calendar, Document, Edition
from calfeed.formats import FORMATS, sitemap
from calfeed.formats.sitemap import render
from tests.support import NOW, edition, event, read, revised, verify

NAMES = {"": "http://www.sitemaps.org/schemas/sitemap/0.9", "xhtml": "http://www.w3.org/1999/xhtml"}
SCHOOL = event("school", date="1901", observed="background", categories=["empty"])
CATEGORIES = {"history": {"title": {"en": "History"}}, "empty": {"title": {"en": "Empty"}}}


def calendar(**keys: object) -> Calendar:
    return read(event(), SCHOOL, **{"languages": ["en", "he", "az"], "categories": CATEGORIES, **keys})


def documents(shown: Edition) -> dict[str, Document]:
    return {document.path: document for document in render(shown)}


def text(document: Document) -> str:
    return b"".join(document.chunks).decode()


def urls(found: Calendar, path: str = "") -> dict[str, ET.Element]:
    root = ET.fromstring(text(documents(edition(found, path=path))[f"{path}sitemap.xml"]))
    assert root.tag == f"{{{NAMES['']}}}urlset"
    return {url.findtext("loc", namespaces=NAMES) or "": url for url in root.findall("url", NAMES)}


def test_every_page_stands_in_the_map_of_its_language() -> None:
    base = "https://calfeed.example/he/"
    assert list(urls(calendar(), "he/")) == [
        base,
        f"{base}categories/history/",
        f"{base}compose/",
        f"{base}corrections/",
        *(f"{base}months/{month:02}/" for month in range(1, 13)),
        f"{base}events/black-january-1990/",
        f"{base}events/school/",
    ]


def test_the_pages_in_it_are_those_that_are_written() -> None:
    found = calendar()
    pages = {
        found.url + document.path.removesuffix("index.html")
        for each in editions(found, revised(found), NOW)
        for format_ in FORMATS
        for document in format_.render(each)
        if document.path.endswith("index.html")
    }
    listed = {url for path in ("", "he/", "az/") for url in urls(found, path)}
    assert listed == pages


def test_each_page_names_itself_in_every_language_and_the_first_for_all_others() -> None:
    (found,) = [url for loc, url in urls(calendar(), "he/").items() if loc.endswith("/he/events/school/")]
    assert [(link.get("hreflang"), link.get("href")) for link in found.findall("xhtml:link", NAMES)] == [
        ("en", "https://calfeed.example/events/school/"),
        ("he", "https://calfeed.example/he/events/school/"),
        ("az", "https://calfeed.example/az/events/school/"),
        ("x-default", "https://calfeed.example/events/school/"),
    ]


def test_one_language_has_no_others_to_name() -> None:
    assert "xhtml:link" not in text(documents(edition(calendar(languages=["en"])))["sitemap.xml"])


def test_only_entries_know_when_they_changed() -> None:
    modified = {loc: url.findtext("lastmod", namespaces=NAMES) for loc, url in urls(calendar()).items()}
    known = {loc: at for loc, at in modified.items() if at}
    assert known == dict.fromkeys(
        [f"https://calfeed.example/events/{id_}/" for id_ in ("black-january-1990", "school")],
        "2026-11-22T06:00:00Z",
    )


def test_robots_find_every_map_and_may_read_everything() -> None:
    written = text(documents(edition(calendar()))["robots.txt"])
    robots = RobotFileParser()
    robots.parse(written.splitlines())
    assert robots.site_maps() == [f"https://calfeed.example/{path}sitemap.xml" for path in ("", "he/", "az/")]
    assert robots.can_fetch("anybot", "https://calfeed.example/events/school/")


@pytest.mark.parametrize(
    ("url", "path"), [("https://calfeed.example/days/", ""), ("https://calfeed.example/", "he/")]
)
def test_robots_are_told_once_at_the_root_of_a_host_alone(url: str, path: str) -> None:
    assert "robots.txt" not in documents(edition(calendar(url=url), path=path))


def test_addresses_are_escaped() -> None:
    found = calendar(url="https://calfeed.example/a&b/")
    assert "https://calfeed.example/a&b/events/school/" in urls(found)


def test_over_the_limit_of_the_protocol_the_last_entries_go_with_a_warning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sitemap, "MAX_ADDRESSES", 17)
    found = documents(edition(calendar()))["sitemap.xml"]
    assert found.warnings == ("sitemap.xml: 1 of 18 pages are more than a sitemap may hold, and left out",)
    assert text(found).count("<loc>") == 17
    assert "events/school/" not in text(found)


def test_what_is_written_passes_the_verifier_and_no_part_has_a_map() -> None:
    for document in documents(edition(calendar())).values():
        verify(document.path, text(document).encode(), document.entries)
    assert documents(edition(calendar(), path="categories/history/")) == {}
