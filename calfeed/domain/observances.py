"""A rule and its limits in one line of text, and back, for what is remembered of an event.

`{"rule":"annual"}` says when it is observed; with a date behind it, as in `{"rule":"annual"} 1990-01-20`, the line
can be told in words by itself. Keys are those of events.yaml, without those that have their usual value.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from functools import cache
from typing import Any

from calfeed.domain.edtf import Edtf, parse_edtf
from calfeed.domain.rules import RULES, Rule
from calfeed.domain.rules.limits import NO_LIMITS, Limits

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str)
_KEYS = {"since": "from", "skipped": "except"}  # words that Python keeps for itself


def written(rule: Rule, limits: Limits) -> str:
    """The line of a rule and its limits: equal ones give equal lines."""
    values = {"rule": rule.rule, **_told(rule)}
    values |= {_KEYS.get(name, name): value for name, value in _told(limits).items()}
    return _ENCODER.encode(values)


def _told(part: Rule | Limits) -> dict[str, Any]:
    """The fields of a dataclass that have another value than by default."""
    usual = vars(NO_LIMITS) if isinstance(part, Limits) else _usual(part.rule)
    return {name: value for name, value in vars(part).items() if value != usual[name]}


@cache
def _usual(name: str) -> dict[str, Any]:
    """The values that the keys of a rule have where they are left out."""
    rule = next(rule for rule in RULES if rule.rule == name)
    return {field.name: field.default for field in dataclasses.fields(rule)}


def dated(line: str, date: str) -> str:
    """The line with the date (EDTF) that its words may speak of."""
    return f"{line} {date}" if date else line


def read(line: str) -> tuple[Rule, Edtf | None, Limits]:
    """Rule, date and limits of a line; raises ValueError, LookupError or TypeError where it is none of ours."""
    values, end = json.JSONDecoder().raw_decode(line)
    known = {rule.rule: rule for rule in RULES}[values.pop("rule")]
    names = {field.name for field in dataclasses.fields(known)}
    rule = known(**{name: value for name, value in values.items() if name in names})
    limits = {name: value for name, value in values.items() if name not in names}
    date = line[end:].strip()
    return rule, parse_edtf(date) if date else None, _limits(**limits)


def _limits(**keys: Any) -> Limits:
    back = {key: name for name, key in _KEYS.items()}
    found = {back.get(key, key): value for key, value in keys.items()}
    if "skipped" in found:
        found["skipped"] = tuple(found["skipped"])
    if "moves" in found:
        found["moves"] = {int(year): dt.date.fromisoformat(day) for year, day in found["moves"].items()}
    return Limits(**found)
