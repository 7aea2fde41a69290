"""Programs that people subscribe with, over HTTP from a running server: vdirsyncer, khal, newsboat and curl.

Each has a home of its own in a temporary folder and nothing of this machine's environment. What they keep is
read from their own files.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from calfeed.serve import Limits
from tests.judges import CURL, KHAL, NEWSBOAT, VDIRSYNCER, ReadEvent, program, python_icalendar, require
from tests.serve.support import Server, wait_until
from tests.support import NOW, REPOSITORY, Workshop, event, later, uid

REAL = (REPOSITORY / "events.yaml").read_text(encoding="utf-8")
PAIR = """
[general]
status_path = "{home}/status"
[pair days]
a = "published"
b = "mine"
collections = null
[storage mine]
type = "filesystem"
path = "{home}/days"
fileext = ".ics"
[storage published]
"""
FROM_ADDRESS = PAIR + 'type = "http"\nurl = "{base}calendar.ics"\n'
FROM_FILE = PAIR + 'type = "singlefile"\npath = "{home}/days.ics"\n'
KHAL_SETTINGS = """
[calendars]
[[days]]
path = {home}/days
readonly = True
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Asia/Baku
default_timezone = Asia/Baku
[sqlite]
path = {home}/khal.db
"""


@contextmanager
def served(workshop: Workshop, limits: Limits = Limits()) -> Iterator[Server]:  # noqa: B008 - frozen
    """What the workshop has published; the server's clock stands an hour after the files were written."""
    written = (workshop.current / "manifest.json").stat().st_mtime
    now = dt.datetime.fromtimestamp(written, dt.UTC) + dt.timedelta(hours=1)
    with Server(workshop.site, workshop.places.state, limits=limits, now=now).running() as server:
        yield server


def rebuild(workshop: Workshop, server: Server, now: dt.datetime) -> None:
    """Publish what the events file says now, and wait until it is what subscribers get."""
    workshop.build(now)
    release = workshop.current.readlink().name
    wait_until(lambda: f'release="{release}"' in server.ask("/metrics").body.decode())


def counted(server: Server, code: int) -> int:
    """How many answers had this status."""
    found = re.search(rf'requests_total{{code="{code}"}} (\d+)', server.ask("/metrics").body.decode())
    return int(found[1]) if found else 0


@dataclass(frozen=True)
class Subscriber:
    """A person's home folder, and the programs that are run in it."""

    home: Path
    base: str

    def write(self, name: str, text: str) -> None:
        """A file of settings; `{home}` and `{base}` are filled in."""
        (self.home / name).write_text(text.replace("{home}", str(self.home)).replace("{base}", self.base))

    def run(self, name: str, *arguments: str) -> str:
        """Run a program to its end and give all it said; fails when it does."""
        found = program(name)
        assert found is not None
        environment = {"HOME": str(self.home), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "Asia/Baku"}
        done = subprocess.run(
            [found, *arguments],
            check=False,
            cwd=self.home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=30,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout


def subscriber(folder: Path, server: Server) -> Subscriber:
    """Somebody with an empty home who was told the address."""
    (folder / "home").mkdir()
    return Subscriber(folder / "home", f"http://127.0.0.1:{server.port}/")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The calendar that is really published, built once."""
    workshop = Workshop(tmp_path_factory.mktemp("built"))
    workshop.places.events.write_text(REAL, encoding="utf-8")
    workshop.build(NOW)
    return workshop.folder


@pytest.fixture
def real(built: Path, tmp_path: Path) -> Workshop:
    """A copy of it to go on with."""
    return Workshop(Path(shutil.copytree(built, tmp_path / "real", symlinks=True)))


def retitled(workshop: Workshop, server: Server) -> None:
    """One entry of the real calendar gets another title, an hour later."""
    edited = REAL.replace("title: {en: Black January}", "title: {en: January 1990}")
    workshop.places.events.write_text(edited, encoding="utf-8")
    rebuild(workshop, server, later(hours=1))


def sync(mine: Subscriber) -> list[tuple[str, str]]:
    """What vdirsyncer did: each action with the name of its item."""
    said = mine.run("vdirsyncer", "-c", "vdirsyncer.conf", "sync")
    return re.findall(r"^(Copying \(\w+\)|Deleting) item (\S+)", said, re.MULTILINE)


def synced(mine: Subscriber, settings: str = FROM_ADDRESS) -> Subscriber:
    """The same person, once vdirsyncer has been told where from and has brought everything into a folder."""
    mine.write("vdirsyncer.conf", settings)
    (mine.home / "days").mkdir()
    mine.run("vdirsyncer", "-c", "vdirsyncer.conf", "discover")
    sync(mine)
    return mine


def kept(mine: Subscriber) -> dict[str, ReadEvent]:
    """The events in a subscriber's own folder by the names of their files; each has one of its own."""
    found = {path.stem: python_icalendar(path) for path in (mine.home / "days").glob("*.ics")}
    assert all(len(events) == 1 for events in found.values())
    return {name: events[0] for name, events in found.items()}


def unnamed(events: Iterable[ReadEvent]) -> list[ReadEvent]:
    """Events without their UIDs, in an order: vdirsyncer gives those from an address UIDs of its own."""
    return sorted((replace(event, uid="") for event in events), key=repr)


def test_vdirsyncer_keeps_one_item_for_each_uid(real: Workshop) -> None:
    require(VDIRSYNCER)
    with served(real) as server:
        found = kept(synced(subscriber(real.folder, server)))
    assert len(found) == len(real.events()) > 100
    assert unnamed(found.values()) == unnamed(real.events().values())


def test_a_second_sync_changes_nothing(real: Workshop, caplog: pytest.LogCaptureFixture) -> None:
    """vdirsyncer sends no conditions: that the same is published again, to the byte, is what keeps it still."""
    require(VDIRSYNCER)
    caplog.set_level(logging.INFO, "calfeed")
    with served(real) as server:
        server.loop.access_log = True
        mine = synced(subscriber(real.folder, server))
        before = {path.name: path.stat().st_mtime_ns for path in (mine.home / "days").iterdir()}
        rebuild(real, server, later(minutes=15))
        assert sync(mine) == []
        assert {path.name: path.stat().st_mtime_ns for path in (mine.home / "days").iterdir()} == before
    first, second = (line for line in caplog.messages if "/calendar.ics" in line)
    assert first == second
    assert first.startswith("GET /calendar.ics 200 ")


def test_an_edited_title_touches_no_other_item(real: Workshop) -> None:
    """From an address, vdirsyncer names an item by its content: what was edited goes and comes anew."""
    require(VDIRSYNCER)
    with served(real) as server:
        mine = synced(subscriber(real.folder, server))
        before = kept(mine)
        retitled(real, server)
        done = sync(mine)
    after = kept(mine)
    assert unnamed(after.values()) == unnamed(real.events().values())
    old = {name for name, found in before.items() if found.summary.startswith("Black January")}
    new = {name for name, found in after.items() if found.summary.startswith("January 1990")}
    assert (set(before) - set(after), set(after) - set(before)) == (old, new)
    assert sorted(action for action, _ in done) == ["Copying (uploading)"] * len(new) + ["Deleting"] * len(old)
    assert len(new) == len(old) > 5


def test_an_edited_title_arrives_as_a_change_of_the_same_uids(real: Workshop) -> None:
    """curl fetches what changed into a file, and vdirsyncer, which believes a file's UIDs, sees changes only."""
    require(VDIRSYNCER)
    require(CURL)
    with served(real) as server:
        mine = subscriber(real.folder, server)
        ask = ("--etag-compare", "etag", "--etag-save", "etag", "--output", "days.ics")
        assert curl(mine, *ask)[0] == 200
        synced(mine, FROM_FILE)
        before = {found.uid: found for found in kept(mine).values()}
        assert curl(mine, *ask)[0] == 304
        assert sync(mine) == []
        retitled(real, server)
        assert curl(mine, *ask)[0] == 200
        done = sync(mine)
    after = {found.uid: found for found in kept(mine).values()}
    changed = {uid for uid in before if "black-january-1990/" in uid}
    assert {action for action, _ in done} == {"Copying (updating)"}
    assert sorted(name.replace("\\,", ",") for _, name in done) == sorted(changed)  # it shows them escaped
    assert after == real.events()
    assert {uid for uid in before if after.get(uid) != before[uid]} == changed
    assert all(after[uid].summary.startswith("January 1990: ") for uid in changed)
    assert all(after[uid].sequence == before[uid].sequence for uid in changed)


def test_only_what_was_withdrawn_leaves_the_subscribers_folder(workshop: Workshop) -> None:
    require(VDIRSYNCER)
    workshop.write(event(), event("khojaly-1992"))
    workshop.build(NOW)
    with served(workshop) as server:
        mine = synced(subscriber(workshop.folder, server))
        before = kept(mine)
        workshop.write(event())
        rebuild(workshop, server, later(hours=1))
        done = sync(mine)
    gone = {name for name, found in before.items() if found.summary.startswith("Khojaly")}
    assert sorted(done) == [("Deleting", name) for name in sorted(gone)]
    assert kept(mine) == {name: found for name, found in before.items() if name not in gone}


def test_khal_lists_each_day_on_its_day(real: Workshop) -> None:
    require(VDIRSYNCER)
    require(KHAL)
    with served(real) as server:
        mine = synced(subscriber(real.folder, server))
    mine.write("khal.conf", KHAL_SETTINGS)
    said = mine.run(
        *("khal", "-c", "khal.conf", "list", "--day-format", "day {date-long}"),
        *("--format", "{title}", "2027-01-15", "2027-03-05"),
    )
    days = {
        day: titles.splitlines()
        for day, titles in re.findall(r"^day (\S+)\n((?:(?!day ).*\n)*)", said, re.MULTILINE)
    }
    black_january = "Black January: 37th anniversary"
    assert [day for day, titles in days.items() if black_january in titles] == ["2027-01-20"]
    khojaly = [
        day for day, titles in days.items() if any("Khojaly massacre: 35th anniversary" in t for t in titles)
    ]
    assert khojaly == ["2027-02-25", "2027-02-26"]


FEEDS = ("feed.rss", "feed.atom")


def reader(folder: Path, server: Server, *feeds: str) -> Subscriber:
    """Somebody who has added these feeds to newsboat and not fetched them yet."""
    mine = subscriber(folder, server)
    mine.write("urls", "".join(f"{{base}}{feed}\n" for feed in feeds))
    mine.write("config", "")
    return mine


def newsboat(mine: Subscriber, *commands: str) -> str:
    """Have newsboat do what it does without a screen."""
    return mine.run("newsboat", "-u", "urls", "-C", "config", "-c", "cache.db", "-x", *commands).strip()


def items(mine: Subscriber) -> list[tuple[str, str]]:
    """Every item that newsboat keeps, id and title, in no order."""
    with closing(sqlite3.connect(mine.home / "cache.db")) as cache:
        return sorted(cache.execute("SELECT guid, title FROM rss_item WHERE deleted = 0"))


def read_everything(mine: Subscriber) -> None:
    """As if every item had been opened."""
    with closing(sqlite3.connect(mine.home / "cache.db")) as cache, cache:
        cache.execute("UPDATE rss_item SET unread = 0")


@pytest.mark.parametrize("feed", FEEDS)
def test_newsboat_shows_what_the_feed_holds_and_nothing_twice(real: Workshop, feed: str) -> None:
    require(NEWSBOAT)
    text = (real.current / feed).read_text(encoding="utf-8")
    published = re.findall(r"<guid[^>]*>(tag:[^<]+)<|<entry>.*?<id>(tag:[^<]+)<", text, re.DOTALL)
    with served(real) as server:
        mine = reader(real.folder, server, feed)
        newsboat(mine, "reload")
        first = items(mine)
        assert [guid for guid, _ in first] == sorted(rss or atom for rss, atom in published)
        assert newsboat(mine, "print-unread") == f"{len(published)} unread articles"
        newsboat(mine, "reload")
        assert items(mine) == first


@pytest.mark.parametrize("feed", FEEDS)
def test_newsboat_gets_304_while_nothing_changed(real: Workshop, feed: str) -> None:
    """Old versions keep no validators of the first answer, so that of the second counts."""
    require(NEWSBOAT)
    with served(real) as server:
        mine = reader(real.folder, server, feed)
        newsboat(mine, "reload")
        newsboat(mine, "reload")
        rebuild(real, server, later(minutes=15))
        before = counted(server, 304)
        newsboat(mine, "reload")
        newsboat(mine, "reload")
        assert counted(server, 304) == before + 2


@pytest.mark.parametrize("feed", FEEDS)
def test_a_corrected_item_is_no_new_item_in_newsboat_and_the_next_day_is_one(
    workshop: Workshop, feed: str
) -> None:
    require(NEWSBOAT)
    workshop.build(NOW)
    with served(workshop) as server:
        mine = reader(workshop.folder, server, feed)
        newsboat(mine, "reload")
        before = items(mine)
        read_everything(mine)
        workshop.write(event(title={"en": "Another title"}))
        rebuild(workshop, server, later(days=1))
        assert newsboat(mine, "reload", "print-unread") == "0 unread articles"
        assert [guid for guid, _ in items(mine)] == [guid for guid, _ in before]
        assert {title.partition(":")[0] for _, title in items(mine)} == {"Another title"}
        rebuild(workshop, server, dt.datetime(2027, 1, 20, 6, tzinfo=dt.UTC))
        assert newsboat(mine, "reload", "print-unread") == "1 unread articles"
        assert {guid for guid, _ in items(mine)} - {guid for guid, _ in before} == {
            uid("black-january-1990", 2027)
        }


def test_who_follows_both_feeds_in_newsboat_sees_each_item_once(real: Workshop) -> None:
    require(NEWSBOAT)
    with served(real) as server:
        mine = reader(real.folder, server, *FEEDS)
        newsboat(mine, "reload")
        found = [guid for guid, _ in items(mine)]
    assert len(found) == len(set(found)) > 20


def curl(mine: Subscriber, *arguments: str, path: str = "calendar.ics") -> tuple[int, int]:
    """One request by curl: its status and the bytes of content that came over the wire."""
    out = ("--silent", "--show-error", "--write-out", "%{http_code} %{size_download}")
    status, size = mine.run("curl", *out, *arguments, mine.base + path).split()
    return int(status), int(size)


def test_curl_fetches_only_what_changed_by_its_etag(real: Workshop) -> None:
    require(CURL)
    with served(real) as server:
        mine = subscriber(real.folder, server)
        ask = ("--etag-compare", "etag", "--etag-save", "etag", "--output", "days.ics")
        assert curl(mine, *ask) == (200, len(real.files()["calendar.ics"]))
        saved = (mine.home / "etag").read_text().strip()
        assert saved == f'"{hashlib.sha256((mine.home / "days.ics").read_bytes()).hexdigest()}"'
        assert curl(mine, *ask) == (304, 0)
        assert curl(mine, "--compressed", *ask) == (304, 0), "the plain bytes would do as well"
        retitled(real, server)
        assert curl(mine, *ask) == (200, len(real.files()["calendar.ics"]))
        assert (mine.home / "days.ics").read_bytes() == real.files()["calendar.ics"]


def test_curl_fetches_only_what_changed_by_its_date(real: Workshop) -> None:
    """Even where the new file is dated before the old one, as on a machine whose clock was set back."""
    require(CURL)
    written = (real.current / "calendar.ics").stat().st_mtime
    os.utime(real.current / "calendar.ics", (written + 600, written + 600))
    with served(real) as server:
        mine = subscriber(real.folder, server)
        ask = ("--remote-time", "--time-cond", "days.ics", "--output", "days.ics")
        assert curl(mine, "--remote-time", "--output", "days.ics")[0] == 200
        assert curl(mine, *ask) == (304, 0)
        retitled(real, server)
        assert curl(mine, *ask)[0] == 200
        assert (mine.home / "days.ics").read_bytes() == real.files()["calendar.ics"]
        assert curl(mine, *ask) == (304, 0)


@pytest.mark.parametrize("path", ["calendar.ics", "feed.rss", "feed.atom", "events.json", "index.html"])
def test_curl_unpacks_what_came_compressed_to_the_published_bytes(real: Workshop, path: str) -> None:
    require(CURL)
    with served(real) as server:
        mine = subscriber(real.folder, server)
        status, size = curl(mine, "--compressed", "--output", "file", path=path)
        assert (mine.home / "file").read_bytes() == real.files()[path]
        assert (status, size < len(real.files()[path]) / 2) == (200, True)


def test_curl_resumes_a_download_that_broke_off(real: Workshop) -> None:
    require(CURL)
    with served(real) as server:
        mine = subscriber(real.folder, server)
        whole = real.files()["calendar.ics"]
        (mine.home / "days.ics").write_bytes(whole[:1000])
        assert curl(mine, "--continue-at", "-", "--output", "days.ics") == (206, len(whole) - 1000)
        assert (mine.home / "days.ics").read_bytes() == whole


def stale_by_command(workshop: Workshop, now: dt.datetime) -> bool:
    """Whether `calfeed status` says at an instant that the site is stale, by its exit code and in its words."""
    command = [sys.executable, "-m", "calfeed", "status", str(workshop.places.events), "--now", now.isoformat()]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=REPOSITORY, timeout=30)
    assert done.returncode in (0, 1)
    assert ("(stale)" in done.stdout) == bool(done.returncode)
    return bool(done.returncode)


def test_g17_the_alarm_is_raised_between_26_and_27_hours_by_command_and_metric(workshop: Workshop) -> None:
    workshop.build(later(days=-1))
    workshop.build(NOW)  # quiet: it changes nothing but the status
    rule = (REPOSITORY / "deploy/prometheus/calfeed.rules.yml").read_text()
    expression = re.search(r"expr: time\(\) - calfeed_last_good_build_timestamp_seconds > (\d+) \* 3600", rule)
    assert expression is not None
    found = {}
    with Server(workshop.site, workshop.places.state).running() as server:
        for hours in (0.0, 25.0, 26.0, 26.01, 26.99, 48.0):
            server.now = later(hours=hours)
            age = server.now.timestamp() - server.metric("calfeed_last_good_build_timestamp_seconds")
            found[hours] = stale_by_command(workshop, server.now)
            assert found[hours] == (age > int(expression[1]) * 3600)
            assert server.ask("/readyz").status == 200, "an old release stays up"
    assert found == {0.0: False, 25.0: False, 26.0: False, 26.01: True, 26.99: True, 48.0: True}
