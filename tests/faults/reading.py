"""What must hold of whatever a reader makes of any bytes, for every reader that calfeed has.

Each function here reads its argument as calfeed would, and raises AssertionError, or whatever left the reader,
where that ended neither in a value that can be used nor in a problem that somebody can mend.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from calfeed.domain.edtf import Edtf, parse_edtf
from calfeed.domain.explanation import explain
from calfeed.domain.model import Calendar
from calfeed.domain.occurrences import next_due, resolve_occurrences, window_days
from calfeed.domain.texts import event_paragraphs, occurrence_paragraphs, summary
from calfeed.errors import LedgerError, Problem, SourceError, ValueProblem
from calfeed.serve import requests
from calfeed.storage import manifest, status
from calfeed.storage.ledger import parse_ledger, read_header
from calfeed.storage.source import read_calendar
from tests.support import NOW, REPOSITORY

LONGEST = 700
LEDGER = "ledger.json"

_NEVER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_NEVER_TOLD = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def _held(condition: object, what: object) -> None:
    """An assertion that stands under `python -O` as well."""
    if not condition:
        raise AssertionError(what)


# What must hold of the file of events, and of translations


def events(data: bytes) -> None:
    """A calendar that every text, date and rule of can be used, or problems that a curator can find."""
    try:
        reading = read_calendar(data, file="f")
    except SourceError as error:
        check_problems(error.problems, {"f": data})
    else:
        check_problems(reading.warnings, {"f": data}, some=False)
        check_calendar(reading.calendar)


def translations(data: bytes) -> None:
    """The same of a file of texts in another language, beside a file of events that is right."""
    files = {"f": bilingual(), "az.yaml": data}
    try:
        reading = read_calendar(files["f"], file="f", translations={"az.yaml": data})
    except SourceError as error:
        check_problems(error.problems, files)
    else:
        check_problems(reading.warnings, files, some=False)
        check_calendar(reading.calendar)


def check_problems(problems: tuple[Problem, ...], files: dict[str, bytes], *, some: bool = True) -> None:
    """Problems in file order, in one line each, at places that the files have."""
    _held(problems or not some, "refused without a problem")
    _held(list(problems) == sorted(problems, key=lambda problem: problem.location), "not in file order")
    lines = {name: _lines(data) for name, data in files.items()}
    for problem in problems:
        told, at = f"{problem.message}; {problem.hint}", problem.location
        _held(problem.message and len(told) <= LONGEST, f"{len(told)} characters")
        _held(not _NEVER_TOLD.search(told), f"a control character in {told!r}")
        if at.line:
            _held(at.line <= len(lines[at.file]), f"line {at.line} of {len(lines[at.file])}")
            _held(1 <= at.column <= len(lines[at.file][at.line - 1]) + 1, f"no column {at.column} in {at.line}")


def _lines(data: bytes) -> list[str]:
    return re.split("\r\n|\r|\n", data.removeprefix(b"\xef\xbb\xbf").decode(errors="replace"))


def check_calendar(calendar: Calendar) -> None:
    """Whatever was read can be published: texts, dates, ids, days, and sentences made of them."""
    for text in _texts(calendar):
        _held(text == unicodedata.normalize("NFC", text).strip(), f"not as documented: {text!r}")
        _held(not _NEVER.search(text), f"no output carries {text!r}")
    for date in _dates(calendar):
        _held(parse_edtf(date.text) == date, f"{date.text!r} is read otherwise")
    ids = [event.id for event in calendar.events]
    _held(len(set(ids)) == len(ids) and all(re.fullmatch("[a-z0-9][a-z0-9-]{0,63}", id_) for id_ in ids), ids)
    _check_days(calendar)


def _check_days(calendar: Calendar) -> None:
    found = resolve_occurrences(calendar, window_days(calendar, NOW))
    uids = [occurrence.uid for occurrence in found]
    _held(len(set(uids)) == len(uids), "a UID stands twice")
    _held(next_due(calendar, found, NOW) > NOW, "due before now")
    for occurrence in found[:20]:
        _held(occurrence.dtstart < occurrence.dtend, occurrence)
        for language in calendar.languages:
            told = [str(part) for part in occurrence_paragraphs(calendar, occurrence, language)]
            _held(all(told) and summary(calendar, occurrence, language), occurrence)
    for entry in calendar.events[:20]:
        _held(all(map(str, event_paragraphs(calendar, entry, calendar.languages[-1]))), entry)
        explain(calendar, entry, year=NOW.year, language=calendar.languages[0])


def _texts(value_: object) -> Iterator[str]:
    if isinstance(value_, str):
        yield value_
    elif isinstance(value_, dict):
        for key, item in value_.items():
            yield from _texts(key)
            yield from _texts(item)
    elif isinstance(value_, tuple):
        for item in value_:
            yield from _texts(item)
    elif dataclasses.is_dataclass(value_):
        for field in dataclasses.fields(value_):
            yield from _texts(getattr(value_, field.name))


def _dates(calendar: Calendar) -> Iterator[Edtf]:
    found = [event.date for event in calendar.events]
    found += [claim.date for event in calendar.events for claim in event.claims]
    found += [source.published for source in calendar.sources.values()]
    yield from (date for date in found if date is not None)


# What must hold of a date


def edtf(data: bytes) -> None:
    """A date whose bounds can be worked out, or a problem with a way out."""
    text = data.decode(errors="replace")
    try:
        date = parse_edtf(text)
    except ValueProblem as problem:
        _held(problem.message, text)
        return
    first, last = date.bounds()
    _held(date.text == text and first <= last, text)
    _held(parse_edtf(text) == date and hash(date) == hash(parse_edtf(text)), text)


# What must hold of what calfeed itself has written, and somebody may have edited or cut


def ledger(data: bytes) -> None:
    """A memory, or the error that says what to do."""
    try:
        header = read_header(data)
        _held(header is None or header.next_due_at, header)
        header, memory = parse_ledger(data, LEDGER)
    except LedgerError as error:
        told = str(error)
        _held(told.startswith(f"{LEDGER}: ") and len(told) <= LONGEST, told)
        _held(not _NEVER_TOLD.search(told), f"a control character in {told!r}")
        return
    memory.newest()


def release(data: bytes) -> None:
    """The lines of a manifest, or ValueError."""
    try:
        lines = manifest.parse(data)
    except ValueError:
        return
    manifest.guard_paths(lines, [line.path for line in lines], allow_removal=False)
    for line in lines:
        _held(type(line.path) is str, line)
        _held(type(line.size) in (int, bool), line)


def state(data: bytes) -> None:
    """A status whose instants can be compared, or None."""
    _folder().joinpath(status.NAME).write_bytes(data)
    found = status.read_status(_folder())
    if found is None:
        return
    for now in (NOW, dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.datetime(9999, 12, 31, tzinfo=dt.UTC)):
        found.is_stale(now)
        found.is_worth_telling(now)
        _ = found.next_due_at < now


def request(data: bytes) -> None:
    """A request for a path below the site, or a fault with its status."""
    found = requests.early_fault(data) or requests.parse(data)
    if isinstance(found, requests.Fault):
        _held(400 <= found.status < 600, found)
    elif found.path is not None:
        parts = found.path.split("/")
        _held("\0" not in found.path and not any(part.startswith(".") for part in parts), found)


@functools.cache
def bilingual() -> bytes:
    """A file of events that waits for texts in another language."""
    small = (REPOSITORY / "tests" / "data" / "small.yaml").read_bytes()
    return small.replace(b"languages: [en]", b"languages: [en, az]")


@functools.cache
def _place() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


def _folder() -> Path:
    return Path(_place().name)
