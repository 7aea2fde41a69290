"""From what pydantic found to sentences that a curator understands, each with its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from calfeed.errors import Location, Problem
from calfeed.storage.source.nodes import Node, Path
from calfeed.storage.source.shapes import (
    RULE_SHAPES,
    BudgetShape,
    CalendarShape,
    CategoryShape,
    ClaimShape,
    EventShape,
    RefusedShape,
    SourceShape,
    WindowShape,
    keys_of,
)

_KINDS: dict[str, tuple[str, type[BaseModel]]] = {
    "": ("the calendar", CalendarShape),
    "events": ("an event", EventShape),
    "claims": ("a claim", ClaimShape),
    "sources": ("a source", SourceShape),
    "categories": ("a category", CategoryShape),
    "refused": ("a refused event", RefusedShape),
    "window": ("the window", WindowShape),
    "budget": ("the budget", BudgetShape),
}


def problems_of(error: ValidationError, root: Node, file: str, prefix: Path = ()) -> list[Problem]:
    """Every error of a validation as a located problem; `prefix` leads from the root to what was validated."""
    return [_problem(details, root, file, prefix) for details in error.errors(include_url=False)]


def located(node: Node, file: str, message: str, hint: str = "") -> Problem:
    """A problem at the place of a value."""
    return Problem(Location(file, node.line, node.column), message, hint)


def _problem(details: ErrorDetails, root: Node, file: str, prefix: Path) -> Problem:
    path = _real_path(root, (*prefix, *details["loc"]))
    node, last = root.at(path), str(details["loc"][-1]) if details["loc"] else ""
    kind = details["type"]
    if kind == "missing":
        what, _ = _container(path, node)
        return located(node, file, f'{what} has no "{last}"', f"add {last}: …")
    if kind == "extra_forbidden":
        what, shape = _container(path[:-1], root.at(path[:-1]))
        hint = did_you_mean(last, keys_of(shape)) or f"its keys are {', '.join(keys_of(shape))}"
        return Problem(Location(file, node.key_line, node.key_column), f'"{last}" is not a key of {what}', hint)
    message, hint = _sentence(details, _name(path))
    return located(node, file, message, hint)


def _sentence(details: ErrorDetails, key: str) -> tuple[str, str]:
    """Message and hint for one error of pydantic's, whose kinds are listed in its own documentation."""
    context, value, kind = details.get("ctx", {}), details["input"], details["type"]
    if kind == "calfeed":
        return context["message"], context["hint"]
    if kind == "calfeed_unknown":
        known = context["hint"].removeprefix("write ").split(", ")
        return context["message"], did_you_mean(str(value), known) or context["hint"]
    if kind in ("literal_error", "union_tag_invalid"):
        return _not_among(value, key, details)
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
        return f"{key} is {value}", f"it must be {bound}"
    return _wrong_size(kind, value, key, context) or _wrong_kind(kind, value, key)


def _wrong_size(kind: str, value: object, key: str, context: dict[str, Any]) -> tuple[str, str] | None:
    if kind == "string_too_long":
        return f"{key} has {len(str(value))} characters, {context['max_length']} are allowed", "shorten it"
    if kind == "too_short":
        return f"{key} is empty", "name at least one"
    if kind == "union_tag_not_found":
        return "this observance names no rule", f"add rule: {', '.join(RULE_SHAPES)}"
    return None


def _wrong_kind(kind: str, value: object, key: str) -> tuple[str, str]:
    wanted = {
        "string_type": "one text",
        "list_type": "a list",
        "dict_type": "a mapping",
        "model_type": "a mapping",
        "model_attributes_type": "a mapping",
    }.get(kind, "something else")
    hints = {
        "one text": "write it after the colon",
        "a list": "write one item a line, each after a hyphen",
        "a mapping": f"write keys below it, as in {key}: {{en: …}}" if isinstance(value, str) else "write keys",
    }
    return f"{key} should be {wanted}", hints.get(wanted, "see docs/events-yaml.md")


def _not_among(value: object, key: str, details: ErrorDetails) -> tuple[str, str]:
    context = details.get("ctx", {})
    if details["type"] == "union_tag_invalid":
        value, known = context["tag"], list(RULE_SHAPES)
        return f'"{value}" is not a rule', did_you_mean(str(value), known) or f"write {', '.join(known)}"
    known = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
    return f'"{value}" is not possible for {key}', did_you_mean(str(value), known) or f"write {', '.join(known)}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean "…"?`, or nothing where no known word is near."""
    near = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return f'did you mean "{near[0]}"?' if near else ""


def _real_path(root: Node, path: Path) -> Path:
    """The path without the steps that only pydantic knows: names of rules, `[key]` marks."""
    real: list[str | int] = []
    node = root
    for step in path:
        found = node.child(step)
        if found is not None:
            real.append(step)
            node = found
    return tuple(real)


def _container(path: Path, node: Node) -> tuple[str, type[BaseModel]]:
    """What a mapping is, in words, and its shape."""
    if path and path[-1] == "observed" and isinstance(node.value, dict):
        rule = node.value.get("rule")
        name = str(rule.value) if rule else ""
        return f'the rule "{name}"', RULE_SHAPES.get(name, EventShape)
    if path and path[-1] == "observed":
        return f'the rule "{node.value}"', RULE_SHAPES.get(str(node.value), EventShape)
    names = [step for step in path if isinstance(step, str) and step in _KINDS]
    return _KINDS[names[-1]] if names else _KINDS[""]


def _name(path: Path) -> str:
    """The key that a path leads to, past languages and list positions."""
    names = [step for step in path if isinstance(step, str)]
    if len(names) > 1 and len(names[-1]) in (2, 3) and names[-1] != "id":
        return names[-2]
    return names[-1] if names else "the file"
