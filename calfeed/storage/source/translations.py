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
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any, TypeAlias

from calfeed.errors import Location, Problem
from calfeed.frozen import frozen
from calfeed.storage.source.books import Book, Entry, State, kind_of, read_book, read_book_plainly
from calfeed.storage.source.nodes import Node, Path, located
from calfeed.storage.source.plain import Tree

_EVENT_TEXTS = ("title", "description", "location", "disputed")
_CLAIM_TEXTS = ("says", "reasoning")

_Words: TypeAlias = dict[str, Any]
_Texts: TypeAlias = Iterator[tuple[str, Path, _Words]]


@frozen
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


def texts_of_head(root: object) -> _Texts:
    """Every text of the calendar itself that readers are shown: its place, the path to it, and it by language."""
    for key in ("title", "description"):
        yield from _text(key, root, (key,))
    for slug, category in _keys(_keys(root).get("categories")).items():
        yield from _text(f"categories/{slug}", category, ("categories", slug, "title"))
    for key, source in _keys(_keys(root).get("sources")).items():
        for text in ("note", "cited"):
            yield from _text(f"sources/{key}/{text}", source, ("sources", key, text))
    for number, correction in enumerate(_items(_keys(root).get("corrections"))):
        id_, day = _keys(correction).get("id"), _keys(correction).get("on")
        if isinstance(id_, str) and isinstance(day, str):
            yield from _text(f"corrections/{id_}/{day}/why", correction, ("corrections", number, "why"))


def texts_of_event(event: object) -> _Texts:
    """The same of one event; none where it has no id."""
    id_ = _keys(event).get("id")
    if not isinstance(id_, str):
        return
    place = f"events/{id_}"
    for key in _EVENT_TEXTS:
        yield from _text(f"{place}/{key}", event, (key,))
    numbers: Counter[str] = Counter()
    for number, claim in enumerate(_items(_keys(event).get("claims"))):
        name = str(_keys(claim).get("source", ""))
        numbers[name] += 1
        for key in _CLAIM_TEXTS:
            yield from _text(f"{place}/claims/{name}/{numbers[name]}/{key}", claim, ("claims", number, key))


def _text(place: str, around: object, path: Path) -> _Texts:
    words = _keys(around).get(str(path[-1]))
    if isinstance(words, dict) and all(isinstance(text, str) for text in words.values()):
        yield place, path, words


def _keys(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


class Translator:
    """Puts the texts of each file into a tree, as much of it as is at hand, and tells what was made of them.

    `root` is the tree of the calendar, its events aside; `translations` are the files' bytes by their names, each
    of which may be so many times `larger` than others; `problems` are those of all files. Where `plainly` is
    given, the places of their texts are not found, and `is_plain` says whether nobody need look at them: then
    texts may be put into plain values as well.
    """

    def __init__(
        self, root: Node, file: str, translations: Mapping[str, bytes], *, larger: int = 1, plainly: bool = False
    ) -> None:
        self._root = root
        self._file = file
        self.problems: list[Problem] = []
        self._warnings: list[Problem] = []
        self._first, *languages = [str(node.value) for node in root.sequence("languages")] or [""]
        self._books = {language: Book(file, language, {}) for language in languages}
        self._found: dict[str, list[Translation]] = {language: [] for language in languages}
        for name, data in translations.items():
            quick = read_book_plainly(name, data, larger) if plainly else None
            book = quick or read_book(name, data, self.problems, larger)
            if book.language in self._books:
                self._books[book.language] = book
            elif book.language:
                message = f'"{book.language}" is not among the further languages'
                self._warnings.append(Problem(Location(name), message, "add it there"))
        self.is_plain = not any(book.is_cut for book in self._books.values())

    def put(self, texts_of: Callable[[object], _Texts], node: Node) -> None:
        """Put the translations of the texts of a tree beside them."""
        for place, path, words in texts_of(node.plain()) if self._books else ():
            text = node.at(path)
            assert isinstance(text.value, dict)  # noqa: S101 - they are the same values
            where = Location(self._file, text.key_line, text.key_column)
            found = self._translated(place, words, where)
            text.value.update((book.language, entry.node_of(book)) for book, entry in found)

    def put_plainly(self, texts_of: Callable[[object], _Texts], values: object, tree: Tree, above: int) -> None:
        """The same with plain values of a tree that begins below so many lines of the file."""
        for place, _, words in texts_of(values) if self._books else ():
            where = tree.place_of(words, self._file, above)
            words.update((book.language, entry.text) for book, entry in self._translated(place, words, where))

    def _translated(self, place: str, words: _Words, where: Location) -> Iterator[tuple[Book, Entry]]:
        """The text of a place, whose key stands at `where`, in each language that it is to be put under."""
        if self._first not in words:
            return
        original = words[self._first]
        of = fingerprint(original)
        for language, book in self._books.items():
            own = language in words
            entry, state = (None, "current") if own else book.entry_for(place, of)
            made = (str(entry.text), entry.of) if entry else (None, None)
            self._found[language].append(
                Translation(language, place, state, of, original, entry.key if entry else where, *made)
            )
            if entry and (state == "current" or "/claims/" not in place):
                yield book, entry

    def told(self) -> tuple[list[Translation], list[Problem]]:
        """What was made of every text in each language but the first, and the warnings, once all were put."""
        for language, found in self._found.items():
            places = {(kind_of(translation.place), translation.of): translation.place for translation in found}
            self._warnings += self._books[language].leftovers({t.place for t in found}, places)
        translated = list(chain.from_iterable(self._found.values()))
        return translated, [*self._warnings, *_summaries(translated, self._file, self._root)]


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
