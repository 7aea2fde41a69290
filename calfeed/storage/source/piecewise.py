"""Reads an events file entry by entry, and leaves those for later that stand as they were in the last release."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from yaml import YAMLError

from calfeed.deferred import deferred
from calfeed.domain.model import Calendar, Event
from calfeed.errors import Problem, PublishError, SourceError
from calfeed.storage.kept import NAME, Found, Keeping, Kept
from calfeed.storage.source import quick
from calfeed.storage.source.checks import Used, check_corrections, event_warnings, has_days, warnings
from calfeed.storage.source.entries import Cut, Piece
from calfeed.storage.source.nodes import NOWHERE, Node, put_url, read_piece
from calfeed.storage.source.plain import Irregular, read_plain
from calfeed.storage.source.translations import (
    Translation,
    Translator,
    texts_of_event,
    texts_of_head,
)

_NOT_RIGHT = (SourceError, UnicodeDecodeError, *quick.NOT_RIGHT)


@dataclass(frozen=True)
class Asked:
    """What belongs to an events file: its name, an address in place of its own, the files of its translations.

    It may be so many times `larger` than others.
    """

    file: str
    url: str | None
    translations: Mapping[str, bytes]
    larger: int = 1


class Reader:
    """One pass over the pieces of a file; what is found on the way is collected here.

    `head` is the digest of all that entries depend on, empty where none can be kept: a calendar of several
    languages takes texts from other files. `kept` are the entries that were kept, by their ids, and `found` all
    others that may be.
    """

    def __init__(self, pieces: Cut, asked: Asked, kept: Keeping | None) -> None:
        self._pieces = pieces
        self._asked = asked
        self._file = asked.file
        self._values = 0
        self._used = Used()
        self._remarks: list[Problem] = []
        self._kept_before = kept
        self.head = ""
        self.found: list[Found] = []
        self.kept: dict[str, Kept] = {}

    def calendar(self) -> Calendar | None:
        """The calendar, None where anything in the file is not as it should be."""
        try:
            return self._calendar()
        except _NOT_RIGHT:
            return None

    def told(self, calendar: Calendar) -> tuple[tuple[Problem, ...], tuple[Translation, ...]]:
        """What in a calendar that was read deserves a look, and how far each text is translated."""
        translated, found = self._translator.told()
        remarks = [*found, *self._remarks, *warnings(calendar, self._used, self._root, self._file)]
        return tuple(sorted(remarks, key=lambda problem: problem.location)), tuple(translated)

    def _calendar(self) -> Calendar | None:
        asked = self._asked
        root, self._values = self._tree(self._pieces.head, above=0, values=0)
        self._root = root
        if not _is_head(root, self._pieces) or any(check_corrections(root, self._file)):
            return None
        put_url(root, asked.url)
        translator = self._translator = Translator(root, self._file, asked.translations, larger=asked.larger)
        translator.put(texts_of_head(root))
        self._reader = quick.Reader(root.plain())
        if len(self._reader.languages) == 1 and not asked.translations:
            self.head = hashlib.sha256(f"{self._pieces.digest} {asked.url}".encode()).hexdigest()
        kept = self._kept_before
        known = kept.entries if kept and self.head and kept.header.head == self.head else {}
        events = {}
        for piece in self._pieces.entries:
            digest = hashlib.sha256(self._pieces.text(piece)).hexdigest()
            event = self._later(known[digest], piece) if digest in known else self._now(digest, piece)
            events[event.id] = event
        if translator.problems or len(events) < len(self._pieces.entries):
            return None
        return self._reader.calendar(tuple(events.values()))

    def _now(self, digest: str, piece: Piece) -> Event:
        """An entry that is read."""
        before = self._values
        event, remarks = self._quickly(piece) or self._with_places(piece)
        days = has_days(event)
        self._used.add(event.cited, event.slugs, has_days=days)
        if self.head and not remarks:  # what deserves a look is looked at every time
            self.found.append(Found(digest, self._values - before, days, event))
        self._remarks += remarks
        return event

    def _quickly(self, piece: Piece) -> tuple[Event, list[Problem]] | None:
        """An entry that deserves no look and has no other texts than its own; else None."""
        if not self.head:
            return None
        try:
            text, larger = self._pieces.text(piece).decode(), self._asked.larger
            root, values = read_plain(text, values=self._values, larger=larger)
        except (Irregular, YAMLError):
            return None
        event = self._reader.event(quick.only(root))
        if any(event_warnings(event, self._reader.first, NOWHERE, self._file)):
            return None
        self._values = values
        return event, []

    def _with_places(self, piece: Piece) -> tuple[Event, list[Problem]]:
        """Any entry, and what deserves a look in it."""
        node, self._values = self._entry(piece, self._values)
        self._translator.put(texts_of_event(node))
        event = self._reader.event(node.plain())
        return event, list(event_warnings(event, self._reader.first, node, self._file))

    def _later(self, kept: Kept, piece: Piece) -> Event:
        """An entry that is read when somebody asks for more than is known of it."""
        self._values += kept.values
        self._used.add(kept.sources, kept.categories, has_days=kept.has_days)
        self.kept[kept.id] = kept
        categories = tuple(self._reader.categories[slug] for slug in kept.categories)
        return deferred(Event, {"id": kept.id, "categories": categories}, partial(self._again, piece))

    def _again(self, piece: Piece) -> Event:
        try:
            node, _ = self._entry(piece, 0)  # its values were counted
            return self._reader.event(node.plain())
        except _NOT_RIGHT as error:
            line = piece.above + 1
            message = f"{NAME} in the state folder says what is not so of line {line} of {self._file}; delete it"
            raise PublishError(message) from error

    def _entry(self, piece: Piece, values: int) -> tuple[Node, int]:
        """The tree of an entry below so many values, and their number with its own."""
        root, values = self._tree(self._pieces.text(piece), above=piece.above, values=values)
        return quick.only(root.value), values

    def _tree(self, data: bytes, *, above: int, values: int) -> tuple[Node, int]:
        return read_piece(data.decode(), self._file, above=above, values=values, larger=self._asked.larger)


def _is_head(root: Node, pieces: Cut) -> bool:
    """Whether the entries are all that stands under their key."""
    events = root.child("events")
    return events is not None and events.value == "" and events.key_line == pieces.events
