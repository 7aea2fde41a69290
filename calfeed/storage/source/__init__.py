"""events.yaml → Calendar, every problem located, all of them in one run.

The only room that knows YAML, pydantic and line numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError

from calfeed.domain.model import Budget, Calendar, Category, Claim, Event, Source, Window
from calfeed.errors import Problem, SourceError
from calfeed.storage.source.checks import check_event, check_ids, warnings
from calfeed.storage.source.nodes import Node, read_nodes
from calfeed.storage.source.problems import located, problems_of
from calfeed.storage.source.shapes import (
    CalendarShape,
    CategoryShape,
    ClaimShape,
    EventShape,
    RefusedShape,
    SourceShape,
    rule_of,
)

MAX_EVENTS = 20_000


@dataclass(frozen=True)
class Reading:
    """A calendar, and what in its file deserves a look."""

    calendar: Calendar
    warnings: tuple[Problem, ...]


def read_calendar(data: bytes, *, file: str, url: str | None = None) -> Reading:
    """The calendar in the bytes of an events file; `url` takes the place of the file's own.

    Raises SourceError with every problem that can be told in one run.
    """
    root, problems = read_nodes(data, file)
    if not isinstance(root.value, dict):
        raise SourceError((located(root, file, "the file is not a mapping", "begin with version: 1"),))
    if url is not None:
        root.value["url"] = Node(url, *_place_of_url(root))
    shape = _calendar_shape(root, file, problems)
    context = _context(root)
    events = _event_shapes(root, file, context, problems)
    _check_refused(root, file, context, problems)
    problems += check_ids(root, file)
    calendar = None
    if shape is not None:
        calendar = _calendar(shape, root, file, events, problems)
    if problems or calendar is None:
        raise SourceError(tuple(sorted(problems, key=lambda problem: problem.location)))
    found = sorted(warnings(calendar, root, file), key=lambda problem: problem.location)
    return Reading(calendar, tuple(found))


def _place_of_url(root: Node) -> tuple[int, int]:
    node = root.child("url")
    return (node.line, node.column) if node else (1, 1)


def _calendar_shape(root: Node, file: str, problems: list[Problem]) -> CalendarShape | None:
    try:
        return CalendarShape.model_validate(root.plain(), context=_context(root))
    except ValidationError as error:
        problems += problems_of(error, root, file)
        return None


def _context(root: Node) -> dict[str, object]:
    """What an event may refer to, as far as the file has it; broken parts are reported elsewhere."""

    def keys(name: str) -> tuple[str, ...]:
        node = root.child(name)
        return tuple(node.value) if node is not None and isinstance(node.value, dict) else ()

    languages = root.child("languages")
    first = languages.child(0) if languages is not None else None
    return {
        "categories": keys("categories"),
        "sources": keys("sources"),
        "first_language": first.value if first is not None else None,
    }


def _event_shapes(
    root: Node, file: str, context: dict[str, object], problems: list[Problem]
) -> list[tuple[EventShape | None, Node]]:
    node = root.child("events")
    nodes = node.value if node is not None and isinstance(node.value, list) else []
    if len(nodes) > MAX_EVENTS:
        problems.append(located(nodes[MAX_EVENTS], file, f"more than {MAX_EVENTS:,} events", "split the file"))
        return []
    found: list[tuple[EventShape | None, Node]] = []
    for number, event in enumerate(nodes):
        try:
            found.append((EventShape.model_validate(event.plain(), context=context), event))
        except ValidationError as error:
            problems += problems_of(error, root, file, ("events", number))
            found.append((None, event))
    return found


def _check_refused(root: Node, file: str, context: dict[str, object], problems: list[Problem]) -> None:
    node = root.child("refused")
    for number, item in enumerate(node.value if node is not None and isinstance(node.value, list) else []):
        try:
            RefusedShape.model_validate(item.plain(), context=context)
        except ValidationError as error:
            problems += problems_of(error, root, file, ("refused", number))


def _calendar(
    shape: CalendarShape,
    root: Node,
    file: str,
    events: list[tuple[EventShape | None, Node]],
    problems: list[Problem],
) -> Calendar:
    categories = {slug: _category(slug, category) for slug, category in shape.categories.items()}
    sources = {key: _source(key, source) for key, source in shape.sources.items()}
    found = []
    for event_shape, node in events:
        if event_shape is None:
            continue
        event = _event(event_shape, categories, sources)
        problems += check_event(event, node, file)
        found.append(event)
    if not events:
        problems.append(located(root.at(("events",)), file, "there are no events", "write at least one"))
    return Calendar(
        title=shape.title,
        description=shape.description,
        url=shape.url,
        authority=shape.authority,
        timezone=shape.timezone,
        languages=tuple(shape.languages),
        categories=tuple(categories.values()),
        events=tuple(found),
        color=shape.color,
        notice_days=shape.notice_days,
        feed_items=shape.feed_items,
        window=Window(shape.window.past, shape.window.future),
        budget=Budget(shape.budget.events, shape.budget.bytes),
    )


def _category(slug: str, shape: CategoryShape) -> Category:
    return Category(slug, shape.title, shape.color)


def _source(key: str, shape: SourceShape) -> Source:
    return Source(key, shape.title, shape.publisher, shape.published, shape.url, shape.note)


def _event(shape: EventShape, categories: dict[str, Category], sources: dict[str, Source]) -> Event:
    return Event(
        id=shape.id,
        title=shape.title,
        description=shape.description,
        observed=rule_of(shape.observed),
        categories=tuple(categories[slug] for slug in dict.fromkeys(shape.categories) if slug in categories),
        claims=tuple(_claim(claim, sources) for claim in shape.claims if claim.source in sources),
        date=shape.date,
        night=shape.night,
        day_itself=shape.day_itself,
        location=shape.location,
        url=shape.url,
        tone=shape.tone,
        disputed=shape.disputed,
    )


def _claim(shape: ClaimShape, sources: dict[str, Source]) -> Claim:
    return Claim(
        source=sources[shape.source],
        basis=shape.basis,
        says=shape.says,
        date=shape.date,
        reasoning=shape.reasoning,
        heading=shape.heading,
    )
