"""The plain pages: addresses that work, entries that say what is known, nothing that moves."""

from __future__ import annotations

from html.parser import HTMLParser

from calfeed.domain.model import Document
from calfeed.formats.html import render
from tests.support import edition, event, read

HOSTILE = event("hostile", title={"en": "<script>alert(1)</script> & {{ 7*7 }}"}, date="1991-11-01")


class Links(HTMLParser):
    """Collects every address on a page, and the names of open elements to see that they close."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[str] = []
        self.feed(b"".join(document.chunks).decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page(path: str = "") -> Document:
    found = read(event(), HOSTILE, event("school", date="1901", observed="background"))
    return next(iter(render(edition(found, path=path))))


def text(path: str = "") -> str:
    return b"".join(page(path).chunks).decode()


def test_start_page_gives_every_address_in_full_and_as_a_link() -> None:
    found = Links(page())
    assert found.open == []
    for file in ("calendar.ics", "feed.rss", "feed.atom"):
        assert file in found.found
        assert f"categories/history/{file}" in found.found
    assert "https://calfeed.example/categories/history/calendar.ics" in text()
    assert "events.json" in found.found


def test_feeds_are_discovered_from_the_page() -> None:
    assert (
        '<link rel="alternate" type="application/rss+xml" title="Days, kept; by us (RSS)" href="feed.rss">'
        in text()
    )
    assert '<link rel="alternate" type="text/calendar"' in text()


def test_links_of_every_page_lead_to_published_files() -> None:
    found = read(event(), HOSTILE)
    paths = ["", "categories/history/", "events/hostile/"]
    pages = {
        path + "index.html"
        for path in ["", "categories/history/", "events/hostile/", "events/black-january-1990/"]
    }
    files = pages | {p + f for p in ["", "categories/history/"] for f in ("calendar.ics", "feed.rss", "feed.atom")}
    for path in paths:
        for link in Links(next(iter(render(edition(found, path=path))))).found:
            if link.startswith("https://calfeed.example/"):
                target = link.removeprefix("https://calfeed.example/")
            else:
                target = resolved(path, link)
            assert target in files | {"events.json"} or f"{target}index.html" in files, (path, link)


def resolved(base: str, link: str) -> str:
    parts = base.strip("/").split("/") if base else []
    for step in link.split("/"):
        if step == "..":
            parts.pop()
        elif step:
            parts.append(step)
    return "/".join(parts) + ("/" if link.endswith("/") and parts else "")


def test_titles_are_escaped_and_templates_are_not_run() -> None:
    for path in ("", "events/hostile/"):
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ 7*7 }}" in text(path)
        assert "<script" not in text(path)


def test_entry_page_tells_what_each_source_says() -> None:
    found = text("events/hostile/")
    assert "Observed: every year on 1 November" in found
    assert "A report (A publisher, 2023)" in found
    assert "It says so." in found


def test_background_entry_has_a_page_that_says_why_it_has_no_day() -> None:
    assert "not observed: known only to the year" in text("events/school/")
