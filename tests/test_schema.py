"""`calfeed schema`: what editors are told of events.yaml is what the reader accepts, key by key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import yaml

from calfeed.cli import main
from calfeed.domain.rules import RULES
from calfeed.storage.source import read_calendar
from calfeed.storage.source.schema import schema
from calfeed.storage.starter import TEMPLATE, starter
from tests.storage.test_source import MISTAKES, SMALL, Mistake
from tests.support import REPOSITORY

DOCUMENTATION = (REPOSITORY / "docs" / "events-yaml.md").read_text()
SCHEMA = schema()
JUDGE = jsonschema.Draft202012Validator(SCHEMA)


class Editor(yaml.SafeLoader):
    """YAML as editors read it: the core schema of YAML 1.2 (§10.3), in which a day is text and 0753 is decimal."""

    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012  # so it is declared in PyYAML


_TRUTH, _WHOLE = re.compile("^(true|True|TRUE|false|False|FALSE)$"), re.compile("^[-+]?[0-9]+$")
_FRACTION = re.compile(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
Editor.add_implicit_resolver("tag:yaml.org,2002:bool", _TRUTH, list("tTfF"))
Editor.add_implicit_resolver("tag:yaml.org,2002:int", _WHOLE, list("-+0123456789"))
Editor.add_implicit_resolver("tag:yaml.org,2002:float", _FRACTION, list("-+.0123456789"))
Editor.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^(~|null|Null|NULL|)$"), ["~", "n", "N", ""])
Editor.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(node.value))


def edited(text: str) -> Any:
    """The values of a file as an editor's validator sees them; keys are texts always."""
    return json.loads(json.dumps(yaml.load(text, Editor)))  # noqa: S506  # a SafeLoader


def complaints(text: str) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in JUDGE.iter_errors(edited(text))]


def keys(part: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every key that the schema knows, with what is said of it."""
    if isinstance(part, dict):
        told = part.get("properties", {}) if part.get("type") == "object" else {}
        yield from ((f"{path}.{name}", value) for name, value in told.items())
        for name, below in part.items():
            if name != "if":  # a condition asks, it does not describe
                yield from keys(below, f"{path}.{name}")
    elif isinstance(part, list):
        for number, below in enumerate(part):
            yield from keys(below, f"{path}[{number}]")


def test_schema_is_one_of_2020_12_without_an_address() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["title"] == "calfeed events.yaml"
    assert "$id" not in json.dumps(SCHEMA)


def test_every_key_has_a_description_and_an_example_that_fits() -> None:
    known = dict(keys(SCHEMA))
    assert len(known) > 100
    for path, told in known.items():
        assert told.get("description"), path
        assert told.get("examples"), path
        if path != ".events":  # its example is the beginning of an entry, to be completed
            judge = JUDGE.evolve(schema={**told, "$defs": SCHEMA["$defs"]})
            for example in told["examples"]:
                assert judge.is_valid(example), (path, example)


def test_every_rule_is_there_with_all_its_keys() -> None:
    for rule in RULES:
        definition = SCHEMA["$defs"][rule.__name__]
        assert definition["properties"]["rule"]["const"] == rule.rule
        assert set(rule.__dataclass_fields__) - {"rule"} <= set(definition["properties"])
        assert definition["description"]


@pytest.mark.parametrize(
    "text",
    [
        (REPOSITORY / "events.yaml").read_text(),
        re.findall(r"```yaml\n(.*?)```", DOCUMENTATION, re.DOTALL)[0],
        starter()[TEMPLATE].decode(),
        SMALL,
    ],
    ids=["events.yaml", "documentation", "starter", "small"],
)
def test_calendars_that_build_are_right_in_an_editor(text: str) -> None:
    assert complaints(text) == []


@pytest.mark.parametrize(
    "entry",
    [
        'date: "1918"',
        "date: 1918",
        "date: 0753",
        "date: -0043",
        "date: 1992-02-25",
        "date: 192X",
        "date: 2001-21",
        "date: Y17000",
        "date: 1918-03?",
        'date: "?2004-06-~11"',
        "date: 156X-12-25",
        "date: XXXX-01-27",
        "date: ../1991",
        "date: 1991/..",
        "date: 1991/",
        "date: /1991",
        'date: "[1667, 1670..1672]"',
        'date: "[..1760-12-03]"',
        'date: "{1960,1961-12}"',
        "url: https://example.org:80/a?b=c#d",
        "night: false",
        'night: "false"',
        "location: {en: 1918}",
        "location: {en: true}",
        "location: {en: 3.5}",
        "observed: {rule: background}",
        "observed: {rule: weekday, nth: -1, weekday: friday, month: 06}",
        'observed: {rule: weekday, nth: "3", weekday: sunday, month: "6"}',
        "observed: {rule: hebrew, day: 27, month: nisan, evening: true, shift: yom-hashoah}",
        "observed: {rule: annual, day: 03-08}",
    ],
)
def test_what_the_reader_accepts_is_right_in_an_editor(entry: str) -> None:
    key, _, _ = entry.partition(":")
    standing = {"observed": "background"} | ({"date": "1992"} if "annual" in entry else {})
    lines = [entry, *(f"{other}: {value}" for other, value in standing.items() if other != key)]
    text = SMALL.replace("date: 1992-03-05, ", "").replace(
        "date: 1992-03-05\n    observed: annual", "\n    ".join(lines)
    )
    assert read_calendar(text.encode(), file="events.yaml").calendar.events
    assert complaints(text) == []


OF_SHAPE = (
    "is not a key of",
    'has no "',
    "should be",
    "does not say in which",
    'cannot be "',
    "is not a rule",
    "names no rule",
    "are allowed; shorten",
    "it must be at",
    "is not a time zone",
    "name at least one",
    "is not a CSS3",
    "does not end with a slash",
    "has a query",
    "stands in this list twice",
    "there are no events",
    "calfeed has no words",
)


def test_every_rule_of_the_documentation_is_right_in_an_editor() -> None:
    documented = re.findall(r"^\| `(\{rule: .*?\})` \|", DOCUMENTATION, re.MULTILINE)
    assert {re.findall(r"[a-z-]+", rule)[1] for rule in documented} >= {"annual", "weekday", "hebrew"}
    for rule in documented:
        assert complaints(SMALL.replace("observed: annual", f"observed: {rule}")) == [], rule


def _loads(mistake: Mistake) -> bool:
    try:
        edited(SMALL.replace(mistake.right, mistake.wrong, 1))
    except (yaml.YAMLError, ValueError, TypeError):
        return False
    return True


def _breaks_the_shape(mistake: Mistake) -> bool:
    told = [problem for problem in mistake.problems if 'the text has no "' not in problem]
    return any(words in problem for problem in told for words in OF_SHAPE)


BROKEN = [mistake for mistake in MISTAKES if _breaks_the_shape(mistake) and _loads(mistake)]


@pytest.mark.parametrize("mistake", BROKEN, ids=lambda mistake: mistake.wrong.strip())
def test_file_that_breaks_the_shape_is_wrong_in_an_editor(mistake: Mistake) -> None:
    assert complaints(SMALL.replace(mistake.right, mistake.wrong, 1))


def test_files_that_break_the_shape_are_many() -> None:
    assert len(BROKEN) > 100


@pytest.mark.parametrize(
    ("observed", "complaint"),
    [
        ("anual", "'anual' is not one of ['annual', 'background', 'once']"),
        ("{rule: wekday}", "'wekday' is not one of ["),
        ("{nth: 3}", "'rule' is a required property"),
        ("{rule: weekday, nth: 3, weekday: sunday}", "'month' is a required property"),
        ("{rule: weekday, nth: 3, weekday: sonntag, month: 6}", "'sonntag' is not one of ["),
        ("{rule: once, day: 3}", "Additional properties are not allowed ('day' was unexpected)"),
        ("[annual]", "['annual'] is not of type 'string', 'object'"),
    ],
)
def test_wrong_rule_gets_one_complaint_about_the_rule_that_was_meant(observed: str, complaint: str) -> None:
    found = complaints(SMALL.replace("observed: annual", f"observed: {observed}"))
    assert len(found) == 1, found
    assert complaint in found[0]
    assert found[0].startswith("$.events[0].observed")


def test_command_prints_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["schema"])
    assert exit_.value.code == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA
