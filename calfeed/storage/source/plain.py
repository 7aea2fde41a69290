"""A piece of YAML as plain values, without their places: all that a right entry needs.

It reads what `nodes` reads, and gives up where that tells a problem, or might.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import yaml

from calfeed.storage.source.nodes import MAX_DEPTH, MAX_ITEMS, MAX_VALUES, is_odd


class Irregular(Exception):
    """Something for `nodes` to look at."""


def read_plain(text: str, *, values: int, larger: int) -> tuple[Any, int]:
    """The values of a piece of a file with `values` above it, and the number with its own.

    The file may be so many times `larger` than others. Raises Irregular, or YAMLError.
    """
    if "#" in text or is_odd(text):  # a comment may have cut a text
        raise Irregular
    has_escapes = "\\" in text
    tree = _Tree(values)
    next_event: Callable[[], Any] = yaml.CSafeLoader(text).get_event
    while (kind := type(event := next_event())) is not yaml.StreamEndEvent:
        if kind is yaml.ScalarEvent:
            value = event.value
            if event.anchor is not None or event.tag is not None or (has_escapes and is_odd(value)):
                raise Irregular
            tree.put((value if value.isascii() else unicodedata.normalize("NFC", value)).strip())
        elif kind is yaml.MappingStartEvent:
            tree.open({}, event)
        elif kind is yaml.SequenceStartEvent:
            tree.open([], event)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            tree.held, tree.key = tree.around.pop()
        elif kind is yaml.AliasEvent or (kind is yaml.DocumentStartEvent and tree.root is not None):
            raise Irregular
    if tree.values > larger * MAX_VALUES:
        raise Irregular
    return tree.root, tree.values


class _Tree:
    """The values so far: `held` is the open mapping or sequence, `key` waits for its value in it."""

    __slots__ = ("around", "held", "key", "root", "values")

    def __init__(self, values: int) -> None:
        self.root: Any = None
        self.held: Any = None
        self.key: str | None = None
        self.around: list[tuple[Any, str | None]] = []
        self.values = values

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

    def open(self, value: Any, event: Any) -> None:
        """Put a mapping or a sequence, and what follows into it."""
        if event.anchor is not None or event.tag is not None or len(self.around) >= MAX_DEPTH:
            raise Irregular
        self.put(value)
        self.around.append((self.held, self.key))
        self.held = value
