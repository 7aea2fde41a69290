"""calendar.jcal: the calendar as JSON (RFC 7265)."""

from __future__ import annotations

import json
from typing import Any

import icalendar
import pytest

from calfeed.domain.model import Edition
from calfeed.formats.icalendar import render, render_jcal
from tests.support import NOW, edition, event, read, uid, verify

NIGHT = event("khojaly-1992", date="1992-02-25/1992-02-26", night="true", location={"en": "Khojaly; Azerbaijan"})
HARD = event(
    "hard",
    title={"en": "Ünïcödé; commas, “quotes” & <tags> \\ 👩‍👩‍👧‍👦 שָׁלוֹם"},
    description={"en": 'Line one.\n\nLine two: "a\\b", c — ' + "ə" * 200},
    date="1991-11-01",
)


def shown(path: str = "", **keys: object) -> Edition:
    return edition(read(event(), NIGHT, HARD, **keys), path=path)


def written(found: Edition) -> list[Any]:
    (document,) = render_jcal(found)
    parsed: list[Any] = json.loads(b"".join(document.chunks))
    return parsed


def as_ics(found: Edition) -> icalendar.Calendar:
    (document,) = render(found)
    parsed = icalendar.Calendar.from_ical(b"".join(document.chunks))
    assert isinstance(parsed, icalendar.Calendar)
    return parsed


def values(properties: list[Any]) -> list[tuple[str, str]]:
    """Name and value; what RFC 7986 added the library reads as it stands, with its escapes."""
    return sorted((p[0], p[3].replace("\\", "")) for p in properties if p[0] != "source")


def test_it_is_what_the_calendar_file_says() -> None:
    (name, properties, components), told = written(shown()), as_ics(shown()).to_jcal()
    assert name == told[0] == "vcalendar"
    assert values(properties) == values(told[1])
    assert ["name", {"language": "en"}, "text", "Days, kept; by us"] in properties
    assert ["source", {}, "uri", "https://calfeed.example/calendar.jcal"] in properties
    assert [c[0] for c in components] == ["vevent"] * 21
    assert [sorted(c[1]) for c in components] == [sorted(c[1]) for c in told[2]]


def test_a_library_reads_the_same_events_back_from_it() -> None:
    read_back = icalendar.Calendar.from_jcal(written(shown()))
    assert [e.to_ical() for e in read_back.walk("VEVENT")] == [e.to_ical() for e in as_ics(shown()).walk("VEVENT")]


def test_days_instants_and_texts_are_as_the_standard_has_them() -> None:
    components = written(shown())[2]
    found = {p[0]: p for c in components for p in c[1] if ["uid", {}, "text", uid("hard", 2027)] in c[1]}
    assert found["dtstart"] == ["dtstart", {}, "date", "2027-11-01"]
    assert found["dtend"] == ["dtend", {}, "date", "2027-11-02"]
    assert found["dtstamp"] == ["dtstamp", {}, "date-time", f"{NOW:%Y-%m-%dT%H:%M:%SZ}"]
    assert found["sequence"] == ["sequence", {}, "integer", 0]
    assert found["summary"] == ["summary", {"language": "en"}, "text", f"{HARD['title']['en']}: 36th anniversary"]
    assert 'Line one.\n\nLine two: "a\\b", c — ə' in found["description"][3]


def test_it_holds_what_the_budget_leaves_in_the_calendar_file() -> None:
    exact = len(b"".join(next(render(shown(budget={"bytes": "12000"}))).chunks))
    for budget in ({"events": "4"}, {"bytes": "12000"}, {"bytes": str(exact)}):
        (calendar,), (jcal,) = render(shown(budget=budget)), render_jcal(shown(budget=budget))
        kept = [entry.occurrence.uid for entry in calendar.entries or ()]
        assert 1 <= len(kept) < 21
        assert [entry.occurrence.uid for entry in jcal.entries or ()] == kept
        assert jcal.warnings == ()  # told once, at the calendar file


def test_whole_calendars_and_subjects_have_one_but_single_entries_do_not() -> None:
    assert written(shown("categories/history/"))[0] == "vcalendar"
    assert list(render_jcal(shown("events/hard/"))) == []


def test_what_is_written_passes_the_verifier_and_damage_does_not() -> None:
    (document,) = render_jcal(shown())
    data = b"".join(document.chunks)
    assert document.media_type == "application/calendar+json"
    verify(document.path, data, document.entries)
    for damaged in (
        data[:-9],
        data.replace(b"2027-11-01", b"2027-11-03", 1),
        data.replace(b"hard/2027", b"hard/1"),
    ):
        with pytest.raises(Exception, match="does not read back"):
            verify(document.path, damaged, document.entries)
