"""Any set of categories is a calendar at an address of its own, over HTTP from a running server."""

from __future__ import annotations

import gzip
import hashlib
import logging
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import combinations
from pathlib import Path

import pytest

from calfeed.serve import Limits, composing
from calfeed.serve.composing import Busy, Composer, Made, Set, known_set, work
from calfeed.serve.connection import State
from calfeed.serve.shelf import Exhausted, Later
from calfeed.serve.snapshot import Snapshot, take
from tests.judges import CALENDAR_JUDGES, CURL, VDIRSYNCER, Judge, ReadEvent, python_icalendar, require
from tests.serve.support import FILES, Client, Reply, Server, child, publish, wait_until
from tests.serve.test_subscribers import FROM_ADDRESS, rebuild, served, subscriber, sync
from tests.support import NOW, Workshop, event, later

SLUGS = [f"c{number:02}" for number in range(14)]
CATEGORIES = {slug: {"title": {"en": slug.upper()}} for slug in SLUGS}
EVENTS = [
    event(f"e{number}", date=f"19{number + 10}-03-{number + 1:02}", categories=[SLUGS[number], SLUGS[0]])
    for number in range(14)
]
PAIR = "compose/c01+c02/calendar.ics"


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A calendar of fourteen categories in two languages, published once; two of its sets are built ahead."""
    workshop = Workshop(tmp_path_factory.mktemp("sets"))
    listed = [["c01", "c02"], ["c03", "c04"]]
    workshop.write(*EVENTS, categories=CATEGORIES, languages=["en", "az"], compose=listed)
    workshop.build(NOW)
    return workshop.folder


@pytest.fixture
def workshop(once: Path, tmp_path: Path) -> Workshop:
    """A copy of it to go on with, whose listed sets are listed no more: a server has to compose them."""
    found = Workshop(Path(shutil.copytree(once, tmp_path / "sets", symlinks=True)))
    found.write(*EVENTS, categories=CATEGORIES, languages=["en", "az"])
    found.build(NOW, allow_removal=True)
    assert not (found.current / PAIR).exists()
    return found


@pytest.fixture
def server(workshop: Workshop) -> Iterator[Server]:
    """A server over that site."""
    with served(workshop) as running:
        yield running


def test_what_is_served_is_what_a_build_publishes(once: Path, server: Server) -> None:
    for path in (PAIR, "compose/c03+c04/calendar.ics", "az/" + PAIR, "az/compose/c03+c04/calendar.ics"):
        found = server.ask("/" + path)
        assert (found.status, found.body) == (200, (once / "site" / "current" / path).read_bytes()), path


def test_a_set_is_answered_with_the_fields_of_a_published_file(server: Server) -> None:
    found, file = server.ask("/" + PAIR), server.ask("/calendar.ics")
    assert found.fields["content-type"] == "text/calendar; charset=utf-8"
    assert found.fields["etag"] == f'"{hashlib.sha256(found.body).hexdigest()}"'
    own = ("content-length", "etag", "last-modified")
    assert {n: v for n, v in found.fields.items() if n not in own} == {
        n: v for n, v in file.fields.items() if n not in own
    }
    assert found.fields["last-modified"] == server.ask("/manifest.json").fields["last-modified"]


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_conditions_ranges_and_head_are_those_of_a_published_file(server: Server, coding: str) -> None:
    whole = server.ask("/" + PAIR, Accept_Encoding=coding)
    tag, size = whole.fields["etag"], len(whole.body)
    assert whole.fields.get("content-encoding", "identity") == coding
    assert (gzip.decompress(whole.body) if coding == "gzip" else whole.body) == server.ask("/" + PAIR).body
    asked = [
        server.ask("/" + PAIR, Accept_Encoding=coding, If_None_Match=tag),
        server.ask("/" + PAIR, Accept_Encoding=coding, If_Modified_Since=whole.fields["last-modified"]),
        server.ask("/" + PAIR, "HEAD", Accept_Encoding=coding),
        server.ask("/" + PAIR, Accept_Encoding=coding, Range="bytes=5-9"),
        server.ask("/" + PAIR, Accept_Encoding=coding, Range=f"bytes={size}-"),
        server.ask("/" + PAIR, Accept_Encoding=coding, If_Match='"other"'),
        server.ask("/" + PAIR, "POST"),
    ]
    assert [found.status for found in asked] == [304, 304, 200, 206, 416, 412, 405]
    assert asked[2].fields == whole.fields
    assert asked[3].body == whole.body[5:10]
    assert asked[0].fields["etag"] == tag


@pytest.mark.parametrize("target", ["/compose/c01%2Bc02/calendar.ics", "/compose/c01%2bc02/calendar.ics?x=1"])
def test_a_plus_may_be_written_either_way(server: Server, target: str) -> None:
    assert server.ask(target).body == server.ask("/" + PAIR).body


@pytest.mark.parametrize("folder", ["", "az/"])
def test_one_category_and_all_of_them_are_sets_too(server: Server, folder: str) -> None:
    one = server.ask(f"/{folder}compose/c05/calendar.ics")
    every = server.ask(f"/{folder}compose/{'+'.join(SLUGS)}/calendar.ics")
    assert (one.status, every.status) == (200, 200)
    events = every.body.partition(b"BEGIN:VEVENT")[2]
    assert events == server.ask(f"/{folder}calendar.ics").body.partition(b"BEGIN:VEVENT")[2]
    assert one.body.count(b"BEGIN:VEVENT") == 7


@pytest.mark.parametrize("folder", ["", "az/"])
def test_another_order_is_led_to_the_one_address(server: Server, folder: str) -> None:
    found = server.ask(f"/{folder}compose/c02+c00+c01/calendar.ics")
    assert (found.status, found.fields["location"]) == (308, "../c00%2Bc01%2Bc02/calendar.ics")
    assert server.ask(f"/{folder}compose/c00%2Bc01%2Bc02/calendar.ics").status == 200


@pytest.mark.parametrize(
    "name",
    [
        "",
        "+",
        "c01+",
        "+c01",
        "c01++c02",
        "c01+c01",
        "c01+nothing",
        "nothing+c01",
        "c01%20c02",
        "c01,c02",
        "C01",
        "c01+..",
        "%2e%2e",
        "c01%2f..",
        "c01%00",
        "c01+c%D1%81",
        "+".join(SLUGS * 5),
        "+".join(f"x{n}" for n in range(1000)),
    ],
)
def test_what_is_no_set_is_not_found_and_makes_no_work(server: Server, name: str) -> None:
    assert server.ask(f"/compose/{name}/calendar.ics").status == 404
    assert server.loop.desk.composer._worker is None


@pytest.mark.parametrize("path", ["fr/" + PAIR, "compose/c01+c02", "compose/c01+c02/", "compose/c01+c02/feed.rss"])
def test_a_set_is_a_calendar_in_a_language_of_the_site_and_nothing_else(server: Server, path: str) -> None:
    assert server.ask("/" + path).status == 404


def test_a_release_without_a_menu_composes_nothing(tmp_path: Path) -> None:
    publish(tmp_path, FILES)
    with Server(tmp_path, tmp_path).running() as server:
        assert server.ask("/compose/khojaly/calendar.ics").status == 404


@pytest.mark.parametrize("judge", CALENDAR_JUDGES, ids=lambda judge: judge.name)
def test_programs_read_a_set_from_a_running_server(
    judge: Judge[ReadEvent], server: Server, workshop: Workshop, tmp_path: Path
) -> None:
    require(judge)
    (tmp_path / "set.ics").write_bytes(server.ask("/compose/c03+c04+c05/calendar.ics").body)
    parts = [
        read.uid
        for slug in ("c03", "c04", "c05")
        for read in python_icalendar(workshop.current / f"categories/{slug}/calendar.ics")
    ]
    assert sorted(read.uid for read in judge.read(tmp_path / "set.ics")) == sorted(set(parts))


def test_vdirsyncer_subscribes_to_a_set_and_follows_it(server: Server, workshop: Workshop, tmp_path: Path) -> None:
    require(VDIRSYNCER)
    mine = subscriber(tmp_path, server)
    mine.write("vdirsyncer.conf", FROM_ADDRESS.replace("calendar.ics", PAIR))
    (mine.home / "days").mkdir()
    mine.run("vdirsyncer", "-c", "vdirsyncer.conf", "discover")
    assert len(sync(mine)) == 14
    assert sync(mine) == []
    edited = [EVENTS[1] | {"title": {"en": "Another"}}, *EVENTS[:1], *EVENTS[2:]]
    workshop.write(*edited)
    rebuild(workshop, server, later(hours=1))
    assert len(sync(mine)) == 14  # it knows items by their content: seven go and seven come


def test_curl_asks_again_with_what_it_was_told(server: Server, tmp_path: Path) -> None:
    require(CURL)
    mine = subscriber(tmp_path, server)
    asked = ["-s", "-w", "%{http_code}", "--compressed", "--etag-save", "t", "--etag-compare", "t", "-o", "f"]
    assert mine.run("curl", *asked, f"{mine.base}{PAIR}") == "200"
    assert (mine.home / "f").read_bytes() == server.ask("/" + PAIR).body
    assert mine.run("curl", *asked, f"{mine.base}{PAIR}") == "304"
    assert mine.run("curl", "-sL", "-w", "%{num_redirects}", "-o", "f", f"{mine.base}compose/c2+c1/calendar.ics")
    led = mine.run(
        "curl", "-sL", "-w", "%{http_code} %{num_redirects}", "-o", "f", f"{mine.base}compose/c02+c01/calendar.ics"
    )
    assert led == "200 1"


# What many, the curious and the hostile do.


def test_log_has_the_path_of_a_set_that_was_answered_and_of_no_other(
    workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "calfeed")
    with served(workshop) as server:
        server.loop.access_log = True
        for path in (PAIR, "compose/c02+c01/calendar.ics", "compose/secret+c01/calendar.ics"):
            server.ask("/" + path)
    lines = [record.getMessage() for record in caplog.records if record.getMessage().startswith("GET")]
    assert [line.split()[1:3] for line in lines] == [["/" + PAIR, "200"], ["-", "308"], ["-", "404"]]


class Worker:
    """Holds up the work on sets until it is let go, and counts it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go, self.done = threading.Event(), 0
        monkeypatch.setattr(composing, "work", self.work)

    def work(self, snapshot: Snapshot, asked: Set) -> Made:
        self.go.wait(10)
        self.done += 1
        return work(snapshot, asked)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    """The work on sets, held up."""
    return Worker(monkeypatch)


def say(server: Server, path: str) -> Client:
    client = server.client()
    client.say(f"GET /{path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    return client


def parked(server: Server) -> int:
    return sum(client.state is State.PARKED for client in tuple(server.loop.clients))


def sets(size: int) -> list[str]:
    """Paths of so many sets."""
    every = (chosen for count in range(1, 15) for chosen in combinations(SLUGS, count))
    return [f"compose/{'+'.join(chosen)}/calendar.ics" for chosen, _ in zip(every, range(size), strict=False)]


def test_twenty_who_ask_for_the_same_set_wait_for_one_piece_of_work(server: Server, worker: Worker) -> None:
    clients = [say(server, PAIR) for _ in range(20)]
    wait_until(lambda: parked(server) == 20)
    worker.go.set()
    found = [client.hear() for client in clients]
    assert {answer.status for answer in found} == {200}
    assert len({answer.body for answer in found}) == 1
    assert worker.done == 1
    assert server.ask("/" + PAIR).status == 200
    assert worker.done == 1


def test_more_sets_than_may_wait_are_put_off_and_files_are_served_meanwhile(
    server: Server, worker: Worker
) -> None:
    clients = [say(server, path) for path in sets(composing.WAITING)]
    wait_until(lambda: parked(server) == composing.WAITING)
    late = server.ask("/compose/c08+c09+c10/calendar.ics")
    assert (late.status, late.fields["retry-after"]) == (503, "5")
    assert server.ask("/calendar.ics").status == 200
    worker.go.set()
    assert [client.hear().status for client in clients] == [200] * composing.WAITING
    assert server.ask("/compose/c08+c09+c10/calendar.ics").status == 200


def test_ten_thousand_addresses_of_sets_leave_nothing_behind_but_what_the_bound_allows(workshop: Workshop) -> None:
    """Neither bytes nor names nor keys; every fifth address is that of a set that can be made."""
    with served(workshop) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(composing, "_REST", 0.0)  # the test has less time than a server
        composer = server.loop.desk.composer
        composer.bound = 200_000
        asked = sets(10_000)
        random.Random(7).shuffle(asked)  # noqa: S311
        client, most = server.client(), 0
        for number, path in enumerate(asked):
            whole = number % 5 == 0
            assert client.ask("/" + (path if whole else path.replace("/c", "/x"))).status == (
                200 if whole else 404
            )
            most = max(most, composer.held.octets)
        assert most <= 200_000 + 60_000
        assert len(composer._kept) < 60
        assert not composer._jobs
        assert not server.loop._parked
        assert not server.loop.desk._told


def test_the_memory_of_the_process_stays_flat_however_many_sets_are_asked_for(workshop: Workshop) -> None:
    asked = iter(sets(1000)[100:])
    with child(workshop.site) as (_, port), socket.create_connection(("127.0.0.1", port), 10) as sock:
        client = Client(sock)

        def resident_after(number: int) -> int:
            """Bytes in use once so many further sets were answered."""
            for path, _ in zip(asked, range(number), strict=False):
                assert client.ask("/" + path).status == 200
            page = client.ask("/metrics").body.decode()
            return int(page.partition("\nprocess_resident_memory_bytes ")[2].split()[0])

        full = resident_after(300)  # more than are kept
        assert resident_after(300) - full < 3_000_000


def made(composer: Composer, snapshot: Snapshot, path: str) -> bytes:
    """The bytes of a set, whether they are kept or have to be made."""
    asked = known_set(snapshot, path)
    assert asked is not None
    while True:
        try:
            return composer.data(snapshot, composer.line(snapshot, path, asked), gzip=False)
        except Later:
            wait_until(lambda: bool(composer.finished()))


def test_bytes_that_slow_readers_still_take_count_against_the_bound(workshop: Workshop) -> None:
    snapshot = take(workshop.site, str((workshop.site / "current").readlink()), NOW.timestamp())
    composer = Composer(200_000, lambda: None)
    composer.take_up(snapshot)
    taken: list[bytes] = []
    paths = iter(sets(100)[20:])
    while composer.held.octets <= 200_000:
        taken.append(made(composer, snapshot, next(paths)))
    with pytest.raises(Busy):
        made(composer, snapshot, next(paths))
    assert 200_000 < composer.held.octets < 200_000 + 3 * len(taken[-1])
    assert composer.is_crowded
    kept = list(composer._kept)
    assert 0 < sum(len(made(composer, snapshot, path)) for path in kept) <= 100_000, (
        "what is kept stays on the air"
    )
    taken.clear()
    assert composer.held.octets <= 100_000
    assert made(composer, snapshot, PAIR).count(b"BEGIN:VEVENT") == 14
    composer.close()


def test_slow_readers_of_sets_keep_no_set_that_is_kept_from_others_and_are_reset_in_time(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four readers trickle: what they hold is the bound, the kept set is answered, and the slowest makes room."""
    large = os.urandom(8_000_000)
    small = Made(b"small", hashlib.sha256(b"small").digest(), None)
    monkeypatch.setattr(
        composing,
        "work",
        lambda _, asked: small if len(asked.slugs) == 1 else Made(large, hashlib.sha256(large).digest(), None),
    )
    paths = sets(40)[14:]
    with served(workshop, Limits(sets=32_000_000, write=1.0)) as server:
        readers = [server.client(receive=65536) for _ in paths[:4]]
        for reader, path in zip(readers, paths, strict=False):
            reader.say(f"GET /{path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        composer = server.loop.desk.composer
        wait_until(lambda: composer.held.octets == 32_000_000)
        assert server.ask("/compose/c01/calendar.ics").body == b"small"
        stop = threading.Event()
        gone: set[int] = set()

        def trickle() -> None:  # each takes something all the time, the first by far the least
            while not stop.wait(0.05):
                for number, reader in enumerate(readers):
                    with suppress(OSError):
                        if not reader.sock.recv(8_000 if number == 0 else 60_000):
                            gone.add(number)
                        continue
                    gone.add(number)

        thread = threading.Thread(target=trickle)
        thread.start()
        try:
            assert server.ask("/" + paths[4]).status == 503
            assert server.ask("/compose/c01/calendar.ics").status == 200
            wait_until(lambda: server.ask("/" + paths[4], "HEAD").status == 200)
            wait_until(lambda: bool(gone))
            assert len(gone) < 4
            assert server.ask("/compose/c01/calendar.ics").status == 200
        finally:
            stop.set()
            thread.join()


def test_a_set_that_is_larger_than_the_bound_is_made_all_the_same(workshop: Workshop) -> None:
    snapshot = take(workshop.site, str((workshop.site / "current").readlink()), NOW.timestamp())
    composer = Composer(100, lambda: None)
    composer.take_up(snapshot)
    assert [made(composer, snapshot, path).count(b"BEGIN:VEVENT") > 6 for path in sets(5)] == [True] * 5
    assert len(composer._kept) == 1
    composer.close()


def test_a_set_is_of_one_release_while_releases_change(workshop: Workshop, worker: Worker) -> None:
    """Whoever waits while another release is taken up gets the set of that one."""
    with served(workshop) as server:
        clients = [say(server, path) for path in [PAIR, *sets(4)]]
        wait_until(lambda: parked(server) == 5)
        workshop.write(*[e | {"title": {"en": f"Renamed {e['id']}"}} for e in EVENTS])
        worker.go.set()
        rebuild(workshop, server, later(hours=1))
        late = [client.hear() for client in clients]
        assert {answer.status for answer in late} == {200}
        now = server.ask("/" + PAIR)
        assert now.body.count(b"en:Renamed") == 14


def test_every_answer_is_whole_and_of_one_release_under_load(workshop: Workshop) -> None:
    stop, wrong, counted = threading.Event(), list[str](), [0] * 4

    def read(index: int, client: Client) -> None:
        chance = random.Random(index)  # noqa: S311
        while not stop.is_set():
            path = f"compose/{'+'.join(sorted(chance.sample(SLUGS, 3)))}/calendar.ics"
            found = client.ask("/" + path)
            counted[index] += 1
            releases = {
                line.partition(b": ")[0] for line in found.body.split(b"\r\n") if line.startswith(b"LAST-MODIFIED")
            }
            if found.status not in (200, 503) or len(releases) > 1:
                wrong.append(f"{path}: {found.status} {releases}")
            if found.status == 200 and found.fields["etag"] != f'"{hashlib.sha256(found.body).hexdigest()}"':
                wrong.append(f"{path}: header and body differ")

    with served(workshop) as server:
        threads = [threading.Thread(target=read, args=(n, server.client())) for n in range(len(counted))]
        for thread in threads:
            thread.start()
        for number in range(1, 4):
            seen = sum(counted)
            workshop.write(*[e | {"title": {"en": f"Release {number}"}} for e in EVENTS])
            rebuild(workshop, server, later(hours=number))
            wait_until(lambda seen=seen: sum(counted) > seen + 20)  # type: ignore[misc]
        stop.set()
        for thread in threads:
            thread.join(10)
        assert b"Release 3" in server.ask("/" + PAIR).body
    assert wrong == []


def broken(workshop: Workshop, path: str) -> None:
    """Somebody writes into a published file."""
    file = workshop.current / path
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[::-1])


@pytest.mark.parametrize("part", ["categories/c01/calendar.ics", "calendar.ics", "compose/categories.json"])
def test_a_damaged_file_is_told_once_and_read_once_whatever_the_sets(
    workshop: Workshop, part: str, worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    worker.go.set()
    with served(workshop) as server:
        broken(workshop, part)
        asked = [f"compose/c01+{slug}/calendar.ics" for slug in SLUGS[2:]]
        assert [server.ask("/" + path).status for path in asked] == [500] * 12
        assert worker.done == 1
        assert server.ask("/az/" + PAIR).status == 200
        assert caplog.text.count("answered with 500") == 1
        assert part in caplog.text
        assert server.ask("/feed.rss").status == 200


def test_every_damaged_file_of_a_language_is_told(workshop: Workshop, caplog: pytest.LogCaptureFixture) -> None:
    with served(workshop) as server:
        for slug in ("c01", "c02"):
            broken(workshop, f"categories/{slug}/calendar.ics")
            assert [server.ask(f"/compose/{slug}/calendar.ics").status for _ in range(3)] == [500] * 3
    for slug in ("c01", "c02"):
        assert caplog.text.count(f"categories/{slug}/calendar.ics: its bytes are others") == 1


def test_a_bug_costs_the_sets_until_the_next_release_and_nothing_else(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(composing, "composed", lambda *_: 1 / 0)
    with served(workshop) as server:
        assert [server.ask("/" + path).status for path in (PAIR, *sets(3))] == [500] * 4
        assert caplog.text.count("composing met a bug") == 1
        assert server.ask("/calendar.ics").status == 200


def test_without_descriptors_the_answer_is_503_and_later_the_set(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(*_: object) -> Made:
        raise Exhausted("Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr(composing, "work", none_left)
        found: list[Reply] = [server.ask("/" + PAIR) for _ in range(2)]
    assert [(answer.status, answer.fields["retry-after"]) for answer in found] == [(503, "5")] * 2
    server.now = later(hours=30)
    wait_until(lambda: server.ask("/" + PAIR).status == 200)


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("calfeed.serve", ("calfeed.formats",)),
        ("calfeed.compose", ("calfeed.domain.model", "pyluach", "hijridate")),
    ],
)
def test_composing_loads_nothing_of_what_compiles(module: str, heavy: tuple[str, ...]) -> None:
    libraries = {"icalendar", "feedgen", "jinja2", "pydantic", "yaml", *heavy}
    code = f"import sys, {module}\nsys.exit(' '.join({libraries} & set(sys.modules)) or None)"
    found = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (found.returncode, found.stderr) == (0, "")


def test_an_idle_server_is_stopped_while_sets_wait(workshop: Workshop, worker: Worker) -> None:
    with served(workshop) as server:
        for path in sets(5):
            say(server, path)
        wait_until(lambda: parked(server) == 5)
    worker.go.set()
