"""What stays of an entry that left the calendar, or lost its days: its own calendar and feeds, and true stamps."""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

import pytest

from calfeed.errors import RefusedError
from tests.judges import ReadEvent
from tests.support import Values, Workshop, event, later, uid

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


def test_entry_that_comes_back_is_newer_in_a_language_that_was_added_while_it_was_away(workshop: Workshop) -> None:
    """Its own calendar told of the withdrawal in that language, and the clock may be behind when it comes back."""
    workshop.write(event(), OTHER)
    workshop.build()
    workshop.write(OTHER, languages=["en", "tr"])
    workshop.build(later(hours=2))
    gone = stamp(workshop, "tr/")
    workshop.write(event(), OTHER)
    workshop.build(later(hours=1))
    assert stamp(workshop, "tr/") > gone


def test_item_of_an_entry_that_goes_in_the_second_in_which_it_came_is_updated_for_it(workshop: Workshop) -> None:
    day = dt.datetime(2027, 1, 20, 6, tzinfo=dt.UTC)
    workshop.write(event(), OTHER)
    workshop.build()
    workshop.build(day)
    workshop.write(OTHER)
    workshop.build(day)
    assert stamp(workshop) > day


# Days that end by an edit

BACKGROUND = {"observed": "background"}
ENDED = "This entry has no day in the calendar any more. The day here is kept for those who follow it.\n"


@pytest.mark.parametrize("edit", [BACKGROUND, {"observed": {"rule": "annual", "until": "2020"}}])
def test_entry_whose_days_end_by_an_edit_keeps_its_last_one_for_its_followers(
    edit: Values, workshop: Workshop
) -> None:
    workshop.write(event(), OTHER)
    workshop.build()
    before = set(workshop.files())
    workshop.write(event(**edit), OTHER)
    workshop.build(later(days=1))
    assert before <= set(workshop.files())
    last = own(workshop)
    assert (last.uid, last.start, last.sequence) == (uid(ENTRY, 2026), dt.date(2026, 1, 20), 1)
    assert ENDED + "What happened, in the words of the curator" in last.description
    assert stamp(workshop) == later(days=1)
    assert "no day in the calendar any more" in workshop.files()[f"events/{ENTRY}/index.html"].decode()
    whole = {path: data for path, data in workshop.files().items() if f"events/{ENTRY}/" not in path}
    assert not any(uid(ENTRY, 2026).encode() in data for path, data in whole.items() if path != "ledger.json")


def test_kept_day_stays_over_the_years_and_goes_when_there_are_days_again(workshop: Workshop) -> None:
    workshop.write(event(), OTHER)
    workshop.build()
    workshop.write(event(**BACKGROUND), OTHER)
    workshop.build(later(days=1))
    kept = workshop.files()[f"events/{ENTRY}/calendar.ics"]
    workshop.build(later(days=900), allow_clock=True)
    assert workshop.files()[f"events/{ENTRY}/calendar.ics"] == kept
    workshop.write(event(), OTHER)
    workshop.build(later(days=901))
    again = workshop.events(f"events/{ENTRY}/calendar.ics")
    assert len(again) == 7
    assert {read.sequence for read in again.values()} == {2}
    assert not any("any more" in read.description for read in again.values())


def test_one_off_put_before_1970_keeps_its_day_and_its_identity(workshop: Workshop) -> None:
    workshop.write(event(date="2026-12-24", observed="once"), OTHER)
    workshop.build()
    workshop.write(event(date="1969-12-24", observed="once"), OTHER)
    workshop.build(later(days=1))
    assert (own(workshop).uid, own(workshop).start) == (uid(ENTRY, 2026), dt.date(2026, 12, 24))
    workshop.write(event(date="1971-12-24", observed="once"), OTHER)
    workshop.build(later(days=2))
    assert (own(workshop).uid, own(workshop).start) == (uid(ENTRY, 2026), dt.date(1971, 12, 24))


def test_entry_without_days_that_is_withdrawn_keeps_the_same_one(workshop: Workshop) -> None:
    for day, events in enumerate([[event(), OTHER], [event(**BACKGROUND), OTHER], [OTHER]]):
        workshop.write(*events)
        workshop.build(later(days=day))
    assert (own(workshop).uid, own(workshop).summary) == (
        uid(ENTRY, 2026),
        "Black January 1990 (withdrawn) 2026",
    )


def test_entry_that_never_had_a_day_has_no_calendar(workshop: Workshop) -> None:
    for day in range(2):
        workshop.write(event(title={"en": str(day)}, **BACKGROUND), OTHER)
        workshop.build(later(days=day))
    assert [path for path in workshop.files() if f"events/{ENTRY}/" in path] == [f"events/{ENTRY}/index.html"]


def test_subject_that_loses_its_last_day_is_refused_unless_that_is_allowed(workshop: Workshop) -> None:
    categories = {"history": {"title": {"en": "History"}}, "past": {"title": {"en": "Past"}}}
    workshop.write(event(categories=["past"]), OTHER, categories=categories)
    workshop.build()
    workshop.write(event(categories=["past"], **BACKGROUND), OTHER)
    with pytest.raises(RefusedError, match="published addresses would go: categories/past/"):
        workshop.build(later(days=1))
    workshop.build(later(days=1), allow_removal=True)
    assert f"events/{ENTRY}/calendar.ics" in workshop.files()


# Feeds and lists that tell of it


def updated(workshop: Workshop, path: str) -> str:
    found = ET.fromstring(workshop.files()[path]).findtext("{http://www.w3.org/2005/Atom}updated")
    return found or ""


def test_feed_of_an_entry_withdrawn_before_its_day_is_newer_for_it(workshop: Workshop) -> None:
    workshop.write(event(date="2027-03-01", observed="once"), OTHER)
    workshop.build()
    workshop.write(OTHER)
    workshop.build(later(days=1))
    assert updated(workshop, f"events/{ENTRY}/feed.atom") == "2026-11-23T06:00:00+00:00"


def test_list_of_feeds_never_grows_older(workshop: Workshop) -> None:
    def modified() -> dt.datetime:
        text = ET.fromstring(workshop.files()["feeds.opml"]).findtext("head/dateModified")
        return parsedate_to_datetime(text or "")

    stamps = []
    for day, (events, log) in enumerate(
        [
            ([event(), OTHER], []),
            ([event(title={"en": "B"}), OTHER], []),
            ([OTHER], []),
            ([OTHER], [note("A reason.")]),
        ]
    ):
        workshop.write(*events, corrections=log)
        workshop.build(later(days=day))
        stamps.append(modified())
    assert stamps == [later(days=day) for day in range(4)]


def test_feed_from_which_the_newest_item_goes_is_never_older_than_it_was(workshop: Workshop) -> None:
    """RFC 4287 §4.2.15: what readers held against the date of the feed would be newer than the feed."""
    categories = {"history": {"title": {"en": "History"}}, "past": {"title": {"en": "Past"}}}
    both = event(categories=["history", "past"]), event("other", date="1991-11-01", categories=["past"])
    workshop.write(*both, event("third", date="1992-11-02"), categories=categories)
    stamps = []
    for day, edit in enumerate(
        [
            {},
            {"title": {"en": "The newest"}},
            {"title": {"en": "The newest"}, "categories": ["history"]},
            {"title": {"en": "The newest"}, "categories": ["history"], "observed": "background"},
            None,
        ]
    ):
        workshop.write(*([both[0] | edit] if edit is not None else []), *workshop.values["events"][-2:])
        workshop.build(later(days=day))
        stamps.append([updated(workshop, path) for path in ("feed.atom", "categories/past/feed.atom")])
    days = ["2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"]
    assert [whole[:10] for whole, _ in stamps] == [*days[:4], days[3]]
    assert [past[:10] for _, past in stamps] == [*days[:3], days[2], days[2]]


def test_feed_from_which_an_item_goes_that_came_late_is_never_older_than_it_was(workshop: Workshop) -> None:
    """A wider window brings a year that passed unseen, and its item; later it slides out before an older item."""
    one, dates = event(date="1990-03-01"), []
    for now, past in (("2026-11-22", 1), ("2028-03-05", 0), ("2028-06-01", 1), ("2029-01-05", 1)):
        workshop.write(one, window={"past": str(past), "future": "1"})
        workshop.build(dt.datetime.fromisoformat(f"{now}T06:00Z"), allow_clock=True)
        feed = ET.parse(workshop.current / "events" / ENTRY / "feed.atom").getroot()
        dates.append(feed.findtext("{http://www.w3.org/2005/Atom}updated") or "")
    assert dates == sorted(dates)
    assert dates[-1].startswith("2029-01-05")
