"""What processes say of hostile files, requests and addresses: no secret, no control character (F64, F65).

A log is read in a terminal, which obeys control characters, and is sent on to others, who should learn no
password.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.goals import Tally
from tests.loopback import Reply, closed_port, serving
from tests.support import REPOSITORY, Values, Workshop, calendar, event, yaml_of

SECRET = "hunter2-geheim"  # noqa: S105 - what must appear nowhere
SURROUNDINGS = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "WEBDAV_PASSWORD", "AZURE_STORAGE_ACCOUNT_KEY")
ODD = "\x1b[2J\x1b]0;owned\x07\x9b31m\r\n2026 ERROR forged \u202e\u2028\x00\x7f"
WITHIN = 30.0  # seconds

GOAL = pytest.mark.goal("G9", "what processes say of hostile files, requests and addresses: no secret, no control")


def command(name: str, workshop: Workshop, *arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "calfeed", name, str(workshop.places.events), *arguments]


def environment() -> dict[str, str]:
    """As an operator has it who publishes elsewhere."""
    known = {"AWS_ACCESS_KEY_ID": "key", "AWS_REGION": "nowhere", "WEBDAV_USERNAME": "curator"}
    return {**os.environ, "PYTHONPATH": str(REPOSITORY), **known, **dict.fromkeys(SURROUNDINGS, SECRET)}


def assert_clean(said: str) -> None:
    """No secret, and nothing that a terminal would obey."""
    assert said, "nothing was said at all"
    assert SECRET not in said
    odd = {letter for letter in said if not letter.isprintable() and letter not in "\n\xa0"}
    assert not odd, f"{odd} in {said!r}"


def built(workshop: Workshop, *arguments: str) -> str:
    """What a build says in all, its status included."""
    done = subprocess.run(
        command("build", workshop, *arguments),
        env=environment(),
        cwd=workshop.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return f"{done.returncode}\n{done.stdout}{done.stderr}"


def hostile_texts(workshop: Workshop) -> str:
    """Keys, values, ids and dates that no calendar has, each with controls in it."""
    odd: Values = {"id": f"a{ODD}", "date": ODD, "categories": [ODD], f"key{ODD}": ODD, "observed": {"rule": ODD}}
    workshop.places.events.write_bytes(yaml_of(calendar(event(**odd), url=f"https://a{ODD}/", hub=ODD)))
    return built(workshop)


def raw_controls(workshop: Workshop) -> str:
    """Bytes that are no YAML."""
    workshop.places.events.write_bytes(b"title: \x1b[2J\x07\nversion: [\x00\n" + yaml_of(calendar()))
    return built(workshop)


def odd_file_name(workshop: Workshop) -> str:
    """A folder whose name a terminal would obey; what only colours, click leaves out by itself."""
    inner = Workshop(workshop.folder / "a\x1b]0;b\x07\x9b\nc")
    inner.folder.mkdir()
    return built(inner) + built(inner, "--state", str(inner.folder / "events.yaml" / "x"))


def password_in_site(workshop: Workshop) -> str:
    """An address that should not have been written like that."""
    workshop.write()
    return built(workshop, "--site", f"https://curator:{SECRET}@127.0.0.1/folder")


def webdav_is_away(workshop: Workshop) -> str:
    """A WebDAV server that is not there, and a password in the environment."""
    workshop.write()
    return built(workshop, "--site", f"{closed_port()}folder".replace("http:", "https:"))


def token_in_restore(workshop: Workshop) -> str:
    """A published site at an address with a token, which answers nonsense."""
    workshop.write()
    with serving(lambda _: Reply(500, ODD.encode())) as site:
        return built(workshop, "--restore-from", f"{site.url}?token={SECRET}")


def hub_with_token(workshop: Workshop) -> str:
    """A hub at an address with a key, which answers nonsense."""
    with serving(lambda _: Reply(400, ODD.encode(), {"Location": f"/{SECRET}\x1b"})) as hub:
        workshop.write(hub=f"{hub.url}?key={SECRET}")
        return built(workshop)


BUILDS: tuple[Callable[[Workshop], str], ...] = (
    hostile_texts,
    hub_with_token,
    raw_controls,
    odd_file_name,
    password_in_site,
    webdav_is_away,
    token_in_restore,
)


@GOAL
def test_f64_f65_builds_say_no_secret_and_no_control_character(
    tmp_path: Path, thorough: bool, tally: Tally
) -> None:
    for number, build in enumerate(BUILDS if thorough else BUILDS[:2]):
        workshop = Workshop(tmp_path / str(number))
        workshop.folder.mkdir()
        with tally.point(build.__name__):
            assert_clean(build(workshop))


REQUESTS = (
    b"GET /\x1b[2J HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /%1b%5b2J%0aforged HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /calendar.ics?token=hunter2-geheim HTTP/1.1\r\nHost: a\r\nUser-Agent: \x1b[2J\x07\r\n\r\n",
    b"GET /feed.rss HTTP/1.1\r\nHost: a\r\nAuthorization: Basic hunter2-geheim\r\n\r\n",
    b"GET /feed.rss HTTP/1.1\r\nHost: a\r\nCookie: a=hunter2-geheim\r\n\r\n",
    b"\x1b[2J /calendar.ics HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /compose/%1b+hunter2-geheim/calendar.ics HTTP/1.1\r\nHost: hunter2-geheim\x9b\r\n\r\n",
    b"GET https://u:hunter2-geheim@a/calendar.ics HTTP/1.1\r\nHost: a\r\n\r\n",
    b"\x00\x1b\r\n\r\n",
)


@contextmanager
def server(workshop: Workshop, log_format: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`calfeed serve` with an access log, and its port."""
    arguments = ("--port", "0", "--access-log", "--log-format", log_format)
    with subprocess.Popen(
        command("serve", workshop, *arguments),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield process, int(process.stdout.readline().rstrip("/\n").rpartition(":")[2])
        finally:
            process.kill()


def answered(port: int, request: bytes) -> bytes:
    """The first bytes of the answer, none where the connection ends without one."""
    with socket.create_connection(("127.0.0.1", port), WITHIN) as sock:
        sock.sendall(request)
        try:
            return sock.recv(4096)
        except ConnectionResetError:
            return b""


@GOAL
@pytest.mark.parametrize("log_format", ["text", pytest.param("json", marks=pytest.mark.nightly)])
def test_f64_f65_the_server_says_no_secret_and_no_control_character(
    log_format: str, workshop: Workshop, tally: Tally
) -> None:
    workshop.write()
    workshop.build()
    with server(workshop, log_format) as (process, port):
        for request in REQUESTS:
            answered(port, request)
        hostile = yaml_of(calendar(event(**{"id": ODD, f"key{ODD}": ODD})))
        workshop.places.events.write_bytes(hostile)
        deadline = time.monotonic() + WITHIN
        while b"calfeed_build_failed 1" not in answered(port, b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"):
            assert time.monotonic() < deadline, "the mistake was not seen"
        process.send_signal(signal.SIGTERM)
        said = "".join(process.communicate(timeout=WITHIN))
    lines = said.splitlines()
    assert len(lines) > len(REQUESTS)
    for line in lines:
        with tally.point(line[:60]):
            assert_clean(line)
            assert log_format == "text" or SECRET not in str(json.loads(line))
