"""YAML as text: events of the parser onto a stack of our own, every value with its place.

No loader is used: a scalar stays what the curator wrote (`no`, `0753`, `19:30`), equal keys are an error, and
anchors, aliases, tags and merge keys are refused before they can expand. Nothing here recurses.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator, Sized
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NoReturn, TypeAlias

import yaml

from calfeed.collecting import uncollected
from calfeed.errors import Location, Problem, SourceError
from calfeed.storage.files import MAX_BYTES

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
_NONCHARACTERS = "\ufdd0-\ufdef\ufffe\uffff" + "".join(
    chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF)
)
_BLANKS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
# Few ranges are looked for in a tenth of the time of many: what may be among them is looked at twice.
_UNUSUAL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff\U0001fffe-\U0010ffff]"
)
_BLANK = re.compile(f"[{_BLANKS}]")
_BLANK_INDENT = re.compile(f"\n[ ]*[{_BLANKS}]")  # found in a fourth of the time that lines take one by one
_MAYBE_HEAPED = re.compile(rf"\W{{{_MAX_MARKS}}}")  # a mark is no letter and no digit
_COMMENT = re.compile("[ \t]*#")
# Patterns that are looked for where there is something are compiled where they are looked for.
_NONCHARACTER = f"[\ufdd0-\ufdef\ufffe\uffff\U0001fffe-\U0010ffff](?<=[{_NONCHARACTERS}])"
_CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]"
_BIDI = "[\u202a-\u202e\u2066-\u2069]"
_BOM = "\ufeff"
_UNTOLD = "[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]"  # a terminal obeys them: `!%1b[2J`
_ODD_INDENT = f"^[ ]*([{_BLANKS}])"
_TAB_INDENT = "^[ ]*(\t)"
_MERGE_MARKER = "^(<{7}|={7}|>{7}|\\|{7})( |$)"


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


NOWHERE = Node("", 0, 0)
"""For whoever asks whether there is a problem, and not where."""
_Held: TypeAlias = dict[str, Node] | list[Node]
_Key: TypeAlias = tuple[str, int, int]


@dataclass
class _Reading:
    """The state of one pass: the tree so far, and what was wrong in it.

    `held` is the open mapping or sequence, `key` the text and the place of the key that waits for its value there;
    `around` are those around it. Of a piece of a file `above` are the lines before it, and `values` begins with
    those in them.
    """

    file: str
    text: str
    larger: int = 1
    above: int = 0
    root: Node | None = None
    held: _Held | None = None
    key: _Key | None = None
    around: list[tuple[_Held | None, _Key | None]] = field(default_factory=list)
    values: int = 0
    problems: list[Problem] = field(default_factory=list)

    def problem(self, line: int, column: int, message: str, hint: str = "") -> None:
        self.problems.append(problem_at(Location(self.file, line, column), message, hint))
        if len(self.problems) > MAX_PROBLEMS:
            raise SourceError(tuple(self.problems))

    def fatal(self, line: int, column: int, message: str, hint: str = "") -> NoReturn:
        self.problem(line, column, message, hint)
        raise SourceError(tuple(sorted(self.problems, key=lambda problem: problem.location)))


def put_url(root: Node, url: str | None) -> None:
    """Put another address in the place of the calendar's own, where one is given."""
    if url is not None and isinstance(root.value, dict):
        node = root.child("url")
        root.value["url"] = Node(url, *((node.line, node.column) if node else (1, 1)))


def problem_at(location: Location, message: str, hint: str = "") -> Problem:
    """A problem in two sentences of one line each, however long the value is that they quote."""
    return Problem(location, _shortened(message), _shortened(hint))


def located(node: Node, file: str, message: str, hint: str = "") -> Problem:
    """A problem at the place of a value."""
    return problem_at(Location(node.file or file, node.line, node.column), message, hint)


def _shortened(sentence: str) -> str:
    sentence = re.sub(_UNTOLD, lambda match: repr(match[0])[1:-1], sentence.replace("\n", "⏎"))
    if len(sentence) > _MAX_SENTENCE:
        half = _MAX_SENTENCE // 2
        sentence = f"{sentence[:half]} … {sentence[-half:]}"
    return sentence


def read_nodes(data: bytes, file: str, *, larger: int = 1) -> tuple[Node, list[Problem]]:
    """The tree of a YAML file, so many times larger than others may be, and the problems that left it readable.

    Raises SourceError at once where the file cannot be read any further.
    """
    reading = _Reading(file, decoded(data, file, larger), larger)
    return _root(reading), reading.problems


def read_piece(text: str, file: str, *, above: int, values: int, larger: int) -> tuple[Node, int]:
    """The tree of a piece of a YAML file below `above` lines with `values` values, and the number with its own.

    Raises SourceError where anything is wrong with it; what that is may not be told as well as of the whole file.
    """
    reading = _Reading(file, text, larger, above, values=values)
    root = _root(reading)
    if reading.problems:
        raise SourceError(tuple(reading.problems))
    return root, reading.values


def _root(reading: _Reading) -> Node:
    """The tree of a text; raises SourceError where it cannot be read any further."""
    _check_characters(reading.text, reading)
    if reading.problems:
        raise SourceError(tuple(reading.problems))
    try:
        with uncollected():
            _grow(yaml.CSafeLoader(_SEPARATORS.sub(_BREAK, reading.text)), reading)
    except yaml.YAMLError as error:
        from calfeed.storage.source.syntax import syntax_complaint  # noqa: PLC0415 - a right file needs none of it

        reading.fatal(*syntax_complaint(error, reading.text.split("\n")))
    if reading.root is None or reading.root.value == "":
        reading.fatal(1, 1, "the file is empty", "see docs/events-yaml.md for a file to start from")
    return reading.root


def decoded(data: bytes, file: str, larger: int) -> str:
    """The text of a file; raises SourceError where it is too long, or no text."""
    if len(data) > larger * MAX_BYTES:
        message = f"the file has more than {larger * MAX_BYTES:,} bytes"
        raise SourceError((Problem(Location(file), message, f"split it, or allow it with --larger {larger + 1}"),))
    data = data.removeprefix(codecs.BOM_UTF8)
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
    for suspicion, message, hint in _suspicions(text):
        pattern = re.compile(suspicion, re.MULTILINE)
        for match in islice(pattern.finditer(text), _FEW):
            at = match.start(1) if pattern.groups else match.start()
            reading.problem(*_place(text, at), message.format(ord(text[at])), hint)
    reading.problems.sort(key=lambda problem: problem.location)


def is_odd(text: str) -> bool:
    """Whether a text has anything that has to be looked at: a character, a mark of a merge, many accents."""
    return _is_unusual(text) or _may_be_unmerged(text) or _may_be_heaped(text)


def _is_unusual(text: str) -> bool:
    """Whether a character has to be looked at; most that cannot be printed are no-break blanks inside a line."""
    letters = text.replace("\n", "")
    if letters.isprintable():
        return False
    if _BLANK_INDENT.search("\n" + text):
        return True
    return not letters.replace("\u00a0", "").isprintable() and _UNUSUAL.search(text) is not None


def _may_be_heaped(text: str) -> bool:
    """Whether one character in so many is a mark: where more follow one another, one of these is among them."""
    return not text.isascii() and any(map(unicodedata.combining, set(text[::_MAX_MARKS])))


def _may_be_unmerged(text: str) -> bool:
    return any(mark * 7 in text for mark in "<=>|")


def _suspicions(text: str) -> Iterator[tuple[str, str, str]]:
    """What may be found in a text, with the words for it; in most texts nothing of all that."""
    if _UNUSUAL.search(text):
        yield _CONTROL, "a control character (U+{:04X})", "delete it"
        yield _NONCHARACTER, "a character that is none (U+{:04X})", "delete it"
        yield _BIDI, "a hidden direction mark (U+{:04X})", "delete it; directions are set by calfeed"
        yield _BOM, "a byte order mark in the middle of the file", "delete it; two files were joined here, perhaps"
        yield _TAB_INDENT, "a tab at the beginning of a line", "indent with spaces"
    if _BLANK.search(text):
        message = "a no-break or wide blank (U+{:04X}) at the beginning of a line"
        yield _ODD_INDENT, message, "use plain spaces"
    if _may_be_unmerged(text):
        yield _MERGE_MARKER, "a mark of an unfinished merge", "settle the merge and delete the marks"


def _place(text: str, index: int) -> tuple[int, int]:
    """Line and column, from 1."""
    return text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1


def _place_of(event: yaml.Event, reading: _Reading) -> tuple[int, int]:
    """Line and column of an event, from 1; the C parser marks every one."""
    mark = event.start_mark
    return (reading.above + mark.line + 1, mark.column + 1) if mark else (0, 0)


def _grow(parser: yaml.CSafeLoader, reading: _Reading) -> None:
    """The events of the parser as a tree."""
    next_event: Callable[[], Any] = parser.get_event
    first, has_comments = reading.above + 1, "#" in reading.text
    while (kind := type(event := next_event())) is not yaml.StreamEndEvent:
        if kind is yaml.ScalarEvent:
            mark, value = event.start_mark, event.value
            plain = value.strip() if value.isascii() and value.isprintable() else _text(event, reading)
            if event.anchor is not None or event.tag is not None:
                _refuse_magic(event, mark.line + first, mark.column + 1, reading)
            if reading.key is None and type(reading.held) is dict:
                _take_key(plain, mark.line + first, mark.column + 1, reading)
                continue
            node = Node(plain, mark.line + first, mark.column + 1)
            if has_comments and event.style == "" and value and _COMMENT.match(reading.text, event.end_mark.index):
                node.cut_by_comment = True
            _hang(node, reading)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            reading.held, reading.key = reading.around.pop()
        elif isinstance(event, yaml.NodeEvent):
            _open(event, *_place_of(event, reading), reading)
        elif kind is yaml.DocumentStartEvent and reading.root is not None:
            reading.fatal(*_place_of(event, reading), "a second document begins here", "delete the line with ---")


def _open(event: yaml.NodeEvent, line: int, column: int, reading: _Reading) -> None:
    """A mapping or a sequence; an alias, which is told, is an empty text."""
    _refuse_magic(event, line, column, reading)
    waits_for_key = reading.key is None and type(reading.held) is dict
    if not isinstance(event, yaml.CollectionStartEvent):
        if waits_for_key:
            _take_key("", line, column, reading)
        else:
            _hang(Node("", line, column), reading)
        return
    if waits_for_key:
        reading.fatal(line, column, "a key must be one word, not a list or a group of keys", "name the key")
    held: _Held = {} if isinstance(event, yaml.MappingStartEvent) else []
    _hang(Node(held, line, column), reading)
    reading.around.append((reading.held, reading.key))
    reading.held, reading.key = held, None
    if len(reading.around) > MAX_DEPTH:
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


def _text(event: yaml.ScalarEvent, reading: _Reading) -> str:
    """A scalar as the model wants it: NFC, line breaks as LF, no blanks at either end."""
    value = event.value
    if _UNUSUAL.search(value):  # an escape in quotes writes what may not stand in the file itself
        value = _SEPARATORS.sub("\n", _with_plain_breaks(value.replace(_BREAK, "\n")))
        for pattern, message in (
            (_CONTROL, "control character"),
            (_NONCHARACTER, "character that is none"),
            (_BIDI, "hidden direction mark"),
        ):
            match = re.search(pattern, value)
            if match:
                place = _place_of(event, reading)
                reading.problem(*place, f"this text holds a {message} (U+{ord(match[0]):04X})", "delete it")
                value = re.sub(pattern, "", value)
    if _MAYBE_HEAPED.search(value) and _is_heaped(value):
        place = _place_of(event, reading)
        reading.problem(*place, f"this text heaps more than {_MAX_MARKS} accents on a letter", "delete them")
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


def _hang(node: Node, reading: _Reading) -> None:
    """Hang a node where it belongs: as the root, a list item or the value of the key that waits for it."""
    key, held = reading.key, reading.held
    if key is not None:
        text, node.key_line, node.key_column = key
        held[text] = node  # type: ignore[call-overload, index]  # a key waits in a mapping
        reading.key = None
    elif type(held) is list:
        _count(held, node.line, node.column, reading)
        held.append(node)
    else:
        reading.root = node
    reading.values += 1


def _take_key(text: str, line: int, column: int, reading: _Reading) -> None:
    """Let a key wait for its value."""
    keys: dict[str, Node] = reading.held  # type: ignore[assignment]  # asked before
    _count(keys, line, column, reading)
    if text in keys or text == "<<":
        _refuse_key(text, line, column, reading)
    reading.key = (text, line, column)
    reading.values += 1


def _count(held: Sized, line: int, column: int, reading: _Reading) -> None:
    """Refuse one more where there are too many; whatever stands in a file stands in a list or under a key."""
    larger = reading.larger
    hint = f"split the file, or allow it with --larger {larger + 1}"
    if reading.values >= larger * MAX_VALUES:
        reading.fatal(line, column, f"more than {larger * MAX_VALUES:,} values", hint)
    if len(held) >= larger * MAX_ITEMS:
        reading.fatal(line, column, f"more than {larger * MAX_ITEMS:,} items in one list", hint)


def _refuse_key(text: str, line: int, column: int, reading: _Reading) -> None:
    if text == "<<":
        reading.problem(line, column, "the merge key << is not used here", "write the keys out")
    held = reading.held
    if isinstance(held, dict) and text in held:
        message = f'the key "{text}" stands here and on line {held[text].key_line}'
        reading.problem(line, column, message, "keep one of them")
