"""nginx and Caddy in front of a server like ours, with the configurations that we ship."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support import REPOSITORY, calendar, event, yaml_of

from .servers import PATIENCE, Answer, Server, proxy

CACHING = "max-age=3600, stale-if-error=604800"


@dataclass
class Upstream:
    """What calfeed would answer: one body in two codings, each with its tag. `asked`: path, coding, tag."""

    body: bytes = b"first"
    failing: bool = False
    breaking: bool = False
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)
    port: int = 0
    stop: Callable[[], None] = lambda: None

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        coding = "gzip" if "gzip" in request.headers.get("Accept-Encoding", "") else "plain"
        wanted = request.headers.get("If-None-Match")
        self.asked.append((request.path, coding, wanted))
        tag = f'"{self.body.decode()}-{coding}"'
        body = b"" if self.failing or wanted == tag else self.body + b" in " + coding.encode()
        request.send_response(500 if self.failing else 304 if wanted == tag else 200)
        request.send_header("ETag", tag)
        request.send_header("Vary", "Accept-Encoding")
        request.send_header("Cache-Control", CACHING)
        if body:
            request.send_header("Content-Type", "text/calendar; charset=utf-8")
            if coding == "gzip":  # the bytes are not looked into on the way, and so are not really compressed
                request.send_header("Content-Encoding", "gzip")
        request.send_header("Content-Length", str(len(body) + 1000 * self.breaking))
        request.close_connection = self.breaking
        request.end_headers()
        request.wfile.write(body)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    told = Upstream()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            told.answer(self)

        def log_message(self, *_: object) -> None:
            """Nothing: the tests ask `asked`."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        told.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()

        def stop() -> None:
            server.shutdown()
            thread.join()
            server.server_close()

        told.stop = stop
        try:
            yield told
        finally:
            stop()


@pytest.fixture(params=["nginx", "caddy"])
def front(request: pytest.FixtureRequest, upstream: Upstream, tmp_path: Path) -> Iterator[Server]:
    yield from proxy(request.param, upstream.port, tmp_path)


@pytest.fixture
def nginx(upstream: Upstream, tmp_path: Path) -> Iterator[Server]:
    yield from proxy("nginx", upstream.port, tmp_path)


def until(wanted: Callable[[Answer], bool], server: Server) -> Answer:
    """Ask for the calendar until the answer is as wanted."""
    deadline = time.monotonic() + PATIENCE
    while not wanted(answer := server.ask("/calendar.ics")):
        assert time.monotonic() < deadline, answer
        time.sleep(0.05)
    return answer


def test_answers_pass_through_untouched_in_each_coding(front: Server, upstream: Upstream) -> None:
    plain = front.ask("/calendar.ics")
    coded = front.ask("/calendar.ics", accept_encoding="br, gzip;q=0.8, *;q=0")
    assert (plain.body, plain.headers["etag"]) == (b"first in plain", '"first-plain"')
    assert (coded.body, coded.headers["etag"]) == (b"first in gzip", '"first-gzip"')
    assert coded.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    for answer in (plain, coded):
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert (answer.headers["vary"], answer.headers["cache-control"]) == ("Accept-Encoding", CACHING)
    assert [coding for _, coding, _ in upstream.asked] == ["plain", "gzip"]


def test_unchanged_files_are_not_sent_twice(front: Server) -> None:
    first = front.ask("/calendar.ics")
    again = front.ask("/calendar.ics", if_none_match=first.headers["etag"])
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz", "/%6detrics", "//metrics", "/x/../metrics"])
def test_figures_and_probes_are_not_for_the_public(path: str, front: Server, upstream: Upstream) -> None:
    assert front.ask(path).status == 404
    assert upstream.asked == []


def test_who_reads_is_written_down_nowhere_whatever_fails(
    request: pytest.FixtureRequest, front: Server, upstream: Upstream
) -> None:
    asked = {"source": "127.0.0.9", "user_agent": "Reader/7"}
    for path in ("/calendar.ics", "/metrics", "/nowhere"):
        front.ask(path, **asked)
    upstream.breaking = True
    with contextlib.suppress(http.client.HTTPException, OSError):  # an answer that breaks off
        front.ask("/broken.ics", **asked)
    upstream.stop()
    assert front.ask("/gone.ics", **asked).status == 502
    if request.node.callspec.params["front"] == "caddy":  # it has said something, but of whom it does not say
        assert "connection refused" in front.logged()
    assert not re.search(r"127\.0\.0\.9|Reader/7", front.logged())


def test_a_form_of_accept_encoding_that_refuses_gzip_is_understood(nginx: Server) -> None:
    assert nginx.ask("/calendar.ics", accept_encoding="gzip;q=0, identity").body == b"first in plain"


def test_nginx_keeps_answering_while_calfeed_fails(nginx: Server, upstream: Upstream) -> None:
    assert nginx.ask("/calendar.ics").status == 200
    upstream.failing = True
    until(lambda _: len(upstream.asked) > 1, nginx)
    answer = nginx.ask("/calendar.ics")
    assert (answer.status, answer.body) == (200, b"first in plain")


def test_nginx_asks_again_with_the_tag_it_has(nginx: Server, upstream: Upstream) -> None:
    until(lambda _: len(upstream.asked) > 1, nginx)
    assert upstream.asked[1] == ("/calendar.ics", "plain", '"first-plain"')


def test_a_new_release_comes_through_nginx_with_the_first_request_after_a_while(
    nginx: Server, upstream: Upstream
) -> None:
    nginx.ask("/calendar.ics")
    upstream.body = b"second"
    asked = len(upstream.asked)
    answer = until(lambda _: len(upstream.asked) > asked, nginx)
    assert answer.body == b"second in plain"


def test_errors_are_not_kept(nginx: Server, upstream: Upstream) -> None:
    upstream.failing = True
    assert nginx.ask("/calendar.ics").status == 500
    upstream.failing = False
    assert nginx.ask("/calendar.ics").status == 200


@pytest.fixture(scope="module")
def calfeed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a real `calfeed serve` whose first release stands."""
    events = tmp_path_factory.mktemp("calfeed") / "events.yaml"
    categories = {slug: {"title": {"en": slug}} for slug in ("history", "people")}
    entries = [event(), event("second-1992", categories=["people"])]
    events.write_bytes(yaml_of(calendar(*entries, categories=categories)))
    command = [sys.executable, "-m", "calfeed", "serve", str(events), "--port", "0", "--no-watch"]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        try:
            server = Server(int(process.stdout.readline().rstrip("/\n").rpartition(":")[2]), events.parent)
            until(lambda answer: answer.status == 200, server)
            yield server.port
        finally:
            process.terminate()
            process.wait(PATIENCE)


@pytest.mark.parametrize("name", ["nginx", "caddy"])
def test_in_front_of_the_real_one_everything_comes_through_but_figures(
    name: str, calfeed: int, tmp_path: Path
) -> None:
    inner = Server(calfeed, tmp_path)
    for outer in proxy(name, calfeed, tmp_path):
        plain, coded = outer.ask("/calendar.ics"), outer.ask("/calendar.ics", accept_encoding="gzip")
        assert plain.body == inner.ask("/calendar.ics").body == gzip.decompress(coded.body)
        assert coded.headers["etag"] == inner.ask("/calendar.ics", accept_encoding="gzip").headers["etag"]
        assert outer.ask("/calendar.ics", if_none_match=plain.headers["etag"]).status == 304
        composed = [outer.ask(f"/compose/history{plus}people/calendar.ics") for plus in ("+", "%2B")]
        assert [answer.status for answer in composed] == [200, 200]
        assert {answer.body for answer in composed} == {inner.ask("/compose/history+people/calendar.ics").body}
        turned = outer.ask("/compose/people+history/calendar.ics")
        assert (turned.status, turned.headers["location"]) == (308, "../history%2Bpeople/calendar.ics")
        moved = outer.ask("/events/second-1992")
        assert (moved.status, moved.headers["location"]) == (308, "second-1992/")
        page = outer.ask("/events/second-1992/")
        assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert [outer.ask(path).status for path in ("/metrics", "/nowhere")] == [404, 404]
