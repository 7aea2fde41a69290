"""A piece of YAML as plain values: all that a right entry needs. Of places those of keys of groups are known.

It reads what `nodes` reads, and gives up where that tells a problem, or might.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import yaml

from calfeed.errors import Location
from calfeed.storage.source.nodes import MAX_DEPTH, MAX_ITEMS, MAX_VALUES, is_odd

_BEFORE_COMMENT = re.compile("^[ ]*[^ #\n].*#", re.MULTILINE)  # a comment may have cut it


class Irregular(Exception):
    """Something for `nodes` to look at."""


def read_plain(text: str, *, values: int, larger: int) -> Tree:
    """The values of a piece of a file with `values` above it.

    The file may be so many times `larger` than others. Raises Irregular, or YAMLError.
    """
    if ("#" in text and _BEFORE_COMMENT.search(text)) or is_odd(text):
        raise Irregular
    has_escapes = "\\" in text
    tree = Tree(values)
    before: Any = None
    next_event: Callable[[], Any] = yaml.CSafeLoader(text).get_event
    while (kind := type(event := next_event())) is not yaml.StreamEndEvent:
        if kind is yaml.ScalarEvent:
            value = event.value
            if event.anchor is not None or event.tag is not None or (has_escapes and is_odd(value)):
                raise Irregular
            tree.put((value if value.isascii() else unicodedata.normalize("NFC", value)).strip())
        elif kind is yaml.MappingStartEvent:
            tree.open({}, event, before)
        elif kind is yaml.SequenceStartEvent:
            tree.open([], event, before)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            tree.held, tree.key = tree.around.pop()
        elif kind is yaml.AliasEvent or (kind is yaml.DocumentStartEvent and tree.root is not None):
            raise Irregular
        before = event
    if tree.values > larger * MAX_VALUES:
        raise Irregular
    return tree


class Tree:
    """The values so far, and their number with that of those above: `root` is the outermost.

    `held` is the open mapping or sequence, `key` waits for its value in it.
    """

    __slots__ = ("around", "held", "key", "places", "root", "values")

    def __init__(self, values: int) -> None:
        self.root: Any = None
        self.held: Any = None
        self.key: str | None = None
        self.around: list[tuple[Any, str | None]] = []
        self.places: dict[int, Any] = {}
        self.values = values

    def place_of(self, value: object, file: str, above: int = 0) -> Location:
        """The place of the key of a mapping or a sequence, of a tree that begins below so many lines of a file."""
        mark = self.places[id(value)]
        return Location(file, above + mark.line + 1, mark.column + 1)

    def put(self, value: Any) -> None:
        """Put a value where it belongs: under its key, in a list, or as a key itself."""
        held = self.held
        self.values += 1
        if self.key is not None:
            held[self.key] = value
            self.key = None
        elif held is None:
            self.root = value
        elif len(held) >= MAX_ITEMS:
            raise Irregular
        elif type(held) is list:
            held.append(value)
        elif type(value) is not str or value in held or value == "<<":
            raise Irregular
        else:
            self.key = value

    def open(self, value: Any, event: Any, before: Any) -> None:
        """Put a mapping or a sequence, and what follows into it; its key is the event `before` it."""
        if event.anchor is not None or event.tag is not None or len(self.around) >= MAX_DEPTH:
            raise Irregular
        if self.key is not None:
            self.places[id(value)] = before.start_mark
        self.put(value)
        self.around.append((self.held, self.key))
        self.held = value
