"""The short way through a right file gives what the shapes give, and never takes what they refuse."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import BaseModel

from calfeed.domain.rules import RULES
from calfeed.errors import SourceError
from calfeed.storage import source
from calfeed.storage.files import read_translations
from calfeed.storage.source import Reading, quick, shapes
from calfeed.storage.source.nodes import is_odd
from calfeed.storage.source.piecewise import Asked
from calfeed.storage.source.translations import fingerprint, texts_of_event, texts_of_head
from tests.faults.targets import made
from tests.support import REPOSITORY, calendar, event, yaml_of

MANY = 1000  # changed files
SOME = 200  # made ones


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


@pytest.mark.parametrize("seed", range(SOME))
def test_translations_are_read_as_the_nodes_read_them(seed: int) -> None:
    chosen = random.Random(seed)  # noqa: S311 - a test
    texts = [{"en": f"Text {number}", **({"he": "שלו"} if chosen.random() < 0.2 else {})} for number in range(8)]
    first, second = event(title=texts[0], description=texts[1]), event("second", location=texts[2])
    second["claims"] = [{"source": "report", "basis": "stated", "says": says} for says in texts[3:6]]
    values = calendar(first, second, title=texts[6], description=texts[7], languages=["en", "he", "ru"])
    books = {
        f"translations/{language}.yaml": made_book(language, values, chosen) for language in ("he", "ru", "tr")
    }
    assert_alike(yaml_of(values), books)


def made_book(language: str, values: Mapping[str, Any], chosen: random.Random) -> bytes:
    """A right book with most of the texts of a calendar: some made from others, some moved, some cut perhaps."""
    written = ["טקסט", "Те\u00a0кст", '"#1 e\\u0301"', ">-\n      Two\n      lines", "", "e\u0301"]
    written += chosen.choice([[], [], ["a # b"]])
    lines = ["version: 1", f"language: {language}", "texts:"]
    texts = [*texts_of_head(values), *(text for event in values["events"] for text in texts_of_event(event))]
    for place, _, words in [text for text in texts if chosen.random() < 0.8]:
        of = fingerprint(chosen.choice([words["en"], words["en"], "Another text"]))
        lines += chosen.choice([[], ["  # in a line of its own"]])
        lines += [f"  {place}:" if chosen.random() < 0.9 else f"  moved/{place}:"]
        lines += [f"    of: {of}", f"    text: {chosen.choice(written)}"]
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("text", "is_looked_at"),
    [
        ("plain: text\n", False),
        ("text: >-\n  a\u00a0b\u2009c\n", False),
        ("text: >-\n \u00a0b\n", True),
        ("a" + "\u0301" * 29, False),
        ("ab" + "\u0301" * 31, True),
        ("ab" * 14 + "a" + "\u0301" * 31, True),
        ("a\u202eb", True),
        ("a\tb", True),
        ("\ud7ff\ue000\ufdd0", True),
        ("<<<<<<< ours", True),
        ("𠀀", False),
    ],
    ids=ascii,
)
def test_what_may_be_odd_is_looked_at(text: str, is_looked_at: bool) -> None:
    assert is_odd(text) == is_looked_at


def in_lines(data: bytes) -> bytes:
    """A file in the form that curators write, which is the one that is cut at its entries."""
    try:
        return yaml_of(json.loads(data)) if data.startswith(b"{") else data
    except ValueError:
        return data
