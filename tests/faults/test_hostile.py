"""Hostile texts through every output (rows F29 to F34): each is read back as it was meant, and stays a text.

By night a hundred thousand calendars, by day some of them. `CALFEED_HOSTILE_CALENDARS` asks for another number,
`CALFEED_FUZZ_PROCESSES` for more processes at once.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.faults import parsers
from tests.faults.hostile import PIECES, digests, documents, failures, normal, shape, texts
from tests.faults.parsers import ALIKE, READERS, content_lines
from tests.goals import Tally
from tests.judges import CALENDAR_JUDGES, FEED_JUDGES, Judge, ReadEvent, ReadItem, require
from tests.support import REPOSITORY, yaml_of

BY_NIGHT = 100_000
EACH = 20  # calendars of a shape: what a shape looks like is worked out once for all of them
BY_DAY = (range(5), 2)


@pytest.mark.goal("G5", "hostile calendars through every output: each text read back by two parsers, nothing more")
def test_every_output_says_hostile_texts_and_nothing_more(tally: Tally, thorough: bool) -> None:
    if not thorough:
        shapes, each = BY_DAY
        tally.lost += chain.from_iterable(failures(number, each, thorough=number < 1) for number in shapes)
        tally.add(len(shapes) * each)
        return
    number = int(os.environ.get("CALFEED_HOSTILE_CALENDARS", BY_NIGHT)) // EACH
    for found in _each_of(range(number)):
        tally.add(EACH)
        tally.lost += found


def _each_of(shapes: range) -> Iterator[list[str]]:
    processes = int(os.environ.get("CALFEED_FUZZ_PROCESSES", "1"))
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        yield from pool.map(partial(failures, samples=EACH), shapes, chunksize=10)


@pytest.mark.goal("G5", "the same calendars under python -O and in the locale C: equal to the byte")
def test_hostile_texts_are_written_alike_in_any_surroundings(tally: Tally, thorough: bool) -> None:
    number = 500 if thorough else 3
    command = [sys.executable, "-OO", "-m", "tests.faults.hostile", str(number)]
    environment = {"PATH": os.defpath, "PYTHONPATH": str(REPOSITORY), "LC_ALL": "C", "PYTHONUTF8": "0"}
    environment |= {"PYTHONCOERCECLOCALE": "0", "PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati"}
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()
    for index, (here, there) in enumerate(zip(digests(range(number)), found, strict=True)):
        with tally.point(f"shape({index})"):
            assert here == there


# Programs that take a while to start, and so read many files at once


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The documents of one calendar of each of some shapes, in folders of their numbers."""
    folder = tmp_path_factory.mktemp("hostile")
    for number in range(300 if request.config.getoption("--nightly") else 2):
        for path, data in documents(shape(number), 1)[1].items():
            target = folder / str(number) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    return folder


@pytest.mark.goal("G5", "a sample of them read by every judge: seven of calendars, four of feeds")
@pytest.mark.parametrize("judge", CALENDAR_JUDGES, ids=lambda judge: judge.name)
def test_every_calendar_program_reads_the_hostile_texts(
    judge: Judge[ReadEvent], folder: Path, tally: Tally
) -> None:
    require(judge)
    lost = "END:VCALENDAR" if judge.name == "tsics" else "\0"  # it takes that out of any text: docs/clients.md
    paths = sorted(p for p in folder.rglob("*.ics") if judge.name != "tsics" or not _begins_within(p.read_bytes()))
    for path, events in zip(paths, judge.each(paths), strict=True):
        with tally.point(str(path.relative_to(folder))):
            found = {e.uid: (e.summary.replace(lost, ""), e.description.replace(lost, "")) for e in events}
            assert found == _events_of(path.read_bytes(), lost)


def _begins_within(data: bytes) -> bool:
    """Whether a text begins an event for ts-ics, which looks for the words anywhere in a line: docs/clients.md."""
    return any(b"BEGIN:VEVENT" in line and line != b"BEGIN:VEVENT" for line in data.split(b"\r\n"))


def _events_of(data: bytes, lost: str) -> dict[str, tuple[str, str]]:
    found: list[dict[str, str]] = []
    inside: list[str] = []
    for name, _, value in content_lines(data):
        if name == "BEGIN":
            inside.append(value)
            found += [{}] if value == "VEVENT" else []
        elif name == "END":
            inside.pop()
        elif inside[-1] == "VEVENT":
            found[-1][name] = value
    return {e["UID"]: (e["SUMMARY"].replace(lost, ""), e["DESCRIPTION"].replace(lost, "")) for e in found}


@pytest.mark.goal("G5", "a sample of them read by every judge: seven of calendars, four of feeds")
@pytest.mark.parametrize("judge", FEED_JUDGES, ids=lambda judge: judge.name)
def test_every_feed_reader_reads_the_hostile_titles(judge: Judge[ReadItem], folder: Path, tally: Tally) -> None:
    require(judge)
    paths = sorted(
        p for p in folder.rglob("feed.*") if p.suffix in judge.suffixes and p.parent.name != "corrections"
    )
    for path, items in zip(paths, judge.each(paths), strict=True):
        with tally.point(str(path.relative_to(folder))):
            assert [(item.id, item.title) for item in items] == _items_of(path)


def _items_of(path: Path) -> list[tuple[str, str]]:
    if path.suffix == ".json":
        return [(item["id"], item["title"]) for item in parsers.by_json(path.read_bytes())["items"]]
    _, items = parsers.by_feedparser(path.read_bytes())
    return [(item[0], item[1]) for item in items]


# That something is tried at all


def test_every_piece_stands_in_a_text_sooner_or_later() -> None:
    told = "\n".join(text for number in range(60) for text in texts(shape(number), number).values())
    assert [piece for piece in PIECES if normal(piece) not in told] == []


def test_what_stands_in_a_calendar_is_what_two_parsers_find() -> None:
    _, made = documents(shape(0), 0)
    assert {path.rpartition(".")[2] for path in made} <= {ending.removeprefix(".") for ending in READERS}
    for path, data in made.items():
        for one, other in ALIKE:
            if one in READERS["." + path.rpartition(".")[2]]:
                assert one(data) == other(data), path


Made = list[dict[str, bytes]]


@pytest.fixture(scope="module")
def made() -> Made:
    """The documents of some calendars of one shape."""
    return [documents(shape(1), number)[1] for number in range(12)]


@pytest.mark.parametrize(
    ("path", "right", "wrong"),
    [
        ("calendar.ics", b"CLASS:PUBLIC\r\n", b"CLASS:PUBLIC\r\nMETHOD:CANCEL\r\n"),
        ("calendar.ics", b"\\,", b","),
        ("feed.rss", b"]]&gt;", b""),
        ("feed.atom", b"&amp;lt;", b"&lt;"),
        ("index.html", b"&lt;b&gt;", b"<b>"),
        ("index.html", b"&lt;script&gt;", b"<script>"),
        ("index.html", b"<h1", b"<h1 onclick=''"),
        ("events.csv", b"'=1+1", b"=1+1"),
        ("events.json", b'"title": "', b'"title": " '),
    ],
)
def test_a_document_with_a_text_that_got_out_is_found_out(
    path: str, right: bytes, wrong: bytes, made: Made
) -> None:
    """Of the same texts a right document and one with this in it: the readers do not find the same."""
    data = next(one[path] for one in made if right in one[path])
    for reader in READERS["." + path.rpartition(".")[2]][:1]:
        try:
            assert reader(data.replace(right, wrong)) != reader(data)
        except ValueError:
            assert reader(data)


def test_the_same_number_makes_the_same_calendar() -> None:
    assert shape(3) == shape(3)
    assert texts(shape(3), 1) == texts(shape(3), 1) != texts(shape(3), 2)
    assert yaml_of(shape(3).before) != yaml_of(shape(4).before)
