"""events.yaml → Calendar, every problem located, all of them in one run.

The only room that knows YAML, pydantic and line numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from calfeed.domain.model import Calendar
from calfeed.errors import Location, Problem, SourceError
from calfeed.frozen import frozen
from calfeed.storage.files import MAX_BYTES
from calfeed.storage.source import piecewise
from calfeed.storage.source.checks import (
    Used,
    check_corrections,
    check_ids,
    event_warnings,
    has_days,
    warnings,
)
from calfeed.storage.source.entries import cut
from calfeed.storage.source.nodes import MAX_ITEMS, MAX_PROBLEMS, located, put_url, read_nodes
from calfeed.storage.source.piecewise import Asked, Each
from calfeed.storage.source.translations import (
    Translation,
    Translator,
    texts_of_event,
    texts_of_head,
)

if TYPE_CHECKING:
    from calfeed.storage.kept import Keeping

MAX_EVENTS = MAX_ITEMS


@frozen
class Reading:
    """A calendar, what in its files deserves a look, and how far each text is translated.

    `head` is the digest of all that the entries of a large one depend on, each of which was passed on as it was
    read; else it is empty.
    """

    calendar: Calendar
    warnings: tuple[Problem, ...]
    translations: tuple[Translation, ...] = ()
    head: str = field(default="", compare=False)


def read_calendar(  # noqa: PLR0913 - all of it is what there is to read
    data: bytes,
    *,
    file: str,
    url: str | None = None,
    translations: Mapping[str, bytes] | None = None,
    kept: Keeping | None = None,
    each: Each | None = None,
    larger: int = 1,
) -> Reading:
    """The calendar in the bytes of an events file; `url` takes the place of the file's own.

    `translations` are the bytes of its translations by the names of their files; `kept` is what was found in the
    last release, and `each` what every entry of a large calendar is passed to as it is read. The files may be so
    many times `larger` than others. Raises SourceError with every problem that can be told in one run.
    """
    asked = Asked(file, url, translations or {}, larger)
    return _entry_by_entry(data, asked, kept, each) or _as_a_whole(data, asked)


def _entry_by_entry(
    data: bytes, asked: Asked, kept: Keeping | None = None, each: Each | None = None
) -> Reading | None:
    """The calendar of a right file, None where anything in it has to be looked at as a whole."""
    larger = asked.larger
    pieces = cut(data, most=larger * MAX_ITEMS) if len(data) <= larger * MAX_BYTES else None
    if pieces is None:
        return None
    reader = piecewise.Reader(pieces, asked, kept)
    calendar = reader.calendar(each)
    if calendar is None:
        return None
    return Reading(calendar, *reader.told(calendar), reader.head if each and reader.is_large else "")


def _as_a_whole(data: bytes, asked: Asked) -> Reading:
    """The calendar in any file, or all that is wrong with it."""
    from calfeed.storage.source import shaped  # noqa: PLC0415 - pydantic: a right file needs none of it

    file = asked.file
    root, problems = read_nodes(data, file, larger=asked.larger)
    told, number = {problem.location for problem in problems}, len(problems)
    if not isinstance(root.value, dict):
        problem = located(root, file, "this file does not consist of keys and values", "begin it with version: 1")
        raise _error([*problems, problem], file)
    put_url(root, asked.url)
    nodes = root.sequence("events")
    translator = Translator(root, file, asked.translations, larger=asked.larger)
    translator.put(texts_of_head, root)
    for node in nodes:
        translator.put(texts_of_event, node)
    problems += translator.problems
    problems += check_ids(nodes, file)
    problems += check_corrections(root, file)
    calendar = shaped.calendar_of(root, file, problems)
    if calendar is None:
        # What follows from an alias or a tag that was refused at the same place is no problem of its own.
        first, rest = problems[:number], problems[number:]
        raise _error(first + [problem for problem in rest if problem.location not in told], file)
    used = Used()
    translated, remarks = translator.told()
    for event, node in zip(calendar.events, nodes, strict=True):
        used.add(event.cited, event.slugs, has_days=has_days(event))
        remarks += event_warnings(event, calendar.languages[0], node, file)
    remarks += warnings(calendar, used, root, file)
    return Reading(calendar, tuple(sorted(remarks, key=lambda problem: problem.location)), tuple(translated))


def _error(problems: list[Problem], file: str) -> SourceError:
    """All problems in file order, as far as anybody will read them."""
    found = sorted(problems, key=lambda problem: problem.location)
    if len(found) > MAX_PROBLEMS:
        found[MAX_PROBLEMS:] = [Problem(Location(file), "there are more problems", "mend these first")]
    return SourceError(tuple(found))
