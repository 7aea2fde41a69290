"""`translations/xx.yaml`: the texts of one language, each with the fingerprint of the text it was made from.

    version: 1
    language: az
    texts:
      events/khojaly-1992/title:
        of: 0f3a…          # the fingerprint of the text in the calendar's first language
        text: …

A place names a text of events.yaml by ids, not by numbers of lines. A text that stands in events.yaml itself goes
before one from here. One that was made from another text than stands there now is outdated: it is shown on, since
titles must not change their language for a comma, and `calfeed check` tells of it. Only what a source says is not
shown on: claims are told apart by their number, and one must never speak with another's words.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import PurePath
from typing import Literal

from calfeed.errors import Location, Problem, SourceError
from calfeed.storage.source.nodes import Node, located, problem_at, read_nodes

State = Literal["current", "outdated", "missing"]

_EVENT_TEXTS = ("title", "description", "location", "disputed")
_CLAIM_TEXTS = ("says", "reasoning")
_KEYS = ("version", "language", "texts")
_FINGERPRINT = re.compile("[0-9a-f]{12}")


@dataclass(frozen=True)
class Translation:
    """One text in one language: `place` names it, `of` is the fingerprint of `original` as it stands now.

    `text` is the translation that its file has, and `made_from` the fingerprint there; both are None where the
    file has none.
    """

    language: str
    place: str
    state: State
    of: str
    original: str
    location: Location
    text: str | None = None
    made_from: str | None = None


def fingerprint(text: str) -> str:
    """Twelve hexadecimal digits that change with the words, not with how they are wrapped."""
    words = " ".join(unicodedata.normalize("NFC", text).split())
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def texts_of_head(root: Node) -> Iterator[tuple[str, Node]]:
    """Every text of the calendar itself that readers are shown, as a place and the node of its languages."""
    for key in ("title", "description"):
        yield from _text(key, root, key)
    for slug, category in root.mapping("categories").items():
        yield from _text(f"categories/{slug}", category, "title")
    for key, source in root.mapping("sources").items():
        for text in ("note", "cited"):
            yield from _text(f"sources/{key}/{text}", source, text)
    for correction in root.sequence("corrections"):
        id_, day = correction.child("id"), correction.child("on")
        if id_ is not None and isinstance(id_.value, str) and day is not None and isinstance(day.value, str):
            yield from _text(f"corrections/{id_.value}/{day.value}/why", correction, "why")


def texts_of_event(event: Node) -> Iterator[tuple[str, Node]]:
    """The same of one event; none where it has no id."""
    id_ = event.child("id")
    if id_ is None or not isinstance(id_.value, str):
        return
    place = f"events/{id_.value}"
    for key in _EVENT_TEXTS:
        yield from _text(f"{place}/{key}", event, key)
    numbers: Counter[str] = Counter()
    for claim in event.sequence("claims"):
        source = claim.child("source")
        name = str(source.value) if source is not None else ""
        numbers[name] += 1
        for key in _CLAIM_TEXTS:
            yield from _text(f"{place}/claims/{name}/{numbers[name]}/{key}", claim, key)


class Translator:
    """Puts the texts of each file into a tree, as much of it as is at hand, and tells what was made of them.

    `root` is the tree of the calendar, its events aside; `translations` are the files' bytes by their names, each
    of which may be so many times `larger` than others; `problems` are those of all files.
    """

    def __init__(self, root: Node, file: str, translations: Mapping[str, bytes], *, larger: int = 1) -> None:
        self._root = root
        self._file = file
        self.problems: list[Problem] = []
        self._warnings: list[Problem] = []
        self._first, *languages = [str(node.value) for node in root.sequence("languages")] or [""]
        self._books = {language: _Book(file, language, {}) for language in languages}
        self._found: dict[str, list[Translation]] = {language: [] for language in languages}
        for name, data in translations.items():
            book = _Book.read(name, data, self.problems, larger)
            if book.language in self._books:
                self._books[book.language] = book
            elif book.language:
                message = f'"{book.language}" is not among the further languages'
                self._warnings.append(Problem(Location(name), message, "add it there"))

    def put(self, texts: Iterable[tuple[str, Node]]) -> None:
        """Put the translations of some texts beside them, each given as a place and the node of its languages."""
        if not self._books:
            return
        for place, node in texts:
            original = node.child(self._first)
            if original is not None:
                said = str(original.value)
                of = fingerprint(said)
                for language, book in self._books.items():
                    self._found[language].append(book.put(place, node, said, of, self._file))

    def told(self) -> tuple[list[Translation], list[Problem]]:
        """What was made of every text in each language but the first, and the warnings, once all were put."""
        for language, found in self._found.items():
            places = {(_kind(translation.place), translation.of): translation.place for translation in found}
            self._warnings += self._books[language].leftovers({t.place for t in found}, places)
        translated = list(chain.from_iterable(self._found.values()))
        return translated, [*self._warnings, *_summaries(translated, self._file, self._root)]


@dataclass(frozen=True)
class _Entry:
    """A text of a translations file, with the place of its key."""

    of: str
    text: Node
    key: Location


@dataclass(frozen=True)
class _Book:
    """A translations file."""

    file: str
    language: str
    entries: Mapping[str, _Entry]

    @cached_property
    def by_text(self) -> dict[tuple[str, str], _Entry]:
        """The entries by kind and fingerprint."""
        return {(_kind(place), entry.of): entry for place, entry in reversed(list(self.entries.items()))}

    @classmethod
    def read(cls, file: str, data: bytes, problems: list[Problem], larger: int) -> _Book:
        language = PurePath(file).stem
        try:
            root, told = read_nodes(data, file, larger=larger)
        except SourceError as error:
            problems += error.problems
            return cls(file, "", {})
        problems += told
        if not isinstance(root.value, dict):
            problems.append(located(root, file, "this file does not consist of keys and values", "see the docs"))
            return cls(file, "", {})
        problems += _head_problems(root, root.value, file, language)
        texts = root.mapping("texts").items()
        entries = {place: entry for place, node in texts if (entry := _entry(node, file, problems))}
        return cls(file, language, entries)

    def put(self, place: str, node: Node, original: str, of: str, file: str) -> Translation:
        """Put the text of a place under its language, and tell what it is worth."""
        assert isinstance(node.value, dict)  # noqa: S101 - `_text` gives no others
        where = Location(file, node.key_line or node.line, node.key_column or node.column)
        if self.language in node.value:
            return Translation(self.language, place, "current", of, original, where)
        entry, state = self._entry_for(place, of)
        if entry is None:
            return Translation(self.language, place, "missing", of, original, where)
        if state == "current" or "/claims/" not in place:
            node.value[self.language] = entry.text
        return Translation(
            self.language, place, state, of, original, entry.key, str(entry.text.value), made_from=entry.of
        )

    def _entry_for(self, place: str, of: str) -> tuple[_Entry | None, State]:
        """The entry of a place; where it was made from another text, one made from this very text goes before."""
        entry = self.entries.get(place)
        if entry is not None and entry.of == of:
            return entry, "current"
        same = self.by_text.get((_kind(place), of))
        return (same, "current") if same else (entry, "outdated")

    def leftovers(self, texts: Collection[str], places: Mapping[tuple[str, str], str]) -> Iterator[Problem]:
        """Entries of places that are gone; `places` tells by kind and fingerprint where a text stands now."""
        for place, entry in self.entries.items():
            if place in texts:
                continue
            now = places.get((_kind(place), entry.of))
            hint = f"its text stands at {now} now: rename the key" if now else "delete it, or mend the place"
            yield problem_at(entry.key, f'no text has the place "{place}"', hint)


def _head_problems(root: Node, keys: Mapping[str, Node], file: str, language: str) -> Iterator[Problem]:
    """What is wrong with the first keys of a translations file."""
    for key, node in keys.items():
        if key not in _KEYS:
            place = Location(file, node.key_line, node.key_column)
            hint = f"its keys are {', '.join(_KEYS)}"
            yield problem_at(place, f'"{key}" is not a key of translations', hint)
    said, version, texts = (keys.get(key) for key in ("language", "version", "texts"))
    if said is None or said.value != language:
        message = f'the language is not that of the file name, "{language}"'
        yield located(said or root, file, message, "rename it")
    if version is None or version.value != "1":
        yield located(version or root, file, "the version is not 1", "write version: 1")
    if texts is None or not isinstance(texts.value, dict):
        yield located(texts or root, file, "there are no texts", "write a place and a colon for each")


def _kind(place: str) -> str:
    """What kind of text stands at a place: a title is no location, though the words be the same."""
    return place.rpartition("/")[2]


def _entry(node: Node, file: str, problems: list[Problem]) -> _Entry | None:
    key = Location(file, node.key_line, node.key_column)
    of, text = node.child("of"), node.child("text")
    if not isinstance(node.value, dict) or set(node.value) != {"of", "text"} or of is None or text is None:
        problems.append(problem_at(key, "a translation has the keys of and text, and no others", "write both"))
        return None
    if not isinstance(of.value, str) or not _FINGERPRINT.fullmatch(of.value):
        problems.append(
            located(of, file, "this is no fingerprint", "calfeed translations --template writes it for you")
        )
        return None
    if text.value == "":
        return None  # of a template, not filled in yet
    text.file = file
    return _Entry(of.value, text, key)


def _text(place: str, parent: Node, key: str) -> Iterator[tuple[str, Node]]:
    node = parent.child(key)
    if (
        node is not None
        and isinstance(node.value, dict)
        and all(isinstance(text.value, str) for text in node.value.values())
    ):
        yield place, node


def _summaries(found: list[Translation], file: str, root: Node) -> Iterator[Problem]:
    """One sentence a language: a calendar of a thousand texts would bury every other warning."""
    counts = Counter((translation.language, translation.state) for translation in found)
    node = root.child("languages") or root
    for language in dict.fromkeys(translation.language for translation in found):
        told = [
            f"{counts[language, state]} {state}" for state in ("missing", "outdated") if counts[language, state]
        ]
        if told:
            hint = f"calfeed translations --lang {language} lists them"
            yield located(node, file, f'translations into "{language}": {", ".join(told)}', hint)
