"""What counts as a correction of an event, and which of the curator's notes belongs to which."""

from __future__ import annotations

import datetime as dt

import pytest

from calfeed.domain.memory import Memory, Record
from calfeed.domain.model import Amendment, Correction
from calfeed.domain.observances import dated, written
from calfeed.domain.observances import read as read_observance
from calfeed.domain.rules import Annual, Hebrew, Rule, Weekday
from calfeed.domain.rules.limits import NO_LIMITS, Limits
from tests.support import NOW, Values, event, later, read, revised

ID = "black-january-1990"
TWO = {"languages": ["en", "az"]}


def history(*states: Values | None, **keys: object) -> Record:
    """The record of an event after builds a day apart, in each of which it stands so; None is withdrawn."""
    memory: Memory | None = None
    other = event("other", date="1991-12-25")
    for day, state in enumerate(states):
        found = read(*([event(**state)] if state is not None else []), other, **{**TWO, **keys})
        memory = revised(found, memory, later(days=day)).memory
    assert memory is not None
    return memory.records[ID]


def note(on: str = "2026-11-23", **keys: object) -> Values:
    return {"id": ID, "on": on, "why": {"en": "A letter."}, **keys}


def told(record: Record) -> list[Amendment]:
    return [amendment for correction in record.corrections for amendment in correction.amendments]


CLAIM = {"source": "report", "basis": "stated", "says": {"en": "It says so."}}
OBSERVED = '{"rule":"annual"} 1990-01-20'


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({"title": {"en": "A"}}, {"title": {"en": "B"}}, [Amendment("title", "en", "A", "B")]),
        (
            {"title": {"en": "A", "az": "C"}},
            {"title": {"en": "A", "az": "D"}},
            [Amendment("title", "az", "C", "D")],
        ),
        (
            {"title": {"en": "A", "az": "C"}},
            {"title": {"en": "B", "az": "C"}},
            [Amendment("title", "en", "A", "B", own=("az",))],
        ),
        ({"title": {"en": "A"}}, {"title": {"en": "A", "az": "C"}}, []),
        ({"title": {"en": "A", "az": "C"}}, {"title": {"en": "A"}}, []),
        ({"title": {"en": "A", "az": "C"}}, {"title": {"en": "B"}}, [Amendment("title", "en", "A", "B")]),
        (
            {},
            {"location": {"en": "Baku", "az": "Bakı"}},
            [Amendment("location", "en", None, "Baku", own=("az",)), Amendment("location", "az", None, "Bakı")],
        ),
        ({"disputed": {"en": "So or so."}}, {}, [Amendment("disputed", "en", "So or so.")]),
        ({}, {"url": "https://example.org/"}, [Amendment("url", None, None, "https://example.org/")]),
        ({}, {"tone": "mourning"}, [Amendment("tone", None, "neutral", "mourning")]),
        ({}, {"kind": "death"}, [Amendment("kind", None, "event", "death")]),
        ({"categories": ["history", "army"]}, {"categories": ["army", "history"]}, []),
        ({}, {"categories": ["history", "army"]}, [Amendment("categories", None, "history", "army history")]),
        ({"date": "1990-01-20"}, {"date": "1989-01-20"}, [Amendment("date", None, "1990-01-20", "1989-01-20")]),
        (
            {"date": "1990-01-19/1990-01-20"},
            {"date": "1990-01-19/1990-01-20", "night": "true"},
            [Amendment("date", None, "1990-01-19/1990-01-20", "night 1990-01-19/1990-01-20")],
        ),
        (
            {"observed": {"rule": "annual", "until": "2040"}},
            {},
            [Amendment("observed", None, '{"rule":"annual","until":2040} 1990-01-20', OBSERVED)],
        ),
        (
            {"claims": [CLAIM]},
            {"claims": [CLAIM | {"says": {"en": "It says more."}, "date": "1990-01-20"}]},
            [
                Amendment("claim", "en", "It says so.", "It says more.", "report"),
                Amendment("claim-date", None, None, "1990-01-20", "report"),
            ],
        ),
        (
            {"claims": [CLAIM]},
            {"claims": [CLAIM | {"basis": "inferred", "reasoning": {"en": "So."}, "heading": "A piece"}]},
            [
                Amendment("claim-reasoning", "en", None, "So.", "report"),
                Amendment("claim-basis", None, "stated", "inferred", "report"),
                Amendment("claim-heading", None, None, "A piece", "report"),
            ],
        ),
        (
            {"claims": [CLAIM, CLAIM | {"says": {"en": "And so."}}]},
            {"claims": [CLAIM | {"says": {"en": "And so."}}, CLAIM | {"source": "letter"}]},
            [
                Amendment("claim", "en", "It says so.", None, "report"),
                Amendment("claim", "en", None, "It says so.", "letter"),
            ],
        ),
        ({"claims": [CLAIM]}, {"claims": [CLAIM | {"says": {"en": "It says so.", "az": "Belə."}}]}, []),
    ],
)
def test_correction_holds_what_was_changed_and_nothing_else(
    before: Values, now: Values, expected: list[Amendment]
) -> None:
    more: Values = {
        "categories": {slug: {"title": {"en": slug}} for slug in ("history", "army")},
        "sources": {"report": {"title": "A report"}, "letter": {"title": "A letter"}},
    }
    record = history(before, now, **more)
    assert told(record) == expected
    assert [c.at for c in record.corrections] == ([later(days=1)] if expected else [])


def renamed(*states: tuple[Values, Values], kept: Values | None = None) -> list[Amendment]:
    """What is told where each state has sources or categories of its own beside the event's keys."""
    memory: Memory | None = None
    for day, (state, keys) in enumerate(states):
        memory = revised(read(event(**state), **{**(kept or {}), **keys}), memory, later(days=day)).memory
    assert memory is not None
    return told(memory.records[ID])


REPORT, LETTER = {"title": "A report"}, {"title": "A letter"}


def test_source_that_has_another_key_is_no_correction() -> None:
    claims = [CLAIM, CLAIM | {"says": {"en": "And so."}, "date": "1990-01-20"}]
    under = [claim | {"source": "rep"} for claim in claims]
    old = ({"claims": claims}, {"sources": {"report": REPORT}})
    assert renamed(old, ({"claims": under}, {"sources": {"rep": REPORT}})) == []
    assert renamed(old, ({"claims": under[::-1]}, {"sources": {"rep": REPORT}})) == []


def test_claim_of_another_source_is_a_correction_while_the_old_source_is_there() -> None:
    under = [CLAIM | {"source": "letter"}]
    both = {"sources": {"report": REPORT, "letter": LETTER}}
    assert renamed(({"claims": [CLAIM]}, both), ({"claims": under}, both)) == [
        Amendment("claim", "en", "It says so.", None, "report"),
        Amendment("claim", "en", None, "It says so.", "letter"),
    ]


def test_source_that_went_with_other_words_is_a_correction() -> None:
    under = [CLAIM | {"source": "rep", "says": {"en": "It says more."}}]
    old = ({"claims": [CLAIM]}, {"sources": {"report": REPORT}})
    assert renamed(old, ({"claims": under}, {"sources": {"rep": REPORT}})) == [
        Amendment("claim", "en", "It says so.", None, "report"),
        Amendment("claim", "en", None, "It says more.", "rep"),
    ]


def test_category_that_has_another_slug_is_no_correction_where_its_title_is_the_same() -> None:
    history = {"categories": {"history": {"title": {"en": "History"}}}}
    past = {"categories": {"past": {"title": {"en": "History"}}}}
    other = {"categories": {"past": {"title": {"en": "The past"}}}}
    assert renamed(({}, history), ({"categories": ["past"]}, past)) == []
    assert renamed(({}, history), ({"categories": ["past"]}, other)) == [
        Amendment("categories", None, "history", "past")
    ]
    army = {"army": {"title": {"en": "Army"}}}
    found = renamed(
        ({}, history), ({"categories": ["army", "past"]}, {"categories": {**past["categories"], **army}})
    )
    assert found == [Amendment("categories", None, "past", "army past")]


def test_correction_that_nothing_else_tells_of_is_in_the_report() -> None:
    first_two = [CLAIM, CLAIM | {"source": "letter"}]
    third = CLAIM | {"says": {"en": "And so."}}
    keys: Values = {"sources": {"report": REPORT, "letter": LETTER}}
    first = revised(read(event(claims=[*first_two, third]), **keys))
    moved = read(event(claims=[*first_two, third | {"source": "letter"}]), **keys)
    again = revised(moved, first.memory, later(days=1))
    assert [(c.what, c.id, c.detail) for c in again.changes] == [("corrected", ID, "claim")]
    assert revised(moved, again.memory, later(days=2)).changes == ()


def test_days_that_moved_are_told_with_the_date_that_moved_them() -> None:
    record = history({}, {"date": "1990-01-19/1990-01-20"}, window={"past": "0", "future": "1"})
    assert told(record) == [
        Amendment("days", None, "2026-01-20 2027-01-20", "2026-01-19/2026-01-20 2027-01-19/2027-01-20"),
        Amendment("date", None, "1990-01-20", "1990-01-19/1990-01-20"),
    ]


def test_a_window_that_slides_corrects_nothing() -> None:
    first = revised(read())
    for year in (2027, 2028):
        again = revised(read(), first.memory, dt.datetime(year, 1, 1, 9, tzinfo=dt.UTC))
        assert again.memory.records[ID].corrections == ()


def test_each_change_is_told_once_in_the_order_of_the_builds() -> None:
    record = history({}, {"title": {"en": "B"}}, {"title": {"en": "B"}}, None, None, {"title": {"en": "C"}})
    assert [(c.at, [a.what for a in c.amendments]) for c in record.corrections] == [
        (later(days=1), ["title"]),
        (later(days=3), ["withdrawn"]),
        (later(days=5), ["restored", "title"]),
    ]


def test_two_corrections_never_share_an_instant_though_the_clock_be_behind() -> None:
    first = revised(read())
    second = revised(read(event(title={"en": "B"})), first.memory, later(hours=2))
    third = revised(read(event(title={"en": "C"})), second.memory, later(hours=1))
    assert [c.at for c in third.memory.records[ID].corrections] == [later(hours=2), later(hours=2, seconds=1)]
    assert third.memory.newest() == later(hours=2, seconds=1)


@pytest.mark.parametrize(
    ("rule", "limits"),
    [
        (Annual(), NO_LIMITS),
        (Annual(day="03-08"), Limits(since=1959, every=5, skipped=(2020, 2021), days=2)),
        (Weekday(3, "sunday", 6), Limits(until=2040, moves={2021: dt.date(2021, 5, 3)})),
        (Hebrew(day=27, month="nisan", evening=True, shift="yom-hashoah"), NO_LIMITS),
    ],
)
def test_line_of_a_rule_reads_back(rule: Rule, limits: Limits) -> None:
    line = written(rule, limits)
    assert read_observance(line) == (rule, None, limits)
    found, date, _ = read_observance(dated(line, "1990-01-20"))
    assert (found, date.text if date else "") == (rule, "1990-01-20")


# Notes


def after(*builds: tuple[Values | None, list[Values]]) -> Record:
    """The record after builds a day apart, each with the event and the curator's log as they stand."""
    memory: Memory | None = None
    for day, (state, log) in enumerate(builds):
        found = read(
            *([event(**state)] if state is not None else []), event("other", date="1991-12-25"), corrections=log
        )
        memory = revised(found, memory, later(days=day)).memory
    assert memory is not None
    return memory.records[ID]


def corrected(*builds: tuple[Values | None, list[Values]]) -> tuple[Correction, ...]:
    return after(*builds).corrections


BEFORE: Values = {"title": {"en": "A"}}
AFTER: Values = {"title": {"en": "B"}}
CHANGED = (Amendment("title", "en", "A", "B"),)
DAY, NEXT = dt.date(2026, 11, 23), dt.date(2026, 11, 24)


def test_note_belongs_to_the_change_of_its_build() -> None:
    assert corrected((BEFORE, []), (AFTER, [note()])) == (Correction(later(days=1), CHANGED, (DAY,)),)


def test_note_that_comes_later_joins_the_latest_change_and_tells_when() -> None:
    found = corrected((BEFORE, []), (AFTER, []), (AFTER, [note()]), (AFTER, [note()]))
    assert found == (Correction(later(days=1), CHANGED, (DAY,), later(days=2)),)


def test_note_on_nothing_that_changed_stands_alone() -> None:
    found = corrected((BEFORE, []), (AFTER, [note()]), (AFTER, [note(), note("2026-11-24")]))
    assert found == (Correction(later(days=1), CHANGED, (DAY,)), Correction(later(days=2), (), (NEXT,)))


def test_notes_of_a_first_build_stand_on_their_own_days_and_never_ahead() -> None:
    log = [note("2026-11-20"), note("2030-01-01"), note("2026-11-19")]
    assert corrected((BEFORE, log)) == (
        Correction(dt.datetime(2026, 11, 18, 20, tzinfo=dt.UTC), (), (dt.date(2026, 11, 19),)),
        Correction(dt.datetime(2026, 11, 19, 20, tzinfo=dt.UTC), (), (dt.date(2026, 11, 20),)),
        Correction(NOW, (), (dt.date(2030, 1, 1),)),
    )


def test_note_is_used_once() -> None:
    found = corrected((BEFORE, []), (AFTER, [note()]), (BEFORE, [note()]))
    assert [c.notes for c in found] == [(DAY,), ()]


def test_note_says_why_an_event_was_withdrawn() -> None:
    assert corrected((BEFORE, []), (None, [note()]), (None, [note()])) == (
        Correction(later(days=1), (Amendment("withdrawn"),), (DAY,)),
    )


def test_note_alone_changes_nothing_that_calendars_show() -> None:
    first = revised(read())
    noted = revised(read(corrections=[note()]), first.memory, later(days=1))
    assert noted.entries == first.entries
    assert [(change.what, change.detail) for change in noted.changes] == [("noted", "2026-11-23")]
    assert revised(read(corrections=[note()]), noted.memory, later(days=2)).memory == noted.memory


def test_note_on_nothing_known_is_warned_of() -> None:
    found = revised(read(corrections=[note() | {"id": "unknown"}]))
    assert found.warnings == (
        'the correction of 2026-11-23 names "unknown", and no event of that id was ever published',
    )
    assert revised(read(corrections=[note()])).warnings == ()


def test_withheld_words_leave_this_correction_and_all_before_it() -> None:
    name: Values = {"title": {"en": "Name"}}
    without: Values = {"title": {"en": "Somebody"}}
    found = corrected(
        (BEFORE, []), (name, []), (without, [note(withhold="true")]), (AFTER, [note(withhold="true")])
    )
    assert [c.amendments for c in found] == [
        (Amendment("title", "en", withheld=True),),
        (Amendment("title", "en", withheld=True),),
        (Amendment("title", "en", None, "B", withheld=True),),
    ]


def test_words_that_are_withheld_are_told_while_they_stand_and_later_ones_for_good() -> None:
    log = [note(withhold="true")]
    third: Values = {"title": {"en": "C"}}
    assert corrected((BEFORE, []), (AFTER, log))[0].amendments[0].after == "B"
    assert corrected((BEFORE, []), (AFTER, log), (BEFORE, log), (third, log))[-1].amendments == (
        Amendment("title", "en", None, "C", withheld=True),
    )
    assert corrected((BEFORE, []), (AFTER, log), (third, log), (BEFORE, log), (AFTER, log))[2].amendments == (
        Amendment("title", "en", "C", None, withheld=True),
    )


def test_what_is_withheld_afterwards_is_withheld_from_then_on_for_good() -> None:
    blank = (Amendment("title", "en", None, "B", withheld=True),)
    log = [note()]
    assert corrected((BEFORE, []), (AFTER, log), (AFTER, [note(withhold="true")]))[0].amendments == blank
    assert corrected((BEFORE, []), (AFTER, [note(withhold="true")]), (AFTER, log))[0].amendments == blank


def test_withheld_event_that_is_withdrawn_is_forgotten_but_for_its_identity() -> None:
    log = [note(withhold="true")]
    published: tuple[Values | None, list[Values]] = ({}, [])
    gone: tuple[Values | None, list[Values]] = (None, log)
    for record in (after(published, gone), after(published, (None, []), gone), after(({}, log), gone)):
        assert (record.shown, told(record)) == (None, [Amendment("withdrawn")])
        assert record.days
    assert after(({}, []), (None, [note()])).shown is not None


def test_note_that_withholds_ahead_of_the_edit_covers_it() -> None:
    log = [note(withhold="true")]
    found = corrected((BEFORE, log), (AFTER, log), (BEFORE, log))
    assert [c.amendments for c in found] == [
        (),
        (Amendment("title", "en", None, "B", withheld=True),),
        (Amendment("title", "en", "B", "A"),),
    ]


def test_withheld_once_long_ago_an_event_is_withdrawn_with_what_it_says_since() -> None:
    log = [note(withhold="true")]
    claim = CLAIM | {"says": {"en": "It says more."}}
    since: Values = {"title": {"en": "C"}, "description": {"en": "New."}, "claims": [claim]}
    assert after((BEFORE, []), (AFTER, log), (None, log)).shown is None
    shown = after((BEFORE, []), (AFTER, log), (since, log), (None, log)).shown
    assert shown is not None
    assert shown.title == {"en": "C"}
