"""Limits that go with any recurring rule: since when, until when, how often, which years otherwise, how long.

A rule never knows of them: `occurrences` asks the rule for its days, and then `limited` what becomes of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import field, replace

from calfeed.domain.edtf import Edtf
from calfeed.domain.rules import Background, Once, Rule
from calfeed.domain.rules.span import Span
from calfeed.errors import ValueProblem
from calfeed.frozen import frozen

MAX_DAYS = 340  # one Easter may follow the other after 350 days: two occurrences never overlap
NOT_RECURRING = (Background, Once)


@frozen
class Limits:
    """What narrows a rule. Years are the civil years of the nominal day, before any shift or move.

    `since` and `until` are the first and the last year; `every` so many years there is one, counted from the
    entry's year of origin, or from `since` where none is known; `skipped` are years left out; `moves` gives the
    day of a year's occurrence, once, its `n` and so its UID staying what they are; `days` is how many days it
    lasts, None where the rule alone decides.
    """

    since: int | None = None
    until: int | None = None
    every: int = 1
    skipped: tuple[int, ...] = ()
    moves: Mapping[int, dt.date] = field(default_factory=dict)
    days: int | None = None


NO_LIMITS = Limits()


def limited(limits: Limits, span: Span, *, n: int, ordinal: int | None) -> Span | None:
    """The days of the occurrence `n` under these limits, None where they leave it out.

    `ordinal` is the number of the anniversary in the rule's own years, None where nothing is counted.
    """
    year = civil_year(span, n)
    if not _stands(limits, year, ordinal):
        return None
    if year in limits.moves:
        # What was announced holds: no native day is claimed for it, and it is no longer reckoned ahead.
        length, day = span.dtend - span.dtstart, limits.moves[year]
        span = replace(span, dtstart=day, dtend=day + length, native=None, shifted=True, expected=False)
    if limits.days is not None:
        span = replace(span, dtend=span.dtstart + dt.timedelta(days=limits.days))
    return span


def civil_year(span: Span, n: int) -> int:
    """The civil year of the nominal day: `n` itself for a rule of the Gregorian calendar (no native day).

    No shift of another calendar crosses New Year.
    """
    return n if span.native is None else span.dtstart.year


def contradictions(limits: Limits, rule: Rule, origin: Edtf | None) -> Iterator[tuple[str, ValueProblem]]:
    """What makes no sense in the limits of a rule that is right: the key of `observed:`, and the problem."""
    if limits.since is not None and limits.until is not None and limits.until < limits.since:
        message = f"until {limits.until} is before from {limits.since}, so there is no occurrence at all"
        yield "until", ValueProblem(message, "until is the last year that has one")
    if limits.every > 1 and limits.since is None and _origin_year(rule, origin) is None:
        message = f"every {limits.every} years, and nothing says from which year on they are counted"
        yield "every", ValueProblem(message, "add from: and a year that has an occurrence")
    for year, day in limits.moves.items():
        if day.year != year:
            message = f"the occurrence of {year} cannot move to {day}, in another year"
            hint = f"write a day of {year}, or leave the year out with except: [{year}]"
            yield "moves", ValueProblem(message, hint)
            continue
        found = _in_year(limits, rule, origin, year)
        if found != 1:
            message = f"{year} has {'no' if not found else 'more than one'} occurrence, so none can be moved"
            yield "moves", ValueProblem(message, "leave that year out of moves")


def _stands(limits: Limits, year: int, ordinal: int | None) -> bool:
    if limits.since is not None and year < limits.since:
        return False
    if limits.until is not None and year > limits.until:
        return False
    counted = ordinal if ordinal is not None else year - (limits.since or 0)
    return year not in limits.skipped and counted % limits.every == 0


def _origin_year(rule: Rule, origin: Edtf | None) -> int | None:
    return rule.year_of(origin) if origin else None


def _in_year(limits: Limits, rule: Rule, origin: Edtf | None, year: int) -> int:
    """How many occurrences a civil year has, the day it happened included."""
    first = _origin_year(rule, origin)
    found = 0
    for n in rule.years(dt.date(year, 1, 1), dt.date(year, 12, 31), origin):
        span, ordinal = rule.days_in(n, origin), None if first is None else n - first
        if span is not None and civil_year(span, n) == year and (ordinal is None or ordinal >= 0):
            found += _stands(limits, year, ordinal)
    return found
