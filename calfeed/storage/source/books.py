"""`translations/xx.yaml`, one file: a book of the texts of one language.

A right book is read without the places of its values, but for those of its keys; one in which anything has to be
complained of is read again with all of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import PurePath
from typing import Any, Literal

from yaml import YAMLError

from calfeed.errors import Location, Problem, SourceError
from calfeed.frozen import frozen
from calfeed.storage.source.nodes import Node, decoded, located, problem_at, read_nodes
from calfeed.storage.source.plain import Irregular, read_plain

State = Literal["current", "outdated", "missing"]

_KEYS = ("version", "language", "texts")
_FINGERPRINT = re.compile("[0-9a-f]{12}")


@frozen
class Entry:
    """A text of a book, with the place of its key, and the fingerprint of what it was made from.

    `node` is where it stands itself, None in a book that nobody need look at.
    """

    of: str
    text: Any
    key: Location
    node: Node | None = None

    def node_of(self, book: Book) -> Node:
        """The text as a value of a tree."""
        return self.node or Node(self.text, 0, 0, file=book.file)


@frozen
class Book:
    """A translations file; `language` is empty where it cannot be read."""

    file: str
    language: str
    entries: Mapping[str, Entry]

    @cached_property
    def _by_text(self) -> dict[tuple[str, str], Entry]:
        """The entries by kind and fingerprint."""
        return {(kind_of(place), entry.of): entry for place, entry in reversed(list(self.entries.items()))}

    @property
    def is_cut(self) -> bool:
        """Whether a comment may have cut one of its texts."""
        return any(entry.node and entry.node.cut_by_comment for entry in self.entries.values())

    def entry_for(self, place: str, of: str) -> tuple[Entry | None, State]:
        """The entry of a place; where it was made from another text, one made from this very text goes before."""
        entry = self.entries.get(place)
        if entry is not None and entry.of == of:
            return entry, "current"
        same = self._by_text.get((kind_of(place), of))
        return (same, "current") if same else (entry, "outdated" if entry else "missing")

    def leftovers(self, texts: Collection[str], places: Mapping[tuple[str, str], str]) -> Iterator[Problem]:
        """Entries of places that are gone; `places` tells by kind and fingerprint where a text stands now."""
        for place, entry in self.entries.items():
            if place in texts:
                continue
            now = places.get((kind_of(place), entry.of))
            hint = f"its text stands at {now} now: rename the key" if now else "delete it, or mend the place"
            yield problem_at(entry.key, f'no text has the place "{place}"', hint)


def kind_of(place: str) -> str:
    """What kind of text stands at a place: a title is no location, though the words be the same."""
    return place.rpartition("/")[2]


def read_book_plainly(file: str, data: bytes, larger: int) -> Book | None:
    """A right book, whose texts are nowhere in the file; None where there is anything to look at."""
    language = PurePath(file).stem
    try:
        tree = read_plain(decoded(data, file, larger), values=0, larger=larger)
    except (SourceError, Irregular, YAMLError):
        return None
    root = tree.root
    if type(root) is not dict or root.keys() != set(_KEYS):
        return None
    if root["version"] != "1" or root["language"] != language or type(root["texts"]) is not dict:
        return None
    entries = {}
    for place, keys in root["texts"].items():
        if type(keys) is not dict or keys.keys() != {"of", "text"}:
            return None
        of, text = keys["of"], keys["text"]
        if type(of) is not str or not _FINGERPRINT.fullmatch(of) or type(text) is not str:
            return None
        if text:  # else it is of a template, not filled in yet
            entries[place] = Entry(of, text, tree.place_of(keys, file))
    return Book(file, language, entries)


def read_book(file: str, data: bytes, problems: list[Problem], larger: int) -> Book:
    """Any book, whose problems join the others."""
    language = PurePath(file).stem
    try:
        root, told = read_nodes(data, file, larger=larger)
    except SourceError as error:
        problems += error.problems
        return Book(file, "", {})
    problems += told
    if not isinstance(root.value, dict):
        problems.append(located(root, file, "this file does not consist of keys and values", "see the docs"))
        return Book(file, "", {})
    problems += _head_problems(root, root.value, file, language)
    texts = root.mapping("texts").items()
    entries = {place: entry for place, node in texts if (entry := _entry(node, file, problems))}
    return Book(file, language, entries)


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


def _entry(node: Node, file: str, problems: list[Problem]) -> Entry | None:
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
    return Entry(of.value, text.plain(), key, text)
