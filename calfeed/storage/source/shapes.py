"""The shape of events.yaml: what may stand where, and the values that it becomes.

Every scalar arrives as text. Shapes refuse unknown keys; what one key alone can tell is checked here, what
takes two of them in `checks`.
"""

from __future__ import annotations

import dataclasses
import importlib.resources
import re
import typing
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

import webcolors
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    create_model,
)
from pydantic_core import PydanticCustomError

from calfeed.domain import rules
from calfeed.domain.edtf import Edtf, parse_edtf
from calfeed.domain.model import Basis, Color, Tone
from calfeed.domain.wording import LANGUAGES
from calfeed.errors import ValueProblem

SLUG = "[a-z0-9][a-z0-9-]{0,63}"
MAX_TITLE = 120
MAX_TEXT = 4000
_FEW = 12
_MAX_DIGITS = 9


def wrong(message: str, hint: str = "", *, word: str = "", known: Iterable[str] = ()) -> PydanticCustomError:
    """A problem in our own words; `problems` turns it into one with a place.

    If a known word is near `word`, the hint asks whether that was meant.
    """
    context = {"message": message, "hint": hint, "word": word, "known": list(known)}
    return PydanticCustomError("calfeed", "{message}", context)


def _one_word(value: object, wanted: str, hint: str) -> str:
    if not isinstance(value, str):
        raise wrong(f"{wanted} is expected here, not a list or keys", hint)
    if not value:
        raise wrong(f"{wanted} is expected here, and there is nothing", hint)
    return value


def _matching(pattern: str, message: str, hint: str) -> AfterValidator:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise wrong(message.format(value), hint)
        return value

    return AfterValidator(check)


def _no_misread_backslash(value: str) -> str:
    if re.search(r"\\[nN]", value):
        raise wrong("a backslash before n is read as a line break by some programs", "leave the backslash out")
    return value


def _one_line(value: str) -> str:
    if not value:
        raise wrong("this text is empty", "write it, or leave the key out")
    if "\n" in value:
        raise wrong("a line break in a text of one line", "write it in one line")
    return _no_misread_backslash(value)


def _prose(value: str) -> str:
    if not value:
        raise wrong("this text is empty", "write it, or leave the key out")
    return _no_misread_backslash(value)


def _integer(value: object) -> object:
    word = _one_word(value, "a whole number", "write digits, as in 3")
    if not re.fullmatch("-?[0-9]+", word):
        raise wrong(f'"{word}" is not a whole number', "write digits, as in 3")
    if len(word) > _MAX_DIGITS:
        raise wrong(f'"{word}" has too many digits', f"{_MAX_DIGITS} are allowed")
    return int(word)


def _boolean(value: object) -> object:
    word = _one_word(value, "true or false", "write true or false")
    if word not in ("true", "false"):
        raise wrong(f'"{word}" is neither true nor false', "write true or false")
    return word == "true"


def _edtf(value: object) -> Edtf:
    word = _one_word(value, "a date", "write a day as 1992-02-25")
    try:
        return parse_edtf(word)
    except ValueProblem as problem:
        raise wrong(problem.message, problem.hint) from None


_ADDRESS = (
    r"https?://([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?"
    r"([/?#][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?"  # RFC 3986 §2: no quote, bracket or backslash
)


def _web_address(value: str) -> str:
    if not re.fullmatch(_ADDRESS, value):
        hint = "write it as in https://example.org/page, in plain ASCII and without spaces"
        raise wrong(f'"{value}" is not a web address', hint)
    return value


def _base_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^?#]+", _web_address(value)):
        hint = "write the address of the folder alone, up to its last slash"
        raise wrong(f'"{value}" has a query or a fragment', hint)
    if not value.endswith("/"):
        raise wrong(f'"{value}" does not end with a slash', f"write {value}/")
    return value


def _zone(value: object) -> ZoneInfo:
    hint = "write one of the IANA names, as in Asia/Baku"
    name = _one_word(value, "a time zone", hint)
    # The list is read rather than tried: what else lies beside the zones differs from machine to machine.
    known = importlib.resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    if name not in known:
        raise wrong(f'"{name}" is not a time zone', hint, word=name, known=known)
    return ZoneInfo(name)


def _color(value: object) -> Color:
    hint = "write a name as in maroon or slategray"
    name = _one_word(value, "a colour name", hint).lower()
    if name not in webcolors.names("css3"):
        raise wrong(f'"{value}" is not a CSS3 colour name', hint, word=name, known=webcolors.names("css3"))
    return Color(name, webcolors.name_to_hex(name).upper())


def _language(value: str) -> str:
    if value not in LANGUAGES:
        hint = f"it has {', '.join(LANGUAGES)}"
        raise wrong(f'calfeed has no words for the language "{value}"', hint, word=value, known=LANGUAGES)
    return value


def _distinct(values: list[str]) -> list[str]:
    twice = next((value for number, value in enumerate(values) if value in values[:number]), None)
    if twice is not None:
        raise wrong(f'"{twice}" stands in this list twice', "delete one of them")
    return values


def _month_day(value: str) -> str:
    match = re.fullmatch("([0-9]{2})-([0-9]{2})", value)
    try:
        parse_edtf(f"2000-{value}" if match else value)
    except ValueProblem:
        match = None
    if match is None:
        raise wrong(f'"{value}" is not a day of the year', "write month and day, as in 03-08")
    return value


def _rule(value: object) -> object:
    """`observed: annual` is short for `observed: {rule: annual}`."""
    return {"rule": value} if isinstance(value, str) else value


def _known(kind: str) -> AfterValidator:
    def check(value: str, info: ValidationInfo) -> str:
        known = info.context[kind] if info.context else None
        if known is not None and value not in known:  # None: the list itself is broken, which is enough said
            hint = f"write {', '.join(known)}" if 0 < len(known) <= _FEW else f"add it to the {kind} first"
            raise wrong(f'"{value}" is not among the {kind}', hint, word=value, known=known)
        return value

    return AfterValidator(check)


def _texts(value: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    first = info.context["first_language"] if info.context else None
    if first and first not in value:
        raise wrong(f'the text has no "{first}", the first of the languages', f"add {first}: …")
    return value


LanguageTag = Annotated[
    str,
    _matching(
        "[a-z]{2,3}", '"{}" is not a language tag', 'write one as in en or az; a text with a comma needs "quotes"'
    ),
]
Line = Annotated[str, Field(max_length=MAX_TITLE), AfterValidator(_one_line)]
Prose = Annotated[str, Field(max_length=MAX_TEXT), AfterValidator(_prose)]
Lines = Annotated[dict[LanguageTag, Line], AfterValidator(_texts)]
Proses = Annotated[dict[LanguageTag, Prose], AfterValidator(_texts)]
Slug = Annotated[
    str,
    _matching(
        SLUG, '"{}" cannot be an id', "use a-z, 0-9 and hyphens, at most 64, beginning with a letter or digit"
    ),
]
Integer = Annotated[int, BeforeValidator(_integer)]
Boolean = Annotated[bool, BeforeValidator(_boolean)]
EdtfText = Annotated[Any, BeforeValidator(_edtf)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
ColorName = Annotated[Any, BeforeValidator(_color)]


class Shape(BaseModel):
    """What all shapes share: no unknown key, no coercion beyond our own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _field_of(annotation: Any) -> Any:
    """The shape of a rule's field, which the rule declares in plain Python types."""
    swap = {int: Integer, bool: Boolean}
    return swap.get(annotation, annotation)


def _shape_of(rule: type[rules.Rule]) -> type[BaseModel]:
    hints = typing.get_type_hints(rule)
    fields: dict[str, Any] = {"rule": (Literal[rule.rule], ...)}
    for field in dataclasses.fields(rule):
        required = field.default is dataclasses.MISSING
        annotation = _field_of(hints[field.name])
        if rule is rules.Annual and field.name == "day":
            annotation = Annotated[str, AfterValidator(_month_day)] | None
        fields[field.name] = (annotation, ... if required else field.default)
    return create_model(rule.__name__, __base__=Shape, **fields)


RULE_SHAPES = {rule.rule: _shape_of(rule) for rule in rules.RULES}
if TYPE_CHECKING:
    Observed: TypeAlias = BaseModel
else:  # the members are computed from RULES, which a type checker cannot follow
    Observed = Annotated[typing.Union[tuple(RULE_SHAPES.values())], Field(discriminator="rule")]  # noqa: UP007


class SourceShape(Shape):
    """A document that was read."""

    title: Annotated[str, Field(max_length=300), AfterValidator(_one_line)]
    publisher: Line
    published: EdtfText | None = None
    url: WebAddress | None = None
    note: Proses | None = None


class CategoryShape(Shape):
    """A subject with feeds of its own."""

    title: Lines
    color: ColorName | None = None


class ClaimShape(Shape):
    """What one source says."""

    source: Annotated[str, _known("sources")]
    basis: Basis
    says: Proses
    date: EdtfText | None = None
    reasoning: Proses | None = None
    heading: Annotated[str, Field(max_length=300), AfterValidator(_one_line)] | None = None


class EventShape(Shape):
    """One event or observance."""

    id: Slug
    title: Lines
    description: Proses
    observed: Annotated[Observed, BeforeValidator(_rule)]
    categories: Annotated[list[Annotated[str, _known("categories")]], Field(min_length=1)]
    claims: Annotated[list[ClaimShape], Field(min_length=1)]
    date: EdtfText | None = None
    night: Boolean = False
    day_itself: Boolean = False
    location: Lines | None = None
    url: WebAddress | None = None
    tone: Tone = "neutral"
    disputed: Proses | None = None


class PartialEvent(BaseModel):
    """What is right in an event that has mistakes, so that all of them can be told in one run."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: Slug = ""
    observed: Annotated[Observed | None, BeforeValidator(_rule)] = None
    claims: list[ClaimShape] = []
    date: EdtfText | None = None
    night: Boolean = False
    disputed: Proses | None = None


class RefusedShape(Shape):
    """An event that was read of and left out, with the reason; it appears in no output."""

    what: Prose
    source: Annotated[str, _known("sources")]
    why: Prose


class WindowShape(Shape):
    """Civil years around the current one."""

    past: Annotated[Integer, Field(ge=0, le=50)] = 1
    future: Annotated[Integer, Field(ge=1, le=50)] = 5


class BudgetShape(Shape):
    """What one calendar file may hold."""

    events: Annotated[Integer, Field(ge=1)] = 1000
    bytes: Annotated[Integer, Field(ge=10_000)] = 1_000_000


class CalendarShape(Shape):
    """Everything but the events, which are read one by one."""

    version: Literal["1"]
    title: Lines
    description: Proses
    url: Annotated[str, AfterValidator(_base_address)]
    authority: Annotated[
        str,
        _matching(
            r"[a-z0-9]+([.-][a-z0-9]+)*,[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?",
            '"{}" is not an authority',
            "write a domain of yours and a year in which you held it, as in example.org,2026",
        ),
    ]
    timezone: Annotated[Any, BeforeValidator(_zone)]
    languages: Annotated[
        list[Annotated[str, AfterValidator(_language)]], Field(min_length=1), AfterValidator(_distinct)
    ]
    categories: dict[Slug, CategoryShape]
    sources: dict[Slug, SourceShape]
    events: list[Any]
    refused: list[Any] = []
    color: ColorName | None = None
    notice_days: Annotated[Integer, Field(ge=0, le=60)] = 0
    feed_items: Annotated[Integer, Field(ge=1, le=200)] = 40
    window: WindowShape = WindowShape()
    budget: BudgetShape = BudgetShape()


def rule_of(observed: BaseModel) -> rules.Rule:
    """The rule that a shape stands for."""
    found = next(rule for rule in rules.RULES if rule.rule == observed.rule)  # type: ignore[attr-defined]
    return found(**{f.name: getattr(observed, f.name) for f in dataclasses.fields(found)})


def keys_of(what: type[BaseModel]) -> Mapping[str, object]:
    """The keys that a shape knows, for 'did you mean'."""
    return what.model_fields
