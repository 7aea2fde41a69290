"""The one path from the events file to a published release, again and again."""

from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from calfeed.errors import CalfeedError, LedgerError, PublishError, RefusedError, SourceError, SourceMissing
from calfeed.storage import files
from calfeed.storage import ledger as ledger_module
from calfeed.storage.status import read_status
from tests.judges import CALENDAR_JUDGES, Judge, ReadEvent, require
from tests.support import NOW, REPOSITORY, Workshop, event, later, uid, yaml_of

OTHER = event("other", date="1991-12-25")


def test_first_build_publishes_everything(workshop: Workshop) -> None:
    report = workshop.build()
    assert report.outcome == "published"
    assert (report.status.events, report.status.occurrences) == (1, 7)
    assert report.status.next_up_on == "2027-01-20"
    assert report.status.next_up == "Black January 1990: 37th anniversary"
    assert {
        "calendar.ics",
        "feed.rss",
        "feed.atom",
        "events.json",
        "index.html",
        "ledger.json",
        "manifest.json",
        "categories/history/calendar.ics",
        "events/black-january-1990/index.html",
    } <= set(workshop.files())


def test_new_year_is_due_when_nothing_else_is_before(workshop: Workshop) -> None:
    report = workshop.build()
    assert report.status.next_due_at == dt.datetime(2026, 12, 31, 20, tzinfo=dt.UTC)


def test_second_build_is_quiet_and_touches_no_published_file(workshop: Workshop) -> None:
    workshop.build()
    before = {name: (workshop.current / name).stat() for name in workshop.files()}
    report = workshop.build(later(days=1))
    assert report.outcome == "quiet"
    after = {name: (workshop.current / name).stat() for name in workshop.files()}
    assert {name: (s.st_ino, s.st_mtime_ns, s.st_ctime_ns) for name, s in before.items()} == {
        name: (s.st_ino, s.st_mtime_ns, s.st_ctime_ns) for name, s in after.items()
    }
    status = read_status(workshop.places.state)
    assert status is not None
    assert (status.built_at, status.day) == (later(days=1), "2026-11-23")


@pytest.mark.parametrize("damage", ["delete", "cut", "same size"])
def test_quiet_day_notices_that_a_published_file_does_not_stand(damage: str, workshop: Workshop) -> None:
    workshop.build()
    before = workshop.files()
    path = workshop.current / "categories" / "history" / "feed.rss"
    if damage == "delete":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(b"<rss")
    else:
        path.write_bytes(path.read_bytes()[::-1])
    assert workshop.build(later(hours=1)).outcome == "unchanged"
    assert workshop.files() == before
    assert workshop.build(later(hours=2)).outcome == "quiet"


def test_bytes_that_changed_unnoticed_are_found_by_verify(workshop: Workshop) -> None:
    """A disk that forgets leaves size, mtime and inode as they were."""
    workshop.build()
    before = workshop.files()
    path = workshop.current / "categories" / "history" / "feed.rss"
    told = path.stat()
    with path.open("r+b") as file:
        file.write(b"<!")
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert workshop.build(later(hours=1)).outcome == "quiet"
    assert workshop.build(later(hours=2), verify=True).outcome == "unchanged"
    assert workshop.files() == before
    assert workshop.build(later(hours=3), verify=True).outcome == "quiet"


@pytest.mark.goal(
    "G12", "guards refuse a wrong clock, an empty result, removals, renamed ids and addresses, and name them"
)
def test_first_build_without_a_day_publishes_nothing(workshop: Workshop) -> None:
    workshop.write(event(date="1990", observed="background"))
    with pytest.raises(RefusedError, match="never published"):
        workshop.build()
    assert not workshop.site.exists()


def test_rebuild_before_the_next_due_instant_gives_equal_bytes(workshop: Workshop) -> None:
    workshop.write(event(), OTHER)
    workshop.build()
    before = workshop.files()
    (workshop.places.state / "status.json").unlink()  # so that it is compiled, not waved through
    assert workshop.build(later(days=20)).outcome == "unchanged"
    assert workshop.files() == before


def test_next_day_differs_only_where_something_is_due(workshop: Workshop) -> None:
    workshop.write(event(), OTHER)
    workshop.build(dt.datetime(2026, 12, 24, 12, tzinfo=dt.UTC))
    before = workshop.files()
    workshop.build(dt.datetime(2026, 12, 25, 12, tzinfo=dt.UTC))
    after = workshop.files()
    feeds = {
        folder + file
        for folder in ("", "categories/history/", "events/other/")
        for file in ("feed.rss", "feed.atom", "feed.json")
    }
    assert {name for name in after if after[name] != before.get(name)} == feeds | {
        "events.json",
        "ledger.json",
        "manifest.json",
    }
    assert after["feed.rss"].index(uid("other", 2026).encode()) < after["feed.rss"].index(b"other/2025")


def test_title_edit_reaches_subscribers_as_a_new_last_modified_and_the_same_sequence(workshop: Workshop) -> None:
    workshop.write(event(), OTHER)
    workshop.build()
    workshop.write(event(title={"en": "Black January (Baku)"}), OTHER)
    workshop.build(later(days=1))
    found = workshop.events()
    assert found[uid("black-january-1990", 2027)].summary == "Black January (Baku): 37th anniversary"
    assert found[uid("black-january-1990", 2027)].dtstamp == later(days=1)
    assert found[uid("other", 2027)].dtstamp == NOW
    assert {e.sequence for e in found.values()} == {0}


def test_changed_day_reaches_subscribers_with_the_next_sequence_for_that_event_alone(workshop: Workshop) -> None:
    workshop.write(event(), OTHER)
    workshop.build()
    workshop.write(event(date="1990-01-19"), OTHER)
    workshop.build(later(days=1))
    found = workshop.events()
    assert found[uid("black-january-1990", 2027)].start == dt.date(2027, 1, 19)
    assert {e.sequence for u, e in found.items() if "black" in u} == {1}
    assert {e.sequence for u, e in found.items() if "other" in u} == {0}


def test_year_turns_and_the_window_slides(workshop: Workshop) -> None:
    workshop.build()
    workshop.build(dt.datetime(2026, 12, 31, 21, tzinfo=dt.UTC))  # 1 January in Baku
    assert {e.start.year for e in workshop.events().values()} == set(range(2026, 2033))
    assert {e.sequence for e in workshop.events().values()} == {0}


def test_withdrawn_event_leaves_the_calendar_and_its_page_says_so(workshop: Workshop) -> None:
    workshop.write(event(), OTHER)
    workshop.build()
    workshop.write(event())
    workshop.build(later(days=1))
    assert not [u for u in workshop.events() if "other" in u]
    page = workshop.files()["events/other/index.html"].decode()
    assert "withdrawn on Monday 23 November 2026" in page


@pytest.mark.parametrize("judge", CALENDAR_JUDGES, ids=lambda judge: judge.name)
def test_addresses_of_a_withdrawn_entry_hold_its_last_occurrence_and_say_so(
    judge: Judge[ReadEvent], workshop: Workshop
) -> None:
    require(judge)
    workshop.write(event(), OTHER)
    workshop.build()
    workshop.write(event())
    workshop.build(later(days=1))
    (last,) = judge.read(workshop.current / "events" / "other" / "calendar.ics")
    assert (last.uid, last.start) == (uid("other", 2025), dt.date(2025, 12, 25))
    assert (last.summary, last.sequence) == ("Other (withdrawn) 2025", 0)
    assert "withdrawn on Monday 23 November 2026" in last.description
    files = workshop.files()
    assert all(
        uid("other", 2025).encode() in files[f"events/other/feed.{kind}"] for kind in ("rss", "atom", "json")
    )
    assert workshop.build(later(days=2)).outcome == "quiet"


def test_restored_entry_has_all_its_occurrences_again_under_the_same_addresses(workshop: Workshop) -> None:
    workshop.write(event(), OTHER)
    workshop.build()
    before = workshop.events("events/other/calendar.ics")
    workshop.write(event())
    workshop.build(later(days=1))
    gone = workshop.events("events/other/calendar.ics")
    workshop.write(event(), OTHER)
    workshop.build(later(days=2))
    back = workshop.events("events/other/calendar.ics")
    assert back.keys() == before.keys()
    assert gone.keys() < before.keys()
    last = uid("other", 2025)
    assert [found[last].dtstamp for found in (before, gone, back)] == [NOW, later(days=1), later(days=2)]
    assert [found[last].sequence for found in (before, gone, back)] == [0, 0, 1]


def test_withdrawn_entry_that_had_not_begun_keeps_its_first_occurrence_and_feeds_without_items(
    workshop: Workshop,
) -> None:
    ahead = event("visit", date="2027-05-03", observed="once")
    workshop.write(event(), ahead)
    workshop.build()
    workshop.write(event())
    workshop.build(later(days=1))
    assert list(workshop.events("events/visit/calendar.ics")) == [uid("visit", 2027)]
    assert b"<entry>" not in workshop.files()["events/visit/feed.atom"]


def test_reason_that_comes_after_the_withdrawal_is_told_with_a_new_last_modified(workshop: Workshop) -> None:
    workshop.write(event(), OTHER)
    workshop.build()
    workshop.write(event())
    workshop.build(later(days=1))
    workshop.write(corrections=[{"id": "other", "on": "2026-11-24", "why": {"en": "It never happened."}}])
    workshop.build(later(days=2))
    (last,) = workshop.events("events/other/calendar.ics").values()
    assert last.dtstamp == later(days=2)
    assert "calendars and feeds.\nIt never happened." in last.description


@pytest.mark.goal(
    "G12", "guards refuse a wrong clock, an empty result, removals, renamed ids and addresses, and name them"
)
def test_last_entry_of_a_category_is_withdrawn_only_where_that_is_allowed(workshop: Workshop) -> None:
    categories = {"history": {"title": {"en": "History"}}, "past": {"title": {"en": "Past"}}}
    workshop.write(event(), OTHER | {"categories": ["past"]}, categories=categories)
    workshop.build()
    workshop.write(event())
    with pytest.raises(RefusedError, match=r"would go: categories/past/calendar-alarms\.ics"):
        workshop.build(later(days=1))
    assert workshop.build(later(days=1), allow_removal=True).outcome == "published"


def test_withdrawn_entry_speaks_every_language_of_the_calendar(workshop: Workshop) -> None:
    both = OTHER | {"title": {"en": "Other", "az": "Başqa"}}
    workshop.write(event(), both, languages=["en", "az", "he"])
    workshop.build()
    workshop.write(event())
    workshop.build(later(days=1))
    told = {
        language: next(iter(workshop.events(f"{language}events/other/calendar.ics").values())).summary
        for language in ("", "az/", "he/")
    }
    assert told == {
        "": "Other (withdrawn) 2025",
        "az/": "Başqa (geri götürülüb) 2025",
        "he/": "Other (withdrawn) 2025",
    }


def test_build_that_only_adds_a_note_changes_the_corrections_alone(workshop: Workshop) -> None:
    workshop.build()
    before = workshop.files()
    note = {"on": "2026-11-23", "why": {"en": "A letter."}}
    workshop.write(corrections=[note | {"id": "black-january-1990"}, note | {"id": "unknown"}])
    warning = 'the correction of 2026-11-23 names "unknown", and no event of that id was ever published'
    assert warning in workshop.build(later(hours=1), dry_run=True).warnings
    report = workshop.build(later(days=1))
    assert warning in report.warnings
    after = workshop.files()
    changed = {name for name in after if after[name] != before[name]}
    pages = {"corrections/index.html", "events/black-january-1990/index.html"}
    assert changed == {"corrections/feed.atom", "feeds.opml", "ledger.json", "manifest.json"} | pages
    assert workshop.build(later(days=2)).outcome == "quiet"


def test_comment_in_the_events_file_changes_no_feed(workshop: Workshop) -> None:
    workshop.build()
    before = workshop.files()
    workshop.places.events.write_bytes(b"# a word among curators\n" + yaml_of(workshop.values))
    workshop.build(later(hours=1))
    after = workshop.files()
    assert {name for name in after if after[name] != before[name]} == {"ledger.json", "manifest.json"}


@pytest.mark.goal(
    "G12", "guards refuse a wrong clock, an empty result, removals, renamed ids and addresses, and name them"
)
@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda w: w.places.events.write_text("version: ["), SourceError),
        (lambda w: w.places.events.write_text(""), SourceError),
        (lambda w: w.places.events.unlink(), SourceMissing),
        (lambda w: w.write(event(date="1990", observed="background")), RefusedError),
        (lambda w: w.write(authority="example.org,2020"), RefusedError),
        (
            lambda w: w.write(event(categories=["renamed"]), categories={"renamed": {"title": {"en": "History"}}}),
            RefusedError,
        ),
        (lambda w: (w.places.state / "ledger.json").write_text("["), LedgerError),
        (lambda w: (w.current / "manifest.json").write_text("["), PublishError),
    ],
    ids=["syntax", "empty file", "no file", "no day left", "authority", "category renamed", "ledger", "manifest"],
)
def test_failed_build_leaves_readers_and_memory_as_they_were(
    spoil: object, error: type[CalfeedError], workshop: Workshop
) -> None:
    workshop.build()
    spoil(workshop)  # type: ignore[operator]
    before, link = workshop.files(), workshop.current.readlink()
    ledger = (workshop.places.state / "ledger.json").read_bytes()
    with pytest.raises(error):
        workshop.build(later(days=1))
    assert workshop.files() == before
    assert workshop.current.readlink() == link
    assert (workshop.places.state / "ledger.json").read_bytes() == ledger
    assert not list(workshop.site.glob(".*"))


@pytest.mark.goal(
    "G12", "guards refuse a wrong clock, an empty result, removals, renamed ids and addresses, and name them"
)
def test_renamed_category_is_named_in_the_refusal(workshop: Workshop) -> None:
    workshop.build()
    workshop.write(event(categories=["renamed"]), categories={"renamed": {"title": {"en": "History"}}})
    with pytest.raises(RefusedError, match=r"categories/history/calendar\.ics"):
        workshop.build(later(days=1))
    assert workshop.build(later(days=1), allow_removal=True).outcome == "published"


@pytest.mark.goal(
    "G12", "guards refuse a wrong clock, an empty result, removals, renamed ids and addresses, and name them"
)
def test_ids_renamed_wholesale_are_refused_with_their_list(workshop: Workshop) -> None:
    workshop.write(*(event(f"e{number}") for number in range(5)))
    workshop.build()
    workshop.write(*(event(f"f{number}") for number in range(5)))
    with pytest.raises(RefusedError, match="5 of 5 events would be withdrawn: e0, e1, e2, e3, e4"):
        workshop.build(later(days=1))


@pytest.mark.goal(
    "G12", "guards refuse a wrong clock, an empty result, removals, renamed ids and addresses, and name them"
)
@pytest.mark.parametrize("now", [dt.datetime(2036, 1, 1, tzinfo=dt.UTC), dt.datetime(1970, 1, 2, tzinfo=dt.UTC)])
def test_wrong_clock_is_refused_and_stamps_nothing(now: dt.datetime, workshop: Workshop) -> None:
    workshop.build()
    before = workshop.files()
    with pytest.raises(RefusedError, match="set the clock"):
        workshop.build(now)
    assert workshop.files() == before
    assert workshop.build(later(days=1)).outcome == "quiet"


@pytest.mark.goal(
    "G12", "guards refuse a wrong clock, an empty result, removals, renamed ids and addresses, and name them"
)
def test_wrong_clock_is_refused_without_status_too(workshop: Workshop) -> None:
    workshop.build()
    (workshop.places.state / "status.json").unlink()
    with pytest.raises(RefusedError, match="set the clock"):
        workshop.build(dt.datetime(2036, 1, 1, tzinfo=dt.UTC))


def test_right_clock_after_long_rest_is_allowed_by_option(workshop: Workshop) -> None:
    workshop.build()
    assert workshop.build(later(days=500), allow_clock=True).outcome == "published"


def test_crash_between_ledger_and_site_gives_the_bytes_of_an_undisturbed_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed, undisturbed = Workshop(tmp_path / "a"), Workshop(tmp_path / "b")
    for shop in (crashed, undisturbed):
        shop.folder.mkdir()
        shop.write(event(), OTHER)
        shop.build()
        shop.write(event(date="1990-01-19"), OTHER)
    undisturbed.build(later(days=1))
    with monkeypatch.context() as patch:
        patch.setattr("calfeed.storage.site.activate", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            crashed.build(later(days=1))
    assert crashed.files() != undisturbed.files()
    crashed.build(later(days=1, minutes=10))
    assert crashed.files() == undisturbed.files()


def test_crash_before_the_ledger_commits_nothing(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop.build()
    before = (workshop.places.state / "ledger.json").read_bytes()
    workshop.write(event(date="1990-01-19"))
    with monkeypatch.context() as patch:
        patch.setattr(ledger_module.Ledger, "commit", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            workshop.build(later(days=1))
    assert (workshop.places.state / "ledger.json").read_bytes() == before
    workshop.build(later(days=2))
    assert {e.sequence for e in workshop.events().values()} == {1}


def test_dry_run_tells_what_would_change_and_writes_nothing(workshop: Workshop) -> None:
    workshop.write(event(), OTHER, event("third", date="1992-04-07"))
    workshop.build()
    workshop.write(event(date="1990-01-19"), OTHER | {"title": {"en": "T"}}, event("fourth", date="1995-05-05"))
    before = {path: path.stat().st_mtime_ns for path in workshop.folder.rglob("*")}
    report = workshop.build(later(days=1), dry_run=True)
    assert [(change.what, change.id) for change in report.changes] == [
        ("moved", "black-january-1990"),
        ("reworded", "black-january-1990"),
        ("reworded", "other"),
        ("added", "fourth"),
        ("withdrawn", "third"),
    ]
    assert "2027-01-20 → 2027-01-19" in report.changes[0].detail
    assert {path: path.stat().st_mtime_ns for path in workshop.folder.rglob("*")} == before


def test_dry_run_of_a_first_build_makes_no_folder(workshop: Workshop) -> None:
    workshop.build(dry_run=True)
    assert sorted(path.name for path in workshop.folder.iterdir()) == ["events.yaml"]


def test_address_option_takes_the_place_of_the_files_own(workshop: Workshop) -> None:
    workshop.build(url="https://days.example.org/baku/")
    assert b"https://days.example.org/baku/events/black-january-1990/" in workshop.files()["feed.rss"]
    assert b"calfeed.example/" not in workshop.files()["calendar.ics"].replace(b"tag:calfeed.example", b"")


def test_address_option_is_checked_like_the_key(workshop: Workshop) -> None:
    with pytest.raises(SourceError, match="does not end with a slash"):
        workshop.build(url="https://days.example.org")


@dataclass(frozen=True)
class Surroundings:
    """What is no input of a build: `command` goes before Python, `folder` is where it is started."""

    environment: Mapping[str, str] = field(default_factory=dict)
    umask: int = 0o022
    folder: str = "."
    command: tuple[str, ...] = ()


SOMEBODY = 65534  # who may write into the folder that is given to him, and read as root does
AS_SOMEBODY = (
    *("setpriv", f"--reuid={SOMEBODY}", f"--regid={SOMEBODY}", "--clear-groups"),
    *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
)
ELSEWHERE = {
    "hash seed, umask 077, another folder": Surroundings({"PYTHONHASHSEED": "1"}, umask=0o077, folder="/"),
    "locale C, zone ahead, umask 000": Surroundings({"TZ": "Pacific/Kiritimati", "LC_ALL": "C"}, umask=0),
    "locale C.UTF-8, zone behind, -O": Surroundings(
        {"TZ": "America/Los_Angeles", "LC_ALL": "C.UTF-8", "PYTHONOPTIMIZE": "1", "PYTHONHASHSEED": "4711"}
    ),
    "no UTF-8, -OO, another user": Surroundings(
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONOPTIMIZE": "2"}, command=AS_SOMEBODY
    ),
    "Turkish": Surroundings({"LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr"}),
    "Azerbaijani": Surroundings({"LC_ALL": "az_AZ.UTF-8", "LANGUAGE": "az"}),
}


@pytest.mark.goal("G13", "builds elsewhere: hash seed, locale, zone, -O, umask, folder, user, order of files")
@pytest.mark.parametrize("name", ELSEWHERE)
def test_bytes_do_not_depend_on_the_surroundings(name: str, workshop: Workshop) -> None:
    here = ELSEWHERE[name]
    locale = here.environment.get("LC_ALL", "C")
    if "_" in locale and locale.lower().replace("-", "") not in _locales():
        pytest.skip(f"the locale {locale} is not installed")
    if here.command and (os.getuid() or shutil.which(here.command[0]) is None):
        pytest.skip("only root may become somebody else, with setpriv")
    _translated(workshop)
    workshop.build()
    other = _elsewhere(workshop, here)
    assert other.current.readlink() == workshop.current.readlink()
    assert other.files() == workshop.files()
    assert _modes(other) == _modes(workshop) == {0o644, 0o755}


def _translated(workshop: Workshop) -> None:
    workshop.write(
        event(),
        OTHER,
        event("landau-1908", date="1908-01-22", title={"en": "Ünïcödé Iıİi", "az": "Iıİi"}),
        languages=["en", "az", "ru"],
    )
    _add_translations(workshop.folder, ("az", "ru"))


def _add_translations(folder: Path, languages: Iterable[str]) -> None:
    """The same files, made in this order: a folder is listed in that of their making, or in any."""
    (folder / "translations").mkdir()
    for language in languages:
        path = folder / "translations" / f"{language}.yaml"
        path.write_text(f"version: 1\nlanguage: {language}\ntexts: {{}}\n", encoding="utf-8")


def _elsewhere(workshop: Workshop, here: Surroundings) -> Workshop:
    """The same calendar, built by another process in these surroundings."""
    with TemporaryDirectory() as made:  # not below pytest's folder, which nobody else may enter
        folder = Path(made)
        folder.chmod(0o755)
        other = Workshop(folder / "other")
        other.folder.mkdir()
        other.places.events.write_bytes(workshop.places.events.read_bytes())
        _add_translations(other.folder, ("ru", "az"))
        if here.command:
            os.chown(other.folder, SOMEBODY, SOMEBODY)
        command = [*here.command, sys.executable, "-m", "calfeed", "build", str(other.places.events)]
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), **here.environment}
        subprocess.run(
            [*command, "--now", NOW.isoformat()],
            cwd=other.folder / here.folder,
            env=environment,
            umask=here.umask,
            check=True,
            capture_output=True,
        )
        shutil.copytree(other.folder, workshop.folder / "other", symlinks=True)
    return Workshop(workshop.folder / "other")


def _modes(workshop: Workshop) -> set[int]:
    return {path.stat().st_mode & 0o777 for path in workshop.current.resolve().rglob("*")}


def _locales() -> set[str]:
    if shutil.which("locale") is None:
        return set()
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True).stdout
    return {name.lower().replace("-", "") for name in known.split()}


def test_category_whose_rules_have_ended_keeps_its_feed_on_1_january(workshop: Workshop) -> None:
    ended = {"rule": "annual", "day": "03-08", "until": "2026"}
    workshop.write(
        event(),
        event("ended", date=None, observed=ended, categories=["past"]),
        categories={"history": {"title": {"en": "History"}}, "past": {"title": {"en": "Past"}}},
    )
    workshop.build()
    for year in (2027, 2028, 2029):
        workshop.build(dt.datetime(year, 1, 1, tzinfo=dt.UTC), allow_clock=True)
    assert list(workshop.events("categories/past/calendar.ics")) == [uid("ended", 2026)]


def test_dry_run_refuses_what_the_build_would_refuse(workshop: Workshop) -> None:
    workshop.build()
    workshop.write(event(categories=["renamed"]), categories={"renamed": {"title": {"en": "History"}}})
    workshop.write(event(categories=["renamed"], title={"en": "Other words"}))
    report = workshop.build(later(days=1), dry_run=True)
    assert "published addresses would go" in str(report.refused)
    assert [(change.what, change.id) for change in report.changes] == [("reworded", "black-january-1990")]
    assert workshop.build(later(days=1), dry_run=True, allow_removal=True).refused is None


def test_a_calendar_that_moves_below_a_path_is_not_refused_for_robots_txt(workshop: Workshop) -> None:
    workshop.build()
    assert (workshop.current / "robots.txt").exists()
    workshop.write(url="https://calfeed.example/days/")
    assert workshop.build(later(days=1)).outcome == "published"
    assert not (workshop.current / "robots.txt").exists()


def test_tab_in_a_text_is_published(workshop: Workshop) -> None:
    workshop.write(event(description={"en": "one\ttwo"}))
    workshop.build()
    assert "one\ttwo" in workshop.events()[uid("black-january-1990", 2027)].description


def test_next_up_moves_on_although_nothing_was_due_on_the_day(workshop: Workshop) -> None:
    workshop.write(event(), OTHER, notice_days="7")
    workshop.build(dt.datetime(2027, 1, 14, tzinfo=dt.UTC))
    report = workshop.build(dt.datetime(2027, 2, 1, tzinfo=dt.UTC))
    assert report.status.next_up_on == "2027-12-25"


def test_page_of_a_withdrawn_entry_names_the_day_of_the_calendars_zone(workshop: Workshop) -> None:
    workshop.write(event(), OTHER)
    workshop.build()
    workshop.write(event())
    workshop.build(dt.datetime(2026, 11, 22, 21, 30, tzinfo=dt.UTC))  # 23 November in Baku
    assert "withdrawn on Monday 23 November 2026" in workshop.files()["events/other/index.html"].decode()


def test_nothing_is_shown_where_there_is_no_room_for_the_status(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.build()
    before, real = workshop.files(), files.write_new

    def full(path: str | Path, chunks: Iterable[bytes], *, wait: bool = True) -> None:
        if "status.json" in Path(path).name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(path, chunks, wait=wait)

    workshop.write(title={"en": "Edited"})
    with monkeypatch.context() as patch:
        patch.setattr(files, "write_new", full)
        with pytest.raises(LedgerError, match=r"status\.json: cannot be written: No space left on device"):
            workshop.build(later(hours=1))
    assert workshop.files() == before
    assert workshop.build(later(hours=1)).outcome == "published"
    assert not list(workshop.places.state.glob(".*"))
