"""Publishing to object storage, on a real S3 server: whole, in order, by one publisher at a time."""

from __future__ import annotations

import datetime as dt
import hashlib
import http.client
import itertools
import multiprocessing
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from obstore.store import S3Store

from calfeed import compiling, formats
from calfeed.asked import Options, Places
from calfeed.build import build
from calfeed.errors import BusyError, CalfeedError, LedgerError, PublishError, RefusedError
from calfeed.formats import sitemap
from calfeed.storage import bucket, manifest, objects
from calfeed.storage.delivery import cache_control
from calfeed.storage.ledger import parse_ledger
from tests.goals import Tally, spread
from tests.judges import WEED, require
from tests.loopback import closed_port
from tests.storage.gate import Gate, Verdict, gate_before
from tests.storage.seaweed import BUCKET, READER, Seaweed, seaweed
from tests.support import NOW, REPOSITORY, Workshop, calendar, event, later, yaml_of

OTHER = event("other", date="1991-12-25")
NUMBERS = itertools.count(1)
Hold = Callable[[int, str, str], Verdict]


@pytest.fixture(scope="session")
def weed() -> Iterator[Seaweed]:
    require(WEED)
    with seaweed() as server:
        yield server


@dataclass
class Shop(Workshop):
    """A workshop whose site is a prefix in a bucket."""

    address: str = ""

    @property
    def places(self) -> Places:
        return Places(self.folder / "events.yaml", self.address, self.folder / "state")


@dataclass
class Bench:
    """A prefix of its own in the bucket, and as many publishers as a test wants."""

    folder: Path
    server: Seaweed
    prefix: str

    @property
    def address(self) -> str:
        return f"s3://{BUCKET}/{self.prefix}"

    @property
    def store(self) -> S3Store:
        return self.server.store(self.prefix)

    def shop(self, name: str, *events: Any, **keys: Any) -> Shop:
        """A publisher with a state folder of its own."""
        (self.folder / name).mkdir()
        shop = Shop(self.folder / name, address=self.address)
        shop.write(*events, **keys)
        return shop

    def listed(self) -> dict[str, Any]:
        """Size, ETag and date of every object."""
        return {meta["path"]: dict(meta) for chunk in self.store.list() for meta in chunk}

    def files(self) -> dict[str, bytes]:
        """Every object and its bytes."""
        return {path: bytes(self.store.get(path).bytes()) for path in self.listed()}

    def check_whole(self) -> dict[str, bytes]:
        """There is one release and nothing else: each object has the digest that the manifest says."""
        files = self.files()
        lines = manifest.parse(files["manifest.json"])
        assert {line.path for line in lines} == files.keys() - {"manifest.json"}
        for line in lines:
            assert hashlib.sha256(files[line.path]).hexdigest() == line.sha256, line.path
        return files

    def wait_for_the_next_second(self) -> None:
        """Until the store dates an object later than what lies there: its dates are in whole seconds."""
        last = max(meta["last_modified"] for meta in self.listed().values())
        deadline = time.monotonic() + 10
        probe = self.server.store("clock")
        while time.monotonic() < deadline:
            probe.put(self.prefix, b"tick")
            if probe.head(self.prefix)["last_modified"] > last:
                return
            time.sleep(0.05)  # between two looks at the store's clock
        pytest.fail("the clock of the store stands still")


@pytest.fixture
def bench(weed: Seaweed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    for name, value in weed.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(objects, "_RETRY", {"max_retries": 0})
    return Bench(tmp_path, weed, f"p{next(NUMBERS)}")


@pytest.fixture
def gate(weed: Seaweed) -> Iterator[Gate]:
    with gate_before(weed.port) as gate:
        yield gate


def through(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{gate.port}")


def undisturbed(folder: Path, *builds: tuple[dt.datetime, list[Any]]) -> dict[str, bytes]:
    """What a folder would hold after these builds."""
    folder.mkdir(parents=True)
    shop = Workshop(folder)
    for now, events in builds:
        shop.write(*events)
        shop.build(now)
    return shop.files()


def test_first_publication_holds_the_bytes_types_and_cache_times_of_a_folder(bench: Bench) -> None:
    report = bench.shop("a", event(), OTHER).build()
    assert (report.outcome, report.stands) == ("published", bench.address)
    files = bench.check_whole()
    assert files == undisturbed(bench.folder / "folder", (NOW, [event(), OTHER]))
    for line in manifest.parse(files["manifest.json"]):
        found = bench.store.get(line.path)
        assert found.attributes["Content-Type"] == line.media_type
        assert found.attributes["Cache-Control"] == cache_control(line.media_type)


def test_a_set_of_categories_is_found_in_the_bucket_by_an_address_with_an_escaped_plus(bench: Bench) -> None:
    categories = {slug: {"title": {"en": slug}} for slug in ("history", "people")}
    entries = [event(), event("other", categories=["people"])]
    bench.shop("a", *entries, categories=categories, compose=[["people", "history"]]).build()
    found = bench.check_whole()["compose/history+people/calendar.ics"]
    with closing(http.client.HTTPConnection("127.0.0.1", bench.server.port, timeout=10)) as reader:
        reader.request("GET", f"/{BUCKET}/{bench.prefix}/compose/history%2Bpeople/calendar.ics")
        answer = reader.getresponse()
        assert (answer.status, answer.read()) == (200, found)
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"


def test_quiet_build_writes_nothing(bench: Bench, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = bench.shop("a")
    shop.build()
    before = bench.listed()
    through(gate, monkeypatch)
    assert shop.build(later(days=1)).outcome == "quiet"
    assert bench.listed() == before
    assert [method for method, _ in gate.asked] == ["GET", "GET", "GET"]  # ledger, manifest, listing


def test_second_machine_finds_nothing_to_do(bench: Bench) -> None:
    bench.shop("a").build()
    before = bench.listed()
    other = bench.shop("b")
    assert other.build(later(hours=1)).outcome == "unchanged"
    assert other.build(later(hours=2)).outcome == "quiet"
    assert bench.listed() == before


def test_machine_that_lost_its_state_goes_on_from_the_bucket(bench: Bench) -> None:
    shop = bench.shop("a", event(), OTHER)
    shop.build()
    for path in shop.places.state.iterdir():
        path.unlink()
    shop.write(event(date="1990-01-19"), OTHER)
    shop.build(later(days=1))
    _, memory = parse_ledger(bench.check_whole()["ledger.json"], "there")
    assert {id_: record.sequence for id_, record in memory.records.items()} == {
        "black-january-1990": 1,
        "other": 0,
    }


def test_edit_writes_what_it_changed_and_the_manifest_last(
    bench: Bench, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = bench.shop("a", event(), OTHER)
    shop.build()
    before = bench.files()
    shop.write(event(), event("other", date="1991-12-25", description={"en": "In other words."}))
    through(gate, monkeypatch)
    assert shop.build(later(days=1)).outcome == "published"
    after = bench.check_whole()
    changed = {path for path in after if after[path] != before.get(path)}
    written = [path.partition(f"{bench.prefix}/")[2] for path in gate.written()]
    assert "events/black-january-1990/index.html" not in changed
    assert {*written} == changed
    assert written[0] == "ledger.json"
    assert written[-1] == "manifest.json"
    for earlier, later_ in [
        ("events/other/index.html", "events.json"),
        ("events.csv", "calendar.ics"),
        ("events.csv", "feed.json"),
        ("calendar.jcal", "feeds.opml"),
        ("events/other/feed.json", "sitemap.xml"),
    ]:
        assert written.index(earlier) < written.index(later_)


def test_other_peoples_objects_are_left_alone(bench: Bench) -> None:
    bench.store.put("humans.txt", b"theirs")
    shop = bench.shop("a", event(), OTHER)
    shop.build()
    shop.write(event(title={"en": "Another title"}), OTHER)
    shop.build(later(days=1), allow_removal=True)
    assert bench.files()["humans.txt"] == b"theirs"


@pytest.mark.parametrize("path", ["index.html", "robots.txt"])
def test_first_publication_takes_no_name_that_is_in_use(path: str, bench: Bench) -> None:
    bench.store.put(path, b"that of somebody")
    with pytest.raises(PublishError, match=rf"{path} is there already"):
        bench.shop("a").build()
    assert bench.files() == {path: b"that of somebody"}


def test_a_version_that_writes_more_names_takes_none_that_is_in_use(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = bench.shop("a", event())
    with monkeypatch.context() as earlier:
        earlier.setattr(compiling, "FORMATS", tuple(f for f in formats.FORMATS if f is not sitemap.SITEMAP))
        shop.build()
    bench.store.put("robots.txt", b"theirs")
    before = bench.files()
    shop.write(event(description={"en": "In other words."}))
    with pytest.raises(PublishError, match=r"robots\.txt is there already"):
        shop.build(later(days=1))
    assert bench.files() == before
    bench.store.delete("robots.txt")
    shop.build(later(days=1))
    assert "robots.txt" in bench.check_whole()


def test_names_that_a_publication_wrote_before_it_was_cut_off_are_its_own(
    bench: Bench, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page of the new entry lies there in other words, is in no manifest, and is nobody else's."""
    shop, page = bench.shop("a", event()), "events/other/index.html"
    shop.build()
    shop.write(event(), OTHER)
    with monkeypatch.context() as disturbed:
        through(gate, disturbed)
        gate.judge = lambda _number, method, path: (
            "cut" if method == "PUT" and path.endswith("calendar.ics") else "pass"
        )
        with pytest.raises(BusyError):
            shop.build(later(hours=1))
    assert page in bench.files()
    later_one = bench.shop("b", event(), OTHER | {"description": {"en": "In other words."}})
    assert later_one.build(later(hours=2)).outcome == "published"
    assert b"In other words." in bench.check_whole()[page]


CATEGORIES = {"history": {"title": {"en": "History"}, "color": "maroon"}}
MORE = {**CATEGORIES, "art": {"title": {"en": "Art"}, "color": "navy"}}


def test_removal_is_refused_then_allowed_and_takes_only_what_the_manifest_had(bench: Bench) -> None:
    shop = bench.shop("a", event(categories=["history", "art"]), OTHER, categories=MORE)
    shop.build()
    bench.store.put("categories/art/notes.txt", b"theirs")
    shop.write(event(), OTHER, categories=CATEGORIES)
    before = bench.files()
    with pytest.raises(RefusedError, match="published addresses would go: categories/art"):
        shop.build(later(hours=1))
    assert bench.files() == before
    shop.build(later(hours=2), allow_removal=True)
    after = bench.files()
    assert [path for path in after if path.startswith("categories/art/")] == ["categories/art/notes.txt"]
    bench.store.delete("categories/art/notes.txt")
    bench.check_whole()


def test_bucket_put_back_to_an_older_state_is_refused(bench: Bench) -> None:
    shop = bench.shop("a", event(), OTHER)
    shop.build()
    older = bench.files()
    shop.write(event(date="1990-01-19"), OTHER)
    shop.build(later(days=1))
    for path, data in older.items():
        bench.store.put(path, data)
    with pytest.raises(LedgerError, match="is older than the copy that was kept here"):
        shop.build(later(days=2))
    assert bench.files() == older


@pytest.mark.parametrize(
    ("ours", "refused"), [(b'[\n{"ledger":3,"calfeed":"9.0"}\n]\n', True), (b"", False), (b"[\n{}\n]\n", False)]
)
def test_copy_of_a_newer_calfeed_says_that_the_bucket_was_put_back(
    ours: bytes, *, refused: bool, bench: Bench
) -> None:
    shop = bench.shop("a")
    shop.build()
    before, copy = bench.files(), shop.places.state / "ledger.json"
    copy.write_bytes(ours)
    shop.write(event(title={"en": "T"}))
    if refused:
        with pytest.raises(LedgerError, match=r"calfeed 9\.0, which is newer"):
            shop.build(later(hours=1))
        assert (copy.read_bytes(), bench.files()) == (ours, before)
    else:  # it is damaged, and no more than a copy
        shop.build(later(hours=1))
        assert copy.read_bytes() == bench.files()["ledger.json"] != before["ledger.json"]


def test_manifest_without_a_ledger_is_refused(bench: Bench) -> None:
    bench.shop("a").build()
    bench.store.delete("ledger.json")
    with pytest.raises(LedgerError, match="a release stands there"):
        bench.shop("b").build(later(hours=1))


def test_clock_is_held_against_what_others_have_published(bench: Bench) -> None:
    """A machine that slept for months with its clock standing still must not take the calendar back."""
    asleep, awake = bench.shop("a"), bench.shop("b")
    asleep.build()
    awake.build(later(days=80))
    before = bench.files()
    with pytest.raises(RefusedError, match="clock"):
        asleep.build(later(hours=1))
    assert bench.files() == before


def test_prefix_of_another_calendar_is_not_taken_over(bench: Bench) -> None:
    bench.shop("a").build()
    before = bench.files()
    other = bench.shop("b", authority="other.example,2026")
    with pytest.raises(RefusedError, match="authority"):
        other.build(later(hours=1))
    with pytest.raises(LedgerError, match="leave out --new-ledger"):
        other.build(later(hours=1), new_ledger=True)
    assert bench.files() == before


def test_object_overwritten_by_hand_with_equal_size_is_mended(bench: Bench) -> None:
    shop = bench.shop("a")
    shop.build()
    before = bench.files()
    bench.wait_for_the_next_second()
    bench.store.put("calendar.ics", b"x" * len(before["calendar.ics"]))
    assert shop.build(later(hours=1)).outcome == "published"
    assert bench.check_whole() == before
    assert shop.build(later(hours=2)).outcome == "quiet"


def test_etags_that_are_no_md5_cost_a_look_and_no_write(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.shop("a").build()
    before = bench.listed()
    monkeypatch.setattr(hashlib, "md5", lambda data, **_: hashlib.sha256(data))
    assert bench.shop("b").build(later(hours=1)).outcome == "unchanged"
    assert bench.listed() == before


def test_odd_prefix_and_a_slash_at_its_end(bench: Bench) -> None:
    bench.prefix += "/Günlər və illər"
    shop = bench.shop("a")
    shop.address = f"{bench.address}/"
    assert shop.build().stands == bench.address
    bench.check_whole()
    assert shop.build(later(hours=1)).outcome == "quiet"


# --- what goes wrong ---


def refusal(shop: Shop) -> CalfeedError:
    with pytest.raises(CalfeedError) as caught:
        shop.build()
    told = str(caught.value)
    assert "calfeed-secret" not in told
    assert "\n" not in told
    return caught.value


def test_wrong_secret_is_refused(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-the-secret")
    error = refusal(bench.shop("a"))
    assert error.exit_code == 73
    assert "refuses the credentials (403 Forbidden, SignatureDoesNotMatch)" in str(error)
    assert "not-the-secret" not in str(error)


def test_credentials_that_may_only_read_are_refused(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", READER[0])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", READER[1])
    error = refusal(bench.shop("a"))
    assert error.exit_code == 73
    assert "AccessDenied" in str(error)
    assert bench.files() == {}


def test_bucket_that_does_not_exist_is_refused_and_not_made(bench: Bench) -> None:
    shop = bench.shop("a")
    shop.address = "s3://nobody-made-this/calendar"
    for _ in range(2):
        error = refusal(shop)
        assert error.exit_code == 73
        assert "there is no such bucket" in str(error)


def test_server_that_is_away_is_tried_for_seconds_and_exits_75(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    for name, value in bench.server.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", closed_port())
    begun = time.monotonic()
    error = refusal(bench.shop("a"))
    assert error.exit_code == 75
    assert "cannot be reached" in str(error)
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("ftp://host/x", "not an address to publish to"),
        ("s3://", "not an address to publish to"),
        ("s3://key:secret@bucket/x", "holds no credentials"),
        ("https://user:secret@host/x", "holds no credentials"),
        ("https://host/x?token=secret", "holds no credentials"),
        ("az://container/x", "Account must be specified"),
    ],
)
def test_address_that_is_none_is_refused_without_repeating_a_secret(
    address: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT_NAME", raising=False)
    with pytest.raises(PublishError, match=told) as caught:
        bucket.open_bucket(address, tmp_path)
    assert "secret" not in str(caught.value)


def test_store_that_ignores_conditions_is_refused_every_time(
    bench: Bench, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate.drops_conditions = True
    through(gate, monkeypatch)
    monkeypatch.setenv("AWS_SKIP_SIGNATURE", "true")  # a signature would cover the headers that go
    shop = bench.shop("a")
    for _ in range(2):
        with pytest.raises(PublishError, match="ignores the conditions"):
            shop.build()
    assert bench.files().keys() == {"ledger.json"}


# --- cut short ---

EDITED = [event(date="1990-01-19"), OTHER, event("third", date="1995-05-05")]


def outcomes_of_an_undisturbed_edit(folder: Path) -> list[dict[str, bytes]]:
    """By whether the edit was remembered at the first attempt or at the second."""
    first = (NOW, [event(), OTHER])
    return [
        undisturbed(folder / f"undisturbed-{number}", first, (now, EDITED))
        for number, now in enumerate([later(hours=1), later(hours=2)])
    ]


def requests_of_an_edit(bench: Bench, gate: Gate) -> int:
    """How many requests the publication of the edit takes."""
    whole = Bench(bench.folder, bench.server, f"{bench.prefix}-whole")
    shop = whole.shop("whole", event(), OTHER)
    shop.build()
    gate.asked.clear()
    shop.write(*EDITED)
    shop.build(later(hours=1))
    return len(gate.asked)


@pytest.mark.goal("F47", "an upload to an object store cut at any request, or its answer lost")
@pytest.mark.parametrize("verdict", ["cut", "lose"])
def test_publication_cut_at_any_request_is_finished_by_another_machine(
    verdict: Verdict, bench: Bench, gate: Gate, monkeypatch: pytest.MonkeyPatch, tally: Tally, *, thorough: bool
) -> None:
    expected = outcomes_of_an_undisturbed_edit(bench.folder)
    through(gate, monkeypatch)
    total = requests_of_an_edit(bench, gate)
    seen = set()
    for number in spread(range(1, total + 1), 3, thorough=thorough):
        place = Bench(bench.folder, bench.server, f"{bench.prefix}-{verdict}-{number}")
        shop = place.shop(f"first-{number}", event(), OTHER)
        shop.build()
        gate.asked.clear()
        gate.judge = lambda n, _method, _path, last=number: (  # type: ignore[misc]
            "pass" if n < last else verdict if n == last else "cut"
        )
        shop.write(*EDITED)
        with pytest.raises(BusyError):
            shop.build(later(hours=1))
        gate.judge = lambda *_: "pass"
        place.shop(f"second-{number}", *EDITED).build(later(hours=2))
        with tally.point(f"{verdict} at request {number}"):
            found = place.check_whole()
            assert found in expected, "neither of the two releases"
            seen.add(expected.index(found))
    assert seen == {0, 1}


def test_answer_that_is_lost_once_changes_nothing(
    bench: Bench, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library asks again by itself, and finds its own write in the way."""
    monkeypatch.setattr(objects, "_RETRY", {"max_retries": 3})
    through(gate, monkeypatch)
    lost: set[str] = set()

    def judge(number: int, method: str, path: str) -> Verdict:
        if method != "PUT" or number % 3 or path in lost:
            return "pass"
        lost.add(path)  # once: a name that is unlucky each time would use up what the library has of patience
        return "lose"

    gate.judge = judge
    shop = bench.shop("a", event(), OTHER)
    assert shop.build().outcome == "published"
    assert lost
    assert bench.check_whole() == undisturbed(bench.folder / "folder", (NOW, [event(), OTHER]))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_publisher_killed_is_finished_by_another_machine(
    share: float, bench: Bench, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = outcomes_of_an_undisturbed_edit(bench.folder)
    through(gate, monkeypatch)
    total = requests_of_an_edit(bench, gate)
    shop = bench.shop("a", event(), OTHER)
    shop.build()
    gate.asked.clear()
    shop.write(*EDITED)
    started = threading.Event()
    killed = threading.Event()

    def judge(number: int, _method: str, _path: str) -> Verdict:
        if number < max(2, total * share):
            return "pass"
        assert started.wait(10)
        process.send_signal(signal.SIGKILL)
        killed.set()
        return "cut"

    gate.judge = judge
    code = (
        "import datetime as dt, pathlib, sys; from calfeed.asked import Places; "
        "from calfeed.build import build; a = sys.argv[1:]; "
        "build(Places(pathlib.Path(a[0]), a[1], pathlib.Path(a[2])), dt.datetime.fromisoformat(a[3]))"
    )
    arguments = [shop.places.events, bench.address, shop.places.state, later(hours=1).isoformat()]
    process = subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], cwd=REPOSITORY)
    started.set()
    assert process.wait(60) == -signal.SIGKILL
    assert killed.is_set()
    gate.judge = lambda *_: "pass"
    bench.shop("b", *EDITED).build(later(hours=2))
    assert bench.check_whole() in expected


# --- two publishers ---


def held(path: str, meanwhile: Callable[[], object]) -> Hold:
    """Hold the first PUT of a path until something else has been done."""
    done: list[bool] = []

    def judge(_number: int, method: str, asked: str) -> Verdict:
        if method == "PUT" and asked.endswith(path) and not done:
            done.append(True)
            meanwhile()
        return "pass"

    return judge


@pytest.mark.parametrize("path", ["ledger.json", "calendar.ics", "/index.html", "manifest.json"])
def test_publisher_that_is_overtaken_overwrites_nothing(
    path: str, bench: Bench, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, fast = bench.shop("slow", event(), OTHER), bench.shop("fast", event(), OTHER)
    slow.build()
    slow.write(event(date="1990-01-19"), OTHER)
    fast.write(event(date="1990-01-21"), OTHER)
    after: list[dict[str, bytes]] = []

    def overtake() -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", bench.server.environment["AWS_ENDPOINT_URL"])
        fast.build(later(hours=2))
        after.append(bench.check_whole())

    through(gate, monkeypatch)
    gate.judge = held(path, overtake)
    with pytest.raises(BusyError, match="another publisher was faster"):
        slow.build(later(hours=1))
    assert bench.check_whole() == after[0]


def test_first_publications_at_the_same_time_leave_one(
    bench: Bench, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, fast = bench.shop("slow", event()), bench.shop("fast", OTHER)

    def overtake() -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", bench.server.environment["AWS_ENDPOINT_URL"])
        fast.build()

    through(gate, monkeypatch)
    gate.judge = held("ledger.json", overtake)
    with pytest.raises(BusyError):
        slow.build()
    assert "events/other/index.html" in bench.check_whole()


def test_ledger_that_changes_while_a_build_looks_around_is_not_overwritten(
    bench: Bench, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is compiled from and what is replaced are the same ledger, however often it is asked for."""
    slow, fast = bench.shop("slow", event(), OTHER), bench.shop("fast", event(date="1990-01-21"), OTHER)
    slow.build()
    slow.write(event(date="1990-01-19"), OTHER)
    through(gate, monkeypatch)
    done: list[bool] = []

    def judge(number: int, _method: str, _path: str) -> Verdict:
        if number == 2 and not done:  # the ledger is read
            done.append(True)
            monkeypatch.setenv("AWS_ENDPOINT_URL", bench.server.environment["AWS_ENDPOINT_URL"])
            fast.build(later(hours=2))
        return "pass"

    gate.judge = judge
    with pytest.raises(BusyError):
        slow.build(later(hours=1))
    _, memory = parse_ledger(bench.check_whole()["ledger.json"], "there")
    assert memory.records["black-january-1990"].sequence == 1


def test_write_of_a_frozen_publisher_that_lands_by_chance_is_mended_at_the_next_build(
    bench: Bench, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On S3 the state of a page that was changed and changed back is the same: ETags are digests."""
    one, two = event(title={"en": "One"}), event(title={"en": "Two"})
    fast = bench.shop("fast", one, OTHER)
    fast.build()
    slow = bench.shop("slow", two, OTHER)
    page = "months/01/index.html"  # that of the event tells of the corrections, so it is never the same again
    after: list[dict[str, bytes]] = []

    def overtake() -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", bench.server.environment["AWS_ENDPOINT_URL"])
        fast.build(later(hours=2))
        after.append(bench.check_whole())
        bench.wait_for_the_next_second()

    through(gate, monkeypatch)
    gate.judge = held(page, overtake)
    with pytest.raises(BusyError):
        slow.build(later(hours=1))
    assert bench.files() != after[0]
    assert fast.build(later(hours=3)).outcome == "published"
    assert bench.check_whole() == after[0]
    assert fast.build(later(hours=4)).outcome == "quiet"


def publish(folder: Path, address: str, now: dt.datetime, values: dict[str, Any]) -> int:
    """One build in a process of its own; its exit code."""
    folder.mkdir(exist_ok=True)
    (folder / "events.yaml").write_bytes(yaml_of(values))
    try:
        build(Places(folder / "events.yaml", address, folder / "state"), now, Options())
    except CalfeedError as error:
        return error.exit_code
    return 0


@pytest.mark.goal("F47", "two publishers that race into one object store")
def test_racing_publishers_leave_one_whole_release_and_lose_no_edit(
    bench: Bench, tally: Tally, *, thorough: bool
) -> None:
    """Every edit changes the records, so the serial counts those that were published."""
    bench.shop("first", event(), OTHER).build()
    rounds = 100 if thorough else 4
    header, memory = parse_ledger(bench.check_whole()["ledger.json"], "there")
    ended = Counter[int]()
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        for number in range(1, rounds + 1):
            now = later(minutes=number)
            racing = [
                pool.submit(
                    publish,
                    bench.folder / name,
                    bench.address,
                    now,
                    calendar(event(date=f"1990-01-{day + number % 2}", title={"en": f"{name} {number}"}), OTHER),
                )
                for name, day in (("left", 10), ("right", 20))
            ]
            codes = [one.result(60) for one in racing]
            for code in codes:
                ended[code] += 1
            after, then = parse_ledger(bench.check_whole()["ledger.json"], "there")
            assert codes.count(0) >= 1
            assert after.serial - header.serial == codes.count(0)
            for id_, record in memory.records.items():
                assert then.records[id_].sequence >= record.sequence
                assert then.records[id_].published.items() >= record.published.items()
            moved = then.records["black-january-1990"].sequence - memory.records["black-january-1990"].sequence
            assert moved == codes.count(0)
            header, memory = after, then
            tally.add(1)
    assert ended.keys() <= {0, 75}


def test_reader_never_sees_half_an_object(bench: Bench) -> None:
    shop = bench.shop("a", event(), OTHER)
    shop.build()
    over, seen = threading.Event(), set[bytes]()

    def read() -> None:
        while not over.is_set():
            seen.add(bytes(bench.store.get("calendar.ics").bytes()))

    reader = threading.Thread(target=read)
    reader.start()
    published = {bench.files()["calendar.ics"]}
    try:
        for number in range(1, 6):
            shop.write(event(date=f"1990-01-{10 + number}"), OTHER)
            shop.build(later(hours=number))
            published.add(bench.files()["calendar.ics"])
    finally:
        over.set()
        reader.join()
    assert seen <= published
    assert len(seen) > 1
