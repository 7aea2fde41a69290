"""Entries that are compiled one by one make the bytes of all at once, whatever happened and whatever was kept."""

from __future__ import annotations

import datetime as dt
import errno
import gc
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import pytest

from calfeed.build import Report
from calfeed.deferred import deferred
from calfeed.domain.memory import Record
from calfeed.domain.model import Entry, Event
from calfeed.errors import CalfeedError, PublishError
from calfeed.storage import kept, spool
from calfeed.storage.source import piecewise, quick
from calfeed.storage.spool import Scratch, Spool
from tests.support import NOW, Values, Workshop, at_once, event, later, read

AN_HOUR_LATER = later(hours=1)
FEW = ("calendar.ics", "calendar-alarms.ics", "feed.rss", "feed.atom", "feeds.opml", "events.csv")
IDS = tuple(f"entry-{number}" for number in range(12))


class Shop(Workshop):
    """One that makes no pages, unless it is asked to."""

    def build(self, now: dt.datetime = NOW, **options: Any) -> Report:
        """Build once at an instant."""
        return super().build(now, **{"only": FEW, **options})


@pytest.fixture(autouse=True)
def _however_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piecewise, "FEWEST", 1)
    monkeypatch.setattr(spool, "_IN_MEMORY", 10_000)  # of some entries, and all others wait on the disk


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """A calendar that was published once."""
    found = Shop(tmp_path / "warm")
    found.folder.mkdir()
    dates = ("1990-01-20", "1992-02-26", "1950-12-31", "2026-11-25", "2026-12-24")
    found.write(*(event(id_, date=dates[number % 5], title={"en": id_}) for number, id_ in enumerate(IDS)))
    found.build()
    return found


def kept_file(workshop: Workshop) -> Path:
    return workshop.places.state / kept.NAME


def cold(workshop: Workshop, name: str = "cold") -> Workshop:
    """A copy in which nothing is kept."""
    folder = workshop.folder.with_name(name)
    shutil.copytree(workshop.folder, folder, symlinks=True)
    found = type(workshop)(folder, workshop.values)
    kept_file(found).unlink(missing_ok=True)
    return found


def built_alike(workshop: Workshop, now: dt.datetime = AN_HOUR_LATER, **options: Any) -> Report:
    """Build warm, cold and all entries at once; files and report are the same."""
    other, third = cold(workshop, "cold"), cold(workshop, "at-once")
    report = workshop.build(now, **options)
    same = [other.build(now, **options)]
    with at_once():
        same.append(third.build(now, **options))
    assert workshop.files() == other.files() == third.files()
    for one in same:
        # A copy has other inodes and is never quiet.
        assert (report.outcome == "published") == (one.outcome == "published")
        assert report.changes == one.changes
        assert told(report) == told(one) or report.outcome == "quiet"
    shutil.rmtree(other.folder)
    shutil.rmtree(third.folder)
    return report


def told(report: Report) -> list[tuple[int | None, str]]:
    """Problems without the name of the file."""
    return [(problem.location.line, problem.message) for problem in report.problems]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the entries that were read since."""
    found: list[str] = []
    read_event = quick.Reader.event

    def counting(self: quick.Reader, node: object) -> Event:
        one = read_event(self, node)
        found.append(one.id)
        return one

    monkeypatch.setattr(quick.Reader, "event", counting)
    return found


def edited(workshop: Workshop, id_: str, **keys: object) -> None:
    workshop.write(*({**one, **keys} if one["id"] == id_ else one for one in workshop.values["events"]))


def test_only_what_changed_is_read(workshop: Workshop, reads: list[str]) -> None:
    edited(workshop, "entry-3", title={"en": "Another"})
    workshop.build(later(hours=1), only=("calendar.ics",), allow_removal=True)
    assert set(reads) < set(IDS)
    assert "entry-3" in reads
    assert b"SUMMARY;LANGUAGE=en:Another" in workshop.files()["calendar.ics"]


def edit_title(workshop: Workshop) -> None:
    edited(workshop, "entry-3", title={"en": "Another"})


def edit_date(workshop: Workshop) -> None:
    edited(workshop, "entry-4", date="2026-12-28")


def add(workshop: Workshop) -> None:
    workshop.write(*workshop.values["events"], event("fresh", date="2000-05-05"))


def remove(workshop: Workshop) -> None:
    workshop.write(*workshop.values["events"][1:])


def reorder(workshop: Workshop) -> None:
    workshop.write(*reversed(workshop.values["events"]))


def retitle(workshop: Workshop) -> None:
    workshop.write(title={"en": "Another calendar"})


def recolor(workshop: Workshop) -> None:
    workshop.write(categories={"history": {"title": {"en": "History"}, "color": "teal"}})


def note(workshop: Workshop) -> None:
    workshop.write(corrections=[{"id": "entry-2", "on": "2026-11-22", "why": {"en": "So."}}])


def narrow(workshop: Workshop) -> None:
    workshop.write(window={"past": "0", "future": "1"})


def nothing(workshop: Workshop) -> None:
    workshop.places.events.write_bytes(workshop.places.events.read_bytes() + b"# a comment\n")


def blank_lines(workshop: Workshop) -> None:
    data = workshop.places.events.read_bytes()
    workshop.places.events.write_bytes(data.replace(b"  - ", b"\n  # a comment\n  - "))


EDITS = (edit_title, edit_date, add, remove, reorder, retitle, recolor, note, narrow, nothing, blank_lines)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_an_edit_is_built_alike(edit: Callable[[Workshop], None], workshop: Workshop) -> None:
    edit(workshop)
    built_alike(workshop)
    built_alike(workshop, later(days=2))


def test_pages_are_built_alike(workshop: Workshop) -> None:
    """Each of them shows entries that were let go."""
    for number, edit in enumerate(EDITS):
        edit(workshop)
        built_alike(workshop, later(hours=number), only=(), allow_removal=True)


@pytest.mark.parametrize("days", [1, 3, 32, 45, 400])
def test_days_that_pass_are_built_alike(days: int, workshop: Workshop) -> None:
    """An item falls due, another, a year turns, the window slides."""
    built_alike(workshop, later(days=days), allow_clock=True)
    edit_title(workshop)
    built_alike(workshop, later(days=days, hours=1), allow_clock=True)


def test_a_clock_that_went_back_is_built_alike(workshop: Workshop) -> None:
    workshop.build(later(days=3))
    edit_title(workshop)
    built_alike(workshop, later(days=2, hours=1))


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_what_comes_back_is_built_alike(edit: Callable[[Workshop], None], workshop: Workshop) -> None:
    before = workshop.values
    edit(workshop)
    workshop.build(later(hours=1))
    workshop.values = before
    workshop.write()
    if edit is not note:
        built_alike(workshop, later(hours=2))


def test_a_second_language_is_built_alike(workshop: Workshop) -> None:
    workshop.write(languages=["en", "tr"])
    built_alike(workshop)
    edit_title(workshop)
    built_alike(workshop, later(hours=2))


def test_an_entry_with_a_warning_is_told_every_time(workshop: Workshop) -> None:
    edited(
        workshop,
        "entry-1",
        title={"en": "A title that goes on and on, far beyond sixty characters, for telephones"},
    )
    assert len(built_alike(workshop).problems) == 1
    edit_title(workshop)
    assert len(built_alike(workshop, later(hours=2)).problems) == 1


def test_an_error_elsewhere_is_told_with_its_line(workshop: Workshop) -> None:
    edited(workshop, "entry-11", date="1990-02-30")
    with pytest.raises(Exception, match="1990-02-30"):
        built_alike(workshop)


# What was kept and is wrong


def spoil_digest(workshop: Workshop) -> None:
    data = kept_file(workshop).read_bytes()
    kept_file(workshop).write_bytes(data.replace(b"entry-1", b"entry-7"))


def cut_short(workshop: Workshop) -> None:
    data = kept_file(workshop).read_bytes()
    kept_file(workshop).write_bytes(data[: len(data) // 2])


def make_a_folder(workshop: Workshop) -> None:
    kept_file(workshop).unlink()
    kept_file(workshop).mkdir()


def of_another_version(workshop: Workshop) -> None:
    data = kept_file(workshop).read_bytes()
    kept_file(workshop).write_bytes(re.sub(rb'"calfeed": "[^"]*"', b'"calfeed": "0.0.1"', data))


def lose_state(workshop: Workshop) -> None:
    for name in ("ledger.json", "status.json"):
        (workshop.places.state / name).unlink()


def touch_calendar(workshop: Workshop) -> None:
    path = workshop.current.resolve() / "calendar.ics"
    path.write_bytes(path.read_bytes().replace(b"entry-5", b"ENTRY-5"))


SPOILED = (spoil_digest, cut_short, make_a_folder, of_another_version, lose_state, touch_calendar)


@pytest.mark.parametrize("spoil", SPOILED, ids=lambda spoil: spoil.__name__)
def test_what_is_kept_and_wrong_does_no_harm(spoil: Callable[[Workshop], None], workshop: Workshop) -> None:
    spoil(workshop)
    edit_title(workshop)
    other = cold(workshop) if spoil is not make_a_folder else None
    workshop.build(later(hours=1))
    if other:
        other.build(later(hours=1))
        assert workshop.files() == other.files()
    assert b"ENTRY-5" not in workshop.files()["calendar.ics"]


def test_a_forged_file_is_an_error_with_the_way_out(workshop: Workshop) -> None:
    """Whoever can write to the state folder can write the ledger, too; but no traceback comes of it."""
    edit_title(workshop)
    header, *lines = kept_file(workshop).read_bytes().splitlines()
    for name, value in (("categories", ["nowhere"]), ("id", "other")):
        forged = [json.loads(line) for line in lines]
        forged[0][{"id": 2, "categories": 3}[name]] = value
        write_forged(workshop, json.loads(header), forged)
        with suppress(PublishError):
            workshop.build(later(hours=1))
        kept_file(workshop).unlink(missing_ok=True)
        workshop.build(later(hours=1))


def write_forged(workshop: Workshop, header: Values, lines: list[object]) -> None:
    body = [json.dumps(line, separators=(",", ":")).encode() for line in lines]
    del header["sha256"]
    kept.write_kept(workshop.places.state, kept.Header(**header), body)


# What stands for an entry until somebody asks


def test_a_deferred_value_is_read_once_and_then_a_plain_one() -> None:
    asked: list[int] = []
    (plain,) = read(event(night="false")).events

    def load() -> Event:
        asked.append(1)
        return plain

    value = deferred(Event, {"id": plain.id, "categories": plain.categories}, load)
    assert (value.id, value.categories, asked) == (plain.id, plain.categories, [])
    assert value.tone == plain.tone
    assert type(value) is Event
    assert value == plain
    assert asked == [1]


def test_a_deferred_value_equals_what_it_stands_for() -> None:
    (plain,) = read(event()).events
    assert deferred(Event, {"id": plain.id}, lambda: plain) == plain
    assert plain == deferred(Event, {"id": plain.id}, lambda: plain)


def test_a_small_calendar_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piecewise, "FEWEST", 1000)
    found = Workshop(tmp_path)
    found.build(NOW)
    assert not kept_file(found).exists()


# What is refused, and what cannot be set aside


def refused(workshop: Workshop, now: dt.datetime = AN_HOUR_LATER) -> list[str]:
    """What is said of a file that is not built: entry by entry, and all at once."""
    with pytest.raises(CalfeedError) as one_by_one:
        workshop.build(now)
    with at_once(), pytest.raises(CalfeedError) as whole:
        workshop.build(now)
    return [str(one_by_one.value), str(whole.value)]


def give_back_with_another_date(workshop: Workshop) -> None:
    workshop.write(*workshop.values["events"][1:])
    workshop.build(NOW)
    workshop.write(event(IDS[0], date="1990-01-21"), *workshop.values["events"])


def take_another_authority(workshop: Workshop) -> None:
    workshop.write(authority="other.example,2026")


def have_no_day(workshop: Workshop) -> None:
    workshop.write(*({**one, "observed": "background"} for one in workshop.values["events"]))


def break_the_ledger(workshop: Workshop) -> None:
    """In a record of which nothing else is known, behind a digest that fits."""
    path = workshop.places.state / "ledger.json"
    kept_file(workshop).unlink()
    head, *records = path.read_bytes().split(b"\n")[1:-2]
    records[3] = records[3].replace(b'"sequence":0', b'"sequence":-1')
    values = json.loads(head.removesuffix(b","))
    values["sha256"] = hashlib.sha256(b"\n".join(records) + b"\n").hexdigest()
    path.write_bytes(b"\n".join([b"[", json.dumps(values).encode() + b",", *records, b"]", b""]))


REFUSED = (give_back_with_another_date, take_another_authority, have_no_day, break_the_ledger)


@pytest.mark.parametrize("harm", REFUSED, ids=lambda harm: harm.__name__)
def test_what_is_refused_is_refused_alike(harm: Callable[[Workshop], None], workshop: Workshop) -> None:
    harm(workshop)
    before = workshop.files()
    one_by_one, whole = refused(workshop)
    assert one_by_one == whole
    assert workshop.files() == before


def test_what_is_wrong_with_the_file_is_told_before_what_is_refused(workshop: Workshop) -> None:
    take_another_authority(workshop)
    edited(workshop, "entry-11", date="1990-02-30")
    one_by_one, whole = refused(workshop)
    assert "1990-02-30" in one_by_one
    assert one_by_one == whole


def test_no_room_for_what_is_set_aside_is_told(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    before = workshop.files()
    edit_title(workshop)

    def full(**_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "TemporaryFile", full)
        with pytest.raises(PublishError, match="no room for what a build sets aside: No space left on device"):
            workshop.build(AN_HOUR_LATER)
    assert workshop.files() == before
    built_alike(workshop)


def test_nothing_that_was_set_aside_is_left(workshop: Workshop) -> None:
    names = {path.name for path in workshop.places.state.iterdir()}
    assert names == {"kept.json", "ledger.json", "lock", "status.json"}


def test_octets_come_back_as_they_were_put() -> None:
    with Scratch() as scratch:
        one, other = Spool(scratch), Spool(scratch)
        for number in range(300):
            one[str(number)] = bytes([number % 256]) * number
            other[str(number)] = b"other" * number
            assert one[str(number // 2)] == bytes([number // 2 % 256]) * (number // 2)
        one["7"] = b"again"
        del one["8"]
        assert (one["7"], "8" in one, len(one), other["8"]) == (b"again", False, 299, b"other" * 8)
        assert [*one.values()] == [one[key] for key in one]


def test_an_entry_is_let_go_when_it_is_compiled(workshop: Workshop, reads: list[str]) -> None:
    """Each is read once, and once more for the feeds alone, which show few of them."""
    kept_file(workshop).unlink()
    workshop.write(title={"en": "Another calendar"})
    workshop.build(later(hours=1), only=("calendar.ics",), allow_removal=True)
    twice = {id_ for id_ in IDS if reads.count(id_) > 1}
    assert set(reads) == set(IDS)
    assert twice < set(IDS)


def test_nothing_that_is_let_go_goes_round_in_a_circle(workshop: Workshop) -> None:
    """Else it would stay until somebody looks for cycles, which nobody does while a calendar is built."""
    edit_title(workshop)
    gc.collect()
    before = {id(thing) for thing in _nouns()}
    gc.disable()
    try:
        workshop.build(AN_HOUR_LATER)
        assert [type(thing).__name__ for thing in _nouns() if id(thing) not in before] == []
    finally:
        gc.enable()


def _nouns() -> list[object]:
    return [thing for thing in gc.get_objects() if isinstance(thing, Event | Entry | Record)]
