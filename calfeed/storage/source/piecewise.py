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
from calfeed.storage.source.checks import Used, check_corrections, cut_texts, event_warnings, has_days, warnings
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
        self._file, self._url, self._translations = asked.file, asked.url, asked.translations
        self._larger = asked.larger
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
        root = self._root = self._tree(self._pieces.head, 0)
        if not _is_head(root, self._pieces) or any(check_corrections(root, self._file)):
            return None
        put_url(root, self._url)
        translator = self._translator = Translator(root, self._file, self._translations, larger=self._larger)
        translator.put(texts_of_head(root))
        self._reader = quick.Reader(root.plain(), self._file)
        if len(self._reader.languages) == 1 and not self._translations:
            self.head = hashlib.sha256(f"{self._pieces.digest} {self._url}".encode()).hexdigest()
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
        self._used.add(sources_of(event), slugs_of(event), has_days=days)
        if self.head and not remarks:  # what deserves a look is looked at every time
            self.found.append(Found(digest, self._values - before, days, event))
        self._remarks += remarks
        return event

    def _quickly(self, piece: Piece) -> tuple[Event, list[Problem]] | None:
        """An entry that deserves no look and has no other texts than its own; else None."""
        if not self.head:
            return None
        before = self._values
        try:
            root, self._values = read_plain(self._pieces.text(piece).decode(), values=before, larger=self._larger)
        except (Irregular, YAMLError):
            return None
        (values,) = root if isinstance(root, list) and len(root) == 1 else (None,)
        event = self._reader.event(values)
        if not any(event_warnings(event, self._reader.first, NOWHERE, self._file)):
            return event, []
        self._values = before
        return None

    def _with_places(self, piece: Piece) -> tuple[Event, list[Problem]]:
        """Any entry, and what deserves a look in it."""
        node = self._entry(piece)
        self._translator.put(texts_of_event(node))
        event = self._reader.event(node.plain())
        remarks = [*event_warnings(event, self._reader.first, node, self._file)]
        remarks += cut_texts(node, self._file) if b"#" in self._pieces.text(piece) else ()
        return event, remarks

    def _later(self, kept: Kept, piece: Piece) -> Event:
        """An entry that is read when somebody asks for more than is known of it."""
        self._values += kept.values
        self._used.add(kept.sources, kept.categories, has_days=kept.has_days)
        self.kept[kept.id] = kept
        categories = tuple(self._reader.categories[slug] for slug in kept.categories)
        return deferred(Event, {"id": kept.id, "categories": categories}, partial(self._again, piece))

    def _again(self, piece: Piece) -> Event:
        try:
            self._values = 0  # they were counted
            return self._reader.event(self._entry(piece).plain())
        except _NOT_RIGHT as error:
            line = piece.above + 1
            message = f"{NAME} in the state folder says what is not so of line {line} of {self._file}; delete it"
            raise PublishError(message) from error

    def _entry(self, piece: Piece) -> Node:
        """The tree of an entry."""
        root = self._tree(self._pieces.text(piece), piece.above)
        if not isinstance(root.value, list) or len(root.value) != 1:
            raise quick.Unexpected
        return root.value[0]

    def _tree(self, data: bytes, above: int) -> Node:
        root, self._values = read_piece(
            data.decode(), self._file, above=above, values=self._values, larger=self._larger
        )
        return root


def sources_of(event: Event) -> set[str]:
    """The keys of the sources that its claims cite."""
    return {claim.source.key for claim in event.claims}


def slugs_of(event: Event) -> set[str]:
    """Those of its categories."""
    return {category.slug for category in event.categories}


def _is_head(root: Node, pieces: Cut) -> bool:
    """Whether the entries are all that stands under their key."""
    events = root.child("events")
    return events is not None and events.value == "" and events.key_line == pieces.events
