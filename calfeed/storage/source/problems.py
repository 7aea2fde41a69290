"""From what pydantic found to sentences that a curator understands, each with its place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from calfeed.errors import Location, Problem
from calfeed.storage.source.nodes import Node, Path, located, problem_at
from calfeed.storage.source.shapes import (
    RULE_SHAPES,
    BudgetShape,
    CalendarShape,
    CategoryShape,
    ClaimShape,
    CorrectionShape,
    EventShape,
    RefusedShape,
    SourceShape,
    WindowShape,
    keys_of,
)

_TEXTS = {"title", "description", "says", "reasoning", "disputed", "location", "note", "why"}
_ITEMS = {
    "events": "this event",
    "claims": "this claim",
    "refused": "this refused event",
    "corrections": "this correction",
    "compose": "this set",
}
_FIRST_KEYS = {"events": "id", "claims": "source", "refused": "what", "corrections": "id"}
_GROUP = "a group of keys"
_MAX_WORD = 64


def problems_of(error: ValidationError, root: Node, file: str, prefix: Path = ()) -> list[Problem]:
    """Every error of a validation as a located problem; `prefix` leads from the root to what was validated."""
    return [_problem(details, root, file, prefix) for details in error.errors(include_url=False)]


def _problem(details: ErrorDetails, root: Node, file: str, prefix: Path) -> Problem:
    path = _real_path(root, (*prefix, *details["loc"]))
    node, last = root.at(path), str(details["loc"][-1]) if details["loc"] else ""
    of_key = Location(file, node.key_line, node.key_column)
    kind = details["type"]
    if kind == "missing":
        what, _ = _container(path, node)
        return located(node, file, f'{what} has no "{last}"', f"add {last}: …")
    if kind == "extra_forbidden":
        what, shape = _container(path[:-1], root.at(path[:-1]))
        hint = did_you_mean(last, keys_of(shape)) or f"its keys are {', '.join(keys_of(shape))}"
        if re.search("[:\uff1a{]", last):  # YAML ends a key at a colon with a space after it, and at no other
            hint = "write a colon and a space after the key"
        return problem_at(of_key, f'"{last}" is not a key of {what}', hint)
    message, hint = _sentence(details, path)
    return problem_at(of_key, message, hint) if last == "[key]" else located(node, file, message, hint)


def _sentence(details: ErrorDetails, path: Path) -> tuple[str, str]:
    """Message and hint for one error of pydantic's, whose kinds are listed in its own documentation."""
    context, value, kind = details.get("ctx", {}), details["input"], details["type"]
    if kind == "calfeed":
        return context["message"], did_you_mean(context["word"], context["known"]) or context["hint"]
    if kind == "union_tag_invalid" and isinstance(value, dict):
        value = value["rule"]
        return _not_among(value, tuple(RULE_SHAPES), f'"{value}" is not a rule', "rule")
    if kind == "literal_error":
        known = tuple(word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", "))
        return _not_among(value, known, f'{_name(path)} cannot be "{value}"', _name(path))
    if kind == "union_tag_not_found":
        return "this observance names no rule", f"add rule: and one of {', '.join(RULE_SHAPES)}"
    return _wrong_size(details, path) or _wrong_kind(kind, value, path)


def _wrong_size(details: ErrorDetails, path: Path) -> tuple[str, str] | None:
    context, value, kind = details.get("ctx", {}), details["input"], details["type"]
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
        return f"{_name(path)} is {value}", f"it must be {bound}"
    if kind == "string_too_long":
        most = context["max_length"]
        return f"{_name(path)} has {len(str(value))} characters, {most} are allowed", "shorten it"
    return (f"{_name(path)} is empty", "name at least one") if kind == "too_short" else None


def _wrong_kind(kind: str, value: object, path: Path) -> tuple[str, str]:
    """A list where a text belongs, and the like."""
    wanted = {"string_type": "one text", "list_type": "a list"}.get(kind, _GROUP)
    found = "a list" if isinstance(value, list) else _GROUP if isinstance(value, dict) else "one text"
    hint = _hint_for_group(path) if wanted == _GROUP else _hint_for(wanted, value, path)
    if not value and isinstance(value, str):
        return f"{_name(path)} is empty", hint
    if path and path[-1] in _TEXTS and wanted == _GROUP and isinstance(value, str):
        return f"{_name(path)} does not say in which language it is", hint
    return f"{_name(path)} is {found}, and should be {wanted}", hint


def _hint_for(wanted: str, value: object, path: Path) -> str:
    if wanted == "one text":
        return "write one text after the colon" if isinstance(path[-1], str) else "write one text after the hyphen"
    if (
        isinstance(value, str)
        and re.fullmatch("[a-z][a-z0-9-]*", value)
        and path[-1] in ("categories", "languages")
    ):
        return f"write {path[-1]}: [{value}]"
    if path[-1] == "compose" or (len(path) > 1 and path[-2] == "compose"):
        return "write each set in brackets after a hyphen, as in - [town, people]"
    return "write one item a line, each after a hyphen and a space"


def _hint_for_group(path: Path) -> str:
    match path:
        case (*_, str(name), int()) if name in _FIRST_KEYS:
            first = _FIRST_KEYS[name]
            return f"begin it with - {first}: …, and indent its other keys below {first}"
        case (*_, str(name)) if name in _TEXTS:
            return f"write the language before the text, as in {name}: {{en: …}}"
        case ("window" | "budget" as name,):
            return f"its keys are {', '.join(keys_of(_container(path, Node('', 0, 0))[1]))}"
        case (*_, "observed"):
            return f"write one of {', '.join(RULE_SHAPES)}, or {{rule: …}} with its keys"
        case ("sources" | "categories",):
            return "write a name and a colon before each, without a hyphen"
    return "write its keys below it, indented"


def _not_among(value: object, known: tuple[str, ...], message: str, name: str) -> tuple[str, str]:
    one_of = f"write {' or '.join(known)}" if len(known) <= 2 else f"write one of {', '.join(known)}"
    if not isinstance(value, str):
        return f"{name} is a list or a group of keys, and should be one word", one_of
    if not value:
        return f"{name} is empty", one_of
    return message, did_you_mean(value, known) or one_of


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean "…"?`, or nothing where no known word is near."""
    if not word or len(word) > _MAX_WORD:
        return ""
    spelled = {known_word.lower(): known_word for known_word in known}
    near = difflib.get_close_matches(word.lower(), spelled, n=1, cutoff=0.6)
    return f'did you mean "{spelled[near[0]]}"?' if near else ""


def _real_path(root: Node, path: Path) -> Path:
    """The path without the steps that only pydantic knows: names of rules, `[key]` marks."""
    real: list[str | int] = []
    node = root
    for before, step in zip((None, *path[:-1]), path, strict=True):
        # The rule `weekday` has a key of the same name, so its mark would be found.
        found = node.child(step) if before != "observed" else None
        if found is not None:
            real.append(step)
            node = found
    return tuple(real)


def _container(path: Path, node: Node) -> tuple[str, type[BaseModel]]:  # noqa: PLR0911  # one line a shape
    """What a mapping is, in words, and its shape."""
    match path:
        case ("events", _, "observed", *_):
            rule = node.value.get("rule") if isinstance(node.value, dict) else node
            name = str(rule.value) if rule else ""
            return f'the rule "{name}"', RULE_SHAPES.get(name, EventShape)
        case ("events", _, "claims", _, *_):
            return "this claim", ClaimShape
        case ("events", *_):
            return "this event", EventShape
        case ("refused", *_):
            return "this refused event", RefusedShape
        case ("corrections", *_):
            return "this correction", CorrectionShape
        case ("sources", name, *_):
            return f'the source "{name}"', SourceShape
        case ("categories", name, *_):
            return f'the category "{name}"', CategoryShape
        case ("window", *_):
            return "the window", WindowShape
        case ("budget", *_):
            return "the budget", BudgetShape
    return "the calendar", CalendarShape


def _name(path: Path) -> str:
    """What a path leads to, in words."""
    match path:
        case (*_, str(name), int()):
            return _ITEMS.get(name, f"an item of {name}")
        case ("sources" | "categories" as kind, name):
            return f'the {"source" if kind == "sources" else "category"} "{name}"'
        case (*_, str(text), str(language)) if text in _TEXTS:
            return f'the "{language}" of {text}'
        case (*_, str(name)):
            return name
    return "the file"
