"""events.yaml → Calendar, every problem located, all of them in one run.

The only room that knows YAML, pydantic and line numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from calfeed.domain.model import Calendar, Event
from calfeed.errors import Location, Problem, SourceError
from calfeed.storage.files import MAX_BYTES
from calfeed.storage.source import quick
from calfeed.storage.source.checks import check_corrections, check_ids, cut_texts, event_warnings, warnings
from calfeed.storage.source.entries import Cut, cut
from calfeed.storage.source.nodes import MAX_ITEMS, MAX_PROBLEMS, Node, located, read_nodes, read_piece
from calfeed.storage.source.translations import (
    Translation,
    Translator,
    texts_of_corrections,
    texts_of_event,
    texts_of_head,
)

MAX_EVENTS = MAX_ITEMS


@dataclass(frozen=True)
class Reading:
    """A calendar, what in its files deserves a look, and how far each text is translated."""

    calendar: Calendar
    warnings: tuple[Problem, ...]
    translations: tuple[Translation, ...] = ()


def read_calendar(
    data: bytes, *, file: str, url: str | None = None, translations: Mapping[str, bytes] | None = None
) -> Reading:
    """The calendar in the bytes of an events file; `url` takes the place of the file's own.

    `translations` are the bytes of its translations by the names of their files. Raises SourceError with every
    problem that can be told in one run.
    """
    books = translations or {}
    return _entry_by_entry(data, file, url, books) or _as_a_whole(data, file, url, books)


def _entry_by_entry(data: bytes, file: str, url: str | None, translations: Mapping[str, bytes]) -> Reading | None:
    """The calendar of a right file, None where anything in it has to be looked at as a whole."""
    pieces = cut(data, most=MAX_ITEMS) if len(data) <= MAX_BYTES else None
    if pieces is None:
        return None
    try:
        root, values = read_piece(pieces.head.decode(), file, above=0, values=0)
        if not _is_head(root, pieces) or any(check_corrections(root, file)):
            return None
        _put_url(root, url)
        translator = Translator(root, file, translations)
        translator.put(texts_of_head(root))
        reader = quick.Reader(root, file)
        remarks: list[Problem] = []
        events: dict[str, Event] = {}
        for above, piece in pieces:
            node, values = _entry(piece, file, above, values)
            translator.put(texts_of_event(node))
            event = reader.event(node)
            events[event.id] = event
            remarks += event_warnings(event, reader.first, node, file)
            remarks += cut_texts(node, file) if b"#" in piece else ()
        translator.put(texts_of_corrections(root))
        if translator.problems or len(events) < len(pieces.entries):
            return None
        calendar = reader.calendar(tuple(events.values()))
    except (SourceError, UnicodeDecodeError, *quick.NOT_RIGHT):
        return None
    return _told(calendar, root, file, remarks, translator)


def _is_head(root: Node, pieces: Cut) -> bool:
    """Whether the entries are all that stands under their key."""
    events = root.child("events")
    return events is not None and events.value == "" and events.key_line == pieces.events


def _entry(piece: bytes, file: str, above: int, values: int) -> tuple[Node, int]:
    """The tree of an entry, and the number of values up to its end."""
    root, values = read_piece(piece.decode(), file, above=above, values=values)
    if not isinstance(root.value, list) or len(root.value) != 1:
        raise quick.Unexpected
    return root.value[0], values


def _as_a_whole(data: bytes, file: str, url: str | None, translations: Mapping[str, bytes]) -> Reading:
    """The calendar in any file, or all that is wrong with it."""
    from calfeed.storage.source import shaped  # noqa: PLC0415 - pydantic: a right file needs none of it

    root, problems = read_nodes(data, file)
    told, number = {problem.location for problem in problems}, len(problems)
    if not isinstance(root.value, dict):
        problem = located(root, file, "this file does not consist of keys and values", "begin it with version: 1")
        raise _error([*problems, problem], file)
    _put_url(root, url)
    nodes = root.sequence("events")
    translator = Translator(root, file, translations)
    translator.put(texts_of_head(root))
    for node in nodes:
        translator.put(texts_of_event(node))
    translator.put(texts_of_corrections(root))
    problems += translator.problems
    problems += check_ids(nodes, file)
    problems += check_corrections(root, file)
    calendar = shaped.calendar_of(root, file, problems)
    if calendar is None:
        # What follows from an alias or a tag that was refused at the same place is no problem of its own.
        first, rest = problems[:number], problems[number:]
        raise _error(first + [problem for problem in rest if problem.location not in told], file)
    remarks: list[Problem] = []
    for event, node in zip(calendar.events, nodes, strict=True):
        remarks += [*event_warnings(event, calendar.languages[0], node, file), *cut_texts(node, file)]
    return _told(calendar, root, file, remarks, translator)


def _told(
    calendar: Calendar, root: Node, file: str, remarks: Iterable[Problem], translator: Translator
) -> Reading:
    """A calendar with all that is to be said of it; `remarks` are those on single entries."""
    translated, found = translator.told()
    remarks = [*found, *warnings(calendar, root, file), *remarks]
    return Reading(calendar, tuple(sorted(remarks, key=lambda problem: problem.location)), tuple(translated))


def _put_url(root: Node, url: str | None) -> None:
    if url is not None and isinstance(root.value, dict):
        node = root.child("url")
        root.value["url"] = Node(url, *((node.line, node.column) if node else (1, 1)))


def _error(problems: list[Problem], file: str) -> SourceError:
    """All problems in file order, as far as anybody will read them."""
    found = sorted(problems, key=lambda problem: problem.location)
    if len(found) > MAX_PROBLEMS:
        found[MAX_PROBLEMS:] = [Problem(Location(file), "there are more problems", "mend these first")]
    return SourceError(tuple(found))
