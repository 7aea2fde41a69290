"""What takes more than one key to tell: rules against dates, claims against each other, ids against ids."""

from __future__ import annotations

from collections.abc import Iterator

from calfeed.domain.edtf import EdtfInterval
from calfeed.domain.model import Calendar, Claim, Event, Text
from calfeed.domain.rules import Once
from calfeed.domain.rules.once import FIRST_SAFE_YEAR
from calfeed.errors import Problem, ValueProblem
from calfeed.storage.source.nodes import Node
from calfeed.storage.source.problems import located

_TEXT_KEYS = (
    "title",
    "description",
    "disputed",
    "says",
    "reasoning",
    "what",
    "why",
    "location",
    "note",
    "heading",
)
_LONG_TITLE = 60


def check_event(event: Event, node: Node, file: str) -> Iterator[Problem]:
    """Contradictions inside one entry."""
    try:
        event.observed.check(event.date)
    except ValueProblem as problem:
        yield located(node.at(("date",) if event.date else ("observed",)), file, problem.message, problem.hint)
    if event.night and not _is_night(event):
        hint = "write the two days, as in 1992-02-25/1992-02-26, or leave night out"
        yield located(node.at(("night",)), file, "a night is an interval of two days", hint)
    for number, claim in enumerate(event.claims):
        if claim.basis != "stated" and claim.reasoning is None:
            message = f'a claim that is "{claim.basis}" has no reasoning'
            yield located(node.at(("claims", number)), file, message, "add reasoning: {en: …}")
    if event.disputed is None and any(_contradicts(event, claim) for claim in event.claims):
        message = f'the sources of "{event.id}" give different dates, and the text does not say so'
        hint = "add disputed: {en: who says which, which one is observed, and why}"
        yield located(node.at(("claims",)), file, message, hint)


def check_ids(root: Node, file: str) -> Iterator[Problem]:
    """Two events with one id would be one event for every subscriber."""
    seen: dict[str, int] = {}
    for event in _items(root, "events"):
        id_ = event.child("id")
        if id_ is None or not isinstance(id_.value, str):
            continue
        if id_.value in seen:
            message = f'the id "{id_.value}" stands here and on line {seen[id_.value]}'
            yield located(id_, file, message, "give one of them another id")
        seen.setdefault(id_.value, id_.line)


def warnings(calendar: Calendar, root: Node, file: str) -> Iterator[Problem]:
    """What builds, but deserves a look."""
    yield from _cut_texts(root, file)
    used = {claim.source.key for event in calendar.events for claim in event.claims}
    sources = root.at(("sources",)).value
    refused = {str(n.value) for item in _items(root, "refused") if (n := item.child("source"))}
    for key, node in sources.items() if isinstance(sources, dict) else ():
        if key not in used | refused:
            yield located(node, file, f'no claim cites the source "{key}"', "cite it or delete it")
    filled = {category.slug for event in calendar.events for category in event.categories}
    for category in calendar.categories:
        if category.slug not in filled:
            node = root.at(("categories", category.slug))
            yield located(node, file, f'no event belongs to the category "{category.slug}"')
    for event, node in zip(calendar.events, _items(root, "events"), strict=True):
        yield from _event_warnings(calendar, event, node, file)


def _event_warnings(calendar: Calendar, event: Event, node: Node, file: str) -> Iterator[Problem]:
    if len(calendar.text(event.title, calendar.languages[0])) > _LONG_TITLE:
        yield located(node.at(("title",)), file, f"a title over {_LONG_TITLE} characters is cut on telephones")
    if isinstance(event.observed, Once) and event.date and event.date.bounds()[0][0] < FIRST_SAFE_YEAR:
        message = f'"{event.id}" lies before {FIRST_SAFE_YEAR}: it stands on the page, not in the calendar'
        yield located(node.at(("date",)), file, message)
    for key in ("title", "description"):
        text: Text = getattr(event, key)
        for language in calendar.languages:
            if language not in text:
                yield located(node.at((key,)), file, f'the {key} of "{event.id}" has no "{language}"')


def _cut_texts(root: Node, file: str) -> Iterator[Problem]:
    """Unquoted texts that end at a ` #`: YAML takes the rest for a comment (F22)."""
    open_: list[tuple[Node, bool]] = [(root, False)]
    while open_:
        node, is_text = open_.pop()
        if isinstance(node.value, dict):
            open_ += [(child, is_text or key in _TEXT_KEYS) for key, child in node.value.items()]
        elif isinstance(node.value, list):
            open_ += [(child, is_text) for child in node.value]
        elif is_text and node.cut_by_comment:
            yield located(node, file, "this text ends at a #, the rest is a comment", "quote it if that is text")


def _items(root: Node, key: str) -> list[Node]:
    node = root.child(key)
    return node.value if node is not None and isinstance(node.value, list) else []


def _is_night(event: Event) -> bool:
    if not isinstance(event.date, EdtfInterval) or not event.date.is_day:
        return False
    first, last = event.date.bounds()
    return (first[:2] == last[:2] and last[2] - first[2] == 1) or (first[:2] != last[:2] and last[2] == 1)


def _contradicts(event: Event, claim: Claim) -> bool:
    """Whether a claim's date and the entry's share no day."""
    if event.date is None or claim.date is None:
        return False
    (first, last), (claimed_first, claimed_last) = event.date.bounds(), claim.date.bounds()
    return claimed_last < first or last < claimed_first
