"""What subscribers' programs are told of a change, over the life of a calendar."""

from __future__ import annotations

import datetime as dt

import pytest

from calfeed.domain.fingerprint import fingerprint
from calfeed.domain.model import Entry
from calfeed.domain.revisions import Revised
from calfeed.domain.texts import summary
from calfeed.errors import RefusedError
from tests.support import NOW, Values, event, later, read, revised, uid

STAMP = NOW.replace(microsecond=0)


def entry(found: Revised, id_: str, n: int) -> Entry:
    return next(e for e in found.entries if e.occurrence.uid == uid(id_, n))


def changes(found: Revised) -> list[tuple[str, str]]:
    return [(change.what, change.id) for change in found.changes]


def test_first_build_stamps_every_event_with_now() -> None:
    found = entry(revised(read()), "black-january-1990", 2027)
    assert (found.revision.sequence, found.revision.created) == (0, STAMP)
    assert found.revision.last_modified == {"en": STAMP}


def test_instants_are_kept_to_the_second() -> None:
    now = NOW.replace(microsecond=987654)
    assert entry(revised(read(), now=now), "black-january-1990", 2027).revision.created == STAMP


def test_building_again_changes_nothing() -> None:
    first = revised(read())
    again = revised(read(), first.memory, later(days=3))
    assert again.memory == first.memory
    assert again.entries == first.entries
    assert again.changes == ()


def test_title_change_keeps_sequence_and_moves_last_modified() -> None:
    first = revised(read())
    again = revised(read(event(title={"en": "Another title"})), first.memory, later(days=1))
    found = entry(again, "black-january-1990", 2027).revision
    assert (found.sequence, found.created) == (0, STAMP)
    assert found.last_modified == {"en": later(days=1)}
    assert changes(again) == [("reworded", "black-january-1990")]


@pytest.mark.parametrize(
    "change",
    [
        {"description": {"en": "Other words."}},
        {"location": {"en": "Baku"}},
        {"url": "https://example.org/reference"},
        {"tone": "mourning"},
        {"disputed": {"en": "One says this, one says that."}},
        {"categories": ["history", "other"]},
        {"claims": [{"source": "other", "basis": "stated", "says": {"en": "So."}}]},
        {"claims": [{"source": "report", "basis": "stated", "says": {"en": "It says more."}}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_readers_see_moves_last_modified(change: Values) -> None:
    more: Values = {
        "categories": {"history": {"title": {"en": "History"}}, "other": {"title": {"en": "Other"}}},
        "sources": {
            "report": {"title": "A report", "publisher": "P"},
            "other": {"title": "Another report", "publisher": "P"},
        },
    }
    first = revised(read(event(), **more))
    again = revised(read(event(**change), **more), first.memory, later(days=1))
    assert changes(again) == [("reworded", "black-january-1990")]


def test_clock_behind_still_moves_last_modified_forward() -> None:
    first = revised(read())
    again = revised(read(event(title={"en": "Another title"})), first.memory, later(hours=-2))
    assert entry(again, "black-january-1990", 2027).revision.last_modified == {
        "en": STAMP + dt.timedelta(seconds=1)
    }


def test_changed_day_raises_sequence_by_one_for_that_event_alone() -> None:
    other = event("landau-1908", date="1908-01-22")
    first = revised(read(event(), other))
    again = revised(read(event(date="1990-01-19"), other), first.memory, later(days=1))
    moved, stayed = entry(again, "black-january-1990", 2027), entry(again, "landau-1908", 2027)
    assert (moved.revision.sequence, stayed.revision.sequence) == (1, 0)
    assert moved.revision.last_modified == {"en": later(days=1)}
    assert stayed.revision.last_modified == {"en": STAMP}
    assert ("moved", "black-january-1990") in changes(again)
    assert not [change for change in changes(again) if change[1] == "landau-1908"]


def test_changed_day_keeps_every_uid() -> None:
    first = revised(read())
    again = revised(read(event(date="1990-03-01")), first.memory, later(days=1))
    assert {e.occurrence.uid for e in first.entries} == {e.occurrence.uid for e in again.entries}


def test_corrected_year_of_an_anniversary_keeps_days_and_sequence() -> None:
    first = revised(read())
    again = revised(read(event(date="1989-01-20")), first.memory, later(days=1))
    found = entry(again, "black-january-1990", 2027)
    assert (found.revision.sequence, found.occurrence.ordinal) == (0, 38)
    assert found.revision.last_modified == {"en": later(days=1)}


def test_corrected_year_of_a_one_off_keeps_its_uid() -> None:
    first = revised(read(event("visit", date="2022-02-28", observed="once")))
    again = revised(read(event("visit", date="2021-02-28", observed="once")), first.memory, later(days=1))
    found = entry(again, "visit", 2022)
    assert found.occurrence.dtstart == dt.date(2021, 2, 28)
    assert found.revision.sequence == 1
    assert len(again.entries) == 1


def test_sliding_window_is_no_move() -> None:
    first = revised(read())
    new_year = dt.datetime(2027, 1, 1, 9, tzinfo=dt.UTC)
    again = revised(read(), first.memory, new_year)
    assert again.changes == ()
    assert {e.occurrence.n for e in again.entries} == {*range(2026, 2033)}
    assert {e.revision.sequence for e in again.entries} == {0}


def test_wider_window_is_no_move_and_brings_no_items() -> None:
    first = revised(read())
    again = revised(read(window={"past": "5", "future": "5"}), first.memory, later(days=1))
    assert again.changes == ()
    assert entry(again, "black-january-1990", 2021).first_published is None


def test_first_build_dates_items_at_the_start_of_their_own_day() -> None:
    found = revised(read())
    midnight_in_baku = dt.datetime(2026, 1, 19, 20, tzinfo=dt.UTC)
    assert entry(found, "black-january-1990", 2026).first_published == midnight_in_baku
    assert entry(found, "black-january-1990", 2027).first_published is None


def test_item_is_dated_when_it_first_entered_the_feeds_and_stays_so() -> None:
    first = revised(read())
    day = dt.datetime(2027, 1, 20, 7, 30, tzinfo=dt.UTC)
    on_the_day = revised(read(), first.memory, day)
    assert entry(on_the_day, "black-january-1990", 2027).first_published == day
    assert changes(on_the_day) == [("due", "black-january-1990")]
    corrected = revised(read(event(date="1990-01-23")), on_the_day.memory, day + dt.timedelta(days=1))
    assert entry(corrected, "black-january-1990", 2027).first_published == day


def test_days_missed_while_nothing_ran_still_bring_their_items() -> None:
    first = revised(read())
    back = dt.datetime(2027, 3, 20, 7, 30, tzinfo=dt.UTC)
    assert entry(revised(read(), first.memory, back), "black-january-1990", 2027).first_published == back


@pytest.mark.parametrize(("days_ago", "brings_an_item"), [(7, True), (8, False)])
def test_entry_added_later_brings_items_of_the_last_week_only(days_ago: int, *, brings_an_item: bool) -> None:
    first = revised(read())
    day = NOW.date() - dt.timedelta(days=days_ago)
    added = event("added", date=f"1999-{day:%m-%d}")
    found = entry(revised(read(event(), added), first.memory), "added", 2026)
    assert found.first_published == (NOW if brings_an_item else None)


def test_notice_is_the_same_item_early() -> None:
    week_before = dt.datetime(2027, 1, 12, 20, tzinfo=dt.UTC)
    noticing = read(notice_days="7")
    first = revised(noticing)
    early = entry(revised(noticing, first.memory, week_before), "black-january-1990", 2027)
    on_time = revised(noticing, revised(noticing, first.memory, week_before).memory, later(days=80))
    assert early.first_published == week_before
    assert entry(on_time, "black-january-1990", 2027).first_published == week_before


def test_first_build_inside_a_notice_dates_the_item_at_the_notice_not_in_the_future() -> None:
    now = dt.datetime(2027, 1, 15, tzinfo=dt.UTC)
    found = entry(revised(read(notice_days="7"), now=now), "black-january-1990", 2027)
    assert found.first_published == dt.datetime(2027, 1, 12, 20, tzinfo=dt.UTC)


def test_withdrawn_event_leaves_and_its_id_is_remembered() -> None:
    first = revised(read(event(), event("other", date="1991-12-25")))
    again = revised(read(event()), first.memory, later(days=1))
    assert "other" not in {e.occurrence.event.id for e in again.entries}
    assert again.memory.records["other"].withdrawn == later(days=1)
    assert changes(again) == [("withdrawn", "other")]
    assert revised(read(event()), again.memory, later(days=2)).memory == again.memory


def test_restored_event_comes_back_with_its_uids_and_the_next_sequence() -> None:
    both = read(event(), event("other", date="1991-12-25"))
    first = revised(both)
    without = revised(read(event()), first.memory, later(days=1))
    back = revised(both, without.memory, later(days=2))
    found = entry(back, "other", 2027)
    assert (found.revision.sequence, found.revision.created) == (1, STAMP)
    assert found.revision.last_modified == {"en": later(days=2)}
    assert entry(back, "other", 2025).first_published == entry(first, "other", 2025).first_published
    assert changes(back) == [("restored", "other")]


def test_withdrawn_id_is_not_given_to_another_event() -> None:
    first = revised(read(event(), event("other", date="1991-12-25")))
    without = revised(read(event()), first.memory, later(days=1))
    with pytest.raises(RefusedError, match='"other" was withdrawn on 2026-11-23 with the date "1991-12-25"'):
        revised(read(event(), event("other", date="1995-05-05")), without.memory, later(days=2))


def test_changed_authority_is_refused() -> None:
    first = revised(read())
    with pytest.raises(RefusedError, match="every event would appear a second time"):
        revised(read(authority="example.org,2027"), first.memory, later(days=1))


def test_day_that_the_window_hid_while_its_rule_changed_comes_back_with_the_next_sequence() -> None:
    wide, narrow = {"past": "1", "future": "2"}, {"past": "0", "future": "1"}
    first = revised(read(window=wide))
    hidden = revised(read(window=narrow), first.memory, later(days=1))
    edited = read(event(observed={"rule": "annual", "moves": {"2028": "2028-05-05"}}), window=narrow)
    unseen = revised(edited, hidden.memory, later(days=2))
    back = revised(edited, unseen.memory, later(days=60))
    found = entry(back, "black-january-1990", 2028)
    assert found.occurrence.dtstart == dt.date(2028, 5, 5)
    assert [entry(each, "black-january-1990", 2027).revision.sequence for each in (unseen, back)] == [0, 1]
    assert ("moved", "black-january-1990") in changes(back)


def test_day_that_comes_back_after_sequence_rose_does_not_raise_it_again() -> None:
    """What programs still hold of it is superseded already."""
    wide, narrow = {"past": "2", "future": "2"}, {"past": "0", "future": "2"}
    first = revised(read(window=wide))
    hidden = revised(read(window=narrow), first.memory, later(days=1))
    moved = revised(read(event(date="1990-05-05"), window=narrow), hidden.memory, later(days=2))
    back = revised(read(event(date="1990-05-05"), window=wide), moved.memory, later(days=3))
    assert entry(back, "black-january-1990", 2025).occurrence.dtstart == dt.date(2025, 5, 5)
    assert {each.revision.sequence for each in back.entries} == {1}
    assert changes(back) == []


def test_item_that_is_changed_in_the_second_in_which_it_was_published_is_updated_for_it() -> None:
    first = revised(read())
    day = dt.datetime(2027, 1, 20, 7, 30, tzinfo=dt.UTC)
    published = revised(read(), first.memory, day)
    edited = revised(read(event(title={"en": "Other words"})), published.memory, day)
    stamps = [entry(found, "black-january-1990", 2027).updated("en") for found in (published, edited)]
    assert stamps == [day, day + dt.timedelta(seconds=1)]


@pytest.mark.parametrize(
    "edit", [{"title": {"en": "Khojaly", "tr": "Khojaly"}}, {"location": {"en": "Baku", "tr": "Baku"}}]
)
def test_translation_in_the_very_words_of_the_original_is_a_change_in_its_language_alone(
    edit: dict[str, object],
) -> None:
    """Its language is told, and a title takes the ordinal of its own."""
    before = event(title={"en": "Khojaly"}, location={"en": "Baku"})
    first = revised(read(before, languages=["en", "tr"]))
    again = revised(read(before | edit, languages=["en", "tr"]), first.memory, later(days=1))
    found = entry(again, "black-january-1990", 2027).revision.last_modified
    assert found == {"en": STAMP, "tr": later(days=1)}


def test_newest_stamp_is_the_latest_of_all() -> None:
    first = revised(read())
    assert first.memory.newest() == STAMP
    assert revised(read(event(title={"en": "T"})), first.memory, later(days=9)).memory.newest() == later(days=9)


def test_event_moved_long_after_it_was_added_brings_no_item_for_a_day_long_past() -> None:
    first = revised(read(event(), event("visit", date="1994-12-20")))
    spring = dt.datetime(2027, 6, 1, tzinfo=dt.UTC)
    moved_to_march = read(event(), event("visit", date="1994-03-20"))
    moved = revised(
        moved_to_march,
        revised(read(event(), event("visit", date="1994-12-20")), first.memory, spring).memory,
        spring,
    )
    assert entry(moved, "visit", 2027).occurrence.dtstart == dt.date(2027, 3, 20)
    assert entry(moved, "visit", 2027).first_published is None


def test_instant_of_an_item_survives_a_window_made_narrower_and_wider_again() -> None:
    first = revised(read())
    narrow = revised(read(window={"past": "0"}), first.memory, later(hours=1))
    again = revised(read(), narrow.memory, later(hours=2))
    assert (
        entry(again, "black-january-1990", 2025).first_published
        == entry(first, "black-january-1990", 2025).first_published
    )


def test_rule_changed_by_mistake_and_back_brings_nothing_anew() -> None:
    first = revised(read())
    mistaken = revised(read(event(observed="once")), first.memory, later(hours=1))
    again = revised(read(), mistaken.memory, later(hours=2))
    published = {e.occurrence.n: e.first_published for e in first.entries}
    assert {e.occurrence.n: e.first_published for e in again.entries} == published


def test_one_off_outside_the_window_that_went_and_came_back_on_another_day_has_a_higher_sequence() -> None:
    first = revised(read(event(), event("visit", date="2010-05-01", observed="once")))
    gone = revised(
        read(event(), event("visit", date="2010-05-01", observed="background")), first.memory, later(days=1)
    )
    back = revised(read(event(), event("visit", date="2010-05-02", observed="once")), gone.memory, later(days=2))
    assert entry(back, "visit", 2010).revision.sequence > entry(first, "visit", 2010).revision.sequence


def test_withdrawn_observance_comes_back_only_on_the_same_days() -> None:
    def observance(day: str) -> dict[str, object]:
        return event("womens-day", date=None, observed={"rule": "annual", "day": day})

    first = revised(read(event(), observance("03-08")))
    gone = revised(read(event()), first.memory, later(days=1))
    assert changes(revised(read(event(), observance("03-08")), gone.memory, later(days=2))) == [
        ("restored", "womens-day")
    ]
    with pytest.raises(RefusedError, match="comes back on other days"):
        revised(read(event(), observance("05-09")), gone.memory, later(days=2))


def test_last_occurrence_stays_when_the_rule_has_ended() -> None:
    ended = event("ended", date=None, observed={"rule": "annual", "day": "03-08", "until": "2026"})
    first = revised(read(event(), ended))
    assert {e.occurrence.n for e in first.entries if e.occurrence.event.id == "ended"} == {2025, 2026}
    memory = first.memory
    for year in (2027, 2028, 2029, 2035):
        found = revised(read(event(), ended), memory, dt.datetime(year, 1, 2, tzinfo=dt.UTC))
        memory = found.memory
        kept = [e for e in found.entries if e.occurrence.event.id == "ended"]
        assert [e.occurrence.n for e in kept] == [2026]
        assert {e.revision.sequence for e in kept} == {0}
        assert not [change for change in found.changes if change.id == "ended"]


def test_kept_occurrence_gives_way_to_a_new_one_without_a_move() -> None:
    leap = event("leap", date="1996-02-29", observed={"rule": "annual", "leap": "omit"})
    narrow = {"past": "0", "future": "1"}
    memory = revised(read(event(), leap, window=narrow), now=dt.datetime(2028, 1, 2, tzinfo=dt.UTC)).memory
    years = []
    for year in (2029, 2030, 2031, 2032):
        found = revised(read(event(), leap, window=narrow), memory, dt.datetime(year, 1, 2, tzinfo=dt.UTC))
        memory = found.memory
        years.append([e.occurrence.n for e in found.entries if e.occurrence.event.id == "leap"])
        assert memory.records["leap"].sequence == 0
    assert years == [[2028], [2028], [2032], [2032]]


def test_event_that_the_curator_took_out_of_the_calendar_does_not_stay() -> None:
    first = revised(read(event(), event("other", date="1991-12-25")))
    gone = revised(
        read(event(), event("other", date="1991-12-25", observed="background")), first.memory, later(days=1)
    )
    assert not [e for e in gone.entries if e.occurrence.event.id == "other"]


def test_kind_rewords_what_has_one_and_leaves_the_stamps_of_all_else() -> None:
    """The digest is that of the releases from before there were kinds: other bytes would move every stamp."""
    plain, counted = read(event()), read(event(kind="founding"))
    assert fingerprint(plain, plain.events[0], "en") == "ebb50691aeb25312714529c9394f6bb4"
    assert fingerprint(counted, counted.events[0], "en") != fingerprint(plain, plain.events[0], "en")


def test_kind_is_told_in_the_title() -> None:
    counted = read(event(kind="founding"))
    titles = {summary(counted, e.occurrence, "en") for e in revised(counted).entries}
    assert "Black January 1990: 37th anniversary of the founding" in titles
