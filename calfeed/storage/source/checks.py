"""What takes more than one key to tell: rules against dates, claims against each other, ids against ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from calfeed.domain.edtf import Edtf, EdtfInterval, days_in_month
from calfeed.domain.model import Basis, Calendar, Event, Text
from calfeed.domain.occurrences import placement
from calfeed.domain.rules import Once, Rule
from calfeed.domain.rules.limits import Limits, contradictions
from calfeed.domain.rules.once import FIRST_SAFE_YEAR
from calfeed.errors import Problem, ValueProblem
from calfeed.storage.source.nodes import Node, located

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
_FIRST_DAY = "1970-01-01"  # stamps of an earlier day are none that feeds can carry


class _Claim(Protocol):
    """A claim, or the shape of one."""

    @property
    def basis(self) -> Basis: ...
    @property
    def date(self) -> Edtf | None: ...
    @property
    def reasoning(self) -> Text | None: ...


class _Event(Protocol):
    """An event, or the shape of one, in which other things may be wrong."""

    @property
    def date(self) -> Edtf | None: ...
    @property
    def night(self) -> bool: ...
    @property
    def claims(self) -> Sequence[_Claim]: ...
    @property
    def disputed(self) -> Text | None: ...


def check_event(
    event: _Event,
    observed: tuple[Rule, Limits] | None,
    node: Node,
    file: str,
    broken: frozenset[str] = frozenset(),
) -> Iterator[Problem]:
    """Contradictions inside one entry; nothing is said that hangs on a key in `broken`, told already."""
    if observed is not None and "date" not in broken:
        yield from _check_observed(*observed, event.date, node.at(("observed",)), file)
    if event.night and "date" not in broken and not _is_night(event.date):
        hint = "write the two days as in 1992-02-25/1992-02-26, or leave night out"
        yield located(node.at(("night",)), file, "a night needs a date of two days, one after the other", hint)
    for number, claim in enumerate(event.claims):
        if claim.basis != "stated" and claim.reasoning is None:
            message = f'a claim whose basis is "{claim.basis}" needs a reasoning'
            yield located(node.at(("claims", number)), file, message, "add reasoning: {en: …}")
    if event.disputed is None and "disputed" not in broken and event.date is not None:
        for number, claim in enumerate(event.claims):
            if claim.date is not None and not _overlap(event.date, claim.date):
                message = f'"{claim.date.text}" contradicts the date of the event, and no text says so'
                hint = "add disputed: {en: who says which, which one is observed, and why} to the event"
                yield located(node.at(("claims", number, "date")), file, message, hint)
                return


def _check_observed(rule: Rule, limits: Limits, date: Edtf | None, node: Node, file: str) -> Iterator[Problem]:
    """The rule against the date, and, where they agree, its limits against both."""
    try:
        rule.check(date)
    except ValueProblem as problem:
        yield located(node, file, problem.message, problem.hint)
        return
    for key, found in contradictions(limits, rule, date):
        yield located(node.at((key,)), file, found.message, found.hint)


def check_ids(events: Iterable[Node], file: str) -> Iterator[Problem]:
    """Two events with one id would be one event for every subscriber."""
    seen: dict[str, int] = {}
    for event in events:
        id_ = event.child("id")
        if id_ is None or not isinstance(id_.value, str):
            continue
        if id_.value in seen:
            message = f'the id "{id_.value}" stands here and on line {seen[id_.value]}'
            yield located(id_, file, message, "give one of them another id")
        seen.setdefault(id_.value, id_.line)


def check_corrections(root: Node, file: str) -> Iterator[Problem]:
    """The memory knows a correction by its entry and its day."""
    seen: dict[tuple[object, object], int] = {}
    for correction in root.sequence("corrections"):
        id_, day = correction.child("id"), correction.child("on")
        if id_ is None or day is None or not isinstance(id_.value, str) or not isinstance(day.value, str):
            continue
        if day.value < _FIRST_DAY:
            yield located(
                day, file, f"{day.value} lies before {_FIRST_DAY}", "write the day of the correction itself"
            )
        key = id_.value, day.value
        if key in seen:
            message = f'"{id_.value}" has a correction of {day.value} here and on line {seen[key]}'
            yield located(day, file, message, "write both in one, or give one of them its own day")
        seen.setdefault(key, correction.line)


@dataclass
class Used:
    """What the entries of a calendar refer to: the keys of sources, and the slugs of categories.

    `with_days` are the categories of those that can have a day in the calendar.
    """

    sources: set[str] = field(default_factory=set)
    categories: set[str] = field(default_factory=set)
    with_days: set[str] = field(default_factory=set)

    def add(self, sources: Iterable[str], categories: Iterable[str], *, has_days: bool) -> None:
        """One more entry."""
        slugs = set(categories)
        self.sources.update(sources)
        self.categories |= slugs
        self.with_days |= slugs if has_days else set()


def warnings(calendar: Calendar, used_in: Used, root: Node, file: str) -> Iterator[Problem]:
    """What builds, but deserves a look, in all but the single entries."""
    yield from _cut_texts(root, file, but="events")
    used = set(used_in.sources)
    sources = root.at(("sources",)).value
    refused = {str(n.value) for item in root.sequence("refused") if (n := item.child("source"))}
    used |= {note.source.key for note in calendar.corrections if note.source}
    for key, node in sources.items() if isinstance(sources, dict) else ():
        if key not in used | refused:
            yield located(node, file, f'no claim cites the source "{key}"', "cite it or delete it")
    for category in calendar.categories:
        if category.slug not in used_in.categories:
            node = root.at(("categories", category.slug))
            yield located(node, file, f'no event belongs to the category "{category.slug}"')
    yield from _sets_without_days(calendar, used_in.with_days, root, file)


def event_warnings(event: Event, first: str, node: Node, file: str) -> Iterator[Problem]:
    """What deserves a look in one entry; `first` is the first language of its calendar."""
    yield from _cut_texts(node, file)
    if len(event.title[first]) > _LONG_TITLE:
        yield located(node.at(("title",)), file, f"a title over {_LONG_TITLE} characters is cut on telephones")
    if _is_too_old(event):
        message = f'"{event.id}" lies before {FIRST_SAFE_YEAR}: it stands on the page, not in the calendar'
        yield located(node.at(("date",)), file, message)


def _sets_without_days(calendar: Calendar, filled: set[str], root: Node, file: str) -> Iterator[Problem]:
    """A set is built ahead only where each of its categories has a day."""
    for chosen, node in zip(calendar.composed, root.sequence("compose"), strict=True):
        for category in chosen:
            if category.slug not in filled:
                message = f'no event of the category "{category.slug}" has a day, so this set is not built'
                yield located(node, file, message, "take the set out, or give one of them a day")


def has_days(event: Event) -> bool:
    """Whether any day of it can stand in a calendar."""
    return placement(event) == "day" and not _is_too_old(event)


def _is_too_old(event: Event) -> bool:
    if event.date is None:
        return False
    return isinstance(event.observed, Once) and event.date.bounds()[0][0] < FIRST_SAFE_YEAR


def _cut_texts(root: Node, file: str, *, but: str = "") -> Iterator[Problem]:
    """Unquoted texts that end at a ` #`: YAML takes the rest for a comment (F22)."""
    keys = root.value if isinstance(root.value, dict) else {}
    open_ = [(node, key in _TEXT_KEYS) for key, node in keys.items() if key != but]
    while open_:
        node, is_text = open_.pop()
        if isinstance(node.value, dict):
            open_ += [(child, is_text or key in _TEXT_KEYS) for key, child in node.value.items()]
        elif isinstance(node.value, list):
            open_ += [(child, is_text) for child in node.value]
        elif is_text and node.cut_by_comment:
            yield located(node, file, "this text ends at a #, the rest is a comment", "quote it if that is text")


def _is_night(date: Edtf | None) -> bool:
    if not isinstance(date, EdtfInterval) or not date.is_day:
        return False
    (year, month, day), last = date.bounds()
    if day < days_in_month(year, month):
        return last == (year, month, day + 1)
    return last == ((year, month + 1, 1) if month < 12 else (year + 1, 1, 1))


def _overlap(one: Edtf, other: Edtf) -> bool:
    """Whether two dates may share a day."""
    (first, last), (other_first, other_last) = one.bounds(), other.bounds()
    return first <= other_last and other_first <= last
