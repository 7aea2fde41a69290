"""Small calendars made for a test, and a workshop in which one is built again and again."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from calfeed.asked import Options, Places
from calfeed.build import Report, build
from calfeed.domain.editions import editions
from calfeed.domain.memory import Memory
from calfeed.domain.model import Calendar, Edition, Entry
from calfeed.domain.occurrences import resolve_occurrences, window_days
from calfeed.domain.revisions import Revised, revise
from calfeed.storage import verify as storage
from calfeed.storage.source import piecewise, read_calendar
from tests.judges import ReadEvent, python_icalendar

NOW = dt.datetime(2026, 11, 22, 6, 0, tzinfo=dt.UTC)
REPOSITORY = Path(__file__).resolve().parent.parent

Values = dict[str, Any]


def later(**passed: float) -> dt.datetime:
    """An instant so long after NOW."""
    return NOW + dt.timedelta(**passed)


@contextmanager
def at_once() -> Iterator[None]:
    """However many entries a calendar has, they are compiled all at once, and nothing of them is kept."""
    fewest, piecewise.FEWEST = piecewise.FEWEST, sys.maxsize
    try:
        yield
    finally:
        piecewise.FEWEST = fewest


def verify(path: str, data: bytes, entries: tuple[Entry, ...] | None) -> None:
    """Read a document back."""
    storage.verify(path, io.BytesIO(data), entries)


def event(id_: str = "black-january-1990", **keys: Any) -> Values:
    """An event as it may stand in events.yaml; a key given as None is left out."""
    values = {
        "id": id_,
        "title": {"en": id_.replace("-", " ").title()},
        "description": {"en": f"What happened, in the words of the curator of {id_}."},
        "date": "1990-01-20",
        "observed": "annual",
        "categories": ["history"],
        "claims": [{"source": "report", "basis": "stated", "says": {"en": "It says so."}}],
        **keys,
    }
    return {key: value for key, value in values.items() if value is not None}


def calendar(*events: Values, **keys: Any) -> Values:
    """A whole events.yaml with these events (or one) and these keys."""
    values = {
        "version": "1",
        "title": {"en": "Days, kept; by us"},
        "description": {"en": "A calendar made for a test."},
        "url": "https://calfeed.example/",
        "authority": "calfeed.example,2026",
        "timezone": "Asia/Baku",
        "languages": ["en"],
        "color": "slategray",
        "categories": {"history": {"title": {"en": "History"}, "color": "maroon"}},
        "sources": {"report": {"title": "A report", "publisher": "A publisher", "published": "2023"}},
        "events": list(events) or [event()],
        **keys,
    }
    return {key: value for key, value in values.items() if value is not None}


def yaml_of(values: Values) -> bytes:
    """Keys and entries in lines, as curators write them, and JSON below, which is YAML and needs no indenting."""
    return "".join(_lines(values)).encode()


def _lines(values: Values) -> Iterator[str]:
    for key, value in values.items():
        if key == "events" and isinstance(value, list) and value:
            yield "events:\n"
            yield from (f"  - {json.dumps(item, ensure_ascii=False)}\n" for item in value)
        else:
            yield f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(value, ensure_ascii=False)}\n"


def read(*events: Values, **keys: Any) -> Calendar:
    """The calendar of these events, as the reader gives it."""
    return read_calendar(yaml_of(calendar(*events, **keys)), file="events.yaml").calendar


def revised(found: Calendar, memory: Memory | None = None, now: dt.datetime = NOW) -> Revised:
    """One revision of a calendar, as a build does it."""
    window = window_days(found, now)
    return revise(found, resolve_occurrences(found, window), memory=memory, window=window, now=now)


def edition(found: Calendar, now: dt.datetime = NOW, path: str = "") -> Edition:
    """The edition of a calendar that is published at a path, in a first build."""
    return next(e for e in editions(found, revised(found, now=now), now) if e.path == path)


@contextmanager
def running(command: Sequence[str], **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A program that finds calfeed and these tests in this checkout, killed at the end if it still runs."""
    surroundings = {**os.environ, "PYTHONPATH": str(REPOSITORY), **environment}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=surroundings) as process:
        try:
            yield process
        finally:
            process.kill()


@dataclass
class Workshop:
    """A folder with an events file, a site and a state; `build` publishes, the rest looks at what stands."""

    folder: Path
    values: Values = field(default_factory=calendar)

    @property
    def places(self) -> Places:
        return Places(self.folder / "events.yaml", self.site, self.folder / "state")

    @property
    def site(self) -> Path:
        return self.folder / "site"

    @property
    def current(self) -> Path:
        return self.site / "current"

    def write(self, *events: Values, **keys: Any) -> None:
        """Edit the events file: these events in place of the old ones, if any, and these keys."""
        self.values = {**self.values, **keys, **({"events": list(events)} if events else {})}
        self.places.events.write_bytes(yaml_of(self.values))

    def build(self, now: dt.datetime = NOW, **options: Any) -> Report:
        """Build once at an instant."""
        if not self.places.events.exists() and not self.places.state.exists():
            self.write()
        return build(self.places, now, Options(**options))

    def events(self, path: str = "calendar.ics") -> dict[str, ReadEvent]:
        """What a calendar program reads from the published file, by UID."""
        return {read.uid: read for read in python_icalendar(self.current / path)}

    def files(self) -> dict[str, bytes]:
        """Every published file and its bytes."""
        return {
            str(path.relative_to(self.current)): path.read_bytes()
            for path in sorted(self.current.rglob("*"))
            if path.is_file()
        }


def uid(id_: str, n: int) -> str:
    """The UID of an occurrence in the calendars of this file."""
    return f"tag:calfeed.example,2026:{id_}/{n}"
