"""A calendar in several languages: every output says in which one a text is, a missing translation included."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import icalendar
import pytest

from calfeed.domain.editions import editions
from calfeed.domain.model import Calendar, Document, Edition, Format
from calfeed.domain.texts import said_summary
from calfeed.domain.wording import LANGUAGES
from calfeed.domain.wording.bidi import isolated
from calfeed.formats import FORMATS, data, html, syndication
from calfeed.formats import icalendar as ics
from tests.support import NOW, Values, edition, event, read, revised

FSI, PDI = "\u2068", "\u2069"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
TRANSLATED = event(
    title={"en": "Black January", "he": "ינואר השחור", "az": "Qara Yanvar", "ru": "Чёрный январь"},
    description={"en": "Troops came.", "he": "צבא נכנס לעיר.", "az": "Qoşun gəldi.", "ru": "Вошли войска."},
    location={"en": "Baku", "he": "באקו", "az": "Bakı", "ru": "Баку"},
    tone="mourning",
)
UNTRANSLATED = event(
    "opening-1992", title={"en": "Opening of an embassy"}, date="1992-08-01", location={"en": "Tel Aviv"}
)


def several(*languages: str, more: Sequence[Values] = ()) -> Calendar:
    """Two entries, one of them in English alone, in a calendar of these languages; and those that a test adds."""
    return read(
        TRANSLATED,
        UNTRANSLATED,
        *more,
        languages=list(languages),
        title={"en": "Days", "he": "ימים", "az": "Günlər", "ru": "Дни"},
        categories={"history": {"title": {"en": "History", "he": "היסטוריה"}}},
    )


def written(found: Edition, format_: Format) -> str:
    (document, *_) = format_.render(found)
    return b"".join(document.chunks).decode()


def text(document: Document) -> str:
    return b"".join(document.chunks).decode()


def event_page(calendar: Calendar, path: str) -> str:
    found = next(e for e in editions(calendar, revised(calendar), NOW) if e.path == path)
    return written(found, html.PAGE)


@pytest.fixture(scope="module")
def hebrew() -> Edition:
    return edition(several("en", "he"), path="he/")


def components(found: Edition) -> dict[str, icalendar.Component]:
    calendar = icalendar.Calendar.from_ical(written(found, ics.ICALENDAR))
    return {str(c["SUMMARY"]).split(":")[0]: c for c in calendar.walk("VEVENT")}


def test_summary_that_falls_back_is_whole_in_the_first_language(hebrew: Edition) -> None:
    titles = {
        (said.text, said.language)
        for e in hebrew.entries
        if e.occurrence.dtstart.year == 2027
        for said in [said_summary(hebrew.calendar, e.occurrence, "he")]
    }
    assert titles == {
        ("ינואר השחור: יום השנה ה-37", "he"),
        ("Opening of an embassy: 35th anniversary", "en"),
    }


def test_calendar_file_says_in_which_language_each_property_is(hebrew: Edition) -> None:
    found = components(hebrew)
    translated, fallen = found["ינואר השחור"], found["Opening of an embassy"]
    tags = ("SUMMARY", "LOCATION", "DESCRIPTION", "CATEGORIES")
    assert [translated[name].params["LANGUAGE"] for name in tags] == ["he", "he", "he", "he"]
    assert [fallen[name].params["LANGUAGE"] for name in tags] == ["en", "en", "he", "he"]


def test_description_announces_a_fallback_before_it_and_keeps_it_apart(hebrew: Edition) -> None:
    description = str(components(hebrew)["Opening of an embassy"]["DESCRIPTION"])
    story = description.split("\n\n")[1]
    assert story == f"(באנגלית) {FSI}What happened, in the words of the curator of opening-1992.{PDI}"


def test_isolates_are_closed_within_their_line() -> None:
    calendar = several("en", *(tag for tag in LANGUAGES if tag != "en"))
    for tag in LANGUAGES:
        found = edition(calendar, path=calendar.language_path(tag))
        for line in written(found, ics.ICALENDAR).replace("\r\n ", "").split("\r\n"):
            assert line.count(FSI) == line.count(PDI), line
            assert tag == "he" or FSI not in line


def test_fallback_of_several_paragraphs_is_kept_apart_line_by_line() -> None:
    assert isolated("One.\n\nTwo.") == f"{FSI}One.{PDI}\n\n{FSI}Two.{PDI}"


def test_fallback_in_the_same_direction_is_announced_without_isolates() -> None:
    found = edition(several("en", "ru"), path="ru/")
    description = str(components(found)["Opening of an embassy"]["DESCRIPTION"])
    assert "(на английском языке) What happened" in description
    assert FSI not in description


def test_feed_marks_a_fallback_with_its_language_and_direction(hebrew: Edition) -> None:
    for format_ in (syndication.RSS, syndication.ATOM):
        text = ET.fromstring(written(hebrew, format_)).itertext()
        content = next(part for part in text if "opening-1992." in part and "<p" in part)
        assert '<p dir="rtl">(באנגלית) <span lang="en" dir="ltr">What happened' in content


def test_feeds_say_their_language(hebrew: Edition) -> None:
    rss = ET.fromstring(written(hebrew, syndication.RSS))
    atom = ET.fromstring(written(hebrew, syndication.ATOM))
    assert rss.findtext("channel/language") == "he"
    assert atom.get(XML_LANG) == "he"


def test_page_marks_what_is_in_another_language() -> None:
    page = event_page(several("en", "he"), "he/events/opening-1992/")
    assert '<html lang="he" dir="rtl">' in page
    assert (
        '<h1 class="p-name" id="content-title"><span lang="en" dir="ltr">Opening of an embassy</span></h1>' in page
    )
    assert '<p class="story p-summary"><span lang="en" dir="ltr">What happened' in page
    assert 'p-name"><span lang="en" dir="ltr">Opening of an embassy: 35th anniversary</span>' in page


def test_translated_page_marks_nothing_but_what_sources_say() -> None:
    page = event_page(several("en", "he"), "he/events/black-january-1990/")
    assert re.findall(r'<span lang="en"[^>]*>([^<]*)', page.partition("<main")[2]) == ["It says so."]


def test_addresses_stay_left_to_right_on_a_hebrew_page(hebrew: Edition) -> None:
    page = written(hebrew, html.PAGE)
    assert '<code id="address" dir="ltr">https://calfeed.example/he/calendar.ics</code>' in page
    assert " dir=" not in written(edition(several("en", "he")), html.PAGE).split("<head>")[1]


@pytest.mark.parametrize("path", ["", "categories/history/", "events/black-january-1990/"])
def test_pages_of_all_languages_point_to_each_other(path: str) -> None:
    calendar = several("en", "he", "az")
    wanted = {tag: f"https://calfeed.example/{calendar.language_path(tag)}{path}" for tag in ("en", "he", "az")}
    for tag in wanted:
        page = event_page(calendar, calendar.language_path(tag) + path)
        found = dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">', page))
        assert found == {"x-default": wanted["en"], **wanted}
        others = dict(re.findall(r'<a href="([^"]+)" hreflang="(\w+)" lang="\w+">', page))
        here = calendar.url + calendar.language_path(tag) + path
        assert not any(link.startswith("http") for link in others)  # a copy elsewhere keeps its readers
        assert {other: urljoin(here, link) for link, other in others.items()} == {
            other: address for other, address in wanted.items() if other != tag
        }


def test_one_language_alone_points_nowhere() -> None:
    assert "hreflang" not in written(edition(several("en")), html.PAGE)


def test_occurrence_has_one_uid_in_every_language_and_format() -> None:
    calendar = several("en", *(tag for tag in LANGUAGES if tag != "en"))
    uids = {
        frozenset(e.occurrence.uid for e in edition(calendar, path=calendar.language_path(tag)).entries)
        for tag in calendar.languages
    }
    assert len(uids) == 1


def test_data_names_what_is_not_translated(hebrew: Edition) -> None:
    assert '"untranslated": [\n    "title",\n    "description",\n    "location"\n   ]' in written(
        hebrew, data.EVENTS_JSON
    )
    assert "untranslated" not in written(edition(several("en", "he")), data.EVENTS_JSON)


@pytest.mark.parametrize("tag", [tag for tag in LANGUAGES if tag != "en"])
def test_page_speaks_its_language_alone(tag: str) -> None:
    more = [
        event("month-alone", date="1993-08", observed="background"),
        event("observance", date=None, observed={"rule": "annual", "day": "03-08"}),
    ]
    calendar = several("en", tag, more=more)
    found = (e for e in editions(calendar, revised(calendar), NOW) if e.language == tag)
    pages = unescape("".join(text(document) for e in found for document in html.PAGE.render(e)))
    own, english = LANGUAGES[tag].page, LANGUAGES["en"].page
    unused = {
        "copied",
        "omitted",
        "nothing_next",
        "no_corrections",
        "source_notes",
        "compose_ready",
        "compose_pattern",
        "too_many",
    }
    assert [key for key in own if own[key].split("{}")[0] not in pages and key not in unused] == []
    sentences = [part for text in english.values() for part in text.split("{}") if len(part.split()) > 2]
    assert len(sentences) > 20
    assert [sentence for sentence in sentences if sentence in pages] == []


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
def test_every_format_writes_every_language(format_: Format) -> None:
    calendar = several("en", *(tag for tag in LANGUAGES if tag != "en"))
    texts = {written(edition(calendar, path=calendar.language_path(tag)), format_) for tag in calendar.languages}
    assert len(texts) == len(LANGUAGES)
