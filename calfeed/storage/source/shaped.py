"""Reads by the shapes: slower than `quick`, and able to tell everything that is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from calfeed.domain.model import Budget, Calendar, Category, Claim, Event, Note, Source, Window
from calfeed.domain.rules import Rule
from calfeed.domain.rules.limits import Limits
from calfeed.domain.wording import LANGUAGES
from calfeed.errors import Problem
from calfeed.storage.source.checks import check_event
from calfeed.storage.source.nodes import MAX_PROBLEMS, Node, located
from calfeed.storage.source.problems import problems_of
from calfeed.storage.source.shapes import (
    CalendarShape,
    CategoryShape,
    ClaimShape,
    CorrectionShape,
    EventShape,
    PartialEvent,
    RefusedShape,
    SourceShape,
    limits_of,
    rule_of,
)


def calendar_of(root: Node, file: str, problems: list[Problem]) -> Calendar | None:
    """The calendar in a tree, or None; what is wrong goes to `problems`."""
    shape = _calendar_shape(root, file, problems)
    context = _context(root)
    events = _event_shapes(root, file, context, problems)
    _check_refused(root, file, context, problems)
    return None if problems or shape is None else _calendar(shape, events)


def _calendar_shape(root: Node, file: str, problems: list[Problem]) -> CalendarShape | None:
    try:
        return CalendarShape.model_validate(root.plain(), context=_context(root))
    except ValidationError as error:
        problems += problems_of(error, root, file)
        return None


def _context(root: Node) -> dict[str, object]:
    """What an event may refer to, as far as the file has it; broken parts are reported elsewhere."""

    def keys(name: str) -> tuple[str, ...] | None:
        node = root.child(name)
        return tuple(node.value) if node is not None and isinstance(node.value, dict) else None

    languages = root.child("languages")
    first = languages.child(0) if languages is not None else None
    known = first is not None and isinstance(first.value, str) and first.value in LANGUAGES
    return {
        "categories": keys("categories"),
        "sources": keys("sources"),
        "first_language": first.value if first is not None and known else None,
    }


def _event_shapes(root: Node, file: str, context: dict[str, object], problems: list[Problem]) -> list[EventShape]:
    """The events that are right; what is wrong in the others goes to `problems`."""
    node, nodes = root.child("events"), root.sequence("events")
    if node is not None and node.value == []:
        problems.append(located(node, file, "there are no events", "write at least one"))
    found: list[EventShape] = []
    for number, event in enumerate(nodes):
        if len(problems) > MAX_PROBLEMS:
            break
        try:
            shape = EventShape.model_validate(event.plain(), context=context)
        except ValidationError as error:
            problems += problems_of(error, root, file, ("events", number))
            problems += _contradictions(event, error, file, context)
            continue
        problems += check_event(shape, _observed(shape), event, file)
        found.append(shape)
    return found


def _contradictions(
    event: Node, error: ValidationError, file: str, context: dict[str, object]
) -> Iterator[Problem]:
    """What can be told across the keys of an event although some of them are wrong."""
    if not isinstance(event.value, dict):
        return
    broken = frozenset(str(details["loc"][0]) for details in error.errors() if details["loc"])
    right = {key: node.plain() for key, node in event.value.items() if key not in broken}
    partial = PartialEvent.model_validate(right, context=context)
    yield from check_event(partial, _observed(partial), event, file, broken)


def _observed(shape: EventShape | PartialEvent) -> tuple[Rule, Limits] | None:
    return (rule_of(shape.observed), limits_of(shape.observed)) if shape.observed else None


def _check_refused(root: Node, file: str, context: dict[str, object], problems: list[Problem]) -> None:
    for number, item in enumerate(root.sequence("refused")):
        try:
            RefusedShape.model_validate(item.plain(), context=context)
        except ValidationError as error:
            problems += problems_of(error, root, file, ("refused", number))


def _calendar(shape: CalendarShape, events: list[EventShape]) -> Calendar:
    categories = {slug: _category(slug, category) for slug, category in shape.categories.items()}
    sources = {key: _source(key, source) for key, source in shape.sources.items()}
    return Calendar(
        title=shape.title,
        description=shape.description,
        url=shape.url,
        authority=shape.authority,
        timezone=shape.timezone,
        languages=tuple(shape.languages),
        categories=tuple(categories.values()),
        events=tuple(_event(event, categories, sources) for event in events),
        color=shape.color,
        notice_days=shape.notice_days,
        feed_items=shape.feed_items,
        window=Window(shape.window.past, shape.window.future),
        budget=Budget(shape.budget.events, shape.budget.bytes),
        hub=shape.hub,
        google_link=shape.google_link,
        sources=sources,
        corrections=tuple(_note(correction, sources) for correction in shape.corrections),
        composed=tuple(tuple(categories[slug] for slug in sorted(chosen)) for chosen in shape.compose),
    )


def _category(slug: str, shape: CategoryShape) -> Category:
    return Category(slug, shape.title, shape.color)


def _source(key: str, shape: SourceShape) -> Source:
    return Source(key, shape.title, shape.publisher, shape.published, shape.url, shape.note, shape.cited)


def _note(shape: CorrectionShape, sources: dict[str, Source]) -> Note:
    source = sources[shape.source] if shape.source else None
    return Note(shape.id, shape.on, shape.why, source, shape.withhold)


def _event(shape: EventShape, categories: dict[str, Category], sources: dict[str, Source]) -> Event:
    return Event(
        id=shape.id,
        title=shape.title,
        description=shape.description,
        observed=rule_of(shape.observed),
        categories=tuple(categories[slug] for slug in dict.fromkeys(shape.categories)),
        claims=tuple(_claim(claim, sources) for claim in shape.claims),
        date=shape.date,
        night=shape.night,
        day_itself=shape.day_itself,
        location=shape.location,
        url=shape.url,
        tone=shape.tone,
        kind=shape.kind,
        disputed=shape.disputed,
        limits=limits_of(shape.observed),
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
