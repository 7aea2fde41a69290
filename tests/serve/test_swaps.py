"""Readers while releases change: every answer is of one release (F40, F52, G10)."""

from __future__ import annotations

import fcntl
import hashlib
import os
import threading
from pathlib import Path

import pytest

from calfeed.serve.shelf import Later, OpenFile, Shelf
from calfeed.serve.snapshot import Site, take
from tests.serve.support import FILES, Client, Server, publish, wait_until

CLIENTS = 16
SWAPS = 30


def release(number: int) -> dict[str, bytes]:
    """Files that all say of which release they are; one is the same in every second release."""
    data = f"release {number}\r\n".encode() * (200 + number % 7)
    return {"calendar.ics": data, "feed.rss": data, "events.json": f"[{number % 2}]".encode() * 100}


def test_f40_f52_every_answer_is_of_one_release_while_releases_change(tmp_path: Path) -> None:
    publish(tmp_path, release(0))
    known = {hashlib.sha256(data).hexdigest() for number in range(SWAPS) for data in release(number).values()}
    stop, wrong, counted = threading.Event(), [], [0] * CLIENTS

    def read(index: int, client: Client) -> None:
        held: dict[str, str] = {}
        while not stop.is_set():
            path = ("calendar.ics", "feed.rss", "events.json")[counted[index] % 3]
            tag = held.get(path, '"none"')
            found = client.ask("/" + path, If_None_Match=tag)
            counted[index] += 1
            if found.status == 304 and found.fields["etag"] != tag:
                wrong.append(f"304 with {found.fields['etag']} for {tag}")
            if found.status == 200:
                digest = hashlib.sha256(found.body).hexdigest()
                if found.fields["etag"] != f'"{digest}"' or digest not in known:
                    wrong.append(f"{path}: header and body differ")
                held[path] = found.fields["etag"]

    with Server(tmp_path, tmp_path).faster(link=0.005).running() as server:
        threads = [threading.Thread(target=read, args=(index, server.client())) for index in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for number in range(1, SWAPS):
            seen = sum(counted)
            publish(tmp_path, release(number))
            wait_until(lambda seen=seen: sum(counted) > seen + CLIENTS)  # type: ignore[misc]
        stop.set()
        for thread in threads:
            thread.join(10)
        wait_until(lambda: server.ask("/feed.rss").body == release(SWAPS - 1)["feed.rss"], 1)
    assert wrong == []
    assert sum(counted) > SWAPS * CLIENTS


def test_f52_an_answer_that_has_begun_is_finished_from_the_old_release(tmp_path: Path) -> None:
    old, new = os.urandom(4_000_000), os.urandom(4_000_000)
    publish(tmp_path, {"big.png": old})
    with Server(tmp_path, tmp_path).running() as server:
        client = server.client(receive=4096)
        client.say(b"GET /big.png HTTP/1.1\r\nHost: a\r\n\r\n")
        client._more()
        name = (tmp_path / "current").readlink()
        publish(tmp_path, {"big.png": new})
        wait_until(lambda: server.ask("/big.png").body == new)
        (tmp_path / name / "big.png").unlink()
        assert client.hear().body == old


def test_f52_a_request_after_a_build_sees_the_new_release(server: Server) -> None:
    for number in range(5):
        publish(server.site, {**FILES, "feed.rss": b"<rss/>" * (number + 50)})
        server.loop._next_look = 0.0
        assert server.ask("/feed.rss").body == b"<rss/>" * (number + 50)


def test_f52_the_release_in_use_is_locked_and_the_one_before_is_let_go(server: Server) -> None:
    old = (server.site / "current").resolve()
    descriptor = os.open(old, os.O_RDONLY)
    try:
        with pytest.raises(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        publish(server.site, {**FILES, "feed.rss": b"<rss/>" * 60})
        wait_until(lambda: server.ask("/feed.rss").body == b"<rss/>" * 60)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(descriptor)


def test_f52_without_requests_an_old_release_is_let_go_too(server: Server) -> None:
    held = os.open((server.site / "current").resolve(), os.O_RDONLY)
    publish(server.site, {**FILES, "feed.rss": b"<rss/>" * 61})

    def free() -> bool:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    try:
        wait_until(free, 3)
    finally:
        os.close(held)


def test_a_release_that_is_being_pruned_is_not_taken(site: Path) -> None:
    descriptor = os.open((site / "current").resolve(), os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(BlockingIOError):
            take(site, str((site / "current").readlink()), 0.0)
    finally:
        os.close(descriptor)


def test_a_folder_made_anew_under_the_same_name_is_taken_up(server: Server) -> None:
    name = (server.site / "current").readlink()
    (server.site / name).rename(server.site / "gone")
    assert server.ask("/feed.rss").status == 200
    publish(server.site, FILES)
    wait_until(lambda: server.loop.desk.site.snapshot is not None and _same(server, name))
    assert server.ask("/events.json").body == FILES["events.json"]


def _same(server: Server, name: Path) -> bool:
    snapshot = server.loop.desk.site.snapshot
    stat = (server.site / name).stat()
    return snapshot is not None and snapshot.folder.identity == (stat.st_dev, stat.st_ino)


def test_what_did_not_change_is_not_packed_again(server: Server) -> None:
    first = server.ask("/calendar.ics", Accept_Encoding="gzip")
    kept = dict(server.loop.desk.shelf._kept)
    publish(server.site, {**FILES, "feed.rss": b"<rss/>" * 62})
    wait_until(lambda: server.ask("/feed.rss").body == b"<rss/>" * 62)
    again = server.ask("/calendar.ics", Accept_Encoding="gzip")
    assert again.body == first.body
    for key, data in kept.items():
        assert server.loop.desk.shelf._kept[key] is data


def test_nothing_of_a_release_that_is_gone_is_held_open(tmp_path: Path) -> None:
    old = [os.urandom(600_000) for _ in range(3)]
    publish(tmp_path, {f"{number}.png": data for number, data in enumerate(old)})
    with Server(tmp_path, tmp_path).running() as server:
        assert [server.ask(f"/{number}.png").body for number in range(3)] == old
        folder = (tmp_path / "current").resolve()
        publish(tmp_path, {"0.png": old[0], "1.png": b"new"})
        wait_until(lambda: server.ask("/1.png").body == b"new")
        held = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
        assert [path for path in held if path.startswith(str(folder))] == [str(folder / "0.png")]
        shelf = server.loop.desk.shelf
        assert shelf.held == sum(
            256 * 1024 if isinstance(kept, OpenFile) else len(kept) for kept in shelf._kept.values()
        )


def test_what_was_being_made_of_a_release_that_is_gone_is_not_kept(tmp_path: Path) -> None:
    publish(tmp_path, {"long.ics": b"LINE\r\n" * 100_000})
    site, shelf = Site(tmp_path), Shelf(1_000_000, lambda: None)
    assert site.look(0.0)
    assert site.snapshot is not None
    with pytest.raises(Later):
        shelf.data(site.snapshot, site.snapshot.index["long.ics"], gzip=True)
    shelf.forget([])
    wait_until(lambda: bool(shelf.finished()))
    assert (shelf.held, shelf._kept, shelf._packed) == (0, {}, {})


def test_the_shelf_stays_within_its_bound(tmp_path: Path) -> None:
    publish(tmp_path, {f"{number}.png": os.urandom(10_000) for number in range(50)})
    site, shelf = Site(tmp_path), Shelf(100_000, lambda: None)
    assert site.look(0.0)
    assert site.snapshot is not None
    for line in site.snapshot.index.values():
        shelf.data(site.snapshot, line, gzip=False)
        assert shelf.held <= 100_000
    assert shelf.held > 80_000


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"version": 1', '"version": 2'),
        ("feed.rss", "../feed.rss"),
        ("feed.rss", "categories//feed.rss"),
        ("application/rss+xml", "application/rss\\r\\nX: y"),
        ('"size": ', '"size": -'),
        ('"sha256": "', '"sha256": "x'),
        ("{", "["),
        ("{", "[" * 100_000),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(site: Path, before: str, after: str) -> None:
    path = site / "current/manifest.json"
    path.write_text(path.read_text().replace(before, after, 1 if len(after) > 1000 else -1))
    with pytest.raises(ValueError, match=r".+"):
        take(site, str((site / "current").readlink()), 0.0)


def test_a_release_that_becomes_whole_is_taken_up_but_not_read_all_the_time(tmp_path: Path) -> None:
    name = publish(tmp_path, FILES)
    feed = tmp_path / "releases" / name / "feed.rss"
    feed.rename(tmp_path / "away")
    site = Site(tmp_path)
    assert not site.look(100.0)
    (tmp_path / "away").rename(feed)
    assert not site.look(104.0)
    assert site.look(105.0)
