"""The JSON Schema of events.yaml for editors, made from the same shapes that read it.

A schema sees values as an editor's YAML does, so `date: 1918` is an integer there and `night: true` a boolean; the
reader takes either for text. Where the two cannot agree, the schema is the more lenient one: whatever the reader
accepts is right in an editor too, and what takes more than one key to tell, or a second look at a word, is told
by `calfeed check` alone.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping
from typing import Any

import webcolors
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from calfeed.domain import rules
from calfeed.domain.sets import MOST
from calfeed.domain.wording import LANGUAGES
from calfeed.storage.source import shapes
from calfeed.storage.source.nodes import MAX_ITEMS
from calfeed.storage.source.values import SLUG, zone_names

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TITLE = "calfeed events.yaml"

_SCALARS = ["string", "number", "boolean"]
_INTEGER = "^-?[0-9]{1,9}$"
_PART = "[?~%]*[0-9X]{2}[?~%]*"
_POINT = f"[?~%]*(Y-?[0-9]{{5,9}}|-?[0-9X]{{4}})[?~%]*(-{_PART}(-{_PART})?)?"
# Looser than the reader, who knows which digits and days there are; it keeps out prose and other orders.
_EDTF = rf"^[\[{{./]*{_POINT}([/., ]+{_POINT})*[/., ]*[\]}}]?$"

_WEEKDAY = "English name of the day of the week."
_MONTH_DAY = "Month and day, MM-DD."
_MONTH = "Name of the month."
_DAY = "Number of the day in its month."
_EVENING = "Whether it begins at sunset of the civil day before."
# What editors say of the keys of rules, which are plain dataclasses: by rule and key, or by key alone.
_RULE_KEYS: Mapping[tuple[str, str] | str, tuple[str, list[Any]]] = {
    "rule": ("Which rule gives the days.", []),  # the example is its own name
    ("annual", "day"): (f"{_MONTH_DAY} For an observance without a date of origin.", ["03-08"]),
    "leap": ("Where 29 February goes in common years (RFC 7529).", ["backward"]),
    "church": ("Whose Easter is counted from.", ["western"]),
    "offset": ("Days after Easter Sunday; negative before it.", [-2]),
    ("hebrew", "day"): (_DAY, [27]),
    ("hebrew", "month"): (f"{_MONTH} `adar` is Adar II in leap years.", ["nisan"]),
    "evening": (_EVENING, [True]),
    "shift": ("Which law or custom keeps the day off the Sabbath or its edges.", ["yom-hashoah"]),
    "anniversary": ("The day of the entry’s own date, by the custom for a death or a birth.", ["death"]),
    "after_sunset": ("It happened after sunset of the civil day of its date.", [True]),
    ("islamic", "day"): (_DAY, [10]),
    ("islamic", "month"): (_MONTH, ["muharram"]),
    "authority": ("Whose reckoning of the months is followed.", ["umm-al-qura"]),
    ("julian", "day"): (f"{_MONTH_DAY} Of the Julian calendar.", ["10-25"]),
    "kept": ("How a Julian day is kept in the Gregorian calendar.", ["converted"]),
    ("persian", "day"): (_DAY, [1]),
    ("persian", "month"): (_MONTH, ["farvardin"]),
    "nth": ("Which one of the month: 1 to 5, or -1 for the last.", [3, -1]),
    "weekday": (_WEEKDAY, ["sunday"]),
    ("weekday", "month"): ("Number of the month, 1 to 12.", [6]),
    "when": ("On which side of the fixed day.", ["on-or-before"]),
    ("weekday-near", "day"): (f"{_MONTH_DAY} The fixed day.", ["11-05"]),
}


def schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a whole events.yaml; every key has a `description` and `examples`."""
    models = [(m, "validation") for m in (shapes.CalendarShape, shapes.EventShape, shapes.RefusedShape)]
    _, made = models_json_schema(models, schema_generator=_ForEditors)  # type: ignore[arg-type]
    definitions: dict[str, Any] = made["$defs"]
    for name, definition in definitions.items():
        definition.pop("title", None)
        _describe_rule(name, definition)
    _conditions(definitions)
    calendar = definitions.pop("CalendarShape")
    calendar["description"] = "A calendar of dated events, compiled by calfeed."
    calendar["properties"]["events"] |= {"minItems": 1, "maxItems": MAX_ITEMS, **_items("EventShape")}
    calendar["properties"]["refused"] |= _items("RefusedShape")
    _name_bounds(calendar)
    _name_bounds(definitions)
    return {"$schema": DIALECT, "title": TITLE, **calendar, "$defs": definitions}


def _name_bounds(part: Any) -> None:
    """Bounds stand on our reading, not on the integer inside, so pydantic leaves them in its own words."""
    if isinstance(part, dict):
        if part.get("pattern") == _INTEGER:
            for own, word in (("ge", "minimum"), ("le", "maximum")):
                if own in part:
                    part[word] = part.pop(own)
        for below in part.values():
            _name_bounds(below)
    elif isinstance(part, list):
        for below in part:
            _name_bounds(below)


def _items(name: str) -> dict[str, Any]:
    return {"items": {"$ref": f"#/$defs/{name}"}}


def _describe_rule(name: str, definition: dict[str, Any]) -> None:
    """Give the keys of a rule the words that its dataclass has no place for."""
    found = next((rule for rule in rules.RULES if rule.__name__ == name), None)
    if found is None:
        return
    rule = found.rule
    definition["description"] = " ".join(inspect.cleandoc(found.__doc__ or "").split("\n\n")[0].split())
    for key, value in definition["properties"].items():
        known = _RULE_KEYS.get((rule, key)) or _RULE_KEYS.get(key)
        if known and "description" not in value:
            value |= {"description": known[0], "examples": known[1] or [rule]}


def _conditions(definitions: dict[str, Any]) -> None:
    """What takes two keys to tell, as far as it can be said without a misleading complaint."""
    definitions["ClaimShape"] |= _when("basis", ["inferred", "outside"], {"required": ["reasoning"]})
    definitions["Hebrew"] |= {"if": {"required": ["anniversary"]}, "else": {"required": ["day", "month"]}}
    definitions["EventShape"] |= _when("observed", ["annual", "once"], {"required": ["date"]})


def _when(key: str, words: list[str], then: dict[str, Any]) -> dict[str, Any]:
    """A condition on a key of a group; where there is no group, its type is complaint enough."""
    return {"if": {"type": "object", "properties": {key: {"enum": words}}, "required": [key]}, "then": then}


def _check(annotated: Any) -> object:
    """The function that checks a kind of value: its last one, by which the generator knows the kind again."""
    metadata = typing.get_args(annotated)[1:] or annotated.metadata
    return next(m.func for m in reversed(metadata) if hasattr(m, "func"))


def _field(name: str) -> object:
    return _check(shapes.CalendarShape.model_fields[name])


def _month_day() -> object:
    day = shapes.RULE_SHAPES["annual"].model_fields["day"].annotation
    return _check(typing.get_args(day)[0])


def _integer(inner: JsonSchemaValue) -> JsonSchemaValue:
    return {**inner, "type": ["integer", "string"], "pattern": _INTEGER}


def _boolean(inner: JsonSchemaValue) -> JsonSchemaValue:
    del inner["type"]
    return {**inner, "enum": [True, False, "true", "false"]}


def _edtf(inner: JsonSchemaValue) -> JsonSchemaValue:
    year = {"type": ["string", "integer"], "pattern": _EDTF, "minimum": -9999, "maximum": 9999}
    return {**inner, **year}


def _color(inner: JsonSchemaValue) -> JsonSchemaValue:
    """Names as they are completed; one with a capital letter is left to the reader, who takes it too."""
    return {**inner, "type": "string", "anyOf": [{"enum": webcolors.names("css3")}, {"pattern": "[A-Z]"}]}


def _pattern(pattern: str, **more: Any) -> Callable[[JsonSchemaValue], JsonSchemaValue]:
    return lambda inner: {**inner, "pattern": f"^({pattern})$", **more}


def _word(pattern: str) -> Callable[[JsonSchemaValue], JsonSchemaValue]:
    """A text that no editor takes for anything else."""
    return _pattern(pattern, type="string")


def _texts(inner: JsonSchemaValue) -> JsonSchemaValue:
    return {**inner, "minProperties": 1}


_KINDS: Mapping[object, Callable[[JsonSchemaValue], JsonSchemaValue]] = {
    _check(shapes.Integer): _integer,
    _check(shapes.Boolean): _boolean,
    _check(shapes.EdtfText): _edtf,
    _check(shapes.ColorName): _color,
    _check(shapes.WebAddress): _word(r"https?://[A-Za-z0-9\[][!-~]*"),
    _check(shapes.LanguageTag): _word("[a-z]{2,3}"),
    _check(shapes.Slug): _pattern(SLUG),
    _check(shapes.Line): _pattern(r"[^\n\r]+"),
    _check(shapes.Lines): _texts,
    _check(shapes.CivilDay): _word("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    _month_day(): _word("(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"),
    _field("url"): _word(r"https?://[^?#\s]+/"),
    _field("authority"): _word("[a-z0-9.-]+,[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"),
    _field("timezone"): lambda inner: {**inner, "enum": zone_names()},
    _check(shapes.SetOfCategories): lambda inner: {**inner, "uniqueItems": True, "maxItems": MOST},
    _field("compose"): lambda inner: {**inner, "uniqueItems": True},
    _field("languages"): lambda inner: {
        **inner,
        "items": {"type": "string", "enum": list(LANGUAGES)},
        "uniqueItems": True,
    },
}


class _ForEditors(GenerateJsonSchema):
    """pydantic's schema of the shapes, with what our own functions check told in JSON Schema's words."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """What stands before a value's check: our reading of text."""
        return self._told(schema["function"], self.generate_inner(schema["schema"]))

    def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> JsonSchemaValue:
        """What stands after a value's check."""
        return self._told(schema["function"], self.generate_inner(schema["schema"]))

    def _told(self, function: Mapping[str, Any], inner: JsonSchemaValue) -> JsonSchemaValue:
        kind = _KINDS.get(function["function"])
        return kind(inner) if kind else inner

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """A text, which an editor may take for a number or a boolean."""
        return {**super().str_schema(schema), "type": _SCALARS, "minLength": 1}

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        """A word; digits are a number for an editor."""
        words = list(schema["expected"])
        words += [int(word) for word in words if isinstance(word, str) and word.isdigit()]
        return {"enum": words} if len(words) > 1 else {"const": words[0]}

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Keys are texts always; `propertyNames` complains at the key, not at its value."""
        keys = self.generate_inner(schema["keys_schema"])
        return {
            "type": "object",
            "propertyNames": {"pattern": keys["pattern"]},
            "additionalProperties": self.generate_inner(schema["values_schema"]),
        }

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """An optional key is left out, never null."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """What holds where a key is left out, unless that is nothing."""
        found = super().default_schema(schema)
        if found.get("default", ...) is None:
            del found["default"]
        return found

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        """Keys speak for themselves; they have descriptions."""
        return False

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """A word, or the rule that `rule` names: an editor complains of that one alone, not of all of them."""
        choices = {str(name): self.generate_inner(choice) for name, choice in schema["choices"].items()}
        words = [name for name, shape in shapes.RULE_SHAPES.items() if not _needs_keys(shape)]
        rule = {"description": _RULE_KEYS["rule"][0], "examples": list(choices)[:1], "enum": list(choices)}
        return {
            "type": ["string", "object"],
            "if": {"type": "string"},
            "then": {"enum": words},
            "else": {
                "required": ["rule"],
                "properties": {"rule": rule},
                "allOf": [{**_when("rule", [name], choice)} for name, choice in choices.items()],
            },
        }


def _needs_keys(shape: type[BaseModel]) -> bool:
    return any(field.is_required() for name, field in shape.model_fields.items() if name != "rule")
