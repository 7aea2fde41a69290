"""The calendar file: rows C1–C37 of docs/clients.md that concern it, read back by programs we did not write."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from calfeed.domain.model import Edition
from calfeed.formats.icalendar import render
from tests.judges import CALENDAR_JUDGES, Judge, ReadEvent, python_icalendar, require
from tests.support import NOW, edition, event, read, uid, verify

HEBREW = event(
    "yom-hashoah",
    date=None,
    observed={"rule": "hebrew", "day": "27", "month": "nisan", "evening": "true", "shift": "yom-hashoah"},
)
NIGHT = event("khojaly-1992", date="1992-02-25/1992-02-26", night="true", location={"en": "Khojaly, Azerbaijan"})
HARD = event(
    "hard",
    title={"en": "Ünïcödé; commas, “quotes” & <tags> \\ 👩‍👩‍👧‍👦 שָׁלוֹם"},
    description={"en": "Line one.\n\nLine two: BEGIN:VEVENT; a\\b, c — " + "ə" * 200},
    date="2024-02-29",
    observed={"rule": "annual", "leap": "backward"},
    location={"en": "Bakı; Azərbaycan, “here”"},
)


def written(shown: Edition) -> bytes:
    (document,) = render(shown)
    return b"".join(document.chunks)


def whole() -> Edition:
    return edition(read(event(), NIGHT, HEBREW, HARD))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "calendar.ics"
    path.write_bytes(written(whole()))
    return path


def lines(data: bytes) -> list[str]:
    return data.replace(b"\r\n ", b"").decode().split("\r\n")


@pytest.mark.parametrize("judge", CALENDAR_JUDGES, ids=lambda judge: judge.name)
def test_every_reader_finds_the_same_events(judge: Judge[ReadEvent], file: Path) -> None:
    require(judge)
    found = {read.uid: read for read in judge.read(file)}
    expected = {e.occurrence.uid: e.occurrence for e in whole().entries}
    assert {u: (r.start, r.end) for u, r in found.items()} == {
        u: (o.dtstart, o.dtend) for u, o in expected.items()
    }
    assert found[uid("black-january-1990", 2027)].summary == "Black January 1990: 37th anniversary"
    assert found[uid("hard", 2027)].summary == f"{HARD['title']['en']}: 3rd anniversary"
    assert "Line one.\n\nLine two: BEGIN:VEVENT; a\\b, c" in found[uid("hard", 2027)].description
    assert {r.sequence for r in found.values()} == {0}
    assert {r.dtstamp for r in found.values()} <= {NOW, None}


def test_dtstart_and_dtend_are_days_and_the_end_is_exclusive() -> None:
    text = lines(written(edition(read(NIGHT))))
    assert "DTSTART;VALUE=DATE:20270225" in text
    assert "DTEND;VALUE=DATE:20270227" in text


def test_no_line_that_breaks_clients() -> None:
    text = lines(written(whole()))
    for name in ("METHOD", "RRULE", "RDATE", "RECURRENCE-ID", "BEGIN:VALARM", "BEGIN:VTIMEZONE", "EXDATE"):
        assert not [line for line in text if line.startswith(name)], name
    assert not [line for line in text if re.match("DT(START|END).*(Z|TZID)", line)]
    head = text[: text.index("BEGIN:VEVENT")]
    assert not [line for line in head if line.startswith("UID")]


def test_calendar_is_named_and_asks_for_a_daily_refresh() -> None:
    head = lines(written(whole()))
    for line in (
        "VERSION:2.0",
        "PRODID:-//calfeed//calfeed//EN",
        "CALSCALE:GREGORIAN",
        "NAME;LANGUAGE=en:Days\\, kept\\; by us",
        "X-WR-CALNAME:Days\\, kept\\; by us",
        "DESCRIPTION;LANGUAGE=en:A calendar made for a test.",
        "X-WR-CALDESC:A calendar made for a test.",
        "URL:https://calfeed.example/",
        "SOURCE;VALUE=URI:https://calfeed.example/calendar.ics",
        "COLOR:slategray",
        "X-APPLE-CALENDAR-COLOR:#708090",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        "X-PUBLISHED-TTL:P1D",
    ):
        assert line in head, line


def test_category_calendar_has_its_own_name_address_and_color() -> None:
    head = lines(written(edition(read(), path="categories/history/")))
    assert "NAME;LANGUAGE=en:History – Days\\, kept\\; by us" in head
    assert "SOURCE;VALUE=URI:https://calfeed.example/categories/history/calendar.ics" in head
    assert "COLOR:maroon" in head


def test_day_does_not_block_anybodys_time() -> None:
    found = lines(written(edition(read())))
    for line in ("TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"):
        assert found.count(line) == 7, line


def test_dtstamp_is_when_the_content_changed() -> None:
    found = lines(written(edition(read(), now=NOW + dt.timedelta(days=5))))
    assert "DTSTAMP:20261127T060000Z" in found
    assert "LAST-MODIFIED:20261127T060000Z" in found


def events(shown: Edition, tmp_path: Path) -> dict[str, ReadEvent]:
    path = tmp_path / "calendar.ics"
    path.write_bytes(written(shown))
    return {found.uid: found for found in python_icalendar(path)}


def test_description_is_plain_text_and_ends_with_the_link(tmp_path: Path) -> None:
    text = events(edition(read(NIGHT)), tmp_path)[uid("khojaly-1992", 2027)].description
    assert text.endswith("\n\nhttps://calfeed.example/events/khojaly-1992/")
    assert "Date: the night of 25–26 February 1992" in text
    assert "Sources: A report (A publisher, 2023)" in text


def test_evening_before_stands_in_the_text_and_the_event_on_its_civil_day(tmp_path: Path) -> None:
    shifted = events(edition(read(HEBREW)), tmp_path)[uid("yom-hashoah", 5788)]
    assert shifted.start == dt.date(2028, 4, 24)
    assert "Monday 24 April 2028 (28 Nisan 5788, moved from its usual day)" in shifted.description
    assert "from sunset of Sunday 23 April 2028" in shifted.description
    assert shifted.summary == "Yom Hashoah 2028"


def test_every_line_fits_75_octets_and_is_whole_utf8() -> None:
    for line in written(whole()).split(b"\r\n"):
        assert len(line) <= 75
        line.decode()


def budgeted(**budget: str) -> tuple[list[int], tuple[str, ...]]:
    (document,) = render(edition(read(budget=budget)))
    return [e.occurrence.dtstart.year for e in document.entries or ()], document.warnings


def test_over_the_budget_the_far_past_goes_first_then_the_far_future() -> None:
    assert budgeted()[0] == [2025, 2026, 2027, 2028, 2029, 2030, 2031]
    assert budgeted(events="6")[0] == [2026, 2027, 2028, 2029, 2030, 2031]
    years, warnings = budgeted(events="3")
    assert years == [2026, 2027, 2028]
    assert warnings == (
        "calendar.ics: 4 of 7 occurrences are over the budget and left out; "
        "narrow `window`, or point subscribers to the category calendars",
    )


def test_budget_counts_the_bytes_of_the_file() -> None:
    long = event(description={"en": "word " * 700})
    (document,) = render(edition(read(long, budget={"bytes": "10000"})))
    assert 1 <= len(document.entries or ()) < 7
    assert sum(map(len, document.chunks)) <= 10_000


def test_one_entry_stays_whatever_the_budget() -> None:
    long = event(description={"en": "word " * 700}, date="2020-01-20", observed="once")
    (document,) = render(edition(read(long, long | {"id": "b", "date": "2021-01-20"}, budget={"events": "1"})))
    assert [e.occurrence.event.id for e in document.entries or ()] == ["b"]


def test_empty_selection_and_single_events_have_no_calendar_file() -> None:
    found = read(event(), event("school", date="1901", observed="background"))
    assert list(render(edition(found, path="events/school/"))) == []


def test_what_is_written_passes_the_verifier() -> None:
    (document,) = render(whole())
    verify(document.path, b"".join(document.chunks), document.entries)
