"""SIGTERM in each phase of `run` and `serve`: out within ten seconds with 0, what is published is whole (F11)."""

from __future__ import annotations

import datetime as dt
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
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from calfeed.storage.site import stamp, standing
from tests.goals import Tally, spread
from tests.support import Workshop, event, running

WITHIN = 10.0  # seconds
STEPS = [step * 0.02 for step in range(76)]  # seconds: a build takes less than one and a half, on an idle machine
AS_PID_1 = ("unshare", "--fork", "--pid", "--kill-child")
Start = Callable[..., subprocess.Popen[str]]


@contextmanager
def started(
    workshop: Workshop, name: str, *arguments: str, before: tuple[str, ...] = ()
) -> Iterator[subprocess.Popen[str]]:
    """A command on the workshop's calendar, as an operator starts it."""
    command = [*before, sys.executable, "-m", "calfeed", name, str(workshop.places.events), *arguments]
    with running(command, PYTHONUNBUFFERED="1") as child:
        yield child


@pytest.fixture
def start(workshop: Workshop) -> Iterator[Start]:
    """Start a command on a small calendar."""
    workshop.write()
    with ExitStack() as stack:
        yield lambda name, *arguments, **keys: stack.enter_context(started(workshop, name, *arguments, **keys))


def today() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


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
    return release is not None and stamp(release) is not None


def stop_in_a_build(workshop: Workshop, name: str, seconds: float, *, first: bool, pid_1: bool = False) -> None:
    """Stopped so long after it began to look: what stands is whole, old or new, and the next build is good."""
    workshop.folder.mkdir()
    workshop.write()
    if not first:
        workshop.build(today())
        workshop.write(event(title={"en": "Edited"}))
    arguments = ["--port", "0"] if name == "serve" else []
    with started(workshop, name, *arguments, before=AS_PID_1 if pid_1 else ()) as child:
        assert child.stderr is not None
        assert "watching" in child.stderr.readline()
        with suppress(subprocess.TimeoutExpired):
            child.wait(seconds)  # it does not end by itself
        began = time.monotonic()
        os.kill(inner(child) if pid_1 else child.pid, signal.SIGTERM)
        child.communicate(timeout=2 * WITHIN)
        assert (child.returncode, time.monotonic() - began < WITHIN) == (0, True)
    assert whole(workshop) or (first and not workshop.current.exists())
    assert workshop.build(today()).outcome in ("quiet", "unchanged", "published")
    assert whole(workshop)
    assert all(e.summary.startswith("Edited") is not first for e in workshop.events().values())


@pytest.mark.goal("G18", "SIGTERM at every 20 ms of a build by run and serve: out within 10 s, old or new, whole")
def test_stop_at_any_moment_of_a_build_leaves_the_old_or_the_new(
    tmp_path: Path, tally: Tally, *, thorough: bool
) -> None:
    points = [(step, name, first) for step in STEPS for name in ("run", "serve") for first in (True, False)]
    for number, (step, name, first) in enumerate(spread(points, 4, thorough=thorough)):
        with tally.point(f"{name}, {'first' if first else 'second'} build, {step:.2f} s"):
            stop_in_a_build(Workshop(tmp_path / str(number)), name, step, first=first)


@pytest.mark.goal("G18", "the same as PID 1 of a container")
def test_stop_at_any_moment_of_a_build_as_pid_1(tmp_path: Path, tally: Tally, *, thorough: bool) -> None:
    if not can_unshare():
        pytest.skip("no process namespaces to be had here")
    points = [(step, name) for step in STEPS[::5] for name in ("run", "serve")]
    for number, (step, name) in enumerate(spread(points, 2, thorough=thorough)):
        with tally.point(f"{name}, {step:.2f} s"):
            stop_in_a_build(Workshop(tmp_path / str(number)), name, step, first=False, pid_1=True)


@pytest.mark.goal("G18", "SIGTERM while idle, in a long build, with half-open and slow connections, as PID 1")
@pytest.mark.parametrize("name", ["run", "serve"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stop_while_idle(number: int, name: str, start: Start, workshop: Workshop) -> None:
    child = start(name, *(["--port", "0"] if name == "serve" else []))
    until(workshop.current.exists)
    stopped(child, number)


@pytest.mark.goal("G18", "SIGTERM while idle, in a long build, with half-open and slow connections, as PID 1")
def test_stop_in_the_middle_of_a_long_build_shows_nothing_of_it(start: Start, workshop: Workshop) -> None:
    workshop.build(today())
    before = workshop.files()
    workshop.write(*(event(f"event-{number}") for number in range(1_500)))
    child = start("run")
    until(lambda: any(workshop.site.glob(".staging-*")) or child.poll() is not None)
    stopped(child)
    assert workshop.files() == before


@pytest.mark.goal("G18", "SIGTERM while idle, in a long build, with half-open and slow connections, as PID 1")
def test_build_that_is_told_to_stop_has_not_been_done(start: Start, workshop: Workshop) -> None:
    workshop.build(today())
    before = workshop.files()
    workshop.write(*(event(f"event-{number}") for number in range(1_500)))
    child = start("build")
    until(lambda: any(workshop.site.glob(".staging-*")) or child.poll() is not None)
    child.send_signal(signal.SIGTERM)
    child.communicate(timeout=WITHIN)
    assert child.returncode == 128 + signal.SIGTERM
    assert workshop.files() == before
    assert not list(workshop.site.glob(".*"))


@pytest.mark.goal("G18", "SIGTERM while idle, in a long build, with half-open and slow connections, as PID 1")
def test_stop_with_idle_and_half_open_connections(start: Start) -> None:
    child = start("serve", "--port", "0")
    port = serving(child)
    until(lambda: asked(port, "/readyz") == 200)
    with socket.create_connection(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port)) as half:
        half.sendall(b"GET / HT")
        stopped(child)


@pytest.mark.goal("G18", "SIGTERM while idle, in a long build, with half-open and slow connections, as PID 1")
def test_stop_while_somebody_reads_slowly(start: Start, workshop: Workshop) -> None:
    workshop.write(*(event(f"e{n}", description={"en": "Long. " * 600}) for n in range(60)))
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


def inner(child: subprocess.Popen[str]) -> int:
    """The process that is the first of the namespace which `child` made, by the number that we know it under."""
    (first,) = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
    assert Path(f"/proc/{first}/status").read_text().partition("NSpid:")[2].split("\n")[0].split()[-1] == "1"
    return int(first)


@pytest.mark.goal("G18", "SIGTERM while idle, in a long build, with half-open and slow connections, as PID 1")
@pytest.mark.parametrize("name", ["run", "serve"])
def test_stop_as_pid_1(name: str, start: Start, workshop: Workshop) -> None:
    if not can_unshare():
        pytest.skip("no process namespaces to be had here")
    arguments = ["--port", "0"] if name == "serve" else []
    child = start(name, *arguments, before=AS_PID_1)
    until(workshop.current.exists)
    began = time.monotonic()
    os.kill(inner(child), signal.SIGTERM)
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
