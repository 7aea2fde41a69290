"""Connections over time: pipelining, time-outs, slow and hostile clients, the cap, the end."""

from __future__ import annotations

import contextlib
import os
import random
import re
import resource
import select
import signal
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calfeed.errors import ServeError
from calfeed.serve import address, addresses
from calfeed.serve.addresses import listen
from calfeed.serve.answers import Answer
from calfeed.serve.connection import Connection
from calfeed.serve.requests import Fault, Request, parse
from tests.goals import Tally
from tests.serve.support import FILES, Client, Server, child, publish, wait_until

GET = b"GET /feed.rss HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture
def quick(site: Path) -> Iterator[Server]:
    """A server whose patience is short."""
    patience = Server(site, site).faster(head=0.6, idle=1.0, write=1.0, linger=0.5, stop=1.5)
    with patience.running() as running:
        yield running


def test_keep_alive_is_the_rule_in_1_1_and_asked_for_in_1_0(server: Server) -> None:
    client = server.client()
    assert "connection" not in client.ask().fields
    assert client.ask(version="1.0", Connection="keep-alive").fields["connection"] == "keep-alive"
    assert client.ask(version="1.1", Connection="close").fields["connection"] == "close"
    assert client.ended()
    old = server.client()
    assert old.ask(version="1.0").fields["connection"] == "close"
    assert old.ended()


def test_pipelined_requests_are_answered_in_order(server: Server) -> None:
    client = server.client()
    paths = [path for path in FILES if path != ".nojekyll"] * 20
    client.say(b"".join(f"GET /{path} HTTP/1.1\r\nHost: a\r\n\r\n".encode() for path in paths))
    assert [client.hear().body for _ in paths] == [FILES[path] for path in paths]


def test_what_a_client_sends_ahead_is_bounded(tmp_path: Path) -> None:
    publish(tmp_path, {"big.png": os.urandom(300_000)})
    with Server(tmp_path, tmp_path).running() as server:
        client = server.client(receive=4096)
        client.sock.settimeout(0.3)
        with contextlib.suppress(TimeoutError):
            for _ in range(4000):
                client.say(b"GET /big.png HTTP/1.1\r\nHost: a\r\n\r\n" * 100)
        (inner,) = server.loop.clients
        assert len(inner.buffer) <= 32 * 1024
        assert server.ask("/healthz").status == 200


def test_a_head_in_single_bytes_is_read(server: Server) -> None:
    client = server.client()
    for at in range(len(GET)):
        client.say(GET[at : at + 1])
    assert client.hear().body == FILES["feed.rss"]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nbroken\r\n\r\n", 400),
        (b"GET / HTTP/1.1\nHost: a\n\n", 400),
        (b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET calendar.ics HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"{}\r\n\r\n", 400),
        (b"FETCH / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        (b"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"GET /" + b"a" * 8200 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (b"GET /" + b"a" * 9000, 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 16400, 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 16400 + b"\r\n\r\n", 431),
    ],
)
def test_f56_what_is_no_request_is_refused_and_the_connection_ends(
    server: Server, request_: bytes, status: int
) -> None:
    client = server.client()
    client.say(request_)
    found = client.hear()
    assert (found.status, found.fields["connection"]) == (status, "close")
    assert found.fields["cache-control"] == "no-store"
    assert client.ended()


def test_host_is_not_asked_for_in_1_0_and_empty_lines_before_a_request_are_skipped(server: Server) -> None:
    client = server.client()
    client.say(b"\r\n\r\nGET /feed.rss HTTP/1.0\r\n\r\n")
    assert client.hear().body == FILES["feed.rss"]


@pytest.mark.parametrize("fields", ["Content-Length: 500000", "Transfer-Encoding: chunked", "Content-Length: 3"])
def test_a_body_is_not_read_but_the_answer_arrives(server: Server, fields: str) -> None:
    client = server.client()
    client.say(f"POST / HTTP/1.1\r\nHost: a\r\n{fields}\r\n\r\n".encode() + b"x" * 100_000)
    found = client.hear()
    assert (found.status, found.fields["connection"]) == (405, "close")
    assert client.sock.recv(1) == b""
    for _ in range(3):
        client.say(b"x" * 10_000)  # what was still under way meets no reset, which could take the answer away


def test_expectations_and_upgrades_are_harmless(server: Server) -> None:
    client = server.client()
    assert client.ask("/feed.rss", Expect="100-continue").status == 200
    assert client.ask("/feed.rss", Connection="Upgrade, HTTP2-Settings", Upgrade="h2c").status == 200
    assert client.ask("/feed.rss", Connection="Upgrade", Upgrade="websocket").status == 200


def test_f54_a_head_that_does_not_come_is_given_up(quick: Server) -> None:
    silent, started = quick.client(), quick.client()
    started.say(b"GET / HTTP/1.1\r\nHost:")
    assert started.hear().status == 408
    assert silent.ended()
    assert started.ended()
    assert quick.metric("calfeed_http_connections_timed_out_total") == 2


def test_f54_a_byte_now_and_then_buys_no_time(quick: Server) -> None:
    client, began = quick.client(), time.monotonic()
    with contextlib.suppress(OSError):
        for byte in b"GET / HTTP/1.1\r\nX: " + b"a" * 1000:
            client.say(bytes((byte,)))
            client.sock.settimeout(0.1)
            with contextlib.suppress(TimeoutError):
                client._more()
            if client.read:
                break
    assert client.read.startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - began < 3


def test_an_idle_connection_is_closed_without_a_word(quick: Server) -> None:
    client = quick.client()
    client.ask()
    assert client.ended()


def test_a_reader_that_stands_still_is_cut_off_and_one_that_is_slow_is_not(tmp_path: Path) -> None:
    big = os.urandom(12_000_000)
    publish(tmp_path, {"big.png": big, **FILES})
    with Server(tmp_path, tmp_path).faster(write=1.0).running() as server:
        still, slow = server.client(receive=4096), server.client(receive=65536)
        still.say(b"GET /big.png HTTP/1.1\r\nHost: a\r\n\r\n")
        slow.say(b"GET /big.png HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        began = time.monotonic()
        taken = bytearray()
        while piece := slow.sock.recv(20_000):
            taken += piece
            if time.monotonic() - began < 3.0:  # so slow that the kernel takes nothing more for a time-out or two
                threading.Event().wait(0.1)
        assert bytes(taken).endswith(big[-1000:])
        assert len(taken) > len(big)
        wait_until(lambda: server.metric("calfeed_http_connections_timed_out_total") == 1)
        with pytest.raises((EOFError, ConnectionResetError)):
            still.hear()


def test_f54_who_has_waited_longest_makes_room(site: Path) -> None:
    with Server(site, site).faster(connections=10).running() as server:
        idle = server.client()
        idle.ask()
        others = [server.client() for _ in range(9)]
        wait_until(lambda: len(server.loop.clients) == 10)
        idle.ask()  # now the first of the others has waited longest
        late = server.client()
        assert late.ask("/feed.rss").status == 200
        assert others[0].ended()
        assert idle.ask("/feed.rss").status == 200
        assert server.loop.tally.evicted >= 1


def test_f54_at_the_cap_with_everybody_busy_the_next_waits_for_its_turn(tmp_path: Path) -> None:
    publish(tmp_path, {"big.png": os.urandom(20_000_000), **FILES})
    with Server(tmp_path, tmp_path).faster(connections=4).running() as server:
        busy = [server.client(receive=4096) for _ in range(4)]
        for client in busy:
            client.say(b"GET /big.png HTTP/1.1\r\nHost: a\r\n\r\n")
        wait_until(lambda: len(server.loop.clients) == 4 and not server.loop.waiting)
        late = server.client()
        late.say(GET)
        wait_until(lambda: not server.loop.door.accepting)
        busy[0].sock.close()
        assert late.hear().body == FILES["feed.rss"]


def test_f54_no_descriptors_is_no_busy_loop(site: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Server(site, site).running() as server:
        server.ask("/feed.rss")
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        sock = socket.socket()
        server.clients.append(sock)
        sock.settimeout(10)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (1, hard))
            sock.connect(("127.0.0.1", server.port))
            sock.sendall(GET)
            cpu = time.process_time()
            wait_until(lambda: "cannot accept connections" in caplog.text)
            for _ in range(2):  # two more attempts, each half a second after the one before
                until = server.loop.door._full_until
                wait_until(lambda until=until: server.loop.door._full_until > until)  # type: ignore[misc]
            assert time.process_time() - cpu < 0.4
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert Client(sock).hear().status == 200
    assert caplog.text.count("cannot accept connections") == 1


@dataclass
class Crowd:
    """Three hundred connections on which half a request was sent; those that are closed come again."""

    port: int
    socks: dict[int, socket.socket] = field(default_factory=dict)
    poll: select.poll = field(default_factory=select.poll)

    def gather(self) -> None:
        """Fill up to three hundred."""
        while len(self.socks) < 300:
            sock = socket.create_connection(("127.0.0.1", self.port), 5)
            sock.sendall(b"GET / HT")
            self.socks[sock.fileno()] = sock
            self.poll.register(sock, select.POLLIN | select.POLLHUP)

    def leave(self) -> None:
        """Close those that were closed at the other end."""
        for number, _ in self.poll.poll(0):
            self.poll.unregister(number)
            self.socks.pop(number).close()

    def disperse(self) -> None:
        """Close them all."""
        for sock in self.socks.values():
            sock.close()


@pytest.mark.goal("G11", "honest requests among 300 half-open connections at 256 descriptors: answered in time")
def test_f54_g11_three_hundred_half_open_connections_with_256_descriptors(
    site: Path, thorough: bool, tally: Tally
) -> None:
    seconds, head = (120.0, 5.0) if thorough else (3.5, 2.0)
    with child(site, descriptors=256, head=head) as (process, port):
        before, began = _cpu(process.pid), time.monotonic()
        crowd = Crowd(port)
        while time.monotonic() - began < seconds:
            crowd.gather()
            asked = time.monotonic()
            with tally.point(f"after {asked - began:.1f} s"):
                honest = Client(socket.create_connection(("127.0.0.1", port), head + 5))
                assert honest.ask("/feed.rss").status == 200
                assert time.monotonic() - asked < head + 1.0
                honest.sock.close()
            threading.Event().wait(0.1)
            crowd.leave()
        passed = time.monotonic() - began
        assert (_cpu(process.pid) - before) / passed < 0.2
        process.send_signal(signal.SIGTERM)
        said = process.stderr.read() if process.stderr else ""
        assert len(said.splitlines()) < 100 * passed / 60 + 3
        crowd.disperse()


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_f11_sigterm_ends_the_answer_that_is_being_written_and_no_other(tmp_path: Path) -> None:
    big = os.urandom(8_000_000)
    publish(tmp_path, {"big.png": big, **FILES})
    with child(tmp_path) as (process, port):
        reading = Client(socket.create_connection(("127.0.0.1", port), 10))
        idle = Client(socket.create_connection(("127.0.0.1", port), 10))
        idle.ask()
        reading.say(b"GET /big.png HTTP/1.1\r\nHost: a\r\n\r\n")
        reading._more()
        process.send_signal(signal.SIGTERM)
        assert idle.ended()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), 1)
        assert reading.hear().body == big
        reading.sock.close()
        assert process.wait(5) == 0
        assert process.stdout is not None
        assert process.stdout.read().split() == ["STOPPING=1", "DONE"]
        idle.sock.close()


def test_f11_a_second_signal_does_not_wait_for_readers(tmp_path: Path) -> None:
    publish(tmp_path, {"big.png": os.urandom(8_000_000)})
    with child(tmp_path) as (process, port):
        reading = Client(socket.create_connection(("127.0.0.1", port), 10))
        reading.say(b"GET /big.png HTTP/1.1\r\nHost: a\r\n\r\n")
        reading._more()
        process.send_signal(signal.SIGTERM)
        assert process.stdout is not None
        assert process.stdout.readline() == "STOPPING=1\n"
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 0
        assert time.monotonic() - began < 2
        with pytest.raises((EOFError, ConnectionResetError)):
            reading.hear()
        reading.sock.close()


def test_answers_during_the_end_say_that_the_connection_closes(quick: Server) -> None:
    client = quick.client()
    client.say(GET[:-2])
    wait_until(lambda: any(inner.buffer for inner in quick.loop.clients))
    quick.loop.stops = 1
    quick.loop.waker.wake()
    wait_until(lambda: "STOPPING=1" in quick.words)
    client.say(GET[-2:])
    assert client.hear().fields["connection"] == "close"


def test_sighup_is_passed_on(site: Path) -> None:
    with child(site) as (process, _):
        process.send_signal(signal.SIGHUP)
        assert process.stdout is not None
        assert process.stdout.readline() == "HANGUP\n"


def test_signs_of_life_come_from_the_loop(server: Server) -> None:
    assert server.words[0].startswith("STATUS=serving release ")
    assert {"READY=1", "WATCHDOG=1"} <= set(server.words)


def test_no_sign_of_life_is_given_once_nobody_keeps_the_site_built(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    def signs() -> int:
        before = server.words.count("WATCHDOG=1")
        server.loop._next_ping = 0.0
        server.loop.waker.wake()
        wait_until(lambda: server.loop._next_ping > 0)
        server.ask("/healthz")  # answered in a turn after that one
        return server.words.count("WATCHDOG=1") - before

    assert signs() == 1
    assert server.metric("calfeed_scheduler_alive") == 1
    server.loop.alive = lambda: False
    assert signs() == 0
    assert "the site is no longer kept built" in caplog.text
    assert server.metric("calfeed_scheduler_alive") == 0
    assert server.ask("/feed.rss").status == 200


def test_an_address_in_use_is_told_with_its_cause(server: Server) -> None:
    with pytest.raises(ServeError, match=rf"127\.0\.0\.1:{server.port}: .*address already in use") as caught:
        listen("127.0.0.1", server.port)
    assert caught.value.exit_code == 69


@pytest.mark.parametrize(
    ("host", "port"), [("nobody.invalid", 0), ("127.0.0.1", 70000), ("192.0.2.7", 0), ("a\0", 0)]
)
def test_an_address_that_cannot_be_had_is_a_serve_error(host: str, port: int) -> None:
    with pytest.raises(ServeError, match=re.escape(host)):
        listen(host, port)


def test_a_host_in_brackets_is_the_same_host() -> None:
    (sock,) = listen("[127.0.0.1]", 0)
    with sock:
        assert address("[127.0.0.1]", sock) == address("127.0.0.1", sock) == f"http://127.0.0.1:{port_of(sock)}/"
        assert address("[::1]", sock) == address("::1", sock) == f"http://[::1]:{port_of(sock)}/"


def port_of(sock: socket.socket) -> int:
    port: int = sock.getsockname()[1]
    return port


@pytest.mark.parametrize(("taken", "port"), [(3, 0), (99, 0), (1, 18_999)])
def test_a_free_port_is_one_that_every_family_has_free(
    monkeypatch: pytest.MonkeyPatch, taken: int, port: int
) -> None:
    two = [(socket.AF_INET, (host, port), False) for host in ("127.0.0.1", "127.0.0.2")]
    monkeypatch.setattr(addresses, "_addresses", lambda *_: iter(two))
    bound = addresses._bound
    others: list[socket.socket] = []

    def meanwhile(family: int, where: tuple[str, int], *, both: bool) -> socket.socket:
        found = bound(family, where, both=both)
        if where[0] == "127.0.0.1" and len(others) < taken:  # somebody has it at the other address
            try:
                others.append(bound(family, ("127.0.0.2", port_of(found)), both=both))
            except OSError:  # somebody really has it there
                others.append(socket.socket())
        return found

    monkeypatch.setattr(addresses, "_bound", meanwhile)
    with contextlib.ExitStack() as opened:
        opened.callback(lambda: list(map(socket.socket.close, others)))
        if port or taken > 10:
            with pytest.raises(ServeError, match="already in use"):
                listen("localhost", port)
            assert len(others) == (1 if port else 11)
        else:
            found = [opened.enter_context(sock) for sock in listen("localhost", 0)]
            assert (len(others), len({port_of(sock) for sock in found})) == (3, 1)


def test_localhost_listens_on_every_family_with_one_port() -> None:
    found = listen("localhost", 0)
    try:
        assert len({sock.getsockname()[1] for sock in found}) == 1
        with socket.create_connection(("127.0.0.1", found[0].getsockname()[1]), 5):
            pass
    finally:
        for sock in found:
            sock.close()


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 here")
def test_the_address_of_everything_serves_both_families() -> None:
    (sock,) = listen("::", 0)
    with sock, socket.create_connection(("127.0.0.1", sock.getsockname()[1]), 5):
        pass


@given(st.binary(max_size=200))
def test_any_bytes_are_a_request_or_a_fault(data: bytes) -> None:
    assert isinstance(parse(data + b"\r\n\r\n"), Request | Fault)


MUTATED = (
    b"GET /calendar.ics HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip;q=1\r\n"
    b'Range: bytes=0-4\r\nIf-Range: "a"\r\n\r\n'
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(seed=st.integers())
def test_mutated_requests_never_bring_the_server_down(
    server: Server, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    chance = random.Random(seed)  # noqa: S311
    data = bytearray(MUTATED * chance.randint(1, 3))
    for _ in range(chance.randint(0, 6)):
        at = chance.randrange(len(data))
        data[at : at + chance.randint(0, 3)] = bytes(chance.randrange(256) for _ in range(chance.randint(0, 4)))
    client = server.client()
    client.say(bytes(data))
    client.sock.shutdown(socket.SHUT_WR)
    with contextlib.suppress(ConnectionResetError, EOFError):
        while True:
            assert client.hear().status < 600
    client.sock.close()
    assert server.ask("/feed.rss").body == FILES["feed.rss"]
    assert "bug" not in caplog.text


def test_a_bug_costs_one_connection_and_is_told(
    server: Server, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = server.client()
    client.ask()
    with monkeypatch.context() as patched:
        patched.setattr(server.loop.desk, "answer", lambda _: 1 / 0)
        client.say(b"GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n")
        assert client.ended()
    assert "a request met a bug" in caplog.text
    assert server.ask("/feed.rss").status == 200


@pytest.mark.parametrize("step", ["_look", "_sweep", "each_turn", "alive", "notify"])
def test_a_bug_in_what_is_due_by_itself_ends_nothing_and_is_told_once(
    server: Server, step: str, caplog: pytest.LogCaptureFixture
) -> None:
    met: list[int] = []

    def fails(*_: object) -> None:
        met.append(1)
        server.loop._next_ping = 0.0
        raise ZeroDivisionError

    setattr(server.loop, step, fails)
    server.loop._next_ping = 0.0
    wait_until(lambda: len(met) > 2 and server.ask("/feed.rss").status == 200)
    assert caplog.text.count("met a bug; serving goes on") == 1
    server.loop.stops = 1
    server.loop.waker.wake()
    wait_until(lambda: server.loop._end is not None)


def test_a_bug_with_one_client_in_a_sweep_spares_the_others(
    quick: Server, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = [quick.client() for _ in range(4)]
    for client in clients:
        client.ask()
    poor = next(iter(quick.loop.clients))
    sweep = Connection.sweep
    monkeypatch.setattr(Connection, "sweep", lambda self: 1 / 0 if self is poor else sweep(self))
    assert all(client.ended() for client in clients)  # one by the bug, the rest as idle
    assert caplog.text.count("a request met a bug") == 1


@pytest.mark.parametrize(
    "fault", [b"HEAD /%zz HTTP/1.1\r\nHost: a\r\n\r\n", b"HEAD / HTTP/1.1\r\n\r\n", b"HEAD / HT"]
)
def test_a_head_request_that_is_none_gets_no_body(quick: Server, fault: bytes) -> None:
    client = quick.client()
    client.say(fault)
    assert client.hear("HEAD").status in (400, 408)
    assert client.ended()


def test_one_client_that_asks_a_lot_at_once_has_its_turn_and_no_more(server: Server) -> None:
    many, order = server.client(), []
    many.ask("/feed.rss")
    (inner,) = server.loop.clients
    send, all_asked = Connection.send, threading.Event()

    def noted(self: Connection, answer: Answer) -> None:
        assert all_asked.wait(10)  # nobody is answered before everybody has asked
        order.append(self is inner)
        send(self, answer)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Connection, "send", noted)
        others = [server.client() for _ in range(4)]
        wait_until(lambda: len(server.loop.clients) == 5)
        for client in (many, *others):
            client.say(GET * (200 if client is many else 1))
        all_asked.set()
        assert [many.hear().body for _ in range(200)] == [FILES["feed.rss"]] * 200
        assert [client.hear().body for client in others] == [FILES["feed.rss"]] * 4
        wait_until(lambda: len(order) == 204)
    before = "".join("x" if mine else "." for mine in order)
    assert before.index(".") <= 64, before  # not behind all that one client had sent


def test_a_cap_full_of_idle_readers_lets_a_newcomer_in_at_once(tmp_path: Path) -> None:
    big = os.urandom(4_000_000)
    publish(tmp_path, {"big.png": big, **FILES})
    with Server(tmp_path, tmp_path).faster(connections=8).running() as server:
        readers = [server.client(receive=4096) for _ in range(8)]
        for reader in readers:
            reader.say(b"GET /big.png HTTP/1.1\r\nHost: a\r\n\r\n")
        wait_until(lambda: len(server.loop.clients) == 8 and not server.loop.waiting)
        late = server.client()
        late.say(GET)
        wait_until(lambda: not server.loop.door.accepting)
        server.loop._next_sweep = float("inf")  # it has not to come to that
        assert readers[0].hear().body == big  # it stays open, and would be for thirty seconds
        assert late.hear().body == FILES["feed.rss"]
        wait_until(lambda: server.loop.tally.evicted == 1)


def test_readers_that_trickle_make_room_where_all_do_and_the_slowest_first(tmp_path: Path) -> None:
    publish(tmp_path, {"big.png": os.urandom(40_000_000), **FILES})
    with Server(tmp_path, tmp_path).faster(connections=4, write=1.0).running() as server:
        readers = [server.client(receive=65536) for _ in range(4)]
        for reader in readers:
            reader.say(b"GET /big.png HTTP/1.1\r\nHost: a\r\n\r\n")
        wait_until(lambda: len(server.loop.clients) == 4 and not server.loop.waiting)
        begun = time.monotonic()
        stop = threading.Event()
        gone: set[int] = set()

        def trickle() -> None:  # each takes something all the time, the first by far the least
            while not stop.wait(0.05):
                for number, reader in enumerate(readers):
                    try:
                        reader.sock.recv(8_000 if number == 0 else 100_000)
                    except OSError:
                        gone.add(number)

        thread = threading.Thread(target=trickle)
        thread.start()
        try:
            wait_until(lambda: time.monotonic() - begun > 2.0)
            assert gone == set()  # nobody wants in
            late = server.client()
            assert late.ask("/feed.rss").body == FILES["feed.rss"]
            wait_until(lambda: bool(gone))
            assert gone == {0}
            assert server.ask("/feed.rss").status == 200  # in the place of the one that waits now
            assert gone == {0}
        finally:
            stop.set()
            thread.join()
        assert server.loop.tally.timed_out == 0


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_nothing_is_left_open_by_many_clients(server: Server) -> None:
    server.ask("/feed.rss")
    wait_until(lambda: not server.loop.clients)
    before = descriptors()
    for _ in range(200):
        server.ask("/feed.rss")
    wait_until(lambda: not server.loop.clients)
    assert descriptors() <= before
