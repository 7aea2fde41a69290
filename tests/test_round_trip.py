"""One fact, every output: what each published file says of an occurrence, read by programs that we did not write.

`OUTPUTS` is the table: whatever holds occurrences has a line, with a reader from a file to what stands in it. They
are compared with the domain (`occurrences`, `texts`), never with each other, so none can hide behind another.
"""

from __future__ import annotations

import csv
import datetime as dt
import html
import json
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import feedparser
import icalendar
import pytest

from calfeed.build import Report
from calfeed.domain.model import Calendar, Event, Occurrence
from calfeed.domain.occurrences import due, resolve_occurrences, window_days
from calfeed.domain.texts import citation, summary
from calfeed.storage.files import read_translations
from calfeed.storage.source import read_calendar
from tests.judges import (
    CALENDAR_JUDGES,
    FEED_JUDGES,
    JCAL_JUDGES,
    LINKED_DATA,
    MICROFORMATS,
    Judge,
    ReadEvent,
    ReadItem,
    require,
)
from tests.judges.linked import linked_data, microformats, schema_org
from tests.support import NOW, REPOSITORY, Workshop

EVENTS = REPOSITORY / "events.yaml"
LANGUAGES = ("en", "az", "he", "ru")


@dataclass(frozen=True)
class Told:
    """What a file says of one occurrence; None where the format, or its reader, has no place for that."""

    title: str
    days: tuple[str, str] | None = None  # the first, and the day after the last
    text: str | None = None  # in which every source is cited


Facts = Mapping[str, Told]  # by uid, in the order of the file


@dataclass(frozen=True)
class Output:
    """A file by its name; `feed` holds only what has entered the feeds, newest first; else all of it by day."""

    filename: str
    read: Callable[[Path], Facts]
    feed: bool = False
    by_day: bool = True


def by_icalendar(path: Path) -> Facts:
    return _components(icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT"))


def by_icalendar_as_jcal(path: Path) -> Facts:
    return _components(icalendar.Calendar.from_jcal(path.read_text(encoding="utf-8")).walk("VEVENT"))


def _components(events: Iterable[Any]) -> Facts:
    return {
        str(e["UID"]): Told(str(e["SUMMARY"]), (str(e["DTSTART"].dt), str(e["DTEND"].dt)), str(e["DESCRIPTION"]))
        for e in events
    }


def by_feedparser(path: Path) -> Facts:
    feed = feedparser.parse(path.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
    assert not feed.bozo, feed.bozo_exception
    return {
        e.id: Told(html.unescape(e.title), text=_plain(e.content[0].value if "content" in e else e.summary))
        for e in feed.entries
    }


def by_json_of_the_feed(path: Path) -> Facts:
    return {
        item["id"]: Told(
            item["title"],
            (item["_calfeed"]["dtstart"], item["_calfeed"]["dtend"]),
            _plain(item["content_html"]),
        )
        for item in json.loads(path.read_bytes())["items"]
    }


def by_json(path: Path) -> Facts:
    return {
        o["uid"]: Told(
            o["title"], (o["dtstart"], o["dtend"]), "\n".join(c["source"]["citation"] for c in e["claims"])
        )
        for e in json.loads(path.read_bytes())["events"]
        for o in e["occurrences"]
    }


def by_csv(path: Path) -> Facts:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file, strict=True) if row["uid"]]
    return {
        row["uid"]: Told(row["title"], (row["first_day"], _after(row["last_day"])), row["sources"]) for row in rows
    }


def _after(day: str) -> str:
    return str(dt.date.fromisoformat(day) + dt.timedelta(days=1))


def _plain(content: str) -> str:
    """The text of HTML as readers see it."""
    return html.unescape(re.sub("<[^>]*>", "\n", content))


OUTPUTS = (
    Output("calendar.ics", by_icalendar),
    Output("calendar-alarms.ics", by_icalendar),
    Output("calendar.jcal", by_icalendar_as_jcal),
    Output("events.json", by_json, by_day=False),
    Output("events.csv", by_csv),
    Output("feed.rss", by_feedparser, feed=True),
    Output("feed.atom", by_feedparser, feed=True),
    Output("feed.json", by_json_of_the_feed, feed=True),
)
FILENAMES = {output.filename: output for output in OUTPUTS}


@dataclass(frozen=True)
class Published:
    """The real calendar, compiled once: its folder, and what the domain says should stand there."""

    calendar: Calendar
    folder: Path
    report: Report
    occurrences: tuple[Occurrence, ...]

    def files(self, language: str, filename: str) -> list[Path]:
        """Every file of that name in that language."""
        own = self.folder / self.calendar.language_path(language)
        others = {self.folder / tag for tag in self.calendar.languages[1:]} - {own}
        found = (
            path for path in own.rglob(filename) if path.parent.name != "corrections"
        )  # no list of occurrences
        return sorted(path for path in found if others.isdisjoint(path.parents))

    def expected(self, path: Path, language: str, *, feed: bool) -> list[Occurrence]:
        """The occurrences of a part, which its folder names; in feeds, the newest of those that have come."""
        folder = path.parent.relative_to(self.folder / self.calendar.language_path(language)).as_posix()
        found = [o for o in self.occurrences if _belongs(o.event, folder)]
        if not feed:
            return found
        come = [o for o in found if due(self.calendar, o) <= NOW]
        come.sort(key=lambda o: (due(self.calendar, o), o.dtstart, o.uid), reverse=True)
        return come[: self.calendar.feed_items]


def _belongs(event: Event, folder: str) -> bool:
    kind, _, name = folder.partition("/")
    if kind == "events":
        return event.id == name
    if kind in ("categories", "compose"):
        return any(category.slug in name.split("+") for category in event.categories)
    return kind == "."


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    workshop = Workshop(tmp_path_factory.mktemp("round-trip"))
    workshop.places.events.write_bytes(EVENTS.read_bytes())
    shutil.copytree(EVENTS.parent / "translations", workshop.folder / "translations")
    report = workshop.build(NOW)
    reading = read_calendar(EVENTS.read_bytes(), file="events.yaml", translations=read_translations(EVENTS))
    days = window_days(reading.calendar, NOW)
    return Published(reading.calendar, workshop.current, report, resolve_occurrences(reading.calendar, days))


def check(told: Told, occurrence: Occurrence, calendar: Calendar, language: str) -> None:
    assert told.title == summary(calendar, occurrence, language)
    assert told.days in (None, (str(occurrence.dtstart), str(occurrence.dtend)))
    for claim in occurrence.event.claims if told.text is not None else ():
        assert citation(calendar, claim.source, language) in (told.text or ""), occurrence.uid


@pytest.mark.goal(
    "G16", "the real calendar: every published file read alike, in every language, by programs that are not ours"
)
def test_nothing_is_left_out_and_every_file_that_holds_occurrences_is_in_the_table(published: Published) -> None:
    assert published.report.warnings == ()
    assert published.calendar.languages == LANGUAGES
    lines = json.loads((published.folder / "manifest.json").read_bytes())["files"]
    holding = {line["path"].rpartition("/")[2] for line in lines if line["events"] is not None}
    assert holding == set(FILENAMES)


@pytest.mark.goal(
    "G16", "the real calendar: every published file read alike, in every language, by programs that are not ours"
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_address_in_the_data_is_that_of_a_published_file(language: str, published: Published) -> None:
    own = published.folder / published.calendar.language_path(language)
    data = json.loads((own / "events.json").read_bytes())
    parts = [data, *data["categories"], *data["events"]]
    listed = [address for part in parts for address in part.get("addresses", {}).values()]
    assert len(listed) > 100
    for address in (*listed, *(part["url"] + "index.html" for part in parts), data["$schema"]):
        path = published.folder / address.removeprefix(published.calendar.url)
        assert path.is_file(), address


@pytest.mark.goal(
    "G16", "the real calendar: every published file read alike, in every language, by programs that are not ours"
)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("output", OUTPUTS, ids=lambda output: output.filename)
def test_every_file_says_of_every_occurrence_what_the_domain_says(
    output: Output, language: str, published: Published
) -> None:
    files = published.files(language, output.filename)
    assert files
    for path in files:
        found, expected = output.read(path), published.expected(path, language, feed=output.feed)
        assert sorted(found) == sorted(o.uid for o in expected), path
        assert list(found) == [o.uid for o in expected] or not output.by_day, path
        for occurrence in expected:
            check(found[occurrence.uid], occurrence, published.calendar, language)


@pytest.mark.goal(
    "G16", "the real calendar: every published file read alike, in every language, by programs that are not ours"
)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("judge", [*CALENDAR_JUDGES, *JCAL_JUDGES], ids=lambda judge: judge.name)
def test_every_calendar_program_reads_it_so(judge: Judge[ReadEvent], language: str, published: Published) -> None:
    require(judge)
    names = ("calendar.jcal",) if judge.kind == "jcal" else ("calendar.ics", "calendar-alarms.ics")
    paths = [path for name in names for path in published.files(language, name)]
    for path, events in zip(paths, judge.each(paths), strict=True):
        found = {e.uid: Told(e.summary, (str(e.start), str(e.end)), e.description) for e in events}
        expected = published.expected(path, language, feed=False)
        assert len(events) == len(expected)
        for occurrence in expected:
            check(found[occurrence.uid], occurrence, published.calendar, language)


@pytest.mark.goal(
    "G16", "the real calendar: every published file read alike, in every language, by programs that are not ours"
)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("judge", FEED_JUDGES, ids=lambda judge: judge.name)
def test_every_feed_reader_reads_it_so(judge: Judge[ReadItem], language: str, published: Published) -> None:
    require(judge)
    names = [name for name in ("feed.rss", "feed.atom", "feed.json") if Path(name).suffix in judge.suffixes]
    paths = [path for name in names for path in published.files(language, name)]
    for path, items in zip(paths, judge.each(paths), strict=True):
        assert [(item.id, item.title) for item in items] == [
            (o.uid, summary(published.calendar, o, language))
            for o in published.expected(path, language, feed=True)
        ]


@pytest.mark.goal(
    "G16", "the real calendar: every published file read alike, in every language, by programs that are not ours"
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_entries_say_so_in_microformats_and_in_words(language: str, published: Published) -> None:
    require(MICROFORMATS)
    pages = [path for path in published.files(language, "index.html") if path.parent.parent.name == "events"]
    for path in pages:
        if not (expected := published.expected(path, language, feed=False)):
            continue
        text = _plain(path.read_text(encoding="utf-8"))
        found = {e["uid"][0]: e for e in _events_of(path)}
        assert list(found) == [o.uid for o in expected]
        for occurrence in expected:
            told = found[occurrence.uid]
            days = (told["start"][0], told["end"][0])
            check(Told(told["name"][0], days, text), occurrence, published.calendar, language)


def _events_of(path: Path) -> list[Mapping[str, list[str]]]:
    """The occurrences on a page, as mf2py finds them; the entry itself has no uid."""
    found = (item["properties"] for item in microformats(path) if "h-event" in item["type"])
    return [event for event in found if "uid" in event]


@pytest.mark.goal(
    "G16", "the real calendar: every published file read alike, in every language, by programs that are not ours"
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_start_page_lists_what_comes_next_and_the_year(language: str, published: Published) -> None:
    require(MICROFORMATS)
    path = published.folder / published.calendar.language_path(language) / "index.html"
    to_come = [o.uid for o in published.occurrences if o.dtend > NOW.date()][:6]
    of_the_year = [o.uid for o in published.occurrences if o.dtstart.year == NOW.year]
    assert [event["uid"][0] for event in _events_of(path)] == [*to_come, *of_the_year]


@pytest.mark.goal(
    "G16", "the real calendar: every published file read alike, in every language, by programs that are not ours"
)
def test_what_pages_say_as_linked_data_is_schema_org_and_names_the_days_that_come(
    published: Published, *, thorough: bool
) -> None:
    require(LINKED_DATA)
    values = []
    for language in ("he", "en") if thorough else ("he",):  # reading takes a while, and the rest is one template
        pages = [path for path in published.files(language, "index.html") if path.parent.name != "compose"]
        for path in pages:
            found = linked_data(path)
            values += found
            told = [event for value in found for event in value.get("mentions", [])]
            to_come = [o for o in published.expected(path, language, feed=False) if o.dtend > NOW.date()]
            if path.parent.parent.name == "events":
                assert [(e["identifier"], e["name"], e["startDate"], _after(e["endDate"])) for e in told] == [
                    (o.uid, summary(published.calendar, o, language), str(o.dtstart), str(o.dtend))
                    for o in to_come
                ]
    assert len(values) > 100
    schema_org(values)
