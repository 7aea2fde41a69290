"""A swap every second under 64 connections: no answer is wrong (G10). How fast it is, is no matter of tests.

Python reads with both codings and hashes every body; wrk asks faster than Python can, and its script compares
every body with the bytes its ETag stands for. By night both go on for ten minutes.
"""

from __future__ import annotations

import gzip
import hashlib
import random
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.goals import Tally
from tests.judges import WRK, program, require
from tests.serve.support import Client, Reply, child, publish, wait_until

CONNECTIONS = 64
SWAPS, BY_NIGHT = 5, 600
EVERY = 1.0  # seconds
KEPT = 3  # releases in the folder


def release(number: int) -> dict[str, bytes]:
    """Files that say of which release they are, but for one that every second release shares."""
    line = f"X-RELEASE:{number}\r\n".encode()
    return {
        "calendar.ics": line * (2000 + number % 3),
        "feed.rss": line * 100,
        "events.json": b"[%d]" % (number % 2) * 100,
        "picture.png": random.Random(number).randbytes(20_000),  # noqa: S311 - bytes that do not compress
        "archive.ics": line * 50_000,  # long enough to be sent from the file itself
    }


def meant(swaps: int) -> dict[tuple[str, bytes], set[int]]:
    """The releases that each content of each file belongs to."""
    found: dict[tuple[str, bytes], set[int]] = {}
    for number in range(swaps + 1):
        for path, data in release(number).items():
            found.setdefault((path, hashlib.sha256(data).digest()), set()).add(number)
    return found


@dataclass
class Reader:
    """One connection that asks again and again, with conditions, and believes nothing."""

    client: Client
    turn: int
    meant: dict[tuple[str, bytes], set[int]]
    held: dict[tuple[str, str], tuple[str, set[int]]] = field(default_factory=dict)
    newest: int = 0
    answered: int = 0
    wrong: list[str] = field(default_factory=list)

    def read(self, stop: threading.Event) -> None:
        """Until it is told to stop, or something breaks."""
        try:
            while not stop.is_set():
                for path, coding in self._questions():
                    tag, _ = self.held.get((path, coding), ('"none"', set()))
                    found = self.client.ask("/" + path, Accept_Encoding=coding, If_None_Match=tag)
                    self._judge(path, coding, found)
                    self.answered += 1
        except Exception as error:  # noqa: BLE001 - told by the main thread
            self.wrong.append(repr(error))

    def _questions(self) -> Iterator[tuple[str, str]]:
        self.turn += 1
        for path in release(0):
            if path != "archive.ics" or self.turn % 7 == 0:  # an odd number, so in both codings
                yield path, ("identity", "gzip")[self.turn % 2]

    def _judge(self, path: str, coding: str, found: Reply) -> None:
        tag = found.fields["etag"]
        if found.status == 200:
            self.held[path, coding] = tag, self._releases(path, found)
        elif found.status != 304 or self.held.get((path, coding), ("", set()))[0] != tag:
            self.wrong.append(f"{path}: {found.status} with {tag}")
            return
        releases = self.held[path, coding][1]
        if not any(number >= self.newest for number in releases):
            self.wrong.append(f"{path}: of {releases} after an answer of {self.newest}")
        if len(releases) == 1:
            self.newest = max(releases | {self.newest})

    def _releases(self, path: str, found: Reply) -> set[int]:
        """Those that published these bytes; none is a fault, and so is a tag of other bytes."""
        if found.fields["etag"] != f'"{hashlib.sha256(found.body).hexdigest()}"':
            self.wrong.append(f"{path}: the tag is not that of the body")
        packed = found.fields.get("content-encoding") == "gzip"
        data = gzip.decompress(found.body) if packed else found.body
        releases = self.meant.get((path, hashlib.sha256(data).digest()), set())
        if not releases:
            self.wrong.append(f"{path}: published by no release")
        return releases


def connected(port: int) -> Client:
    """A connection of its own."""
    return Client(socket.create_connection(("127.0.0.1", port), timeout=10))


def statuses(port: int) -> set[int]:
    """Every status that the server says it ever answered with."""
    with closing((client := connected(port)).sock):
        return {
            int(code) for code in re.findall(r'requests_total{code="(\d+)"}', client.ask("/metrics").body.decode())
        }


@pytest.mark.goal(
    "G10", "answers on 64 connections, a swap every second, read in both codings and with conditions"
)
def test_g10_every_answer_is_right_while_releases_change_every_second(
    tmp_path: Path, thorough: bool, tally: Tally
) -> None:
    swaps = BY_NIGHT if thorough else SWAPS
    names = [publish(tmp_path, release(0))]
    stop, contents = threading.Event(), meant(swaps)
    with child(tmp_path) as (_, port), ExitStack() as sockets:
        readers = [Reader(connected(port), turn, contents) for turn in range(CONNECTIONS)]
        threads = [threading.Thread(target=reader.read, args=(stop,)) for reader in readers]
        for reader in readers:
            sockets.enter_context(closing(reader.client.sock))
        for thread in threads:
            thread.start()
        try:
            for number in range(1, swaps + 1):
                due = time.monotonic() + EVERY
                names.append(publish(tmp_path, release(number)))
                if len(names) > KEPT:
                    shutil.rmtree(tmp_path / "releases" / names[-1 - KEPT])
                wait_until(lambda due=due, number=number: time.monotonic() >= due and all_at(readers, number), 20)  # type: ignore[misc]
        finally:
            stop.set()
            for thread in threads:
                thread.join(20)
        assert [wrong for reader in readers for wrong in reader.wrong] == []
        assert {reader.newest for reader in readers} == {swaps}
        assert min(reader.answered for reader in readers) > swaps
        assert statuses(port) == {200, 304}
        tally.add(sum(reader.answered for reader in readers))


def all_at(readers: list[Reader], number: int) -> bool:
    """Whether every connection has seen this release, or one of them has something to say."""
    return all(reader.newest >= number for reader in readers) or any(reader.wrong for reader in readers)


SCRIPT = """
local known, paths, held, turn = {}, {}, {}, 0
local threads = {}
answered, wrong, seen = 0, "", ""

function setup(thread) table.insert(threads, thread) end

function init(arguments)
  for line in io.lines(arguments[1]) do
    local tag, path, file, number = line:match("(%S+) (%S+) (%S+) (%S+)")
    local opened = io.open(file, "rb")
    known[tag] = {path = path, body = opened:read("*a"), number = number}
    opened:close()
    if path ~= "archive.ics" and not held[path] then table.insert(paths, path) end
    held[path] = held[path] or '"none"'
  end
end

function request()
  turn = turn + 1
  local path = turn % 32 == 0 and "archive.ics" or paths[turn % #paths + 1]
  return wrk.format("GET", "/" .. path, {["If-None-Match"] = turn % 3 == 0 and held[path] or nil})
end

function response(status, fields, body)
  answered = answered + 1
  local tag = fields["ETag"]
  local meant = tag and known[tag]
  if not meant or (status ~= 200 and status ~= 304) or (status == 200 and body ~= meant.body) then
    wrong = wrong .. status .. " with " .. (tag or "no tag") .. "; "
  else
    held[meant.path] = tag
    if not seen:find(" " .. meant.number .. " ", 1, true) then seen = seen .. " " .. meant.number .. " " end
  end
end

function done(summary)
  local errors = summary.errors
  print("errors", errors.connect, errors.read, errors.write, errors.status, errors.timeout)
  for _, thread in ipairs(threads) do
    print("answered " .. thread:get("answered"))
    print("seen " .. thread:get("seen"))
    print("wrong " .. thread:get("wrong"))
  end
end
"""


def told_to_wrk(folder: Path) -> list[str]:
    """Its script with the list of tags and of files in which their bytes stand."""
    lines = []
    for number in range(SWAPS + 1):  # by night they come again and again
        for path, data in release(number).items():
            if path != "events.json":  # which release it is of cannot be told
                tag = hashlib.sha256(data).hexdigest()
                (folder / tag).write_bytes(data)
                lines.append(f'"{tag}" {path} {folder / tag} {number}\n')
    (folder / "known").write_text("".join(lines))
    (folder / "script.lua").write_text(SCRIPT)
    return ["-s", str(folder / "script.lua")]


@pytest.mark.goal("G10", "answers on 64 connections, a swap every second, asked for by wrk as fast as it can")
def test_g10_wrk_gets_the_published_bytes_and_no_error(tmp_path: Path, thorough: bool, tally: Tally) -> None:
    require(WRK)
    found = program("wrk")
    assert found is not None
    swaps = BY_NIGHT if thorough else SWAPS
    site, told = tmp_path / "site", tmp_path / "told"
    told.mkdir()
    publish(site, release(0))
    load = ["-t2", f"-c{CONNECTIONS}", f"-d{swaps}s", "--timeout", "20s", *told_to_wrk(told)]
    with child(site) as (_, port):
        command = [found, *load, f"http://127.0.0.1:{port}/", "--", str(told / "known")]
        shown = 0
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            while process.poll() is None:
                try:
                    process.wait(EVERY)
                except subprocess.TimeoutExpired:
                    shown = min(shown + 1, swaps)
                    publish(site, release(shown % (SWAPS + 1)))
            assert process.stdout is not None
            said = process.stdout.read()
        assert process.returncode == 0
        assert re.findall(r"^errors\s(.*)$", said, re.MULTILINE) == ["\t".join("00000")], said
        assert re.findall(r"^wrong (.*)$", said, re.MULTILINE) == ["", ""]
        answered = sum(map(int, re.findall(r"^answered (\d+)$", said, re.MULTILINE)))
        assert answered > CONNECTIONS
        seen = {int(number) for line in re.findall(r"^seen (.*)$", said, re.MULTILINE) for number in line.split()}
        assert seen >= set(range(min(shown, SWAPS))), "the last one may have come too late"
        assert shown >= swaps - 2 - swaps // 20  # publishing takes a while too
        assert statuses(port) == {200, 304}
        tally.add(answered)
