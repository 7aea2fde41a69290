"""The short way through a right file gives what the shapes give, and never takes what they refuse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import BaseModel

from calfeed.domain.rules import RULES
from calfeed.errors import SourceError
from calfeed.storage import source
from calfeed.storage.files import read_translations
from calfeed.storage.source import Reading, quick, shapes
from calfeed.storage.source.piecewise import Asked
from tests.faults.targets import made
from tests.support import REPOSITORY, calendar, event, yaml_of

MANY = 1000  # changed files


def at_once(data: bytes, translations: Mapping[str, bytes] | None = None) -> Reading | None:
    """What the short way finds, None where it gives up."""
    return source._entry_by_entry(data, Asked("events.yaml", None, translations or {}))


def by_shapes(data: bytes, translations: Mapping[str, bytes] | None = None) -> Reading | None:
    """What the shapes find in the file as a whole, None where something is wrong with it."""
    try:
        return source._as_a_whole(data, Asked("events.yaml", None, translations or {}))
    except SourceError:
        return None


def assert_alike(data: bytes, translations: Mapping[str, bytes] | None = None) -> None:
    """It is read at once, and as the shapes read it, with the same warnings."""
    found = at_once(data, translations)
    assert found is not None
    assert found == by_shapes(data, translations)


def test_real_calendar_is_read_at_once() -> None:
    path = REPOSITORY / "events.yaml"
    assert_alike(path.read_bytes(), read_translations(path))


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
    assert_alike(yaml_of(calendar(event(observed=keys, date=None))))


@pytest.mark.parametrize("rule", RULES)
def test_rules_that_need_no_keys_are_read_at_once_by_their_name(rule: Any) -> None:
    if rule.rule in ("annual", "once", "background"):
        assert_alike(yaml_of(calendar(event(observed=rule.rule))))


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
    assert_alike(yaml_of(values))


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
        data = in_lines(made("events", number))
        found = at_once(data)
        assert found is None or found == by_shapes(data), f"made('events', {number})"
        right += found is not None
    assert right > MANY / 100, "hardly any of them is right"


def in_lines(data: bytes) -> bytes:
    """A file in the form that curators write, which is the one that is cut at its entries."""
    try:
        return yaml_of(json.loads(data)) if data.startswith(b"{") else data
    except ValueError:
        return data
