"""SIGTERM in each phase of `run` and `serve`: out within ten seconds with 0, what is published is whole (F11)."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from calfeed.storage.site import is_whole, standing
from tests.support import REPOSITORY, Workshop, event

WITHIN = 10.0  # seconds
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(workshop: Workshop) -> Iterator[Start]:
    """Start a command on the workshop's calendar, as an operator does."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"}
    workshop.write()
    with ExitStack() as stack:

        def start(name: str, *arguments: str, before: tuple[str, ...] = ()) -> subprocess.Popen[str]:
            command = [*before, sys.executable, "-m", "calfeed", name, str(workshop.places.events), *arguments]
            child = stack.enter_context(
                subprocess.Popen(
                    command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
                )
            )
            stack.callback(child.kill)
            return child

        yield start


def serving(child: subprocess.Popen[str]) -> int:
    """The port that it announces."""
    assert child.stdout is not None
    return int(child.stdout.readline().rstrip("/\n").rpartition(":")[2])


def asked(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def until(condition: Callable[[], bool], seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.01)  # between two looks


def stopped(child: subprocess.Popen[str], number: int = signal.SIGTERM) -> None:
    """It ends with 0 in time, and leaves no process behind that would hold its output open."""
    began = time.monotonic()
    child.send_signal(number)
    child.communicate(timeout=WITHIN)
    assert child.returncode == 0
    assert time.monotonic() - began < WITHIN


def whole(workshop: Workshop) -> bool:
    release = standing(workshop.site)
    return release is not None and is_whole(release)


@pytest.mark.parametrize("name", ["run", "serve"])
@pytest.mark.parametrize("after", [0.15, 0.3, 0.45, 0.6, 0.8, 1.0])
def test_stop_at_any_moment_of_the_first_build_leaves_nothing_or_all(
    after: float, name: str, start: Start, workshop: Workshop
) -> None:
    child = start(name, *(["--port", "0"] if name == "serve" else []))
    try:
        child.wait(after)  # let it get so far; it does not end by itself
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGTERM)
    child.communicate(timeout=WITHIN)
    assert child.returncode in ((0,) if after > 0.3 else (0, -signal.SIGTERM))  # Python itself may be starting yet
    assert whole(workshop) or not workshop.current.exists()
    assert workshop.build().outcome in ("quiet", "unchanged", "published")
    assert whole(workshop)


@pytest.mark.parametrize("name", ["run", "serve"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stop_while_idle(number: int, name: str, start: Start, workshop: Workshop) -> None:
    child = start(name, *(["--port", "0"] if name == "serve" else []))
    until(workshop.current.exists)
    stopped(child, number)


def test_stop_in_the_middle_of_a_long_build_shows_nothing_of_it(start: Start, workshop: Workshop) -> None:
    workshop.build()
    before = workshop.files()
    workshop.write(*(event(f"event-{number}") for number in range(1_500)))
    child = start("run")
    until(lambda: any(workshop.site.glob(".staging-*")) or child.poll() is not None)
    stopped(child)
    assert workshop.files() == before


def test_build_that_is_told_to_stop_has_not_been_done(start: Start, workshop: Workshop) -> None:
    workshop.build()
    before = workshop.files()
    workshop.write(*(event(f"event-{number}") for number in range(1_500)))
    child = start("build")
    until(lambda: any(workshop.site.glob(".staging-*")) or child.poll() is not None)
    child.send_signal(signal.SIGTERM)
    child.communicate(timeout=WITHIN)
    assert child.returncode == 128 + signal.SIGTERM
    assert workshop.files() == before
    assert not list(workshop.site.glob(".*"))


def test_stop_with_idle_and_half_open_connections(start: Start) -> None:
    child = start("serve", "--port", "0")
    port = serving(child)
    until(lambda: asked(port, "/readyz") == 200)
    with socket.create_connection(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port)) as half:
        half.sendall(b"GET / HT")
        stopped(child)


def test_stop_while_somebody_reads_slowly(start: Start, workshop: Workshop) -> None:
    workshop.write(event(description={"en": "Long. " * 300}), *(event(f"e{n}") for n in range(400)))
    child = start("serve", "--port", "0")
    port = serving(child)
    until(lambda: asked(port, "/readyz") == 200)
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", port))
        slow.sendall(b"GET /events.json HTTP/1.1\r\nHost: a\r\n\r\n" * 20)
        assert slow.recv(16)
        stopped(child)


def test_hangup_is_another_look(start: Start, workshop: Workshop) -> None:
    child = start("run", "--no-watch")
    until(workshop.current.exists)
    workshop.write(event(title={"en": "Edited"}))
    until((workshop.places.state / "status.json").exists)
    child.send_signal(signal.SIGHUP)
    until(lambda: any(e.summary.startswith("Edited") for e in workshop.events().values()))
    stopped(child)


def can_unshare() -> bool:
    """Whether this machine lets us make a process namespace: containers often may not."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "--fork", "--pid", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("name", ["run", "serve"])
def test_stop_as_pid_1(name: str, start: Start, workshop: Workshop) -> None:
    if not can_unshare():
        pytest.skip("no process namespaces to be had here")
    arguments = ["--port", "0"] if name == "serve" else []
    child = start(name, *arguments, before=("unshare", "--fork", "--pid", "--kill-child"))
    until(workshop.current.exists)
    (first,) = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
    assert Path(f"/proc/{first}/status").read_text().partition("NSpid:")[2].split("\n")[0].split()[-1] == "1"
    began = time.monotonic()
    os.kill(int(first), signal.SIGTERM)
    child.communicate(timeout=WITHIN)
    assert (child.returncode, time.monotonic() - began < WITHIN) == (0, True)
    assert whole(workshop)


def test_an_edit_is_served_within_seconds_and_a_mistake_takes_nothing_down(
    start: Start, workshop: Workshop
) -> None:
    child = start("serve", "--port", "0", "--log-format", "json")
    port = serving(child)
    until(lambda: asked(port, "/readyz") == 200)

    def page(path: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", path)
        body = connection.getresponse().read()
        connection.close()
        return body

    workshop.write(event(title={"en": "Edited"}))
    began = time.monotonic()
    until(lambda: b"Edited" in page("/calendar.ics"))
    assert time.monotonic() - began < 20  # a second or so on an idle machine; a wide margin for a busy one
    workshop.places.events.write_text("version: [")
    until(lambda: b"\ncalfeed_build_failed 1\n" in page("/metrics"))
    assert b"Edited" in page("/calendar.ics")
    assert asked(port, "/readyz") == 200
    child.send_signal(signal.SIGTERM)
    _, errors = child.communicate(timeout=WITHIN)
    levels = {json.loads(line)["level"] for line in errors.splitlines()}
    assert levels == {"info", "error"}
