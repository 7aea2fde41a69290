"""Clients that wait until a long file has been hashed or packed beside the loop."""

from __future__ import annotations

import gzip
import threading
from pathlib import Path

import pytest

from calfeed.serve import shelf
from calfeed.serve.connection import State
from calfeed.serve.snapshot import Listed
from tests.serve.support import FILES, Client, Reply, Server, publish, wait_until

LONG = b"".join(b"LINE %d\r\n" % number for number in range(100_000))


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """A site with a file that is worked on beside the loop."""
    publish(tmp_path, {**FILES, "long.ics": LONG, "other.ics": LONG[::-1]})
    return tmp_path


class Worker:
    """Holds up the work on files until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go, self.done, really = threading.Event(), 0, shelf.work

        def work(file: shelf.OpenFile, line: Listed, *, gzip: bool) -> shelf.Made:
            if line.size > shelf.LONG:
                self.go.wait(10)
                self.done += 1
            return really(file, line, gzip=gzip)

        monkeypatch.setattr(shelf, "work", work)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    """The work on long files, held up."""
    return Worker(monkeypatch)


def parked(server: Server) -> int:
    """How many wait for such work."""
    return sum(client.state is State.PARKED for client in server.loop.clients)


def together(server: Server, worker: Worker, asked: bytes, number: int, method: str = "GET") -> list[Reply]:
    """The answers to clients that all ask before the work is done."""
    clients = [server.client() for _ in range(number)]
    for client in clients:
        client.say(asked)
    wait_until(lambda: parked(server) == number)
    worker.go.set()
    found = [client.hear(method) for client in clients]
    assert [client.ask("/feed.rss").body for client in clients] == [FILES["feed.rss"]] * number  # all served on
    return found


def request(method: str = "GET", fields: str = "") -> bytes:
    return f"{method} /long.ics HTTP/1.1\r\nHost: a\r\n{fields}\r\n".encode()


@pytest.mark.parametrize("status", [200, 304])
def test_six_conditional_polls_of_a_long_file_right_after_the_start_are_all_answered(
    long: Path, worker: Worker, status: int
) -> None:
    with Server(long, long).running() as first:
        worker.go.set()
        tag = first.ask("/long.ics", Accept_Encoding="gzip").fields["etag"] if status == 304 else '"old"'
    worker.go.clear()
    with Server(long, long).running() as server:
        asked = request(fields=f"Accept-Encoding: gzip\r\nIf-None-Match: {tag}\r\n")
        found = together(server, worker, asked, 6)
        assert [answer.status for answer in found] == [status] * 6
        assert all(gzip.decompress(answer.body) == LONG for answer in found if status == 200)


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_head_of_a_long_file_is_answered_too(long: Path, worker: Worker, coding: str) -> None:
    with Server(long, long).running() as server:
        found = together(server, worker, request("HEAD", f"Accept-Encoding: {coding}\r\n"), 3, "HEAD")
        assert [answer.status for answer in found] == [200] * 3


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_twenty_readers_of_a_damaged_long_file_get_500_and_it_is_hashed_once(
    tmp_path: Path, worker: Worker, coding: str
) -> None:
    publish(tmp_path, {**FILES, "long.ics": LONG}, broken="long.ics")
    with Server(tmp_path, tmp_path).running() as server:
        found = together(server, worker, request(fields=f"Accept-Encoding: {coding}\r\n"), 20)
        assert [answer.status for answer in found] == [500] * 20
        assert server.ask("/long.ics", Accept_Encoding=coding).status == 500
        assert worker.done == 1
        assert server.ask("/feed.rss").status == 200
        publish(tmp_path, {**FILES, "tiny.json": b"{ }", "long.ics": LONG})
        wait_until(lambda: server.ask("/long.ics", Accept_Encoding=coding).status == 200)


def test_who_was_parked_is_served_on_and_what_it_sent_ahead_is_answered(long: Path, worker: Worker) -> None:
    with Server(long, long).running() as server:
        client = server.client()
        client.say(request() + b"GET /feed.rss HTTP/1.1\r\nHost: a\r\n\r\n")
        wait_until(lambda: parked(server) == 1)
        worker.go.set()
        assert client.hear().body == LONG
        assert client.hear().body == FILES["feed.rss"]
        assert client.ask("/long.ics", Accept_Encoding="gzip").fields["content-encoding"] == "gzip"


def test_a_bug_with_one_of_those_that_wait_spares_the_others(
    long: Path, worker: Worker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with Server(long, long).running() as server:
        clients = [server.client() for _ in range(4)]
        for client in clients:
            client.say(request())
        wait_until(lambda: parked(server) == 4)
        (waiting,) = server.loop._parked.values()
        unpark, poor = server.loop._unpark, waiting[0]
        monkeypatch.setattr(server.loop, "_unpark", lambda client: 1 / 0 if client is poor else unpark(client))
        worker.go.set()
        ended = [answered(client) for client in clients]
        assert sorted(ended) == [False, True, True, True]
        assert caplog.text.count("a request met a bug") == 1
        assert server.ask("/feed.rss").status == 200


def answered(client: Client) -> bool:
    """Whether the whole file arrives; the connection may end instead."""
    try:
        return client.hear().body == LONG
    except (EOFError, ConnectionResetError):
        return False


def test_nobody_waits_for_ever(long: Path, worker: Worker) -> None:
    with Server(long, long).faster(work=0.5).running() as server:
        client = server.client()
        for path in ("long.ics", "other.ics"):
            found = client.ask("/" + path)
            assert (found.status, found.fields["retry-after"]) == (503, "5")
        assert client.ask("/feed.rss").status == 200
        worker.go.set()
        wait_until(lambda: server.ask("/other.ics").status == 200)
        assert client.ask("/long.ics").body == LONG
