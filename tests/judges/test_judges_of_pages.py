"""The judges of pages and data are judged: each is content with what is right, and names every planted mistake."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from . import HTML_VALIDATE, JSON_SCHEMA, LINKED_DATA, MICROFORMATS, NU_HTML, OPML, Complaint, require
from .linked import linked_data, microformats, schema_org
from .pages import html_validate, nu_html
from .schemas import held_against, json_feed
from .subscriptions import ReadOutline, feedsmith_opml

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Days</title><style>p { color: red; }</style></head>
<body><main class="h-feed"><h1 class="p-name">Days</h1>
<article class="h-event"><h2><a class="u-url p-name" href="/events/x/">A day</a></h2>
<time class="dt-start" datetime="1918-05-28">28 May 1918</time><img src="x.png" alt="A picture"></article>
</main></body></html>
"""
STYLE = "p { color: light-dark(red, blue); margin-inline: 1rem; }\n"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>\n'

# A name, what is right, what stands in its place, and a word of the complaint.
BROKEN_PAGES = [
    ("alt.html", ' alt="A picture"', "", "alt"),
    ("nesting.html", "</h2>", "", "h2"),
    ("attribute.html", 'class="h-event"', 'klass="h-event"', "klass"),
    ("style.html", "color: red", "colour: red", "colour"),
    ("time.html", 'datetime="1918-05-28"', 'datetime="1918-02-30"', "1918-02-30"),
    ("hint.html", ' lang="en"', "", "lang"),
]

EVENT: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "Event",
    "@id": "https://calfeed.example/events/republic-1918/",
    "name": "Republic Day </script> & more",
    "startDate": "2027-05-28",
    "eventSchedule": {"@type": "Schedule", "repeatFrequency": "P1Y", "byMonth": 5},
    "location": {"@type": "Place", "name": "Baku"},
}
MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"startDat": "2027-05-28"}, "startDat"),
    ({"@tpye": "Event"}, "@tpye"),
    ({"@type": "Evnt"}, "Evnt"),
    ({"@id": "events/republic-1918/"}, "events/republic-1918/"),
    ({"name": None}, "null"),
    ({"location": {"@type": "Place", "nam": "Baku"}}, "nam"),
    ({"location": {"@type": "Schedule"}}, "Schedule"),
    ({"inLanguage": {"@value": "x", "@language": "no tag"}}, "no tag"),
    ({"@context": "https://vocabulary.example"}, "vocabulary.example"),
]

FEED: dict[str, Any] = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Judged",
    "items": [{"id": "1", "content_text": "28 May", "date_published": "2026-05-27T20:00:00Z"}],
    "_calfeed": {"about": "https://calfeed.example/"},
}

SUBSCRIPTIONS = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Judged</title></head><body><outline text="By category">
<outline type="rss" text="Days &amp; more" xmlUrl="https://calfeed.example/feed.rss" language="en"/>
</outline></body></opml>
"""


def written(folder: Path, files: dict[str, str]) -> list[Path]:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in files]


def test_nu_html_checker_is_content_with_what_is_right_and_names_each_fault(tmp_path: Path) -> None:
    """One start of Java for all of them."""
    require(NU_HTML)
    pages = {name: PAGE.replace(right, wrong) for name, right, wrong, _ in BROKEN_PAGES}
    broken = {"style.css": STYLE.replace("margin", "margim"), "picture.svg": PICTURE.replace("<rect", "<rekt")}
    good = {"good.html": PAGE, "good.css": STYLE, "good.svg": PICTURE}
    with pytest.raises(Complaint) as complaint:
        nu_html(written(tmp_path, {**pages, **broken, **good}))
    told = str(complaint.value).splitlines()
    for name, _, _, word in [*BROKEN_PAGES, ("style.css", "", "", "margim"), ("picture.svg", "", "", "rekt")]:
        assert any(f"/{name}:" in line and word in line for line in told), name
    assert not any("/good." in line for line in told)


@pytest.mark.parametrize("judge", [nu_html, html_validate])
def test_whoever_reads_nothing_complains(judge: Any) -> None:
    with pytest.raises(Complaint, match="nothing to read"):
        judge([])


def test_nu_html_checker_that_cannot_start_complains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require(NU_HTML)
    monkeypatch.setattr("tests.judges.pages.VNU", tmp_path / "no.jar")
    with pytest.raises(Complaint, match=r"no\.jar"):
        nu_html(written(tmp_path, {"good.html": PAGE}))


def test_html_validate_is_content_with_what_is_right_and_names_faults(tmp_path: Path) -> None:
    require(HTML_VALIDATE)
    html_validate(written(tmp_path, {"good.html": PAGE}))
    pages = {name: PAGE.replace(right, wrong) for name, right, wrong, _ in BROKEN_PAGES}
    with pytest.raises(Complaint) as complaint:
        html_validate(written(tmp_path, pages))
    for name in ("alt.html", "nesting.html", "hint.html"):
        assert name in str(complaint.value)


def test_schema_org_is_content_with_what_is_right() -> None:
    require(LINKED_DATA)
    inner = {key: value for key, value in EVENT.items() if key != "@context"}
    schema_org([EVENT, {"@context": "https://schema.org", "@graph": [inner]}])


def test_schema_org_names_each_fault() -> None:
    """One start of TypeScript for all of them."""
    require(LINKED_DATA)
    with pytest.raises(Complaint) as complaint:
        schema_org([EVENT, *({**EVENT, **mistake} for mistake, _ in MISTAKES)])
    _, *told = re.split(r"^value (-?\d+): ", str(complaint.value), flags=re.MULTILINE)
    messages: dict[int, str] = defaultdict(str)
    for number, message in zip(told[::2], told[1::2], strict=True):
        messages[int(number)] += message.partition("\n  in {")[0]
    assert set(messages) == set(range(1, len(MISTAKES) + 1))
    for number, (_, word) in enumerate(MISTAKES, 1):
        assert word in messages[number]


def test_json_ld_is_found_as_a_browser_finds_it(tmp_path: Path) -> None:
    require(LINKED_DATA)
    script = '<script type="application/ld+json">{}</script>'
    safe = json.dumps(EVENT).replace("<", "\\u003c")
    good, cut = written(
        tmp_path,
        {
            "good.html": PAGE.replace("<style>", script.format(safe) + "<style>"),
            "cut.html": PAGE.replace("<style>", script.format(json.dumps(EVENT)) + "<style>"),
        },
    )
    assert linked_data(good) == [EVENT]
    with pytest.raises(Complaint, match="JSONDecodeError"):
        linked_data(cut)


def test_microformats_are_found_with_their_properties(tmp_path: Path) -> None:
    require(MICROFORMATS)
    good, bare = written(tmp_path, {"good.html": PAGE, "bare.html": PAGE.replace('"h-event"', '"event"')})
    feed, event = microformats(good)
    assert feed["type"] == ["h-feed"]
    assert event["type"] == ["h-event"]
    assert event["properties"]["start"] == ["1918-05-28"]
    assert event["properties"]["url"] == ["/events/x/"]
    assert [found["type"] for found in microformats(bare)] == [["h-feed"]]


@pytest.mark.parametrize(
    ("broken", "word"),
    [
        ({"titel": "Judged"}, "titel"),
        ({"title": None}, "title"),
        ({"version": "https://jsonfeed.org/version/2"}, "version"),
        ({"items": [{**FEED["items"][0], "date_published": "2026-05-27"}]}, "date_published"),
        ({"items": [{"content_text": "no id"}]}, "id"),
    ],
    ids=["misspelt key", "null", "version", "day in place of an instant", "no id"],
)
def test_json_feed_names_each_fault(broken: dict[str, Any], word: str, tmp_path: Path) -> None:
    require(JSON_SCHEMA)
    good, bad = written(tmp_path, {"good.json": json.dumps(FEED), "bad.json": json.dumps({**FEED, **broken})})
    json_feed([good])
    with pytest.raises(Complaint, match=word):
        json_feed([good, bad])


def test_schema_with_a_keyword_that_means_nothing_is_named(tmp_path: Path) -> None:
    require(JSON_SCHEMA)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}
    good, bad, data = written(
        tmp_path,
        {"good.json": json.dumps(schema), "bad.json": json.dumps({**schema, "propertys": {}}), "data.json": "{}"},
    )
    held_against(good, [data])
    with pytest.raises(Complaint, match="propertys"):
        held_against(bad, [data])


def test_list_of_subscriptions_is_read_as_meant(tmp_path: Path) -> None:
    require(OPML)
    (path,) = written(tmp_path, {"good.opml": SUBSCRIPTIONS})
    address = "https://calfeed.example/feed.rss"
    assert feedsmith_opml(path) == [ReadOutline(("By category",), "Days & more", "rss", address, "", "en")]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("xmlUrl", "xmlurl"), ("text=", "txt="), ("</body>", ""), ("&amp;", "&"), ("opml", "html")],
    ids=["address", "text", "cut", "unescaped", "not a list"],
)
def test_broken_list_of_subscriptions_is_noticed(right: str, wrong: str, tmp_path: Path) -> None:
    require(OPML)
    (path,) = written(tmp_path, {"broken.opml": SUBSCRIPTIONS.replace(right, wrong)})
    with pytest.raises(Complaint):
        feedsmith_opml(path)
