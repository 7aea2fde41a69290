"""Reads an events file entry by entry, and leaves those for later that stand as they were in the last release."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from yaml import YAMLError

from calfeed.deferred import deferred
from calfeed.domain.model import Calendar, Event
from calfeed.errors import Problem, PublishError, SourceError
from calfeed.frozen import frozen
from calfeed.storage.source import quick
from calfeed.storage.source.checks import Used, check_corrections, event_warnings, has_days, warnings
from calfeed.storage.source.entries import Cut, Piece
from calfeed.storage.source.nodes import NOWHERE, Node, put_url, read_piece
from calfeed.storage.source.plain import Irregular, Tree, read_plain
from calfeed.storage.source.translations import (
    Translation,
    Translator,
    texts_of_event,
    texts_of_head,
)

if TYPE_CHECKING:
    from calfeed.storage.kept import Keeping, Kept

_T = TypeVar("_T")
FEWEST = 1000  # entries of a large calendar; fewer are compiled faster all at once
_NOT_RIGHT = (SourceError, UnicodeDecodeError, *quick.NOT_RIGHT)


@frozen
class Asked:
    """What belongs to an events file: its name, an address in place of its own, the files of its translations.

    It may be so many times `larger` than others.
    """

    file: str
    url: str | None
    translations: Mapping[str, bytes]
    larger: int = 1


@frozen
class Found:
    """Of an entry that may be kept: digest and number of values of its lines, whether it has days."""

    piece: str
    values: int
    has_days: bool


class Each(Protocol):
    """What is done with each entry of a large calendar as soon as it is read: then it can be let go."""

    def begin(self, head: Calendar) -> None:
        """The calendar, in which there are no events yet."""

    def read(self, event: Event, found: Found | None, again: Callable[[], Event]) -> None:
        """An entry, and how to read it again; `found` is None where it may not be kept."""

    def stands(self, event: Event, kept: Kept) -> None:
        """An entry that stands as it was kept; it is read when somebody asks for more than is known of it."""


class Reader:
    """One pass over the pieces of a file; what is found on the way is collected here.

    `head` is the digest of all that entries depend on, empty where they depend on more: a calendar of several
    languages takes texts from other files.
    """

    def __init__(self, pieces: Cut, asked: Asked, keeping: Keeping | None) -> None:
        self._pieces = pieces
        self._asked = asked
        self._file = asked.file
        self._values = 0
        self._used = Used()
        self._remarks: list[Problem] = []
        self._keeping = keeping
        self._kept: Mapping[str, Kept] = {}
        self.head = ""

    @property
    def is_large(self) -> bool:
        """Whether entries depend on the head alone, and are so many that each is best looked at by itself."""
        return bool(self.head) and self._pieces.number >= FEWEST

    def calendar(self, each: Each | None) -> Calendar | None:
        """The calendar, None where anything in the file is not as it should be; a large one passes `each`."""
        head = _right(self._head)
        if head is None:
            return None
        each = each if self.is_large else None
        if each:
            each.begin(head)
        events: dict[str, Event] = {}
        again = self._again
        for piece in self._pieces.entries():
            read = _right(partial(self._event, piece))
            if read is None or read[0].id in events:
                return None
            event, found = read
            events[event.id] = event
            if each is None:
                continue
            if found is None or isinstance(found, Found):
                each.read(event, found, partial(again, piece))
            else:
                each.stands(event, found)
        return None if self._translator.problems else replace(head, events=tuple(events.values()))

    def told(self, calendar: Calendar) -> tuple[tuple[Problem, ...], tuple[Translation, ...]]:
        """What in a calendar that was read deserves a look, and how far each text is translated."""
        translated, found = self._translator.told()
        remarks = [*found, *self._remarks, *warnings(calendar, self._used, self._root, self._file)]
        return tuple(sorted(remarks, key=lambda problem: problem.location)), tuple(translated)

    def _head(self) -> Calendar | None:
        """The calendar without its entries."""
        asked = self._asked
        root, self._values = self._tree(self._pieces.head, above=0, values=0)
        self._root = root
        if not _is_head(root, self._pieces) or any(check_corrections(root, self._file)):
            return None
        put_url(root, asked.url)
        translator = self._translator = Translator(
            root, self._file, asked.translations, larger=asked.larger, plainly=True
        )
        translator.put(texts_of_head, root)
        self._reader = quick.Reader(root.plain())
        if len(self._reader.languages) == 1 and not asked.translations:
            self.head = hashlib.sha256(f"{self._pieces.digest} {asked.url}".encode()).hexdigest()
        if self._keeping and self.is_large and self._keeping.header.head == self.head:
            self._kept = self._keeping.entries
        return self._reader.calendar(())

    def _event(self, piece: Piece) -> tuple[Event, Found | Kept | None]:
        """An entry, and what is found of it where it may be kept; one that was is read when somebody asks."""
        digest = hashlib.sha256(self._pieces.text(piece)).hexdigest()
        return self._later(piece, digest) if digest in self._kept else self._now(piece, digest)

    def _now(self, piece: Piece, digest: str) -> tuple[Event, Found | None]:
        before = self._values
        event, node = self._quickly(piece) or self._with_places(piece)
        remarks = list(event_warnings(event, self._reader.first, node, self._file))
        if remarks and node is NOWHERE:
            node, _ = self._entry(piece, before)
            remarks = list(event_warnings(event, self._reader.first, node, self._file))
        days = has_days(event)
        self._used.add(event.cited, event.slugs, has_days=days)
        self._remarks += remarks
        # What deserves a look is looked at every time.
        return event, None if remarks else Found(digest, self._values - before, days)

    def _quickly(self, piece: Piece) -> tuple[Event, Node] | None:
        """An entry whose values need no places, so that it is nowhere; else None."""
        if not self._translator.is_plain:
            return None
        try:
            tree = self._plain(piece, self._values)
        except (Irregular, YAMLError):
            return None
        self._values = tree.values
        entry = quick.only(tree.root)
        self._translator.put_plainly(texts_of_event, entry, tree, piece.above)
        return self._reader.event(entry), NOWHERE

    def _plain(self, piece: Piece, values: int) -> Tree:
        """The values of an entry below so many others; raises Irregular or YAMLError."""
        return read_plain(self._pieces.text(piece).decode(), values=values, larger=self._asked.larger)

    def _with_places(self, piece: Piece) -> tuple[Event, Node]:
        """Any entry, with its tree."""
        node, self._values = self._entry(piece, self._values)
        self._translator.put(texts_of_event, node)
        return self._reader.event(node.plain()), node

    def _later(self, piece: Piece, digest: str) -> tuple[Event, Kept]:
        found = self._kept[digest]
        self._values += found.values
        self._used.add(found.sources, found.categories, has_days=found.has_days)
        categories = tuple(self._reader.categories[slug] for slug in found.categories)
        return deferred(Event, {"id": found.id, "categories": categories}, partial(self._again, piece)), found

    def _again(self, piece: Piece) -> Event:
        """An entry whose values were counted and whose problems were told."""
        try:
            try:
                return self._reader.event(quick.only(self._plain(piece, 0).root))
            except (Irregular, YAMLError):
                node, _ = self._entry(piece, 0)
                return self._reader.event(node.plain())
        except _NOT_RIGHT as error:
            from calfeed.storage.kept import NAME  # noqa: PLC0415 - who comes here has it

            line = piece.above + 1
            message = f"{NAME} in the state folder says what is not so of line {line} of {self._file}; delete it"
            raise PublishError(message) from error

    def _entry(self, piece: Piece, values: int) -> tuple[Node, int]:
        """The tree of an entry below so many values, and their number with its own."""
        root, values = self._tree(self._pieces.text(piece), above=piece.above, values=values)
        return quick.only(root.value), values

    def _tree(self, data: bytes, *, above: int, values: int) -> tuple[Node, int]:
        return read_piece(data.decode(), self._file, above=above, values=values, larger=self._asked.larger)


def _right(read: Callable[[], _T | None]) -> _T | None:
    """What is read, None where it is not as it should be."""
    try:
        return read()
    except _NOT_RIGHT:
        return None


def _is_head(root: Node, pieces: Cut) -> bool:
    """Whether the entries are all that stands under their key."""
    events = root.child("events")
    return events is not None and events.value == "" and events.key_line == pieces.events
