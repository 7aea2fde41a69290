"""Every reader of calfeed, files to begin with, and how they are changed so that it comes across something new."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import yaml

from calfeed.domain.memory import Memory
from calfeed.storage import manifest, status
from calfeed.storage.ledger import Ledger
from calfeed.storage.source import read_calendar
from tests.faults import reading
from tests.faults.mutations import Change, broken, changed
from tests.faults.reading import LEDGER, bilingual
from tests.faults.words import DATES
from tests.support import NOW, REPOSITORY, event, read, revised

SECONDS = 2.0
DATA = REPOSITORY / "tests" / "data"


@dataclass(frozen=True)
class Target:
    """A reader: what is done with an input and must hold of it, the inputs to begin with, and how they change."""

    read: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    change: Callable[..., bytes] = changed


def _files() -> list[bytes]:
    """Files of events, each as it stands and as JSON, whose tree can be changed."""
    found = [*sorted((DATA / "fuzz" / "events").glob("*.yaml")), DATA / "small.yaml"]
    return [form for path in found for form in _in_both_forms(path.read_bytes())]


def _in_both_forms(data: bytes) -> tuple[bytes, bytes]:
    return data, json.dumps(yaml.load(data, yaml.BaseLoader), ensure_ascii=False, indent=1).encode()  # noqa: S506


def _books() -> list[bytes]:
    found = read_calendar(bilingual(), file="f").translations
    texts = {text.place: {"of": text.of, "text": f"Yox: {text.original}"} for text in found}
    book = {"version": "1", "language": "az", "texts": texts}
    return [json.dumps(book, indent=1).encode(), yaml.safe_dump(book, sort_keys=False).encode()]


def _ledgers() -> list[bytes]:
    """A new memory, and one with a correction, a note and a withdrawal in it."""
    first = revised(read(event(), event("second", date="1992-02-25"), corrections=None))
    changed_ = read(event(title={"en": "Other words"}), corrections=[CORRECTION])
    second = revised(changed_, first.memory, NOW + dt.timedelta(days=1))
    return [_ledger_of(first.memory), _ledger_of(second.memory)]


CORRECTION = {"id": "black-january-1990", "on": "2026-11-23", "why": {"en": "It was so."}}


def _ledger_of(memory: Memory) -> bytes:
    due = NOW + dt.timedelta(days=2)
    return bytes(Ledger(Path(LEDGER), None, None).written(memory, version="1.0", inputs="0" * 64, next_due=due))


def _ledger_changed(data: bytes, chance: Random, others: Sequence[bytes], last: Change | None = None) -> bytes:
    """A ledger with changes in it, most of them under a digest that fits again."""
    found = _line_changed(data, chance) if chance.random() < 0.7 else changed(data, chance, others, last)
    lines = found.splitlines(keepends=True)
    if chance.random() < 0.1 or len(lines) < 3:
        return found
    digest = hashlib.sha256(b"".join(lines[2:-1])).hexdigest().encode()
    lines[1] = re.sub(rb'(?<="sha256":")[0-9a-f]*', digest, lines[1])
    return b"".join(lines)


def _line_changed(data: bytes, chance: Random) -> bytes:
    """The tree of one line changed, which JSON may write on more lines than one."""
    lines = data.splitlines(keepends=True)
    at = chance.randrange(len(lines)) if lines else 0
    for line in lines[at : at + 1]:
        bare = line.rstrip(b",\n")
        lines[at] = changed(bare, chance, [bare]).replace(b"\n", b"") + line[len(bare) :]
    return b"".join(lines)


def _releases() -> list[bytes]:
    line = manifest.Line("calendar.ics", "text/calendar", 10, "0" * 64, 1)
    return [manifest.written([line, dataclasses.replace(line, path="index.html", events=None)])]


def _states() -> list[bytes]:
    stamp = NOW.isoformat()
    found = status.Status(stamp, "2026-11-22", "Asia/Baku", "0" * 32, 1, 2, stamp, "2026-11-23", "A day")
    full = dataclasses.replace(found, failed=stamp, error="x", hub="https://h/", untold=("a",), untold_since=stamp)
    return [json.dumps(dataclasses.asdict(status_)).encode() for status_ in (found, full)]


def _heads() -> list[bytes]:
    return [
        b"GET /calendar.ics HTTP/1.1\r\nHost: calfeed.example\r\nAccept-Encoding: gzip, br;q=0.5\r\n\r\n",
        b'HEAD /a/%D0%B0?b HTTP/1.0\r\nIf-None-Match: "a", W/"b"\r\nRange: bytes=0-1\r\n\r\n',
        b"OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\nAccess-Control-Request-Method: GET\r\n\r\n",
        b"POST http://x/../y HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nUpgrade: h2c\r\n\r\n",
    ]


def _dates_of_all_forms() -> list[bytes]:
    return [date.encode() for date in DATES]


def _date_changed(data: bytes, chance: Random, others: Sequence[bytes], last: Change | None = None) -> bytes:
    """Pieces of dates, put together."""
    if chance.random() < 0.3:
        return (last or broken)(data, chance)[:200]
    other = chance.choice(others or [data])
    begin, end = chance.randint(0, len(data)), chance.randint(0, len(other))
    mark = chance.choice(
        ["", "", "", "/", "..", ",", "-", "X", "?", "~", "%", "[", "]", "{", "}", "-02-29", "XX", "Y"]
    )
    return data[:begin] + mark.encode() + other[end:]


TARGETS: dict[str, Target] = {
    "events": Target(reading.events, _files),
    "translations": Target(reading.translations, _books),
    "edtf": Target(reading.edtf, _dates_of_all_forms, _date_changed),
    "ledger": Target(reading.ledger, _ledgers, _ledger_changed),
    "manifest": Target(reading.release, _releases),
    "status": Target(reading.state, _states),
    "request": Target(reading.request, _heads),
}


# How it is tried


def read_in_time(name: str, data: bytes) -> None:
    """Read an input and hold what must hold of it, the time that it takes included."""
    began = time.process_time()
    TARGETS[name].read(data)
    if (passed := time.process_time() - began) > SECONDS:
        raise AssertionError(f"{passed:.1f} seconds")


def tried(name: str, number: int) -> Iterator[str]:
    """Read so many changed files, and tell of each that does not hold; `made` makes it again from its number."""
    for index in range(number):
        try:
            read_in_time(name, made(name, index))
        except Exception as error:  # noqa: BLE001 - whatever comes is what is looked for
            yield f"made({name!r}, {index}): {type(error).__name__}: {error}"


def made(name: str, number: int) -> bytes:
    """The changed file of that number."""
    chance, seeds = Random(number), seeds_of(name)  # noqa: S311 - chance that can be repeated
    return TARGETS[name].change(chance.choice(seeds), chance, seeds)


@functools.cache
def seeds_of(name: str) -> list[bytes]:
    """The files that a target begins with."""
    return TARGETS[name].seeds()
