"""calendar-alarms.ics: the calendar with one reminder for each occurrence, for those who ask for it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import icalendar
import pytest

from calfeed.domain.model import Edition
from calfeed.domain.wording import LANGUAGES
from calfeed.formats.icalendar import render, render_alarms
from tests.judges import CALENDAR_JUDGES, Judge, ReadEvent, require
from tests.support import edition, event, read, verify

NIGHT = event("khojaly-1992", date="1992-02-25/1992-02-26", night="true")
HARD = event("hard", title={"en": "Ünïcödé; commas, “quotes” \\ 👩‍👩‍👧‍👦 שָׁלוֹם"}, date="1991-11-01")
SCHOOL = event("school", date="1901", observed="background")


def shown(path: str = "", **keys: object) -> Edition:
    return edition(read(event(), NIGHT, HARD, SCHOOL, **keys), path=path)


def alarms(found: Edition) -> bytes:
    (document,) = render_alarms(found)
    return b"".join(document.chunks)


def plain(found: Edition) -> bytes:
    (document,) = render(found)
    return b"".join(document.chunks)


@pytest.mark.parametrize("judge", CALENDAR_JUDGES, ids=lambda judge: judge.name)
def test_readers_find_the_events_of_the_calendar_without_alarms(judge: Judge[ReadEvent], tmp_path: Path) -> None:
    require(judge)
    for name, data in (("alarms.ics", alarms(shown())), ("plain.ics", plain(shown()))):
        (tmp_path / name).write_bytes(data)
    assert judge.read(tmp_path / "alarms.ics") == judge.read(tmp_path / "plain.ics")


def test_one_alarm_shows_the_title_at_nine_in_the_morning_of_the_first_day() -> None:
    events: list[Any] = icalendar.Calendar.from_ical(alarms(shown())).walk("VEVENT")
    assert len(events) == 21
    for found in events:
        (alarm,) = found.subcomponents
        assert (alarm.name, set(alarm)) == ("VALARM", {"ACTION", "TRIGGER", "DESCRIPTION"})
        assert alarm["ACTION"] == "DISPLAY"
        assert alarm["DESCRIPTION"] == found["SUMMARY"]
        assert alarm["TRIGGER"].dt == dt.timedelta(hours=9)
        assert not alarm["TRIGGER"].params  # so it counts from the start: RFC 5545 §3.8.6.3
        (rings,) = found.alarms.times
        first = dt.datetime.combine(found["DTSTART"].dt, dt.time(9))
        assert rings.trigger.replace(tzinfo=None) == first


def test_everything_but_the_alarm_and_the_name_is_as_in_the_other_calendar() -> None:
    with_alarms = icalendar.Calendar.from_ical(alarms(shown()))
    for found in with_alarms.walk("VEVENT"):
        found.subcomponents.clear()
    without = icalendar.Calendar.from_ical(plain(shown()))
    assert [e.to_ical() for e in with_alarms.walk("VEVENT")] == [e.to_ical() for e in without.walk("VEVENT")]
    assert with_alarms["NAME"] == with_alarms["X-WR-CALNAME"] == f"{without['NAME']} (with reminders)"
    assert with_alarms["SOURCE"] == "https://calfeed.example/calendar-alarms.ics"


def test_the_calendar_that_nobody_asked_for_alarms_has_none() -> None:
    for path in ("", "categories/history/", "events/hard/"):
        assert b"VALARM" not in plain(shown(path))


@pytest.mark.parametrize("language", [tag for tag in LANGUAGES if tag != "en"])
def test_it_is_named_in_its_language(language: str) -> None:
    titles = {"title": {"en": "Days", language: "12"}, "languages": ["en", language]}
    found = icalendar.Calendar.from_ical(alarms(shown(f"{language}/", **titles)))
    assert found["NAME"] == LANGUAGES[language].labels["with_alarms"].format("12")
    assert found["NAME"].params["LANGUAGE"] == language


def test_parts_have_one_but_single_entries_and_parts_without_a_day_do_not() -> None:
    assert b"categories/history/calendar-alarms.ics" in alarms(shown("categories/history/")).replace(b"\r\n ", b"")
    assert list(render_alarms(shown("events/hard/"))) == []
    assert list(render_alarms(shown("events/school/"))) == []


def test_alarms_count_in_the_budget_of_their_own_file() -> None:
    long = event(description={"en": "word " * 380})
    room = len(plain(edition(read(long))))  # for every event, but not for their alarms
    found = edition(read(long, budget={"bytes": str(room)}))
    (with_alarms,), (without,) = render_alarms(found), render(found)
    assert [e.occurrence.dtstart.year for e in without.entries or ()] == list(range(2025, 2032))
    assert [e.occurrence.dtstart.year for e in with_alarms.entries or ()] == list(range(2026, 2032))
    assert sum(map(len, with_alarms.chunks)) <= room
    assert (without.omitted, without.warnings, with_alarms.omitted) == (0, (), 0)  # pages speak of the other file
    assert with_alarms.warnings[0].startswith("calendar-alarms.ics: 1 of 7 occurrences are over the budget")


def test_what_is_written_passes_the_verifier_and_is_no_calendar_without_alarms() -> None:
    (document,) = render_alarms(shown())
    verify(document.path, alarms(shown()), document.entries)
    with pytest.raises(Exception, match="an alarm where there should be none"):
        verify("calendar.ics", alarms(shown()), document.entries)
