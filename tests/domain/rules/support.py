"""What the tests of the rules share: the conformance data, the reader, and what holds of every rule."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from calfeed.domain.edtf import Edtf, parse_edtf
from calfeed.domain.rules import Rule
from calfeed.errors import SourceError, ValueProblem
from calfeed.storage.source import read_calendar
from tests.support import REPOSITORY

_DATA = REPOSITORY / "tests" / "data"
_SMALL = (_DATA / "small.yaml").read_text(encoding="utf-8")


def conformance(name: str) -> Any:
    """A file of days that other programs reckoned; its README says which."""
    return json.loads((_DATA / "conformance" / f"{name}.json").read_text(encoding="utf-8"))


def read_rule(observed: str, date: str = "1992-03-05") -> Rule:
    """The rule that a curator writes as `observed: …` in an entry of that date."""
    return read_calendar(_with(observed, date).encode(), file="small.yaml").calendar.events[0].observed


def problems(observed: str, date: str = "1992-03-05") -> list[str]:
    """What a curator is told about `observed: …`, as 'message; hint'."""
    with pytest.raises(SourceError) as caught:
        read_rule(observed, date)
    return [f"{problem.message}; {problem.hint}" for problem in caught.value.problems]


def _with(observed: str, date: str) -> str:
    text = _SMALL.replace("observed: annual", f"observed: {observed}").replace("1992-03-05", date)
    assert text != _SMALL
    return text


def origin(date: str | None) -> Edtf | None:
    """A date of origin as a rule gets it."""
    return parse_edtf(date) if date else None


def first_day(rule: Rule, year: int, date: str | None = None) -> str | None:
    """The first day of a year of the rule's own calendar, None where it has none."""
    span = rule.days_in(year, origin(date))
    return str(span.dtstart) if span else None


def refusal(rule: Rule, date: str | None = None) -> str:
    """What a rule says against itself or the date."""
    with pytest.raises(ValueProblem) as caught:
        rule.check(origin(date))
    assert caught.value.hint
    return caught.value.message


def assert_ordered_and_complete(rule: Rule, first: dt.date, last: dt.date, date: str | None = None) -> None:
    """`years` leaves out no day of these, each year has at most one, and a later year has a later one."""
    inside = rule.years(first, last, origin(date))
    around = range(max(inside.start - 2, 1), inside.stop + 2)
    days = {year: span.dtstart for year in around if (span := rule.days_in(year, origin(date)))}
    assert list(days.values()) == sorted(set(days.values()))
    assert all(year in inside for year, day in days.items() if first <= day <= last)
