"""A calendar of one's own: any set of categories as one file, made of the files of those categories.

The lines are taken as they were published; nothing here knows events, rules or wording, so that a server can do it
without loading what compiles them. A menu says what the lines alone do not: names, address, year and budget.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from calfeed.domain.budget import within_budget
from calfeed.domain.contentlines import escaped, fold, folded_lines, unescaped, unfolded
from calfeed.domain.sets import MOST, set_name
from calfeed.frozen import frozen

FOLDER = "compose/"
MENU = FOLDER + "categories.json"
CALENDAR = "calendar.ics"
MAX_PATH = 4096  # bytes of the path of a set
_VERSION = 1
_SLUG = re.compile("[a-z0-9][a-z0-9-]{0,63}")
_BEGIN, _END = b"BEGIN:VEVENT", b"END:VEVENT"
_TAIL = b"END:VCALENDAR\r\n"


@frozen
class Menu:
    """What a set is named by, in one language: `languages` are that one and the one that texts fall back to.

    `url` is the address of the folder of all sets; entries that begin before `year` are the past that a budget of
    `events` and `octets` drops first.
    """

    languages: tuple[str, ...]
    title: Mapping[str, str]
    url: str
    year: int
    events: int
    octets: int
    categories: Mapping[str, Mapping[str, str]]


def in_address(path: str) -> str:
    """A path with sets in it as addresses have it: object stores read a bare plus as a space."""
    return path.replace("+", "%2B")


def set_of(path: str) -> tuple[str, tuple[str, ...]] | None:
    """The folder of the language and the slugs, in the order of the path; None where the path is none of a set.

    Slugs that stand in it twice make no set, nor do more than `MOST`.
    """
    prefix, found, rest = path.partition(FOLDER)
    name, slash, file = rest.partition("/")
    if not found or (slash, file) != ("/", CALENDAR) or len(path) > MAX_PATH or name.count("+") >= MOST:
        return None
    slugs = tuple(name.split("+"))
    if len(set(slugs)) < len(slugs) or not all(map(_SLUG.fullmatch, slugs)):
        return None
    return prefix, slugs


def written_menu(menu: Menu) -> bytes:
    """The menu as JSON, the same bytes for equal menus."""
    values = {
        "version": _VERSION,
        "languages": menu.languages,
        "title": menu.title,
        "url": menu.url,
        "year": menu.year,
        "budget": {"events": menu.events, "bytes": menu.octets},
        "categories": {slug: {"title": title} for slug, title in menu.categories.items()},
    }
    return json.dumps(values, ensure_ascii=False, indent=1).encode() + b"\n"


def read_menu(data: bytes) -> Menu:
    """The menu that was written so; raises ValueError where it is none that this calfeed knows."""
    try:
        values: dict[str, Any] = json.loads(data)
        if values["version"] != _VERSION:
            raise ValueError("a menu of another version")
        return Menu(
            languages=tuple(map(str, values["languages"])),
            title=dict(values["title"]),
            url=str(values["url"]),
            year=int(values["year"]),
            events=int(values["budget"]["events"]),
            octets=int(values["budget"]["bytes"]),
            categories={slug: dict(told["title"]) for slug, told in values["categories"].items()},
        )
    except (LookupError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"not a menu: {error}") from error


def composed(menu: Menu, slugs: Sequence[str], whole: bytes, parts: Iterable[bytes]) -> bytes:
    """The calendar of a set: `whole` is the file of the whole calendar, `parts` those of the categories.

    The head is that of `whole` under another name and address; the events are those that the parts hold, each
    once, within the budget; beside one part no more of them are in memory than a calendar may have. Raises
    ValueError where a file is no calendar as calfeed writes it.
    """
    head = _head(menu, slugs, whole)
    found: _Found = {}
    for part in parts:
        found.update(_events(part))
        found = _cut(menu, found)
    found = _within(menu, found, menu.octets - len(head) - len(_TAIL))
    return b"".join((head, *found.values(), _TAIL))


def _cut(menu: Menu, found: _Found) -> _Found:
    """What stays of these events by their number alone; what goes would go as well with more of them beside it.

    That is not so of their bytes: a large event that has gone makes room for one that has to go before it.
    """
    return found if len(found) <= menu.events else _within(menu, found, sys.maxsize)


def _within(menu: Menu, found: _Found, octets: int) -> _Found:
    """What stays of these events within the budget, in their order."""
    order = sorted(found)
    year = f"{menu.year:04}"
    kept = within_budget(
        len(order),
        sum(key.dtstart[:4] < year for key in order),
        lambda first, last: (len(found[key]) for key in order[first:last]),
        events=menu.events,
        octets=octets,
    )
    return {order[place]: found[order[place]] for place in kept}


@dataclass(frozen=True, order=True, slots=True)
class _Order:
    """By day, then as ids and their years go: the order of every calendar file. Equal for one UID alone."""

    dtstart: str
    dtend: str
    id: str
    n: int


_Found: TypeAlias = dict[_Order, bytes]


def _events(data: bytes) -> Iterable[tuple[_Order, bytes]]:
    """Every VEVENT as it stands in the file, with its place in the order."""
    _, *events = data.removesuffix(b"\r\n" + _TAIL).split(b"\r\n" + _BEGIN + b"\r\n")
    for event in events:
        if not event.endswith(b"\r\n" + _END):
            raise ValueError("an event without its end")
        yield _order(event), b"".join((_BEGIN, b"\r\n", event, b"\r\n"))


def _order(event: bytes) -> _Order:
    values: dict[str, str] = {}
    for line in folded_lines(event):
        if line.startswith((b"UID:", b"DTSTART;", b"DTEND;")):
            name, _, value = unfolded(line).partition(":")
            values[name.partition(";")[0]] = value
        if len(values) == 3:
            break
    else:
        raise ValueError("an event without UID or days")
    id_, _, n = unescaped(values["UID"]).rpartition("/")
    return _Order(values["DTSTART"], values["DTEND"], id_, int(n))


def _head(menu: Menu, slugs: Sequence[str], whole: bytes) -> bytes:
    """Everything before the events, with the lines that tell one calendar from another."""
    head = whole.partition(b"\r\n" + _BEGIN + b"\r\n")[0]
    language, name = _name(menu, slugs)
    own = {
        b"NAME": f"NAME;LANGUAGE={language}:{escaped(name)}",
        b"X-WR-CALNAME": f"X-WR-CALNAME:{escaped(name)}",
        b"URL": f"URL:{menu.url}",
        b"SOURCE": f"SOURCE;VALUE=URI:{menu.url}{in_address(set_name(slugs))}/{CALENDAR}",
    }
    lines = ((own.get(re.split(b"[;:]", line, maxsplit=1)[0]), line) for line in folded_lines(head))
    return b"".join(line + b"\r\n" if text is None else fold([text]) for text, line in lines)


def _name(menu: Menu, slugs: Sequence[str]) -> tuple[str, str]:
    """Language and name, in the first language that all of its parts are in."""
    titles = [menu.categories[slug] for slug in sorted(slugs)]
    language = next(tag for tag in menu.languages if all(tag in title for title in (*titles, menu.title)))
    return language, f"{', '.join(title[language] for title in titles)} – {menu.title[language]}"
