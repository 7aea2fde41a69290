"""events.yaml → Calendar, every problem located, all of them in one run.

The only room that knows YAML, pydantic and line numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from calfeed.domain.model import Calendar
from calfeed.errors import Location, Problem, SourceError
from calfeed.storage.source import quick
from calfeed.storage.source.checks import check_corrections, check_ids, warnings
from calfeed.storage.source.nodes import MAX_ITEMS, MAX_PROBLEMS, Node, located, read_nodes
from calfeed.storage.source.translations import Translation, translate

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
    root, problems = read_nodes(data, file)
    told, number = {problem.location for problem in problems}, len(problems)
    if not isinstance(root.value, dict):
        problem = located(root, file, "this file does not consist of keys and values", "begin it with version: 1")
        raise _error([*problems, problem], file)
    if url is not None:
        root.value["url"] = Node(url, *_place_of_url(root))
    translated, found, remarks = translate(root, file, translations or {})
    problems += found
    problems += check_ids(root, file)
    problems += check_corrections(root, file)
    calendar = None if problems else quick.calendar_of(root, file)
    if calendar is None:
        from calfeed.storage.source import shaped  # noqa: PLC0415 - pydantic: a right file needs none of it

        calendar = shaped.calendar_of(root, file, problems)
    if calendar is None:
        # What follows from an alias or a tag that was refused at the same place is no problem of its own.
        first, rest = problems[:number], problems[number:]
        raise _error(first + [problem for problem in rest if problem.location not in told], file)
    remarks += warnings(calendar, root, file)
    return Reading(calendar, tuple(sorted(remarks, key=lambda problem: problem.location)), tuple(translated))


def _error(problems: list[Problem], file: str) -> SourceError:
    """All problems in file order, as far as anybody will read them."""
    found = sorted(problems, key=lambda problem: problem.location)
    if len(found) > MAX_PROBLEMS:
        found[MAX_PROBLEMS:] = [Problem(Location(file), "there are more problems", "mend these first")]
    return SourceError(tuple(found))


def _place_of_url(root: Node) -> tuple[int, int]:
    node = root.child("url")
    return (node.line, node.column) if node else (1, 1)
