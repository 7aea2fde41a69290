"""The head of a calendar file is, line by line, what the icalendar package writes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import icalendar as ics

from calfeed.compose import in_address
from calfeed.domain.contentlines import folded_lines, unfolded
from calfeed.domain.editions import editions
from calfeed.domain.model import Color, Edition, Said
from calfeed.errors import SourceError
from calfeed.formats.icalendar import ALARMS, ICALENDAR, JCAL
from calfeed.formats.vcalendar import jcal, vcalendar
from calfeed.storage.files import read_translations
from calfeed.storage.source import read_calendar
from tests.faults.words import NASTY
from tests.support import NOW, REPOSITORY, event, read, revised


def by_icalendar(edition: Edition, file: str, color: Color | None) -> ics.Calendar:
    """The head as the icalendar package is told of it."""
    calendar, name, said = edition.calendar, edition.name, edition.description
    page = calendar.url + edition.language_path + "compose/" if edition.parts else edition.url()
    found = ics.Calendar()
    found.add("prodid", "-//calfeed//calfeed//EN")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    _say(found, "name", name)
    found.add("x-wr-calname", ics.vText(name.text))
    _say(found, "description", said)
    found.add("x-wr-caldesc", ics.vText(said.text))
    found.add("url", page)
    found.add("source", calendar.url + in_address(edition.path + file), parameters={"VALUE": "URI"})
    found.add("refresh-interval", dt.timedelta(days=1), parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", "P1D")
    if color:
        found.add("color", color.name)
        found.add("x-apple-calendar-color", color.hex)
    return found


def _say(component: ics.Component, name: str, said: Said) -> None:
    component.add(name, ics.vText(said.text), parameters={"LANGUAGE": said.language})


def assert_alike(edition: Edition, color: Color | None) -> None:
    for format_ in (ICALENDAR, ALARMS):
        expected = by_icalendar(edition, format_.filename, color)
        *lines, end = (line for line in expected.content_lines() if line)
        assert [unfolded(line) for line in folded_lines(vcalendar(edition, format_, edition.name))] == lines
        assert end == "END:VCALENDAR"
    assert ["vcalendar", jcal(edition, JCAL, edition.name), []] == by_icalendar(
        edition, JCAL.filename, color
    ).to_jcal()


def test_every_part_of_the_real_calendar_in_every_language() -> None:
    path = REPOSITORY / "events.yaml"
    calendar = read_calendar(path.read_bytes(), file="events.yaml", translations=read_translations(path)).calendar
    kinds = set()
    for found in editions(calendar, revised(calendar), NOW):
        selection = found.selection
        category = selection.event.categories[0] if selection.event else selection.category
        assert_alike(found, (category.color if category else None) or calendar.color)
        kinds.add(selection.kind)
    assert kinds == {"all", "category", "event", "composed"}


def test_texts_that_break_writers_and_no_color() -> None:
    tried = 0
    for text in NASTY:
        title = " ".join(text.split())[:100] or "x"
        keys = {"title": {"en": title}, "description": {"en": f"{title}\n\n{title}"}}
        try:
            calendar = read(event(), categories={"history": {"title": {"en": title}}}, **keys)
        except SourceError:
            continue  # what the reader refuses reaches no writer
        for found in editions(calendar, revised(calendar), NOW):
            assert_alike(found, calendar.color)
            assert_alike(replace(found, calendar=replace(calendar, color=None)), None)
            tried += 1
    assert tried > 50
