"""The short way through a right file: from plain values straight to the calendar, without pydantic.

What may stand where is said by `shapes`, with a description of every key and a complaint for every mistake. This
reader expects the same of a file, and where it meets anything else it gives up: the shapes find out what is wrong,
or that nothing is. A key that is unknown here costs time and nothing else; tests hold the two against each other.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable, Collection
from typing import Any, NoReturn, TypeAlias, TypeVar

from calfeed.domain import rules
from calfeed.domain.edtf import Edtf
from calfeed.domain.model import (
    Basis,
    Budget,
    Calendar,
    Category,
    Claim,
    Event,
    EventKind,
    GoogleLink,
    Note,
    Source,
    Text,
    Tone,
    Window,
)
from calfeed.domain.rules import Rule
from calfeed.domain.rules.limits import MAX_DAYS, NO_LIMITS, NOT_RECURRING, Limits
from calfeed.domain.rules.span import LAST_YEAR
from calfeed.storage.source import values
from calfeed.storage.source.checks import check_event
from calfeed.storage.source.nodes import NOWHERE
from calfeed.storage.source.values import MAX_QUOTED, MAX_TEXT, MAX_TITLE, Wrong

_T = TypeVar("_T")
_Keys: TypeAlias = dict[str, Any]
_Observed: TypeAlias = tuple[Rule, Limits]


def _keys_of(kind: type[Any]) -> frozenset[str]:
    return frozenset(field.name for field in dataclasses.fields(kind))


# The nouns of the model have the names of the keys, but for these.
_CALENDAR = _keys_of(Calendar) - {"composed"} | {"version", "refused", "compose"}
_CATEGORY = _keys_of(Category) - {"slug"}
_SOURCE = _keys_of(Source) - {"key"}
_EVENT = _keys_of(Event) - {"limits"}
_CLAIM = _keys_of(Claim)
_LIMITS = frozenset(["from", "until", "every", "except", "moves", "days"])
_RULES = {rule.rule: rule for rule in rules.RULES}
_LARGEST = 10**9
_DATES = 10_000  # that are remembered together


class Unexpected(Exception):
    """Something for the shapes to look at."""


NOT_RIGHT = (Unexpected, KeyError, Wrong)
"""What a reader raises where a file is not as expected."""


class Reader:
    """Reads one file, by its values without the events; what it cannot read raises one of `NOT_RIGHT`.

    Equal dates and observances are read once.
    """

    def __init__(self, root: object) -> None:
        self.keys = keys = _group(root, _CALENDAR)
        self.languages = values.distinct(list(map(values.language, _words(keys["languages"]))))
        self.first = self.languages[0]
        self.tags: set[str] = set()
        self.dates: dict[str, Edtf] = {}
        self.observances: dict[tuple[tuple[str, str], ...], _Observed] = {}
        self.fields: dict[str, dict[str, Callable[[object], Any]]] = {}
        categories, sources = _slugs(keys["categories"]), _slugs(keys["sources"])
        self.categories = {slug: self._category(slug, node) for slug, node in categories.items()}
        self.sources = {key: self._source(key, node) for key, node in sources.items()}

    def calendar(self, events: tuple[Event, ...]) -> Calendar:
        """Everything, with the events that were read."""
        keys = self.keys
        _one_of(keys["version"], ["1"])
        for node in _items(keys["refused"]) if "refused" in keys else ():
            self._check_refused(node)
        return Calendar(
            title=self._line(keys["title"]),
            description=self._prose(keys["description"]),
            url=values.base_address(_word(keys["url"])),
            authority=values.authority(_word(keys["authority"])),
            timezone=values.zone(_word(keys["timezone"])),
            languages=tuple(self.languages),
            categories=tuple(self.categories.values()),
            events=events,
            color=_maybe(keys, "color", lambda node: values.color(_word(node))),
            notice_days=_integer(keys, "notice_days", Calendar.notice_days, 0, 60),
            feed_items=_integer(keys, "feed_items", Calendar.feed_items, 1, 200),
            window=self._window(),
            budget=self._budget(),
            hub=_maybe(keys, "hub", _address),
            google_link=_maybe(keys, "google_link", _literal(GoogleLink)) or Calendar.google_link,
            sources=self.sources,
            corrections=tuple(map(self._note, _items(keys["corrections"]) if "corrections" in keys else ())),
            composed=self._composed(),
        )

    def _category(self, slug: str, node: object) -> Category:
        keys = _group(node, _CATEGORY)
        color = _maybe(keys, "color", lambda node: values.color(_word(node)))
        return Category(slug, self._line(keys["title"]), color)

    def _source(self, key: str, node: object) -> Source:
        keys = _group(node, _SOURCE)
        return Source(
            key,
            title=_one_line(keys["title"], MAX_QUOTED),
            publisher=_maybe(keys, "publisher", lambda node: _one_line(node, MAX_TITLE)),
            published=_maybe(keys, "published", self._date),
            url=_maybe(keys, "url", _address),
            note=_maybe(keys, "note", self._prose),
            cited=_maybe(keys, "cited", self._line),
        )

    def _window(self) -> Window:
        keys = _group(self.keys["window"], ("past", "future")) if "window" in self.keys else {}
        standard = Window()
        return Window(
            _integer(keys, "past", standard.past, 0, 50), _integer(keys, "future", standard.future, 1, 50)
        )

    def _budget(self) -> Budget:
        keys = _group(self.keys["budget"], ("events", "bytes")) if "budget" in self.keys else {}
        standard = Budget()
        return Budget(
            _integer(keys, "events", standard.events, 1, _LARGEST),
            _integer(keys, "bytes", standard.bytes, 10_000, _LARGEST),
        )

    def _composed(self) -> tuple[tuple[Category, ...], ...]:
        chosen = [
            values.set_of_categories(_words(node))
            for node in (_items(self.keys["compose"]) if "compose" in self.keys else ())
        ]
        values.distinct_sets(chosen)
        return tuple(tuple(self.categories[slug] for slug in sorted(slugs)) for slugs in chosen)

    def _check_refused(self, node: object) -> None:
        keys = _group(node, ("what", "source", "why"))
        _prose_of(keys["what"])
        _prose_of(keys["why"])
        _ = self.sources[_word(keys["source"])]

    def _note(self, node: object) -> Note:
        keys = _group(node, ("id", "on", "why", "source", "withhold"))
        return Note(
            id=values.slug(_word(keys["id"])),
            on=values.civil_day(_word(keys["on"])),
            why=self._prose(keys["why"]),
            source=_maybe(keys, "source", lambda node: self.sources[_word(node)]),
            withhold=_flag(keys, "withhold"),
        )

    def event(self, node: object) -> Event:
        """An event."""
        keys = _group(node, _EVENT)
        rule, limits = self._observed(keys["observed"])
        event = Event(
            id=values.slug(_word(keys["id"])),
            title=self._line(keys["title"]),
            description=self._prose(keys["description"]),
            observed=rule,
            categories=tuple(
                self.categories[slug] for slug in dict.fromkeys(map(_word, _some(keys["categories"])))
            ),
            claims=tuple(map(self._claim, _some(keys["claims"]))),
            date=_maybe(keys, "date", self._date),
            night=_flag(keys, "night"),
            day_itself=_flag(keys, "day_itself"),
            location=_maybe(keys, "location", self._line),
            url=_maybe(keys, "url", _address),
            tone=_maybe(keys, "tone", _literal(Tone)) or Event.tone,
            kind=_maybe(keys, "kind", _literal(EventKind)) or Event.kind,
            disputed=_maybe(keys, "disputed", self._prose),
            limits=limits,
        )
        if any(check_event(event, (rule, limits), NOWHERE, "")):
            _give_up()
        return event

    def _claim(self, node: object) -> Claim:
        keys = _group(node, _CLAIM)
        return Claim(
            source=self.sources[_word(keys["source"])],
            basis=_literal(Basis)(keys["basis"]),
            says=self._prose(keys["says"]),
            date=_maybe(keys, "date", self._date),
            reasoning=_maybe(keys, "reasoning", self._prose),
            heading=_maybe(keys, "heading", lambda node: _one_line(node, MAX_QUOTED)),
        )

    def _date(self, node: object) -> Edtf:
        text = _word(node)
        if text not in self.dates:
            if len(self.dates) >= _DATES:
                self.dates.clear()
            self.dates[text] = values.edtf(text)
        return self.dates[text]

    def _line(self, node: object) -> Text:
        return self._text(node, lambda text: _one_line(text, MAX_TITLE))

    def _prose(self, node: object) -> Text:
        return self._text(node, _prose_of)

    def _text(self, node: object, check: Callable[[object], str]) -> Text:
        """A text by language, in the first one at least."""
        found = {tag: check(text) for tag, text in _mapping(node).items()}
        if not found.keys() <= self.tags:
            self.tags |= {values.language_tag(tag) for tag in found}
        if self.first not in found:
            _give_up()
        return found

    def _observed(self, node: object) -> _Observed:
        keys = {"rule": node} if isinstance(node, str) else _mapping(node)
        known = tuple(keys.items()) if all(type(value) is str for value in keys.values()) else None
        if known is None:
            return self._rule(keys)
        if known not in self.observances:
            self.observances[known] = self._rule(keys)
        return self.observances[known]

    def _rule(self, keys: _Keys) -> _Observed:
        found = _RULES[_word(keys["rule"])]
        fields = self._fields(found)
        recurs = found not in NOT_RECURRING
        _expect(keys, {"rule", *fields, *(_LIMITS if recurs else ())})
        given = {name: read(keys[name]) for name, read in fields.items() if name in keys}
        if any(f.default is dataclasses.MISSING and f.name not in given for f in dataclasses.fields(found)):
            _give_up()
        return found(**given), _limits(keys) if recurs and not _LIMITS.isdisjoint(keys) else NO_LIMITS

    def _fields(self, rule: type[Rule]) -> dict[str, Callable[[object], Any]]:
        """How each key of a rule is read; a rule declares them in plain Python types."""
        if rule.rule not in self.fields:
            hints = typing.get_type_hints(rule)
            self.fields[rule.rule] = {
                field.name: _reader_of(hints[field.name], field.name) for field in dataclasses.fields(rule)
            }
        return self.fields[rule.rule]


def only(node: object) -> Any:
    """The one item of a list; raises Unexpected where it is none, or holds another number."""
    items = _items(node)
    return items[0] if len(items) == 1 else _give_up()


def _reader_of(hint: Any, name: str) -> Callable[[object], Any]:
    kinds = [kind for kind in (typing.get_args(hint) or (hint,)) if kind is not type(None)]
    if kinds == [int]:
        return lambda node: values.integer(_word(node))
    if kinds == [bool]:
        return lambda node: values.boolean(_word(node))
    if kinds == [str] and name == "day":  # MM-DD; a day of a month is an int
        return lambda node: values.month_day(_word(node))
    words = kinds if all(isinstance(kind, str) for kind in kinds) else typing.get_args(kinds[0])
    return lambda node: _one_of(node, words)


def _limits(keys: _Keys) -> Limits:
    skipped = [_year(node) for node in _some(keys["except"])] if "except" in keys else []
    moves = _mapping(keys["moves"]) if "moves" in keys else {}
    return Limits(
        since=_maybe(keys, "from", _year),
        until=_maybe(keys, "until", _year),
        every=_integer(keys, "every", 1, 1, _LARGEST),
        skipped=tuple(skipped),
        moves={
            _between(values.integer(year), 1, LAST_YEAR): values.civil_day(_word(day))
            for year, day in moves.items()
        },
        days=_integer(keys, "days", None, 1, MAX_DAYS),
    )


def _year(node: object) -> int:
    return _between(values.integer(_word(node)), 1, LAST_YEAR)


def _give_up() -> NoReturn:
    raise Unexpected


def _expect(keys: _Keys, known: Collection[str]) -> _Keys:
    """The keys, if they are none but these."""
    return keys if all(key in known for key in keys) else _give_up()


def _group(node: object, known: Collection[str]) -> _Keys:
    """The keys of a mapping that has no others."""
    return _expect(_mapping(node), known)


def _mapping(node: object) -> _Keys:
    return node if isinstance(node, dict) else _give_up()


def _slugs(node: object) -> _Keys:
    return {values.slug(slug): below for slug, below in _mapping(node).items()}


def _items(node: object) -> list[object]:
    return node if isinstance(node, list) else _give_up()


def _some(node: object) -> list[object]:
    return _items(node) or _give_up()


def _word(node: object) -> str:
    return node if isinstance(node, str) else _give_up()


def _words(node: object) -> list[str]:
    return [_word(item) for item in _some(node)]


def _one_line(node: object, most: int) -> str:
    text = values.one_line(_word(node))
    return text if len(text) <= most else _give_up()


def _prose_of(node: object) -> str:
    text = values.prose(_word(node))
    return text if len(text) <= MAX_TEXT else _give_up()


def _address(node: object) -> str:
    return values.web_address(_word(node))


def _one_of(node: object, words: Collection[Any]) -> Any:
    word = _word(node)
    return word if word in words else _give_up()


def _literal(kind: Any) -> Callable[[object], Any]:
    """Reads one of the words of a Literal."""
    return lambda node: _one_of(node, typing.get_args(kind))


def _maybe(keys: _Keys, name: str, read: Callable[[object], _T]) -> _T | None:
    """What stands under a key that may be left out."""
    return read(keys[name]) if name in keys else None


def _flag(keys: _Keys, name: str) -> bool:
    return _maybe(keys, name, lambda node: values.boolean(_word(node))) or False


@typing.overload
def _integer(keys: _Keys, name: str, standard: int, least: int, most: int) -> int: ...
@typing.overload
def _integer(keys: _Keys, name: str, standard: None, least: int, most: int) -> int | None: ...
def _integer(keys: _Keys, name: str, standard: int | None, least: int, most: int) -> int | None:
    return _between(values.integer(_word(keys[name])), least, most) if name in keys else standard


def _between(number: int, least: int, most: int) -> int:
    return number if least <= number <= most else _give_up()
