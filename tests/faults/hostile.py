"""Calendars whose texts try to be more than texts, and what each output must say of them.

A *shape* is a calendar in which every line of text is a word that stands nowhere else. It is published once, and
read by two parsers: that is what every calendar of this shape must look like, element by element and property by
property. Then hostile texts take the place of the words. What the parsers find in its documents must be what they
found in those of the shape, with the words exchanged for the texts: no more, no less, nothing moved.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

from calfeed.domain.editions import editions
from calfeed.domain.model import Calendar
from calfeed.formats import COMPOSED, FORMATS
from calfeed.storage.source import read_calendar
from tests.faults.parsers import CURATOR, READERS, Reader, by_html5lib
from tests.faults.words import NASTY
from tests.support import NOW, Values, later, revised, verify, yaml_of

_WORD = re.compile("Qz[a-z]{3}")
_BREAKS = ("\n", "\r\n", "\r", "\u2028", "\u2029", "\u0085")
_SEPARATOR = re.compile("\r\n|[\r\x85\u2028\u2029]")
# What the reader refuses in any text is left out, and what would make a line more.
_REFUSED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff\U0001fffe\U0010ffff\n]"
    "|\\\\[nN]|\u0301{31}|^.{400}",
    re.DOTALL,
)
PIECES = tuple(text for text in NASTY if text and not _REFUSED.search(text))
_PATHS = (
    "a",
    "a?b=c&d=e",
    "(x)*;,!$'",
    "%22%3E%3Cscript%3E",
    "a;b=c:d@e",
    "#f",
    "[1]",
    "?javascript:alert(1)",
    "~.-_",
)

# Dates and rules that go together, from before the year 1 to the last that fits.
KEPT: tuple[Values, ...] = (
    {"date": "1992-02-29", "observed": {"rule": "annual", "leap": "omit"}},
    {"date": "1992-02-29", "observed": {"rule": "annual", "leap": "forward"}, "kind": "birth"},
    {"date": "1992-02-28/1992-02-29", "night": "true", "observed": {"rule": "annual", "leap": "backward"}},
    {"date": "0992-03-05", "observed": "annual", "tone": "mourning"},
    {"date": "0001-01-01", "observed": "annual", "tone": "celebration"},
    {"date": "-0043-03-15", "observed": "annual", "kind": "death"},
    {"date": "0000-02-29", "observed": {"rule": "annual", "leap": "omit"}},
    {"date": "9998-12-31", "observed": "once"},
    {"date": "2026-11-22", "observed": "once", "kind": "founding"},
    {"date": "1990-01-20", "observed": "annual", "day_itself": "true"},
    {"date": "9999-12-31", "observed": "background"},
    {"date": "Y-17000", "observed": "background"},
    {"date": "156X-12-25", "observed": "background"},
    {"date": "[1667,1670..1672]", "observed": "background"},
    {"date": "1993-08~", "observed": "background"},
    {"date": "2001-21", "observed": "background"},
    {"date": "1990?-01-20", "observed": "annual"},
    {"date": "1990-01-20", "observed": {"rule": "annual", "from": "1995", "every": "5", "days": "3"}},
    {"observed": {"rule": "annual", "day": "02-29", "leap": "omit"}},
    {"observed": {"rule": "easter", "church": "orthodox", "offset": "-2"}},
    {"observed": {"rule": "hebrew", "day": "27", "month": "nisan", "evening": "true", "shift": "yom-hashoah"}},
    {
        "date": "1992-03-05",
        "observed": {"rule": "hebrew", "anniversary": "death", "evening": "true"},
        "kind": "death",
    },
    {"observed": {"rule": "islamic", "day": "10", "month": "muharram", "authority": "tabular", "evening": "true"}},
    {"date": "1917-11-07", "observed": {"rule": "julian", "day": "10-25", "kept": "anniversary"}},
    {"observed": {"rule": "julian", "day": "12-25", "kept": "converted", "moves": {"2027": "2027-01-08"}}},
    {"observed": {"rule": "persian", "day": "1", "month": "farvardin"}},
    {"observed": {"rule": "weekday", "nth": "-1", "weekday": "sunday", "month": "6", "except": ["2027"]}},
    {"observed": {"rule": "weekday-near", "weekday": "monday", "when": "before", "day": "05-25"}},
)
_ALWAYS = {"date": "1990-11-21", "observed": "annual"}  # so that every calendar has a day, and a feed an item


@dataclass(frozen=True)
class Shape:
    """A calendar of words, before and after a correction; `long` are words that may be long texts."""

    before: Values
    after: Values
    words: tuple[str, ...]
    long: frozenset[str]


class _Words:
    """Words that stand nowhere else, in order."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.made, self.long = chance, list[str](), set[str]()

    def line(self) -> str:
        number, letters = len(self.made), "abcdefghijklmnopqrstuvwxyz"
        word = "Qz" + letters[number // 676] + letters[number // 26 % 26] + letters[number % 26]
        self.made.append(word)
        return word

    def prose(self) -> str:
        """A text of lines that may be long; that of a description, which pages shorten elsewhere, is `lines`."""
        found = self.lines()
        self.long.update(_WORD.findall(found))
        return found

    def lines(self) -> str:
        """A text of up to three lines, and an empty one among them now and then."""
        found = [self.line() for _ in range(self.chance.choice((1, 1, 2, 3)))]
        return self.chance.choice(("\n", "\n\n")).join(found)

    def path(self) -> str:
        return CURATOR + self.line()


def shape(number: int) -> Shape:
    """The shape of that number."""
    chance = Random(f"shape {number}")  # noqa: S311 - chance that can be repeated
    words = _Words(chance)
    languages = chance.choice((["en"], ["en"], ["en"], ["en", "he"], ["az", "ru"], ["tr"], ["he"]))

    def text(make: Callable[[], str]) -> dict[str, str]:
        return {language: make() for language in languages if language == languages[0] or chance.random() < 0.7}

    def source() -> Values:
        found: Values = {"title": words.line()}
        optional = {
            "publisher": words.line(),
            "published": "0992~",
            "note": text(words.prose),
            "url": words.path(),
        }
        return found | {key: value for key, value in optional.items() if chance.random() < 0.6}

    def claim() -> Values:
        found: Values = {"source": chance.choice(("a", "b")), "basis": "inferred", "says": text(words.prose)}
        return found | {"reasoning": text(words.prose), "heading": words.line()}

    def entry(number: int) -> Values:
        found: Values = {"id": f"e{number}", "title": text(words.line), "description": text(words.lines)}
        found |= {"location": text(words.line), "disputed": text(words.prose), "url": words.path()}
        found |= {"categories": ["one"], "claims": [claim() for _ in range(chance.choice((1, 2)))]}
        return found | (chance.choice(KEPT) if number else _ALWAYS)

    before: Values = {
        "version": "1",
        "title": text(words.line),
        "description": text(words.lines),
        "url": "https://calfeed.example/",
        "authority": "calfeed.example,2026",
        "timezone": chance.choice(("Asia/Baku", "Pacific/Apia", "Pacific/Kiritimati", "UTC")),
        "languages": languages,
        "window": {"past": "0", "future": "1"},
        "categories": {"one": {"title": text(words.line), "color": "maroon"}},
        "sources": {"a": source(), "b": source() | {"cited": text(words.line)}},
        "events": [entry(number) for number in range(chance.choice((1, 2, 2, 3)))],
    }
    after = json.loads(json.dumps(before))
    if chance.random() < 0.5:
        after["events"][0] |= {"location": text(words.line), "url": words.path()}
        after["corrections"] = [{"id": "e0", "on": "2026-11-23", "why": text(words.prose), "source": "a"}]
    return Shape(before, after, tuple(words.made), frozenset(words.long))


def texts(shape_: Shape, number: int) -> dict[str, str]:
    """A hostile text for each word: what stands in the file, in the form that readers must get."""
    chance = Random(f"texts {number}")  # noqa: S311
    paths = set(re.findall(f"{CURATOR}({_WORD.pattern})", json.dumps([shape_.before, shape_.after])))
    found: dict[str, str] = {}
    for place, word in enumerate(shape_.words):
        text = ""
        while not text or text in found.values():  # what is corrected must have been another text
            longest = 300 if word in shape_.long else 60
            text = f"{place}/{chance.choice(_PATHS)}" if word in paths else _hostile(chance, longest)
        found[word] = text
    return found


def _hostile(chance: Random, longest: int) -> str:
    """A line made of a few pieces, with letters between them or without."""
    while True:
        some = [chance.choice(PIECES) for _ in range(chance.choice((1, 1, 2, 3, 5)))]
        found = normal(chance.choice(("", "", " ", "x", "\u05d0")).join(some))
        if found and len(found) <= longest and not _REFUSED.search(found) and not _WORD.search(found):
            return found


def normal(text: str) -> str:
    """A text as the documentation says that it is kept: NFC, without blanks at its ends, breaks as line feeds."""
    return unicodedata.normalize("NFC", _SEPARATOR.sub("\n", text)).strip()


def written(values: Values, told: Mapping[str, str], chance: Random) -> bytes:
    """An events file with the texts in it, decomposed or not, and their lines broken in any way there is."""

    def put(text: str) -> str:
        form: Literal["NFC", "NFD"] = chance.choice(("NFC", "NFD"))
        found = _WORD.sub(lambda match: told.get(match[0], match[0]), text.replace("\n", chance.choice(_BREAKS)))
        return unicodedata.normalize(form, found)

    return yaml_of(_mapped(values, put))


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _mapped(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [_mapped(item, change) for item in value]
    return change(value) if isinstance(value, str) else value


def published(before: bytes, after: bytes) -> dict[str, bytes]:
    """Every document by its path, as a second build would publish it, each read back by calfeed itself."""
    first, second = (read_calendar(data, file="f").calendar for data in (before, after))
    return dict(_documents(first, second))


def _documents(first: Calendar, second: Calendar) -> Iterator[tuple[str, bytes]]:
    now = later(days=1)
    memory = revised(first, now=NOW).memory
    for edition in editions(second, revised(second, memory, now), now):
        for format_ in COMPOSED if edition.selection.kind == "composed" else FORMATS:
            for document in format_.render(edition):
                if _is_one_of_many(document.path):
                    continue
                data = b"".join(document.chunks)
                verify(document.path, data, document.entries)
                yield document.path, data


def found_in(documents: Mapping[str, bytes], *, also: tuple[Reader, ...] = ()) -> dict[tuple[str, str], str]:
    """What each reader finds in each document, as JSON; `also` are further readers of pages.

    The marks of direction that calfeed puts around what runs the other way are left out: no text of a curator's
    has any, and whether there are some hangs on its letters.
    """
    found: dict[tuple[str, str], str] = {}
    for path, data in documents.items():
        ending = path[path.rindex(".") :]
        for reader in (*READERS[ending], *(also if ending == ".html" else ())):
            told = json.dumps(reader(data), ensure_ascii=False)
            found[path, reader.__name__] = re.sub("[\u2066-\u2069]", "", told)
    return found


def exchanged(told: str, texts_: Mapping[str, str]) -> str:
    """What was found in a document of a shape, with its words exchanged for these texts."""
    return _WORD.sub(lambda match: json.dumps(texts_[match[0]], ensure_ascii=False)[1:-1], told)


def difference(expected: str, found: str) -> str:
    """Where two texts part, with what stands before and after."""
    at = next((at for at, (one, other) in enumerate(zip(expected, found, strict=False)) if one != other), None)
    at = min(len(expected), len(found)) if at is None else at
    return f"{expected[max(at - 60, 0) : at + 60]!r} expected, {found[max(at - 60, 0) : at + 60]!r} found"


def _is_one_of_many(path: str) -> bool:
    """Of the pages of the twelve months, which are made alike, two are read."""
    return "months/" in path and not path.endswith(("01/index.html", "11/index.html"))


def documents(shape_: Shape, number: int) -> tuple[dict[str, str], dict[str, bytes]]:
    """The texts of that number in a shape, and what is published with them."""
    told, chance = texts(shape_, number), Random(number)  # noqa: S311
    return told, published(written(shape_.before, told, chance), written(shape_.after, told, chance))


def failures(number: int, samples: int, *, thorough: bool = True) -> list[str]:
    """What is not as it should be in so many calendars of a shape; html5lib reads one of them if `thorough`."""
    shape_ = shape(number)
    plain = published(yaml_of(shape_.before), yaml_of(shape_.after))
    expected = found_in(plain, also=(by_html5lib,) if thorough else ())
    found = (_failure(shape_, n, expected, browser=thorough and n == 0) for n in range(samples))
    return [f"shape({number}), {n}: {failure}" for n, failure in enumerate(found) if failure]


def _failure(shape_: Shape, number: int, expected: Mapping[tuple[str, str], str], *, browser: bool) -> str:
    try:
        told, made = documents(shape_, number)
        found = found_in(made, also=(by_html5lib,) if browser else ())
    except Exception as error:  # noqa: BLE001 - whatever comes is a failure
        return f"{type(error).__name__}: {error}"
    if {path for path, _ in expected} != made.keys():
        return f"other documents: {sorted({path for path, _ in expected} ^ made.keys())}"
    for key in found:
        if (meant := exchanged(expected[key], told)) != found[key]:
            return f"{key}: {difference(meant, found[key])}"
    return ""


def digests(shapes: range) -> list[str]:
    """A digest of everything that is published of the first sample of each shape."""
    return [
        hashlib.sha256(repr(sorted(documents(shape(number), 0)[1].items())).encode()).hexdigest()
        for number in shapes
    ]


def main() -> None:
    """`python -m tests.faults.hostile N`: the digests of N shapes, a line each."""
    sys.stdout.write("\n".join(digests(range(int(sys.argv[1])))) + "\n")


if __name__ == "__main__":
    main()
