"""YAML as text: events of the parser onto a stack of our own, every value with its place.

No loader is used: a scalar stays what the curator wrote (`no`, `0753`, `19:30`), equal keys are an error, and
anchors, aliases, tags and merge keys are refused before they can expand. Nothing here recurses.
"""

from __future__ import annotations

import gc
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import NoReturn, TypeAlias

import yaml

from calfeed.errors import Location, Problem, SourceError
from calfeed.storage.files import MAX_BYTES
from calfeed.storage.source.syntax import syntax_complaint

MAX_DEPTH = 10
MAX_VALUES = 500_000
MAX_ITEMS = 20_000
MAX_PROBLEMS = 1000
_FEW = 100
_MAX_MARKS = 30
_MAX_SENTENCE = 300

Path: TypeAlias = tuple[str | int, ...]

# Line separators count as line breaks for YAML 1.1, but not for the editor that shows the file: they travel
# through the parser as a noncharacter and become line breaks of the text afterwards.
_BREAK = "\U0010ffff"
_SEPARATORS = re.compile("[\x85\u2028\u2029]")
_NONCHARACTER = re.compile(
    "[\ufdd0-\ufdef\ufffe\uffff]|["
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_BOM = re.compile("\ufeff")
_UNTOLD = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")  # a terminal obeys them: `!%1b[2J`
_TAB_INDENT = re.compile("^[ ]*(\t)", re.MULTILINE)
_ODD_INDENT = re.compile("^[ ]*([\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000])", re.MULTILINE)
_COMMENT = re.compile("[ \t]*#")
_MERGE_MARKER = re.compile("^(<{7}|={7}|>{7}|\\|{7})( |$)", re.MULTILINE)


@dataclass(slots=True)
class Node:
    """A value and where it begins: text, or a mapping, or a sequence; `key_*` is the place of its key.

    `cut_by_comment` marks an unquoted text after which a `#` begins on the same line. `file` is given where the
    value came from another file than the tree around it.
    """

    value: str | dict[str, Node] | list[Node]
    line: int
    column: int
    key_line: int = 0
    key_column: int = 0
    cut_by_comment: bool = False
    file: str = ""

    def plain(self) -> object:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def at(self, path: Path) -> Node:
        """The node at a path, or the deepest one on the way to it that exists."""
        node = self
        for step in path:
            found = node.child(step)
            if found is not None:
                node = found
        return node

    def sequence(self, key: str) -> list[Node]:
        """The items of the sequence under a key, none where there is no such sequence."""
        node = self.child(key)
        return node.value if node is not None and isinstance(node.value, list) else []

    def mapping(self, key: str) -> dict[str, Node]:
        """The values of the mapping under a key, by their keys; none where there is no such mapping."""
        node = self.child(key)
        return node.value if node is not None and isinstance(node.value, dict) else {}

    def child(self, step: str | int) -> Node | None:
        """The node one step below, None where there is none."""
        if isinstance(self.value, dict):
            return self.value.get(str(step))
        if isinstance(self.value, list) and isinstance(step, int) and step < len(self.value):
            return self.value[step]
        return None


@dataclass
class _Reading:
    """The state of one pass: what is open, and what was wrong so far."""

    file: str
    lines: list[str]
    root: Node | None = None
    values: int = 0
    open: list[Node] = field(default_factory=list)
    keys: list[Node | None] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, line: int, column: int, message: str, hint: str = "") -> None:
        self.problems.append(problem_at(Location(self.file, line, column), message, hint))
        if len(self.problems) > MAX_PROBLEMS:
            raise SourceError(tuple(self.problems))

    def fatal(self, line: int, column: int, message: str, hint: str = "") -> NoReturn:
        self.problem(line, column, message, hint)
        raise SourceError(tuple(sorted(self.problems, key=lambda problem: problem.location)))


def problem_at(location: Location, message: str, hint: str = "") -> Problem:
    """A problem in two sentences of one line each, however long the value is that they quote."""
    return Problem(location, _shortened(message), _shortened(hint))


def _shortened(sentence: str) -> str:
    sentence = _UNTOLD.sub(lambda match: repr(match[0])[1:-1], sentence.replace("\n", "⏎"))
    if len(sentence) > _MAX_SENTENCE:
        half = _MAX_SENTENCE // 2
        sentence = f"{sentence[:half]} … {sentence[-half:]}"
    return sentence


def read_nodes(data: bytes, file: str) -> tuple[Node, list[Problem]]:
    """The tree of a YAML file and the problems that left it readable.

    Raises SourceError at once where the file cannot be read any further.
    """
    text = _decoded(data, file)
    reading = _Reading(file, text.split("\n"))
    _check_characters(text, reading)
    if reading.problems:
        raise SourceError(tuple(reading.problems))
    try:
        with _uncollected():
            for event in yaml.parse(_SEPARATORS.sub(_BREAK, text), Loader=yaml.CSafeLoader):
                _take(event, reading)
    except yaml.YAMLError as error:
        reading.fatal(*syntax_complaint(error, reading.lines))
    if reading.root is None or reading.root.value == "":
        reading.fatal(1, 1, "the file is empty", "see docs/events-yaml.md for a file to start from")
    return reading.root, reading.problems


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nodes form no cycles, and to look for some among half a million takes as long as to read them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _decoded(data: bytes, file: str) -> str:
    if len(data) > MAX_BYTES:
        raise SourceError((Problem(Location(file), f"the file has more than {MAX_BYTES:,} bytes", "split it"),))
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = _with_plain_breaks(data[: error.start].decode())
        place = _place(before, len(before))
        problem = Problem(Location(file, *place), "the file is not UTF-8", "save it with the encoding UTF-8")
        raise SourceError((problem,)) from None
    return _with_plain_breaks(text)


def _with_plain_breaks(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _check_characters(text: str, reading: _Reading) -> None:
    """What no reader of the output could survive, or no editor shows, with its place."""
    if text.lstrip()[:15].lower().startswith(("<!doctype", "<html")):
        reading.problem(1, 1, "this is an HTML page, not YAML", "download the file itself, not the page about it")
        return
    for pattern, message, hint in (
        (_CONTROL, "a control character (U+{:04X})", "delete it"),
        (_NONCHARACTER, "a character that is none (U+{:04X})", "delete it"),
        (_BIDI, "a hidden direction mark (U+{:04X})", "delete it; directions are set by calfeed"),
        (_BOM, "a byte order mark in the middle of the file", "delete it; two files were joined here, perhaps"),
        (_TAB_INDENT, "a tab at the beginning of a line", "indent with spaces"),
        (_ODD_INDENT, "a no-break or wide blank (U+{:04X}) at the beginning of a line", "use plain spaces"),
        (_MERGE_MARKER, "a mark of an unfinished merge", "settle the merge and delete the marks"),
    ):
        for match in islice(pattern.finditer(text), _FEW):
            at = match.start(1) if pattern.groups else match.start()
            reading.problem(*_place(text, at), message.format(ord(text[at])), hint)
    reading.problems.sort(key=lambda problem: problem.location)


def _place(text: str, index: int) -> tuple[int, int]:
    """Line and column, from 1."""
    return text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1


def _place_of(event: yaml.Event) -> tuple[int, int]:
    """Line and column of an event, from 1; the C parser marks every one."""
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


def _take(event: yaml.Event, reading: _Reading) -> None:
    """One event of the parser: open, close or place a node."""
    if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
        reading.open.pop()
        reading.keys.pop()
        return
    if isinstance(event, yaml.DocumentStartEvent) and reading.root is not None:
        reading.fatal(*_place_of(event), "a second document begins here", "delete the line with ---")
    if not isinstance(event, yaml.NodeEvent):
        return
    line, column = _place_of(event)
    _refuse_magic(event, line, column, reading)
    node = _node(event, line, column, reading)
    reading.values += 1
    if reading.values > MAX_VALUES:
        reading.fatal(line, column, f"more than {MAX_VALUES:,} values", "split the file")
    _place_node(node, event, reading)
    if not isinstance(node.value, str):
        reading.open.append(node)
        reading.keys.append(None)
        if len(reading.open) > MAX_DEPTH:
            reading.fatal(line, column, f"nested more than {MAX_DEPTH} deep", "no events file needs such depth")


def _refuse_magic(event: yaml.NodeEvent, line: int, column: int, reading: _Reading) -> None:
    if isinstance(event, yaml.AliasEvent):
        reading.problem(line, column, f'the alias "*{event.anchor}" is not used here', "write the text out")
    elif event.anchor is not None:
        reading.problem(line, column, f'the anchor "&{event.anchor}" is not used here', "delete it")
    tag = getattr(event, "tag", None)
    if tag is not None:
        written = tag.replace("tag:yaml.org,2002:", "!!")
        reading.problem(line, column, f'the tag "{written}" is not used here', "delete it; every value is text")


def _node(event: yaml.NodeEvent, line: int, column: int, reading: _Reading) -> Node:
    if isinstance(event, yaml.MappingStartEvent):
        return Node({}, line, column)
    if isinstance(event, yaml.SequenceStartEvent):
        return Node([], line, column)
    if not isinstance(event, yaml.ScalarEvent):
        return Node("", line, column)
    node = Node(_text(event.value, line, column, reading), line, column)
    end = event.end_mark
    if event.implicit[0] and event.value and end and end.line < len(reading.lines):
        node.cut_by_comment = _COMMENT.match(reading.lines[end.line], end.column) is not None
    return node


def _text(value: str, line: int, column: int, reading: _Reading) -> str:
    """A scalar as the model wants it: NFC, line breaks as LF, no blanks at either end."""
    if value.isascii() and value.isprintable():
        return value.strip()
    value = _SEPARATORS.sub("\n", _with_plain_breaks(value.replace(_BREAK, "\n")))
    for pattern, message in (
        (_CONTROL, "control character"),
        (_NONCHARACTER, "character that is none"),
        (_BIDI, "hidden direction mark"),
    ):
        match = pattern.search(value)
        if match:
            reading.problem(line, column, f"this text holds a {message} (U+{ord(match[0]):04X})", "delete it")
            value = pattern.sub("", value)
    if _is_heaped(value):
        reading.problem(line, column, f"this text heaps more than {_MAX_MARKS} accents on a letter", "delete them")
        return value.strip()
    return unicodedata.normalize("NFC", value).strip()


def _is_heaped(value: str) -> bool:
    """Whether marks stand in such heaps that normalizing would take hours (UAX #15 §13, stream-safe text)."""
    run = 0
    for character in value:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > _MAX_MARKS:
            return True
    return False


def _place_node(node: Node, event: yaml.NodeEvent, reading: _Reading) -> None:
    """Hang a node where it belongs: as the root, a list item, a key or a key's value."""
    if not reading.open:
        reading.root = node
        return
    parent = reading.open[-1].value
    if len(parent) >= MAX_ITEMS:
        reading.fatal(node.line, node.column, f"more than {MAX_ITEMS:,} items in one list", "split the file")
    if isinstance(parent, list):
        parent.append(node)
    elif isinstance(parent, dict):
        key = reading.keys[-1]
        if key is None:
            reading.keys[-1] = _key(node, parent, event, reading)
            return
        node.key_line, node.key_column = key.line, key.column
        parent[str(key.value)] = node
        reading.keys[-1] = None


def _key(node: Node, parent: dict[str, Node], event: yaml.NodeEvent, reading: _Reading) -> Node:
    if not isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent)):
        message = "a key must be one word, not a list or a group of keys"
        reading.fatal(node.line, node.column, message, "name the key")
    if node.value == "<<":
        reading.problem(node.line, node.column, "the merge key << is not used here", "write the keys out")
    first = parent.get(str(node.value))
    if first is not None:
        message = f'the key "{node.value}" stands here and on line {first.key_line}'
        reading.problem(node.line, node.column, message, "keep one of them")
    return node
