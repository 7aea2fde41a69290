"""The short way through a right file gives what the shapes give, and never takes what they refuse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import BaseModel

from calfeed.domain.rules import RULES
from calfeed.errors import Problem, SourceError
from calfeed.storage.files import read_translations
from calfeed.storage.source import quick, shaped, shapes
from calfeed.storage.source.nodes import Node, read_nodes
from calfeed.storage.source.translations import translate
from tests.faults.targets import made
from tests.support import REPOSITORY, calendar, event, yaml_of

MANY = 1000  # changed files


def tree(data: bytes, translations: Mapping[str, bytes] | None = None) -> Node:
    """The tree of a file, translated."""
    root, problems = read_nodes(data, "events.yaml")
    assert not problems
    assert not translate(root, "events.yaml", translations or {})[1]
    return root


def assert_alike(root: Node) -> None:
    """It is read at once, and as the shapes read it."""
    found = quick.calendar_of(root, "events.yaml")
    assert found is not None
    assert found == shaped.calendar_of(root, "events.yaml", [])


def test_real_calendar_is_read_at_once() -> None:
    path = REPOSITORY / "events.yaml"
    assert_alike(tree(path.read_bytes(), read_translations(path)))


@pytest.mark.parametrize(
    "keys",
    [
        {"rule": "annual", "day": "03-08"},
        {"rule": "annual", "day": "02-29", "leap": "backward"},
        {"rule": "easter", "church": "orthodox", "offset": "-2"},
        {"rule": "hebrew", "day": "27", "month": "nisan", "evening": "true", "shift": "yom-hashoah"},
        {"rule": "islamic", "day": "10", "month": "muharram", "authority": "umm-al-qura", "evening": "true"},
        {"rule": "julian", "day": "10-25", "kept": "converted"},
        {"rule": "persian", "day": "1", "month": "farvardin"},
        {"rule": "weekday", "nth": "-1", "weekday": "sunday", "month": "6"},
        {"rule": "weekday-near", "weekday": "sunday", "when": "on-or-before", "day": "11-05"},
        {"rule": "annual", "day": "03-08", "from": "1959", "until": "2040", "every": "3", "except": ["2020"]},
        {"rule": "annual", "day": "03-08", "moves": {"2026": "2026-03-09"}, "days": "2"},
    ],
    ids=str,
)
def test_every_rule_and_limit_is_read_at_once(keys: Mapping[str, Any]) -> None:
    assert_alike(tree(yaml_of(calendar(event(observed=keys, date=None)))))


@pytest.mark.parametrize("rule", RULES)
def test_rules_that_need_no_keys_are_read_at_once_by_their_name(rule: Any) -> None:
    if rule.rule in ("annual", "once", "background"):
        assert_alike(tree(yaml_of(calendar(event(observed=rule.rule)))))


def test_every_key_is_read_at_once() -> None:
    second = event(
        "second",
        date="1992-02-25/1992-02-26",
        night="true",
        day_itself="true",
        location={"en": "Baku"},
        url="https://example.org/a?b=c",
        tone="mourning",
        kind="death",
        disputed={"en": "One says so; another says\nelse \\."},
        categories=["history", "history"],
    )
    second["claims"][0] |= {"date": "1992-02-26", "heading": "A piece", "reasoning": {"en": "It follows."}}
    values = calendar(
        event(),
        second,
        notice_days="7",
        feed_items="50",
        window={"past": "0"},
        budget={"bytes": "20000"},
        hub="https://hub.example/",
        google_link="http",
        refused=[{"what": "A visit", "source": "report", "why": "No date."}],
        corrections=[
            {"id": "second", "on": "2026-12-01", "why": {"en": "So."}, "source": "report", "withhold": "true"}
        ],
        compose=[["history"]],
    )
    assert_alike(tree(yaml_of(values)))


def test_it_knows_the_keys_that_the_shapes_know() -> None:
    known: dict[type[BaseModel], frozenset[str]] = {
        shapes.CalendarShape: quick._CALENDAR,
        shapes.CategoryShape: quick._CATEGORY,
        shapes.SourceShape: quick._SOURCE,
        shapes.EventShape: quick._EVENT,
        shapes.ClaimShape: quick._CLAIM,
    }
    for shape, keys in known.items():
        assert keys == set(shapes.keys_of(shape))
    assert set(shapes._LIMITS) == quick._LIMITS


def test_changed_file_is_read_as_the_shapes_read_it() -> None:
    right = 0
    for number in range(MANY):
        try:
            root, _ = read_nodes(made("events", number), "events.yaml")
        except SourceError:
            continue
        if isinstance(root.value, dict):
            problems: list[Problem] = []
            slow, found = shaped.calendar_of(root, "events.yaml", problems), quick.calendar_of(root, "events.yaml")
            assert found == slow, f"made('events', {number})"
            right += found is not None
    assert right > MANY / 100, "hardly any of them is right"
