"""How a file is changed so that a reader comes across what nobody thought of.

What is changed knows the language of the file: keys, dates, rules and texts are put where such things stand, lines
are moved and indented anew, values of a tree are exchanged, and bytes are broken at the end. Equal bytes and an
equal `Random` give equal bytes, so whatever a reader stumbled over can be made again from a number.
"""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeAlias

from calfeed.domain.rules import RULES
from tests.faults.words import DATES, DAYS, FITTING, KEYS, NASTY, NUMBERS, WORDS

Change: TypeAlias = Callable[[bytes, Random], bytes]

_VALUES = (NASTY, DATES, NUMBERS, DAYS, WORDS, KEYS)
_VALUE = re.compile(r"(?<=: )[^\n,}\]]+|(?<=- )[^\n:]+|(?<=\[)[^\]\n]+")
_LONGEST = 60_000


def value(chance: Random) -> str:
    """A value that may stand somewhere, now and then two of them together."""
    found = chance.choice(chance.choice(_VALUES))
    return found + chance.choice(chance.choice(_VALUES)) if chance.random() < 0.15 else found


def observed(chance: Random) -> dict[str, Any]:
    """A rule with most of its keys, and now and then a limit; some of its values are no good."""
    rule = chance.choice(RULES)
    found: dict[str, Any] = {"rule": rule.rule}
    for name, hint in typing.get_type_hints(rule).items():
        if name != "rule" and chance.random() < 0.8:
            found[name] = value(chance) if chance.random() < 0.05 else fitting(name, hint, chance)
    if chance.random() < 0.4:
        found[chance.choice(("from", "until", "every", "days"))] = chance.choice(NUMBERS)
    if chance.random() < 0.2:
        found["moves"] = {chance.choice(NUMBERS): chance.choice(DATES), "2026": "2026-05-03"}
    if chance.random() < 0.1:
        found["except"] = [chance.choice(NUMBERS)]
    return found


def fitting(name: str, hint: Any, chance: Random) -> str:
    """A value of the type that a rule wants, which may still make no sense."""
    found = [word for part in (hint, *typing.get_args(hint)) for word in typing.get_args(part)]
    words: list[str] = [word for word in found if isinstance(word, str)]
    if words:
        return chance.choice(words)
    if hint is bool:
        return chance.choice(("true", "false"))
    return chance.choice(DAYS if name == "day" and hint in (str, str | None) else NUMBERS)


def changed(data: bytes, chance: Random, others: Sequence[bytes], last: Change | None = None) -> bytes:
    """The file with one to four changes; `last` breaks bytes in place of our own way to do that."""
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
        kind = chance.random()
        if kind < 0.9 and data[:1] in (b"{", b"["):
            data = _of_tree(data, chance)
        elif kind < 0.9:
            data = _of_lines(data, chance, others)
        else:
            data = (last or broken)(data, chance)
    return data[:_LONGEST]


def broken(data: bytes, chance: Random) -> bytes:
    """The file with some of its bytes lost, doubled, turned or put in."""
    begin = chance.randint(0, len(data))
    end = min(begin + chance.choice((0, 1, 1, 2, 8, 64)), len(data))
    if (kind := chance.randrange(5)) == 0:
        return data[:begin] + data[end:]
    if kind == 1:
        return data[:end] + data[begin:end] * chance.choice((1, 2, 50)) + data[end:]
    if kind == 2:
        return data[:begin] + bytes(byte ^ 1 << chance.randrange(8) for byte in data[begin:end]) + data[end:]
    if kind == 3:
        return data[:begin] + chance.randbytes(chance.choice((1, 1, 2, 4))) + data[end:]
    return data[:begin] + value(chance).encode(errors="surrogatepass") + data[end:]


def _of_lines(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    text = data.decode(errors="surrogateescape")
    change = chance.choice((_replace, _replace, _replace, _insert, _drop, _double, _indent, _splice))
    return change(text, chance, others).encode(errors="surrogateescape")


def _replace(text: str, chance: Random, _: Sequence[bytes]) -> str:
    found = list(_VALUE.finditer(text))
    if not found:
        return text + value(chance)
    match = chance.choice(found)
    return text[: match.start()] + value(chance) + text[match.end() :]


def _insert(text: str, chance: Random, _: Sequence[bytes]) -> str:
    lines = text.split("\n")
    at = chance.randint(0, len(lines))
    depth = " " * chance.choice((0, 0, 2, 4, 4, 6))
    put = f"{depth}{chance.choice(('', '', '- '))}{chance.choice(KEYS)}: {value(chance)}"
    return "\n".join([*lines[:at], put, *lines[at:]])


def _drop(text: str, chance: Random, _: Sequence[bytes]) -> str:
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    del lines[at : at + chance.choice((1, 1, 2, 6))]
    return "\n".join(lines)


def _double(text: str, chance: Random, _: Sequence[bytes]) -> str:
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    some = lines[at : at + chance.choice((1, 1, 3, 9))]
    to = chance.randint(0, len(lines))
    return "\n".join([*lines[:to], *some, *lines[to:]])


def _indent(text: str, chance: Random, _: Sequence[bytes]) -> str:
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    lines[at] = chance.choice(("", " ", "  ", "    ", "      ", "\t", "\u00a0")) + lines[at].lstrip()
    return "\n".join(lines)


def _splice(text: str, chance: Random, others: Sequence[bytes]) -> str:
    lines = text.split("\n")
    other = chance.choice(others).decode(errors="replace").split("\n") if others else lines
    begin, at = chance.randrange(len(other)), chance.randrange(len(lines))
    some = other[begin : begin + chance.choice((1, 3, 9, 30))]
    return "\n".join([*lines[:at], *some, *lines[at + chance.choice((0, 1, len(some))) :]])


def _of_tree(data: bytes, chance: Random) -> bytes:
    """A file of JSON (which is YAML too) with one value of its tree exchanged, dropped, doubled or renamed."""
    try:
        root = json.loads(data)
    except ValueError:
        return _of_lines(data, chance, ())
    places = list(_places(root))
    if not places:
        return data
    parent, key = chance.choice(places)
    kind = chance.random()
    if key == "observed" and kind < 0.6:
        parent[key] = observed(chance)
    elif kind < 0.6:
        parent[key] = _near(key, parent[key], chance)
    elif kind < 0.68:
        del parent[key]
    elif kind < 0.75:
        _put(parent, key, parent[key], chance)
    elif kind < 0.9:
        other, its = chance.choice(places)
        parent[key] = other[its]  # no loop: what is inside itself is written as often as it stands there
    else:
        _put(parent, key, value(chance), chance)
    try:
        return json.dumps(root, ensure_ascii=chance.random() < 0.3, indent=chance.choice((None, 1))).encode(
            errors="surrogatepass"
        )
    except (ValueError, RecursionError):  # a value was put below itself
        return data


def _near(key: str | int, old: Any, chance: Random) -> Any:
    """A value that may well be right under a key: a text that is one still, a word that others know there."""
    kind = chance.random()
    if kind < 0.1:
        return chance.choice(
            ([], {}, [value(chance)], {chance.choice(KEYS): value(chance)}, {"en": value(chance)})
        )
    if kind < 0.5 and key in FITTING:
        return chance.choice(FITTING[str(key)])
    if kind < 0.8 and isinstance(old, str):
        at = chance.randint(0, len(old))
        return old[:at] + chance.choice(NASTY) + old[at:]
    return value(chance)


def _put(parent: Any, key: str | int, what: Any, chance: Random) -> None:
    if isinstance(parent, list):
        parent.insert(chance.randint(0, len(parent)), json.loads(json.dumps(what)))
    else:
        parent[chance.choice((*KEYS, str(key)))] = json.loads(json.dumps(what))


def _places(root: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    open_ = [root]
    while open_:
        node = open_.pop()
        keys: Any = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        found += [(node, key) for key in keys]
        open_ += [node[key] for key in keys]
    return found
