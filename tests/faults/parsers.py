"""Two readers for each format, no line of which is calfeed's: all that stands in a document, as plain values.

A value is a text, a number, or a list, tuple or mapping of values; what is text to readers is text here, without
the escapes of the format, and what is HTML to them is what an HTML parser makes of it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.etree import ElementTree

import feedparser
import html5lib  # type: ignore[import-untyped]
import lxml.etree  # type: ignore[import-untyped]
import lxml.html  # type: ignore[import-untyped]
import pydantic_core
import vobject

Value: TypeAlias = Any
Reader: TypeAlias = Callable[[bytes], Value]

CURATOR = "https://example.org/"  # addresses that the curator wrote: they stand as they were written
_ADDRESSES = frozenset(
    ["href", "src", "action", "formaction", "data", "poster", "cite", "ping", "xmlUrl", "htmlUrl"]
)
_SAFE = frozenset(["", "http", "https", "webcal", "webcals", "mailto", "feed"])
_HTML_IN_XML = frozenset(["description", "content", "summary", "encoded"])


class Unsafe(ValueError):
    """Something that no document of ours may hold, whatever the texts are."""


# iCalendar


def content_lines(data: bytes) -> Value:
    """RFC 5545 by hand: (name, parameters, value) of every line, texts without their escapes."""
    found: list[str] = []
    for line in data.removesuffix(b"\r\n").split(b"\r\n"):
        if len(line) > 75 or re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line):
            raise Unsafe(f"a line of {len(line)} octets, or a control character in it: {line!r}")
        text = line.decode()
        if text.startswith(" "):
            found[-1] += text[1:]
        else:
            found.append(text)
    return [_content_line(line) for line in found]


def _content_line(line: str) -> Value:
    match = re.fullmatch(r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', line)
    if match is None:
        raise Unsafe(f"no content line: {line!r}")
    name, parameters, value = match.groups()
    if name == "CATEGORIES":
        return name, parameters, [_unescaped(one) for one in re.findall(r"(?:[^\\,]|\\.)+", value)]
    return name, parameters, value if name in ("URL", "SOURCE") else _unescaped(value)


def _unescaped(value: str) -> str:
    if not re.fullmatch(r"(?:[^\\;,]|\\[\\;,nN])*", value):
        raise Unsafe(f"an escape that is none, or a mark without it: {value!r}")
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)


def by_vobject(data: bytes) -> Value:
    """The same by vobject: (name, value) of every property, component by component, in its own order."""
    return _component(vobject.readOne(data.decode()))


def _component(component: Any) -> Value:
    lines = [(line.name, line.value) for line in component.lines()]
    plain = [(name, value if isinstance(value, list) else str(value)) for name, value in lines]
    return component.name, sorted(plain, key=lambda line: line[0]), [*map(_component, component.components())]


# JSON


def by_json(data: bytes) -> Value:
    """By the standard library."""
    return _told(json.loads(data))


def by_jiter(data: bytes) -> Value:
    """By jiter, which is written in Rust."""
    return _told(pydantic_core.from_json(data))


def _told(value: Value, key: str = "") -> Value:
    if isinstance(value, Mapping):
        return {name: _told(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_told(item) for item in value]
    return by_html_parser(value) if key == "content_html" else value


# XML


def by_expat(data: bytes) -> Value:
    """By expat, through ElementTree."""
    return _element(ElementTree.fromstring(data), "")


def by_libxml2(data: bytes) -> Value:
    """By libxml2, through lxml."""
    return _element(lxml.etree.fromstring(data), "")


def _element(element: Any, parent: str) -> Value:
    text, name = element.text or "", element.tag.rpartition("}")[2]
    is_html = name in _HTML_IN_XML and parent in ("item", "entry")
    inside = by_html_parser(text) if is_html else text
    attributes = [(key, _attribute(key, value)) for key, value in sorted(element.attrib.items())]
    return element.tag, attributes, inside, (element.tail or "").strip(), [_element(e, name) for e in element]


def by_feedparser(data: bytes) -> Value:
    """What feedparser finds in a feed: its own title and text, and of each item id, title, text and subjects."""
    feed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    if feed.bozo:
        raise Unsafe(feed.bozo_exception)
    own = [feed.feed.get(key, "") for key in ("id", "title", "subtitle", "link")]
    return own, [_item(entry) for entry in feed.entries]


def _item(entry: Any) -> Value:
    content = entry.content[0].value if "content" in entry else entry.get("summary", "")
    subjects = [(tag.term, tag.label) for tag in entry.get("tags", [])]
    return entry.get("id"), entry.get("title"), by_html_parser(content), entry.get("link"), subjects


# Tables


def by_csv(data: bytes) -> Value:
    """By the standard library; the apostrophe that keeps spreadsheets from running a cell is taken off again."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    return [[_as_shown(cell) for cell in row] for row in rows]


def by_rfc4180(data: bytes) -> Value:
    """By hand: RFC 4180."""
    text, rows = data.decode("utf-8-sig"), []
    cell = re.compile(r'(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)')
    at, row = 0, []
    while at < len(text):
        match = cell.match(text, at)
        if match is None:
            raise Unsafe(f"no cell: {text[at : at + 40]!r}")
        quoted, bare, end = match.groups()
        row.append(_as_shown(bare if quoted is None else quoted.replace('""', '"')))
        if end != ",":
            rows.append(row)
            row = []
        at = match.end()
    return rows


def _as_shown(cell: str) -> str:
    if cell[:1] in set("=+-@\t\r\n＝＋－＠"):
        raise Unsafe(f"a spreadsheet runs {cell!r}")
    return cell[1:] if re.match("'+[=+\\-@\t\r\n＝＋－＠]", cell) else cell


# HTML


class _Events(HTMLParser):
    """Every element with its attributes, and every stretch of text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Value] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [(key, _attribute(key, value or "")) for key, value in attrs]))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(("/", tag))

    def handle_data(self, data: str) -> None:
        if self.found and isinstance(self.found[-1], str):
            self.found[-1] += data
        else:
            self.found.append(data)

    def handle_comment(self, data: str) -> None:
        raise Unsafe(f"a comment: {data!r}")

    def handle_pi(self, data: str) -> None:
        raise Unsafe(f"an instruction: {data!r}")


def by_html_parser(data: bytes | str) -> Value:
    """By the standard library."""
    events = _Events()
    events.feed(data if isinstance(data, str) else data.decode())
    events.close()
    return list(_with_data(events.found))


def _with_data(events: list[Value]) -> Iterator[Value]:
    """Data blocks as what they hold: none of them is a script that runs."""
    before: Value = None
    for event in events:
        is_data = isinstance(event, str) and isinstance(before, tuple) and before[0] == "script"
        if is_data and ("type", "application/ld+json") in before[1]:
            yield by_json(event.encode())
        else:
            yield event
        before = event


def by_libxml2_as_html(data: bytes) -> Value:
    """By libxml2, which reads HTML as browsers once did."""
    return [*_nodes(lxml.html.document_fromstring(data.decode()))]


def by_html5lib(data: bytes) -> Value:
    """By html5lib, which reads HTML as browsers do (WHATWG)."""
    return [*_nodes(html5lib.parse(data, namespaceHTMLElements=False))]


def _nodes(root: Any) -> Iterator[Value]:
    for element in root.iter():
        if not isinstance(element.tag, str):
            if not str(getattr(element, "text", "")).startswith("doctype"):
                raise Unsafe(f"no element: {element!r}")
            continue
        attributes = [(key, _attribute(key, value)) for key, value in sorted(element.attrib.items())]
        text = element.text or ""
        is_data = element.tag == "script" and ("type", "application/ld+json") in attributes
        yield element.tag, attributes, by_json(text.encode()) if is_data else text, element.tail or ""


def _attribute(key: str, value: str) -> Value:
    """An attribute; an address in the parts that a browser makes of it, without their escapes."""
    if key.lower().startswith("on") or key == "srcdoc":
        raise Unsafe(f"an attribute that runs: {key}")
    if key not in _ADDRESSES and not re.match("(https?|webcal)://", value):
        return value
    if value.startswith(CURATOR):
        return value
    parts = urlsplit(value)
    if parts.scheme not in _SAFE:
        raise Unsafe(f"an address that runs: {value!r}")
    query = parse_qsl(parts.query, keep_blank_values=True)
    return parts.scheme, parts.netloc, unquote(parts.path), query, unquote(parts.fragment)


# Everything else


def by_lines(data: bytes) -> Value:
    """Text that holds none of the curator's."""
    return data.decode().split("\n")


XML: tuple[Reader, ...] = (by_expat, by_libxml2)
JSON: tuple[Reader, ...] = (by_json, by_jiter)
ALIKE = (XML, JSON, (by_csv, by_rfc4180))  # pairs that must find the very same

READERS: Mapping[str, tuple[Reader, ...]] = {
    ".ics": (content_lines, by_vobject),
    ".jcal": JSON,
    ".json": JSON,
    ".rss": (*XML, by_feedparser),
    ".atom": (*XML, by_feedparser),
    ".opml": XML,
    ".xml": XML,
    ".csv": (by_csv, by_rfc4180),
    ".html": (by_html_parser, by_libxml2_as_html),
    ".svg": XML,
    ".txt": (by_lines,),
    ".css": (by_lines,),
    ".js": (by_lines,),
}
