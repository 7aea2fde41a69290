"""The shape of events.yaml: what may stand where, and the values that it becomes.

Every scalar arrives as text. Shapes refuse unknown keys; what one key alone can tell is checked here, what
takes two of them in `checks`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

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
from calfeed.domain.model import Basis, EventKind, GoogleLink, Tone
from calfeed.domain.rules.limits import MAX_DAYS, NO_LIMITS, NOT_RECURRING, Limits
from calfeed.domain.rules.span import LAST_YEAR
from calfeed.storage.source import values
from calfeed.storage.source.values import MAX_QUOTED, MAX_TEXT, MAX_TITLE, Wrong

_FEW = 12


def _complaint(wrong: Wrong) -> PydanticCustomError:
    """What is wrong in our own words, for pydantic to hand on; `problems` turns it into one with a place."""
    context = {"message": wrong.message, "hint": wrong.hint, "word": wrong.word, "known": [*wrong.known]}
    return PydanticCustomError("calfeed", "{message}", context)


def _told(check: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same check, complaining as pydantic wants it."""

    @wraps(check)
    def checked(value: Any) -> Any:
        try:
            return check(value)
        except Wrong as wrong:
            raise _complaint(wrong) from None

    return checked


def _before(check: Callable[[Any], Any]) -> BeforeValidator:
    return BeforeValidator(_told(check))


def _after(check: Callable[[Any], Any]) -> AfterValidator:
    return AfterValidator(_told(check))


def _rule(value: object) -> object:
    """`observed: annual` is short for `observed: {rule: annual}`."""
    return {"rule": value} if isinstance(value, str) else value


def _known(kind: str) -> AfterValidator:
    def check(value: str, info: ValidationInfo) -> str:
        known = info.context[kind] if info.context else None
        if known is not None and value not in known:  # None: the list itself is broken, which is enough said
            hint = f"write {', '.join(known)}" if 0 < len(known) <= _FEW else f"add it to the {kind} first"
            raise _complaint(Wrong(f'"{value}" is not among the {kind}', hint, word=value, known=known))
        return value

    return AfterValidator(check)


def _texts(value: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    first = info.context["first_language"] if info.context else None
    if first and first not in value:
        raise _complaint(Wrong(f'the text has no "{first}", the first of the languages', f"add {first}: …"))
    return value


LanguageTag = Annotated[str, _after(values.language_tag)]
Line = Annotated[str, Field(max_length=MAX_TITLE), _after(values.one_line)]
Prose = Annotated[str, Field(max_length=MAX_TEXT), _after(values.prose)]
Quoted = Annotated[str, Field(max_length=MAX_QUOTED), _after(values.one_line)]
Lines = Annotated[dict[LanguageTag, Line], AfterValidator(_texts)]
Proses = Annotated[dict[LanguageTag, Prose], AfterValidator(_texts)]
Slug = Annotated[str, _after(values.slug)]
Integer = Annotated[int, _before(values.integer)]
Boolean = Annotated[bool, _before(values.boolean)]
EdtfText = Annotated[Any, _before(values.edtf)]
WebAddress = Annotated[str, _after(values.web_address)]
ColorName = Annotated[Any, _before(values.color)]
CivilYear = Annotated[Integer, Field(ge=1, le=LAST_YEAR)]
CivilDay = Annotated[dt.date, _before(values.civil_day)]


class Shape(BaseModel):
    """What all shapes share: no unknown key, no coercion beyond our own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# The keys of `Limits`, beside those of every rule that recurs; two of them are no names in Python.
_LIMITS: dict[str, Any] = {
    "from": (CivilYear | None, Field(None, description="first civil year with an occurrence", examples=[1959])),
    "until": (CivilYear | None, Field(None, description="last civil year with an occurrence", examples=[2005])),
    "every": (Annotated[Integer, Field(ge=1)], Field(1, description="only every so many years", examples=[5])),
    "except": (list[CivilYear], Field([], min_length=1, description="civil years left out", examples=[[2020]])),
    "moves": (
        dict[CivilYear, CivilDay],
        Field({}, description="civil year → the day of its occurrence, once", examples=[{"2021": "2021-05-03"}]),
    ),
    "days": (
        Annotated[Integer, Field(ge=1, le=MAX_DAYS)] | None,
        Field(None, description="how many days it lasts", examples=[2]),
    ),
}


def _field_of(annotation: Any) -> Any:
    """The shape of a rule's field, which the rule declares in plain Python types."""
    swap = {int: Integer, int | None: Integer | None, bool: Boolean}
    return swap.get(annotation, annotation)


def _shape_of(rule: type[rules.Rule]) -> type[BaseModel]:
    hints = typing.get_type_hints(rule)
    fields: dict[str, Any] = {"rule": (Literal[rule.rule], ...)}
    for field in dataclasses.fields(rule):
        required = field.default is dataclasses.MISSING
        annotation = _field_of(hints[field.name])
        if field.name == "day" and annotation in (str, str | None):  # MM-DD; a day of a month is an int
            month_day = Annotated[str, _after(values.month_day)]
            annotation = month_day if required else month_day | None
        fields[field.name] = (annotation, ... if required else field.default)
    if rule not in NOT_RECURRING:
        fields |= _LIMITS
    return create_model(rule.__name__, __base__=Shape, **fields)


RULE_SHAPES = {rule.rule: _shape_of(rule) for rule in rules.RULES}
if TYPE_CHECKING:
    Observed: TypeAlias = BaseModel
else:  # the members are computed from RULES, which a type checker cannot follow
    Observed = Annotated[typing.Union[tuple(RULE_SHAPES.values())], Field(discriminator="rule")]  # noqa: UP007


class SourceShape(Shape):
    """A document that was read."""

    title: Quoted = Field(description="The document’s own title.", examples=["Chronicle of the town"])
    publisher: Line | None = Field(
        None, description="Who published it, left out where the document names nobody.", examples=["Town archive"]
    )
    published: EdtfText | None = Field(
        None, description="When it was published, no more exact than it says (EDTF).", examples=["1998-05"]
    )
    url: WebAddress | None = Field(
        None, description="Where it can be read.", examples=["https://example.org/chronicle"]
    )
    note: Proses | None = Field(
        None,
        description="What readers should know of the document, by language.",
        examples=[{"en": "Written fifty years later."}],
    )
    cited: Lines | None = Field(
        None,
        description="How it is cited, by language, in place of title, publisher and date: where those are ours.",
        examples=[{"en": "Common knowledge"}],
    )


class CategoryShape(Shape):
    """A subject with feeds of its own."""

    title: Lines = Field(description="Name of the category, by language.", examples=[{"en": "The town"}])
    color: ColorName | None = Field(
        None, description="CSS3 colour name for programs that show one.", examples=["maroon"]
    )


SetOfCategories = Annotated[
    list[Annotated[str, _known("categories")]], Field(min_length=1), _after(values.set_of_categories)
]


class ClaimShape(Shape):
    """What one source says."""

    source: Annotated[str, _known("sources")] = Field(
        description="A key of `sources`: the document that says it.", examples=["chronicle"]
    )
    basis: Basis = Field(
        description="`stated` by the source, `inferred` (worked out), or from `outside` the calendar’s documents.",
        examples=["stated"],
    )
    says: Proses = Field(
        description="What the source says, in your own words, by language.",
        examples=[{"en": "Names the night and forty houses."}],
    )
    date: EdtfText | None = Field(
        None, description="The date that this source gives (EDTF).", examples=["1903-07-14/1903-07-15"]
    )
    reasoning: Proses | None = Field(
        None,
        description="How it was worked out, by language; required unless the basis is `stated`.",
        examples=[{"en": "From the 25th anniversary it names."}],
    )
    heading: Quoted | None = Field(
        None, description="Heading of the piece inside a collection.", examples=["The night of the fire"]
    )


class EventShape(Shape):
    """One event or observance."""

    id: Slug = Field(
        description="Identity in every subscriber’s calendar, for ever: a-z, 0-9 and hyphens.",
        examples=["fire-1903"],
    )
    title: Lines = Field(
        description="Place and kind of event, by language; no judgement and no year, which is added.",
        examples=[{"en": "Great fire"}],
    )
    description: Proses = Field(
        description="What happened, plain text by language; sources and links are added.",
        examples=[{"en": "A fire destroyed the lower town; forty houses burned."}],
    )
    observed: Annotated[Observed, BeforeValidator(_rule)] = Field(
        description="When it is observed: a word such as annual, once or background, or a rule with its keys.",
        examples=["annual", {"rule": "weekday", "nth": 3, "weekday": "sunday", "month": 6}],
    )
    categories: Annotated[list[Annotated[str, _known("categories")]], Field(min_length=1)] = Field(
        description="One or more keys of `categories`.", examples=[["town"]]
    )
    claims: Annotated[list[ClaimShape], Field(min_length=1)] = Field(
        description="Who says so: one or more sources with what each says.",
        examples=[[{"source": "chronicle", "basis": "stated", "says": {"en": "Names the night."}}]],
    )
    date: EdtfText | None = Field(
        None,
        description="When it happened, no more exact than the sources say (EDTF); none for a pure observance.",
        examples=["1903-07-14", "1993-08", "1918", "1992-02-25/1992-02-26"],
    )
    night: Boolean = Field(False, description="The date is the night between its two days.", examples=[True])
    day_itself: Boolean = Field(
        False, description="Also publish the very day it happened, where the window holds it.", examples=[True]
    )
    location: Lines | None = Field(
        None, description="A place, by language; never a sentence.", examples=[{"en": "Lower town"}]
    )
    url: WebAddress | None = Field(
        None,
        description="A page about it elsewhere, shown on its own page.",
        examples=["https://example.org/fire"],
    )
    tone: Tone = Field("neutral", description="How it is kept.", examples=["mourning"])
    kind: EventKind = Field(
        "event", description="What its anniversaries count from; titles say so.", examples=["birth"]
    )
    disputed: Proses | None = Field(
        None,
        description="Who says which, which one is observed, and why, by language; needed where claims differ.",
        examples=[{"en": "The chronicle gives the 14th, a letter the 15th; the calendar keeps both."}],
    )


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

    what: Prose = Field(description="The event that was left out.", examples=["A visit of the mayor"])
    source: Annotated[str, _known("sources")] = Field(
        description="A key of `sources`: the document that tells of it.", examples=["chronicle"]
    )
    why: Prose = Field(description="Why it is left out.", examples=["No date is given."])


class CorrectionShape(Shape):
    """A word on what was changed in an entry, or on why it was taken out."""

    id: Slug = Field(
        description="The `id` of the entry, which may have been taken out since.", examples=["fire-1903"]
    )
    on: CivilDay = Field(
        description="The day of the correction; no two of an entry share one.", examples=["2026-12-01"]
    )
    why: Proses = Field(
        description="What was wrong and why it is otherwise now, by language.",
        examples=[{"en": "A letter of the mayor names the night; the calendar had the day after."}],
    )
    source: Annotated[str, _known("sources")] | None = Field(
        None, description="A key of `sources`: the document that it was corrected by.", examples=["chronicle"]
    )
    withhold: Boolean = Field(
        False,
        description="The old wording is not repeated anywhere: for what should never have been published.",
        examples=[True],
    )


class WindowShape(Shape):
    """Civil years around the current one."""

    past: Annotated[Integer, Field(ge=0, le=50)] = Field(
        default=1, description="Years before the current one.", examples=[1]
    )
    future: Annotated[Integer, Field(ge=1, le=50)] = Field(
        default=5, description="Years after the current one.", examples=[5]
    )


class BudgetShape(Shape):
    """What one calendar file may hold."""

    events: Annotated[Integer, Field(ge=1)] = Field(
        default=1000, description="Most events in one file.", examples=[1000]
    )
    bytes: Annotated[Integer, Field(ge=10_000)] = Field(
        default=1_000_000, description="Most bytes of one file.", examples=[1_000_000]
    )


class CalendarShape(Shape):
    """Everything but the events, which are read one by one."""

    version: Literal["1"] = Field(description="Version of this form of file.", examples=[1])
    title: Lines = Field(
        description="Name of the calendar, one line by language.", examples=[{"en": "Days of a town"}]
    )
    description: Proses = Field(
        description="What the calendar is, a sentence or two by language.",
        examples=[{"en": "What happened here, day by day."}],
    )
    url: Annotated[str, _after(values.base_address)] = Field(
        description="Where the site is published; ends with a slash.", examples=["https://days.example.org/"]
    )
    authority: Annotated[str, _after(values.authority)] = Field(
        description="A domain of yours and a year in which you held it (RFC 4151). Never change it.",
        examples=["example.org,2026"],
    )
    timezone: Annotated[Any, _before(values.zone)] = Field(
        description="IANA name of the zone in which days begin and end.", examples=["Asia/Baku"]
    )
    languages: Annotated[
        list[Annotated[str, _after(values.language)]], Field(min_length=1), _after(values.distinct)
    ] = Field(description="The first is published at the root, others below their own folder.", examples=[["en"]])
    categories: dict[Slug, CategoryShape] = Field(
        description="Subjects that have feeds of their own, by slug; never rename one.",
        examples=[{"town": {"title": {"en": "The town"}, "color": "maroon"}}],
    )
    sources: dict[Slug, SourceShape] = Field(
        description="Documents that were read, by key.",
        examples=[{"chronicle": {"title": "Chronicle of the town", "publisher": "Town archive"}}],
    )
    events: list[Any] = Field(
        description="The entries.", examples=[[{"id": "fire-1903", "title": {"en": "Great fire"}}]]
    )
    refused: list[Any] = Field(
        [],
        description="Events that were read of and left out; in no output.",
        examples=[[{"what": "A visit", "source": "chronicle", "why": "No date is given."}]],
    )
    corrections: list[CorrectionShape] = Field(
        [],
        description="What was changed and why, the newest last: readers see it beside the old and the new words.",
        examples=[[{"id": "fire-1903", "on": "2026-12-01", "why": {"en": "A letter names the night."}}]],
    )
    color: ColorName | None = Field(
        None, description="CSS3 colour name for programs that show one.", examples=["slategray"]
    )
    notice_days: Annotated[Integer, Field(ge=0, le=60)] = Field(
        0, description="Put an item into the feeds so many days before its day.", examples=[7]
    )
    feed_items: Annotated[Integer, Field(ge=1, le=200)] = Field(
        40, description="How many of the newest items a feed holds.", examples=[40]
    )
    window: WindowShape = Field(
        WindowShape(),
        description="Civil years around the current one that are published.",
        examples=[{"past": 1, "future": 5}],
    )
    budget: BudgetShape = Field(
        BudgetShape(),
        description="What one calendar file may hold before programs drop events silently.",
        examples=[{"events": 1000, "bytes": 1_000_000}],
    )
    hub: WebAddress | None = Field(
        None,
        description="WebSub hub that is told of every change, so that feed readers need not wait.",
        examples=["https://hub.example/"],
    )
    google_link: GoogleLink = Field(
        "webcal",
        description="Scheme of the address in the button for Google Calendar, which has changed its mind before.",
        examples=["https"],
    )
    compose: Annotated[list[SetOfCategories], _after(values.distinct_sets)] = Field(
        [],
        description="Sets of categories whose calendar is built ahead, for web servers that cannot compose it.",
        examples=[[["town", "people"]]],
    )


def rule_of(observed: BaseModel) -> rules.Rule:
    """The rule that a shape stands for."""
    found = next(rule for rule in rules.RULES if rule.rule == observed.rule)  # type: ignore[attr-defined]
    return found(**{f.name: getattr(observed, f.name) for f in dataclasses.fields(found)})


def limits_of(observed: BaseModel) -> Limits:
    """The limits that stand beside the keys of a rule; none where the rule does not recur."""
    if not keys_of(type(observed)).keys() >= _LIMITS.keys():
        return NO_LIMITS
    found: dict[str, Any] = {key: getattr(observed, key) for key in _LIMITS}
    return Limits(
        since=found["from"],
        until=found["until"],
        every=found["every"],
        skipped=tuple(found["except"]),
        moves=found["moves"],
        days=found["days"],
    )


def keys_of(what: type[BaseModel]) -> Mapping[str, object]:
    """The keys that a shape knows, for 'did you mean'."""
    return what.model_fields
