"""The calendar that is really published: its days, its sources, and what programs we did not write read in it."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from pathlib import Path

import icalendar
import pytest

from calfeed.domain.model import Calendar
from calfeed.domain.occurrences import resolve_occurrences
from calfeed.domain.texts import summary
from calfeed.storage.files import read_translations
from calfeed.storage.source import Reading, read_calendar
from tests.judges import CALENDAR_JUDGES, FEED_JUDGES, Judge, ReadEvent, ReadItem, require
from tests.support import NOW, REPOSITORY, Workshop

EVENTS = REPOSITORY / "events.yaml"


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_calendar(EVENTS.read_bytes(), file="events.yaml", translations=read_translations(EVENTS))


@pytest.fixture(scope="module")
def calendar(reading: Reading) -> Calendar:
    return reading.calendar


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real calendar, published once."""
    workshop = Workshop(tmp_path_factory.mktemp("real"))
    workshop.places.events.write_bytes(EVENTS.read_bytes())
    shutil.copytree(EVENTS.parent / "translations", workshop.folder / "translations")
    workshop.build(NOW)
    return workshop.current


def test_it_has_neither_errors_nor_warnings(reading: Reading) -> None:
    assert reading.warnings == ()


def test_every_text_is_translated_into_every_language_from_what_stands_there_now(reading: Reading) -> None:
    assert reading.calendar.languages == ("en", "az", "he", "ru")
    assert {translation.state for translation in reading.translations} == {"current"}


@pytest.mark.parametrize("language", ["az", "he", "ru"])
def test_translations_keep_the_figures_and_the_attributions(language: str, reading: Reading) -> None:
    """A figure or a 'genocide' that is in one language only would be another statement."""
    genocide = {"en": "genocid", "az": "soyqırım", "he": "רצח עם", "ru": "геноцид"}
    for event in reading.calendar.events:
        for text in (event.description, event.disputed, *(claim.says for claim in event.claims)):
            if text is None:
                continue
            said = text[language].lower()
            assert (genocide["en"] in text["en"].lower()) == (genocide[language] in said), (event.id, said)
            figures = {figure for figure in re.findall(r"\d[\d,]*\d(?!s)\b", text["en"]) if len(figure) > 2}
            told = set(re.findall(r"\d+", re.sub(r"(?<=\d)[\s,.](?=\d{3})", "", said)))
            assert {figure.replace(",", "") for figure in figures} <= told, (event.id, said)


@pytest.mark.parametrize("language", ["az", "he", "ru"])
def test_one_uid_in_every_language(language: str, site: Path) -> None:
    calendars = [
        icalendar.Calendar.from_ical((site / path / "calendar.ics").read_bytes()) for path in ("", language)
    ]
    english, other = ({str(e["UID"]): e.decoded("DTSTART") for e in c.walk("VEVENT")} for c in calendars)
    assert english == other


def test_agenda_of_six_hundred_days(calendar: Calendar) -> None:
    days = (NOW.date(), NOW.date() + dt.timedelta(days=600))
    found = {
        (o.dtstart.isoformat(), o.dtend.isoformat(), summary(calendar, o, "en"))
        for o in resolve_occurrences(calendar, days)
    }
    assert {
        ("2026-12-25", "2026-12-26", "Israel’s recognition of Azerbaijan: 35th anniversary"),
        ("2027-01-20", "2027-01-21", "Black January: 37th anniversary"),
        ("2027-02-25", "2027-02-27", "Khojaly massacre: 35th anniversary"),
        ("2027-04-07", "2027-04-08", "Azerbaijan–Israel diplomatic relations: 35th anniversary"),
        ("2027-05-04", "2027-05-05", "Yom HaShoah 2027"),
        ("2027-06-20", "2027-06-21", "Father’s Day (United States) 2027"),
        ("2028-02-25", "2028-02-27", "Khojaly massacre: 36th anniversary"),
        ("2028-04-24", "2028-04-25", "Yom HaShoah 2028"),
    } <= found


@pytest.mark.parametrize("judge", CALENDAR_JUDGES, ids=lambda judge: judge.name)
def test_every_calendar_is_read_alike(judge: Judge[ReadEvent], site: Path, calendar: Calendar) -> None:
    require(judge)
    data = {
        folder: {
            o["uid"]: o
            for event in json.loads((site / folder / "events.json").read_bytes())["events"]
            for o in event["occurrences"]
        }
        for folder in ("", *calendar.languages[1:])
    }
    paths = [*site.rglob("calendar.ics")]
    for path, events in zip(paths, judge.each(paths), strict=True):
        first = path.relative_to(site).parts[0]
        folder = first if first in calendar.languages else ""
        found = {read.uid: read for read in events}
        listed = re.findall(r"^UID:(.*)\r\n", path.read_bytes().replace(b"\r\n ", b"").decode(), re.MULTILINE)
        assert set(found) == {uid.replace("\\,", ",") for uid in listed}
        for uid, read in found.items():
            told = data[folder][uid]
            assert (str(read.start), str(read.end), read.summary) == (
                told["dtstart"],
                told["dtend"],
                told["title"],
            )
            assert read.description.endswith(f"/{uid.split(':')[2].split('/')[0]}/")


@pytest.mark.parametrize("judge", FEED_JUDGES, ids=lambda judge: judge.name)
@pytest.mark.parametrize("name", ["feed.rss", "feed.atom"])
def test_every_feed_is_read_alike(judge: Judge[ReadItem], name: str, site: Path) -> None:
    require(judge)
    for found in judge.each(path for path in site.rglob(name) if path.parent.name != "corrections"):
        assert 1 <= len(found) <= 40
        published = [item.published for item in found]
        assert published == sorted(published, key=lambda at: at or NOW, reverse=True)
        assert len({item.id for item in found}) == len(found)


def test_every_category_has_feeds_and_every_entry_a_page(site: Path, calendar: Calendar) -> None:
    for event in calendar.events:
        assert (site / "events" / event.id / "index.html").exists()
    published = {path.parent.name for path in site.glob("categories/*/calendar.ics")}
    with_days = {
        category["slug"] if isinstance(category, dict) else category
        for event in json.loads((site / "events.json").read_bytes())["events"]
        if event["occurrences"]
        for category in event["categories"]
    }
    assert published == with_days


def test_disagreement_about_the_diplomatic_relations_is_told(calendar: Calendar) -> None:
    (event,) = [e for e in calendar.events if e.id == "diplomatic-relations-1992"]
    assert event.date is not None
    assert event.date.text == "1992-04-07"
    assert {claim.date.text for claim in event.claims if claim.date} == {"1992-04-07", "1992-04-08"}
    assert event.disputed is not None
    assert "8 April" in event.disputed["en"]


def test_titles_pass_no_verdict_and_carry_no_year(calendar: Calendar) -> None:
    verdicts = re.compile(r"genocide|liberat|occup|terror|martyr|hero|atrocit|happy", re.IGNORECASE)
    for event in calendar.events:
        title = event.title["en"]
        assert not verdicts.search(title), title
        assert not re.search(r"\b(1[5-9]|20)\d\d\b", title), title
        assert "massacre" not in title.lower() or event.id == "khojaly-1992", title


def test_verdicts_in_texts_are_attributed(calendar: Calendar) -> None:
    verdict = re.compile(r"genocid|terroris|\bliberat|occup(ied|ation)|martyr(?!s’ lane)|atrocit", re.IGNORECASE)
    saying = re.compile(r"descri[bp]|call|ask|liken|\bsa(id|ys?)\b|names?\b|counts?\b|title|‘|“", re.IGNORECASE)
    for event in calendar.events:
        for text in (event.description["en"], event.disputed["en"] if event.disputed else ""):
            for sentence in re.split(r"(?<=[.;:]) ", text):
                assert not verdict.search(sentence) or saying.search(sentence), (event.id, sentence)


def test_deaths_are_not_celebrated(calendar: Calendar) -> None:
    for event in calendar.events:
        if re.search(r"massacre|death|killed|attack|war\b", event.title["en"], re.IGNORECASE):
            assert event.tone in ("mourning", "neutral"), event.id


def test_refused_events_and_file_names_of_the_documents_are_in_no_output(site: Path) -> None:
    refused = re.findall(r"^\s+- what: (.*)$", EVENTS.read_text(), re.MULTILINE) + re.findall(
        r"\{what: \"?([^,\"}]*)", EVENTS.read_text()
    )
    assert refused
    for path in site.rglob("*"):
        if path.is_file():
            text = path.read_text()
            assert not re.search(r"\d{3}_[0-9a-f]{16}", text), path
            assert not [what for what in refused if len(what) > 25 and what in text], path
