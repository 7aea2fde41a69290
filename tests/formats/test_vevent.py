"""The events that calfeed writes are, line by line, those that the icalendar package writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import icalendar as ics
from hypothesis import given
from hypothesis import strategies as st

from calfeed.domain.contentlines import _pieces, fold, folded_lines, unfolded
from calfeed.domain.editions import editions
from calfeed.domain.model import Edition, Entry, Said
from calfeed.domain.texts import occurrence_paragraphs, said_summary
from calfeed.errors import SourceError
from calfeed.formats.vevent import jcal, vevent, with_alarm
from calfeed.storage.files import read_translations
from calfeed.storage.source import read_calendar
from tests.faults.words import NASTY
from tests.support import NOW, REPOSITORY, event, later, read, revised


def by_icalendar(edition: Edition, entry: Entry) -> ics.Event:
    """The event as the icalendar package is told of it."""
    occurrence, revision = entry.occurrence, entry.revision
    said, calendar = occurrence.event, edition.calendar
    modified = revision.last_modified[edition.language]
    link = edition.event_url(said)
    paragraphs = [*map(str, occurrence_paragraphs(calendar, occurrence, edition.language)), link]
    found = ics.Event()
    found.add("uid", occurrence.uid)
    found.add("dtstamp", modified)
    found.add("created", revision.created)
    found.add("last-modified", modified)
    found.add("sequence", revision.sequence)
    found.add("dtstart", occurrence.dtstart)
    found.add("dtend", occurrence.dtend)
    _say(found, "summary", said_summary(calendar, occurrence, edition.language))
    _say(found, "description", Said("\n\n".join(paragraphs), edition.language))
    if said.location:
        _say(found, "location", calendar.said(said.location, edition.language))
    found.add("url", link)
    names: dict[str, list[str]] = {}
    for category in said.categories:
        name = calendar.said(category.title, edition.language)
        names.setdefault(name.language, []).append(name.text)
    for language, titles in names.items():
        found.add("categories", titles, parameters={"LANGUAGE": language})
    found.add("class", "PUBLIC")
    found.add("status", "CONFIRMED")
    found.add("transp", "TRANSPARENT")
    found.add("x-microsoft-cdo-busystatus", "FREE")
    found.add("x-microsoft-cdo-alldayevent", "TRUE")
    return found


def _say(component: ics.Component, name: str, said: Said) -> None:
    component.add(name, ics.vText(said.text), parameters={"LANGUAGE": said.language})


def assert_alike(edition: Edition, entry: Entry) -> None:
    expected = by_icalendar(edition, entry)
    lines = [line for line in expected.content_lines() if line]
    assert [unfolded(line) for line in folded_lines(vevent(edition, entry))] == lines
    assert jcal(edition, entry) == expected.to_jcal()
    alarm = ics.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", dt.timedelta(hours=9))
    _say(alarm, "description", said_summary(edition.calendar, entry.occurrence, edition.language))
    expected.add_component(alarm)
    lines = [line for line in expected.content_lines() if line]
    assert [unfolded(line) for line in folded_lines(with_alarm(edition, entry))] == lines


def entries(*found: Edition) -> Iterator[tuple[Edition, Entry]]:
    for edition in found:
        for entry in edition.entries:
            yield edition, entry


def test_every_event_of_the_real_calendar_in_every_language() -> None:
    path = REPOSITORY / "events.yaml"
    calendar = read_calendar(path.read_bytes(), file="events.yaml", translations=read_translations(path)).calendar
    whole = [e for e in editions(calendar, revised(calendar), NOW) if e.selection.kind == "all"]
    assert len(whole) == len(calendar.languages)
    pairs = list(entries(*whole))
    assert len(pairs) > 400
    for pair in pairs:
        assert_alike(*pair)


def test_texts_that_break_writers() -> None:
    tried = 0
    for text in NASTY:
        title = " ".join(text.split())[:100] or "x"
        found = event(title={"en": title}, location={"en": title}, description={"en": f"{title}\n\n{title}"})
        try:
            calendar = read(found, categories={"history": {"title": {"en": title}}})
        except SourceError:
            continue  # what the reader refuses reaches no writer
        for pair in entries(next(editions(calendar, revised(calendar), NOW))):
            assert_alike(*pair)
            tried += 1
    assert tried > 50


def test_after_a_move_and_in_two_languages() -> None:
    one = event(title={"en": "One", "az": "Bir"}, location={"en": "Baku; the old, town"})
    keys = {"languages": ["en", "az"], "categories": {"history": {"title": {"en": "History", "az": "Tarix"}}}}
    first = revised(read(one, **keys))
    moved = read(one | {"date": "1990-01-19/1990-01-21"}, **keys)
    second = revised(moved, first.memory, later(days=1))
    for pair in entries(*(e for e in editions(moved, second, later(days=1)) if e.selection.kind == "all")):
        assert pair[1].revision.sequence == 1
        assert_alike(*pair)


_LINES = st.text(
    st.one_of(
        st.sampled_from("\\,;:aəəğ\u0301\u0483\u05b0אבЖω\u200d\u200c👩🏽‍🚀🇦🇿𝄞漢"),
        st.characters(exclude_categories=["Cs", "Cc"]),
    ),
    max_size=400,
)


@given(_LINES)
def test_the_short_way_of_folding_cuts_where_the_long_one_does(line: str) -> None:
    assert fold([line]) == b"\r\n ".join(_pieces(line)) + b"\r\n"
