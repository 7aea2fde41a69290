"""What stays of an entry that left the calendar, or lost its days: its own calendar and feeds, and true stamps."""

from __future__ import annotations

import datetime as dt

from tests.judges import ReadEvent
from tests.support import Values, Workshop, event, later

ENTRY = "black-january-1990"
OTHER = event("other", date="1991-12-25")


def note(why: str, on: str = "2026-11-23", **keys: object) -> Values:
    return {"id": ENTRY, "on": on, "why": {"en": why}, **keys}


def own(workshop: Workshop, language: str = "") -> ReadEvent:
    (read,) = workshop.events(f"{language}events/{ENTRY}/calendar.ics").values()
    return read


def stamp(workshop: Workshop, language: str = "") -> dt.datetime:
    """LAST-MODIFIED of the entry's own calendar, which is also its DTSTAMP."""
    text = (workshop.current / f"{language}events/{ENTRY}/calendar.ics").read_text()
    stamps = [line.partition(":") for line in text.splitlines() if line.startswith(("LAST-MOD", "DTSTAMP"))]
    (found,) = {value for _, _, value in stamps}
    return dt.datetime.strptime(found, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)


def test_stamp_of_a_withdrawn_entry_follows_every_change_of_its_words_and_nothing_else(workshop: Workshop) -> None:
    workshop.write(event(title={"en": "A", "tr": "B"}), OTHER, languages=["en", "tr"])
    workshop.build()
    logs: tuple[list[Values], ...] = (
        [],
        [note("A reason.")],
        [note("A reason.")],
        [note("A mended reason.")],
        [note("A mended reason."), note("Not ours to tell.", "2026-11-28", withhold=True)],
    )
    stamps, said = [], []
    for day, log in enumerate(logs, 1):
        workshop.write(OTHER, corrections=log)
        workshop.build(later(days=day))
        stamps.append(stamp(workshop))
        said.append((own(workshop).summary, own(workshop).description))
    assert stamps == [later(days=day) for day in (1, 2, 2, 4, 5)]
    assert len(set(said)) == 4
    assert stamp(workshop, "tr/") == later(days=5)


def test_stamp_of_another_language_stays_where_its_words_do(workshop: Workshop) -> None:
    workshop.write(event(title={"en": "A", "tr": "B"}), OTHER, languages=["en", "tr"])
    workshop.build()
    workshop.write(OTHER, corrections=[note("A reason.")])
    workshop.build(later(days=1))
    workshop.write(corrections=[note("A reason.") | {"why": {"en": "A reason.", "tr": "Sebep."}}])
    workshop.build(later(days=2))
    assert (stamp(workshop), stamp(workshop, "tr/")) == (later(days=1), later(days=2))


def test_entry_that_comes_back_is_newer_than_what_told_of_its_withdrawal(workshop: Workshop) -> None:
    workshop.write(event(), OTHER)
    workshop.build()
    workshop.write(OTHER)
    workshop.build(later(days=1))
    gone = stamp(workshop)
    workshop.write(event(), OTHER)
    workshop.build(later(days=1))
    assert stamp(workshop) > gone
