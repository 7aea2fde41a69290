"""Every entry with a day has a calendar and feeds of its own, under its own name."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import icalendar
import pytest

from calfeed.domain.editions import editions
from calfeed.formats import FORMATS
from tests.support import NOW, Workshop, event, later, read, revised, uid, verify

ENTRY_FILES = ("calendar.ics", "feed.rss", "feed.atom", "feed.json")
OTHER = event("other", date="1991-12-25", title={"en": "Other", "he": "אחר"})
SCHOOL = event("school", date="1901", observed="background")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def files() -> dict[str, bytes]:
    """What two languages of a small calendar have below `events/`, all of it verified."""
    calendar = read(event(), OTHER, SCHOOL, languages=["en", "he"])
    found = {}
    for each in editions(calendar, revised(calendar), NOW):
        for format_ in FORMATS if each.selection.event else ():
            for document in format_.render(each):
                found[document.path] = b"".join(document.chunks)
                verify(document.path, found[document.path], document.entries)
    return found


def test_entries_with_a_day_have_all_four_in_each_language_and_others_a_page_alone(
    files: dict[str, bytes],
) -> None:
    expected = {
        f"{language}events/{id_}/{name}"
        for language in ("", "he/")
        for id_, names in {"black-january-1990": ENTRY_FILES, "other": ENTRY_FILES, "school": ()}.items()
        for name in (*names, "index.html")
    }
    assert set(files) == expected


def test_each_is_named_after_its_entry_in_the_language_of_the_title(files: dict[str, bytes]) -> None:
    for folder, name in (
        ("events/other/", "Other"),
        ("he/events/other/", "אחר"),
        ("he/events/black-january-1990/", "Black January 1990"),
    ):
        assert icalendar.Calendar.from_ical(files[f"{folder}calendar.ics"])["NAME"] == name
        assert ET.fromstring(files[f"{folder}feed.rss"]).findtext("channel/title") == name
        assert ET.fromstring(files[f"{folder}feed.atom"]).findtext(f"{ATOM}title") == name
        assert json.loads(files[f"{folder}feed.json"])["title"] == name


def test_each_holds_the_occurrences_of_its_entry_alone(files: dict[str, bytes]) -> None:
    calendar = icalendar.Calendar.from_ical(files["events/other/calendar.ics"])
    assert [e["UID"] for e in calendar.walk("VEVENT")] == [uid("other", n) for n in range(2025, 2032)]
    assert [item["id"] for item in json.loads(files["events/other/feed.json"])["items"]] == [uid("other", 2025)]


def test_each_says_where_it_is(files: dict[str, bytes]) -> None:
    base = "https://calfeed.example/he/events/other/"
    assert icalendar.Calendar.from_ical(files["he/events/other/calendar.ics"])["SOURCE"] == f"{base}calendar.ics"
    assert json.loads(files["he/events/other/feed.json"])["feed_url"] == f"{base}feed.json"
    (link,) = ET.fromstring(files["he/events/other/feed.rss"]).findall(f"channel/{ATOM}link[@rel='self']")
    assert link.get("href") == f"{base}feed.rss"
    ids = [ET.fromstring(files[path]).findtext(f"{ATOM}id") for path in files if path.endswith(".atom")]
    assert len(set(ids)) == len(ids)


def test_a_day_that_comes_moves_its_own_feed_and_no_other_entrys(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    workshop.write(event(), OTHER)
    workshop.build(NOW)
    before = workshop.files()
    workshop.build(later(days=34))
    after = workshop.files()
    changed = {path for path in after if path.startswith("events/") and after[path] != before[path]}
    feeds = {path for path in changed if not path.endswith("index.html")}
    assert feeds == {f"events/other/{name}" for name in ("feed.rss", "feed.atom", "feed.json")}
