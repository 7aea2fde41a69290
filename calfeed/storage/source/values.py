"""What one value may be: from the text that a curator wrote to what it means, whoever asks.

Every scalar arrives as text. Each function takes what stands there and gives the value, or raises Wrong in words
for the curator; what a value may be, given the others, is said elsewhere.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from pathlib import Path
from zoneinfo import ZoneInfo

import tzdata

from calfeed.domain.edtf import Edtf, parse_edtf
from calfeed.domain.model import Color
from calfeed.domain.sets import MOST, set_name
from calfeed.domain.wording import LANGUAGES
from calfeed.errors import SourceMissing, ValueProblem

SLUG = "[a-z0-9][a-z0-9-]{0,63}"
MAX_TITLE = 120
MAX_TEXT = 4000
MAX_QUOTED = 300  # of what others wrote: the title of a document, the heading of a piece
_MAX_DIGITS = 9
_MAX_FOLDER = 255
_SLUG = re.compile(SLUG)
_LANGUAGE_TAG = re.compile("[a-z]{2,3}")
_AUTHORITY = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*,[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
_ADDRESS = (
    r"https?://([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?"
    r"([/?#][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?"  # RFC 3986 §2: no quote, bracket or backslash
)


class Wrong(ValueProblem):
    """A value that cannot stand; if a known word is near `word`, that is probably what was meant."""

    def __init__(self, message: str, hint: str = "", *, word: str = "", known: Collection[str] = ()) -> None:
        super().__init__(message, hint)
        self.word = word
        self.known = known


def _one_word(value: object, wanted: str, hint: str) -> str:
    if not isinstance(value, str):
        raise Wrong(f"{wanted} is expected here, not a list or keys", hint)
    if not value:
        raise Wrong(f"{wanted} is expected here, and there is nothing", hint)
    return value


def _matching(pattern: re.Pattern[str], value: str, message: str, hint: str) -> str:
    if not pattern.fullmatch(value):
        raise Wrong(f'"{value}" {message}', hint)
    return value


def _no_misread_backslash(value: str) -> str:
    if "\\" in value and re.search(r"\\[nN]", value):
        raise Wrong("a backslash before n is read as a line break by some programs", "leave the backslash out")
    return value


def one_line(value: str) -> str:
    """A text of one line."""
    if not value:
        raise Wrong("this text is empty", "write it, or leave the key out")
    if "\n" in value:
        raise Wrong("a line break in a text of one line", "write it in one line")
    return _no_misread_backslash(value)


def prose(value: str) -> str:
    """A text that may have paragraphs."""
    if not value:
        raise Wrong("this text is empty", "write it, or leave the key out")
    return _no_misread_backslash(value)


def slug(value: str) -> str:
    """An id."""
    hint = "use a-z, 0-9 and hyphens, at most 64, beginning with a letter or digit"
    return _matching(_SLUG, value, "cannot be an id", hint)


def language_tag(value: str) -> str:
    """A tag of a language, whether calfeed has words for it or not."""
    hint = 'write one as in en or az; a text with a comma needs "quotes"'
    return _matching(_LANGUAGE_TAG, value, "is not a language tag", hint)


def authority(value: str) -> str:
    """`domain,YYYY` of RFC 4151 §2.1."""
    hint = "write a domain of yours and a year in which you held it, as in example.org,2026"
    return _matching(_AUTHORITY, value, "is not an authority", hint)


def integer(value: object) -> int:
    """A whole number."""
    word = _one_word(value, "a whole number", "write digits, as in 3")
    if not re.fullmatch("-?[0-9]+", word):
        raise Wrong(f'"{word}" is not a whole number', "write digits, as in 3")
    if len(word) > _MAX_DIGITS:
        raise Wrong(f'"{word}" has too many digits', f"{_MAX_DIGITS} are allowed")
    return int(word)


def boolean(value: object) -> bool:
    """True or false, in these words alone."""
    word = _one_word(value, "true or false", "write true or false")
    if word not in ("true", "false"):
        raise Wrong(f'"{word}" is neither true nor false', "write true or false")
    return word == "true"


def edtf(value: object) -> Edtf:
    """A date in EDTF."""
    word = _one_word(value, "a date", "write a day as 1992-02-25")
    try:
        return parse_edtf(word)
    except ValueProblem as problem:
        raise Wrong(problem.message, problem.hint) from None


def web_address(value: str) -> str:
    """An absolute address that a browser opens."""
    if not re.fullmatch(_ADDRESS, value):
        hint = "write it as in https://example.org/page, in plain ASCII and without spaces"
        raise Wrong(f'"{value}" is not a web address', hint)
    return value


def base_address(value: str) -> str:
    """The address of a folder."""
    if not re.fullmatch(r"https?://[^?#]+", web_address(value)):
        hint = "write the address of the folder alone, up to its last slash"
        raise Wrong(f'"{value}" has a query or a fragment', hint)
    if not value.endswith("/"):
        raise Wrong(f'"{value}" does not end with a slash', f"write {value}/")
    return value


def zone_names() -> list[str]:
    """The names of all zones."""
    return Path(tzdata.__path__[0], "zones").read_text(encoding="utf-8").split()


def zone(value: object) -> ZoneInfo:
    """A zone by its IANA name."""
    hint = "write one of the IANA names, as in Asia/Baku"
    name = _one_word(value, "a time zone", hint)
    # The list is read rather than tried: what else lies beside the zones differs from machine to machine.
    try:
        known = zone_names()
    except OSError as error:
        raise SourceMissing(f"{error.filename}: {error.strerror}; install calfeed anew if it stays so") from error
    if name not in known:
        raise Wrong(f'"{name}" is not a time zone', hint, word=name, known=known)
    return ZoneInfo(name)


def color(value: object) -> Color:
    """A colour by its CSS3 name."""
    import webcolors  # noqa: PLC0415 - many calendars name none

    hint = "write a name as in maroon or slategray"
    name = _one_word(value, "a colour name", hint).lower()
    if name not in webcolors.names("css3"):
        raise Wrong(f'"{value}" is not a CSS3 colour name', hint, word=name, known=webcolors.names("css3"))
    return Color(name, webcolors.name_to_hex(name).upper())


def language(value: str) -> str:
    """A language that calfeed has words for."""
    if value not in LANGUAGES:
        hint = f"it has {', '.join(LANGUAGES)}"
        raise Wrong(f'calfeed has no words for the language "{value}"', hint, word=value, known=LANGUAGES)
    return value


def distinct(values: list[str]) -> list[str]:
    """A list in which nothing stands twice."""
    twice = next((value for number, value in enumerate(values) if value in values[:number]), None)
    if twice is not None:
        raise Wrong(f'"{twice}" stands in this list twice', "delete one of them")
    return values


def set_of_categories(values: list[str]) -> list[str]:
    """A set has one name, which is a folder's (255 bytes, wherever it may lie)."""
    distinct(values)
    if len(values) > MOST:
        raise Wrong(f"{len(values)} categories in one set, {MOST} are allowed", "leave some out")
    if len(set_name(values)) > _MAX_FOLDER:
        raise Wrong("the address of this set would be too long", "leave some categories out")
    return values


def distinct_sets(values: list[list[str]]) -> list[list[str]]:
    """Sets of categories, each of them once."""
    distinct(list(map(set_name, values)))
    return values


def month_day(value: str) -> str:
    """A day of the year, `MM-DD`."""
    match = re.fullmatch("([0-9]{2})-([0-9]{2})", value)
    try:
        parse_edtf(f"2000-{value}" if match else value)
    except ValueProblem:
        match = None
    if match is None:
        raise Wrong(f'"{value}" is not a day of the year', "write month and day, as in 03-08")
    return value


def civil_day(value: object) -> dt.date:
    """A day, `YYYY-MM-DD`."""
    word = _one_word(value, "a day", "write it as in 2021-05-03")
    try:
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", word):
            return dt.date.fromisoformat(word)
    except ValueError:
        pass
    raise Wrong(f'"{word}" is not a day', "write it as in 2021-05-03")
