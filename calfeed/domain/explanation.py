"""Why an entry falls on its days, and who says so: what `calfeed explain` shows, as data and as plain text.

Titles, days and rules come in the words of a language of the calendar; what frames them is the curator's
English, like every other word of the command line. Readers of the calendar never see this.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

from calfeed.domain.edtf import Edtf
from calfeed.domain.milestones import is_milestone
from calfeed.domain.model import Basis, Calendar, Claim, Event, Occurrence
from calfeed.domain.occurrences import Days, occurrences_of
from calfeed.domain.rules import Annual, Background, Once
from calfeed.domain.rules.limits import civil_year
from calfeed.domain.rules.once import FIRST_SAFE_YEAR
from calfeed.domain.rules.span import LAST_YEAR, Span
from calfeed.domain.texts import anniversary, claim_citation
from calfeed.domain.wording import LANGUAGES, Language
from calfeed.frozen import frozen

AROUND = 2  # civil years that are shown before and after the one asked for
_MARGIN = 17

Agreement = Literal["same", "within", "wider", "overlaps", "differs", "undated", "unasked"]
_AGREEMENTS: dict[Agreement, str] = {
    "same": "agrees with the date of the entry",
    "within": "lies within the date of the entry, which is wider",
    "wider": "agrees with the date of the entry, less exactly",
    "overlaps": "shares days with the date of the entry",
    "differs": "differs from the date of the entry",
    "undated": "gives no date",
    "unasked": "the entry has no date of its own",
}
_SHIFTS = {
    "yom-hashoah": "so that the observance does not touch the Sabbath",
    "yom-hazikaron": "so that neither it nor the day after touches the Sabbath",
    "yom-haatzmaut": "so that neither it nor the day before touches the Sabbath",
    "fast": "since this fast is not kept on the Sabbath",
}


@frozen
class ExplainedDay:
    """One occurrence. `moved` says from which day and why, and is empty where it stands on its usual day."""

    uid: str
    dtstart: dt.date
    dtend: dt.date
    days: str
    native: str
    evening: str
    ordinal: int | None
    anniversary: str
    milestone: bool
    moved: str
    expected: bool


@frozen
class ExplainedYear:
    """A civil year: the occurrences that begin in it, or `absence`, why there is none."""

    year: int
    days: tuple[ExplainedDay, ...]
    absence: str


@frozen
class ExplainedClaim:
    """What one source says, and how its date stands to the one that is observed."""

    citation: str
    says: str
    date: str | None
    date_in_words: str | None
    basis: Basis
    reasoning: str | None
    agreement: Agreement


@frozen
class Explanation:
    """All there is to say about one entry; `background` is why it has no day, empty where it has."""

    id: str
    title: str
    date: str | None
    date_in_words: str | None
    rule: str
    rule_in_words: str
    background: str
    years: tuple[ExplainedYear, ...]
    claims: tuple[ExplainedClaim, ...]
    disputed: str | None


def explain(calendar: Calendar, event: Event, *, year: int, language: str) -> Explanation:
    """The entry with its days in the civil years around `year` (1 to 9998), two before and two after it.

    A one-off shows its own year as well, wherever that lies.
    """
    words = LANGUAGES[language]
    years = _years(event, year)
    background = isinstance(event.observed, Background)
    return Explanation(
        id=event.id,
        title=calendar.text(event.title, language),
        date=event.date.text if event.date else None,
        date_in_words=words.date(event.date, night=event.night) if event.date else None,
        rule=event.observed.rule,
        rule_in_words=words.rule(event.observed, event.date, event.limits),
        background=_background(event) if background else "",
        years=() if background else tuple(_year(calendar, event, y, words) for y in years),
        claims=tuple(_claim(calendar, event, claim, language) for claim in event.claims),
        disputed=calendar.text(event.disputed, language) if event.disputed else None,
    )


def agreement(observed: Edtf | None, claimed: Edtf | None) -> Agreement:
    """How the date of a claim stands to the date of the entry, day by day of what either may mean."""
    if claimed is None:
        return "undated"
    if observed is None:
        return "unasked"
    (first, last), (claim_first, claim_last) = observed.bounds(), claimed.bounds()
    if (first, last) == (claim_first, claim_last):
        return "same"
    if claim_last < first or last < claim_first:
        return "differs"
    if claim_first <= first and last <= claim_last:
        return "wider"
    return "within" if first <= claim_first and claim_last <= last else "overlaps"


def _years(event: Event, year: int) -> list[int]:
    years = set(range(max(year - AROUND, 1), min(year + AROUND, LAST_YEAR) + 1))
    if isinstance(event.observed, Once) and event.date:
        years.add(event.date.bounds()[0][0])
    return sorted(years)


def _background(event: Event) -> str:
    """A month or a year is never turned into its first day."""
    if event.date is None:
        return "it has no date, and its rule gives it no day"
    if not event.date.is_day:
        return f"{event.date.text} is no certain day, and no day is made up"
    return f"{event.date.text} is a day, but the curator keeps it out of the calendar"


def _year(calendar: Calendar, event: Event, year: int, words: Language) -> ExplainedYear:
    days = dt.date(year, 1, 1), dt.date(year, 12, 31)
    found = [o for o in occurrences_of(calendar, event, days) if o.dtstart.year == year]
    absence = "" if found else _absence(event, year, days, words)
    return ExplainedYear(year, tuple(_day(o, words) for o in found), absence)


def _absence(event: Event, year: int, days: Days, words: Language) -> str:
    rule = event.observed
    if isinstance(rule, Once):
        return _absence_of_one_off(event, words)
    origin = rule.year_of(event.date) if event.date else None
    years = rule.years(*days, event.date)
    spans = {n: span for n in years if (span := rule.days_in(n, event.date))}
    held = [n for n, span in spans.items() if span.dtstart.year == year]
    if origin in held:
        return "the year in which it happened; anniversaries begin a year later"
    if held and origin is not None and held[0] < origin:
        return "before it happened"
    if held:
        return _limit(event, civil_year(spans[held[0]], held[0]))
    if isinstance(rule, Annual) and rule.leap:
        return f"there is no 29 February in {year}, and the rule says: {rule.leap}"
    return "no day of its rule falls in this civil year"


def _limit(event: Event, year: int) -> str:
    """Which of the entry's limits leaves out a day of its rule; `year` is the one that the limits count it in."""
    limits = event.limits
    if limits.since is not None and year < limits.since:
        return f"its first year is {limits.since} (from)"
    if limits.until is not None and year > limits.until:
        return f"its last year is {limits.until} (until)"
    if year in limits.skipped:
        return f"the entry leaves {year} out (except)"
    return f"it has an occurrence only every {limits.every} years (every)"


def _absence_of_one_off(event: Event, words: Language) -> str:
    if event.date is None or event.date.bounds()[0][0] < FIRST_SAFE_YEAR:
        return f"observed once, and before {FIRST_SAFE_YEAR}: it stands on its page, not in the calendar"
    return f"observed once: {words.date(event.date, night=event.night)}"


def _day(occurrence: Occurrence, words: Language) -> ExplainedDay:
    span = occurrence.span
    return ExplainedDay(
        uid=occurrence.uid,
        dtstart=span.dtstart,
        dtend=span.dtend,
        days=_in_words(span, words),
        native=words.native_day(span.native) if span.native else "",
        evening=words.sunset(span.dtstart - dt.timedelta(days=1)) if span.evening else "",
        ordinal=occurrence.ordinal,
        anniversary=anniversary(occurrence, words),
        milestone=is_milestone(occurrence.ordinal),
        moved=_moved(occurrence, words),
        expected=span.expected,
    )


def _moved(occurrence: Occurrence, words: Language) -> str:
    """From which day an occurrence was moved, and why; empty where it stands on its usual one."""
    event, rule, span = occurrence.event, occurrence.event.observed, occurrence.span
    nominal = rule.days_in(occurrence.n, event.date)
    if nominal and nominal.dtstart != span.dtstart:
        return f"moved from {_in_words(nominal, words)}, as the entry says for this year (moves)"
    if isinstance(rule, Annual) and rule.leap and not _touches_leap_day(span):
        return f"in place of 29 February, which this year lacks (leap: {rule.leap})"
    if not span.shifted:
        return ""
    shift = getattr(rule, "shift", None)
    if not shift:
        return "moved from its usual day"
    no_shift: dict[str, Any] = {"shift": None}
    usual = replace(rule, **no_shift).days_in(occurrence.n, event.date)
    told = f" from {_in_words(usual, words)}" if usual else ""
    return f"moved{told}, {_SHIFTS.get(shift, f'by its shift “{shift}”')}"


def _in_words(span: Span, words: Language) -> str:
    return words.days(span.dtstart, span.dtend - dt.timedelta(days=1))


def _touches_leap_day(span: Span) -> bool:
    ends = span.dtstart, span.dtend - dt.timedelta(days=1)
    return any((end.month, end.day) == (2, 29) for end in ends)


def _claim(calendar: Calendar, event: Event, claim: Claim, language: str) -> ExplainedClaim:
    words = LANGUAGES[language]
    return ExplainedClaim(
        citation=claim_citation(calendar, claim, language),
        says=calendar.text(claim.says, language),
        date=claim.date.text if claim.date else None,
        date_in_words=words.date(claim.date, night=False) if claim.date else None,
        basis=claim.basis,
        reasoning=calendar.text(claim.reasoning, language) if claim.reasoning else None,
        agreement=agreement(event.date, claim.date),
    )


def plain_text(explanation: Explanation, width: int = 79) -> str:
    """An explanation for a terminal: no line is longer than `width` unless one word is."""
    return "\n".join(_lines(explanation, width)) + "\n"


def _lines(told: Explanation, width: int) -> Iterator[str]:
    yield from textwrap.wrap(f"{told.title} ({told.id})", width)
    yield ""
    yield from _row("date", _dated(told.date_in_words, told.date) or "none: an observance", width)
    yield from _row("observed", f"{told.rule_in_words} [{told.rule}]", width)
    if told.background:
        yield from _row("no day", told.background, width)
    for year in told.years:
        yield from _year_lines(year, width)
    if told.disputed:
        yield ""
        yield from _row("sources differ", told.disputed, width)
        label = "the entry has" if told.background else "observed is"
        yield from _row(label, _dated(told.date_in_words, told.date) or "the rule alone", width)
    for number, claim in enumerate(told.claims, 1):
        yield ""
        yield from _claim_lines(number, claim, width)


def _year_lines(year: ExplainedYear, width: int) -> Iterator[str]:
    if year.absence:
        yield from _row(str(year.year), f"no occurrence: {year.absence}", width)
    for day in year.days:
        remarks = [
            day.days,
            day.native,
            day.evening,
            _counted(day),
            day.moved,
            "expected: it may still be set otherwise" if day.expected else "",
        ]
        yield from _row(str(year.year), "; ".join(remark for remark in remarks if remark), width)


def _counted(day: ExplainedDay) -> str:
    counted = "the day itself" if day.ordinal == 0 else day.anniversary
    return f"{counted}, a milestone" if day.milestone else counted


def _claim_lines(number: int, claim: ExplainedClaim, width: int) -> Iterator[str]:
    yield from _row(f"claim {number}", claim.citation, width)
    yield from _row("  says", claim.says, width)
    date = _dated(claim.date_in_words, claim.date)
    verdict = _AGREEMENTS[claim.agreement]
    yield from _row("  its date", f"{date}: {verdict}" if date else verdict, width)
    yield from _row("  basis", claim.basis, width)
    if claim.reasoning:
        yield from _row("  reasoning", claim.reasoning, width)


def _dated(in_words: str | None, edtf: str | None) -> str:
    return f"{in_words} [{edtf}]" if in_words and in_words != edtf else in_words or ""


def _row(label: str, text: str, width: int) -> Sequence[str]:
    """A label, and beside it a text that wraps under itself."""
    indent = " " * _MARGIN
    return textwrap.wrap(
        text, width, initial_indent=f"{label:<{_MARGIN}}", subsequent_indent=indent, break_on_hyphens=False
    )
