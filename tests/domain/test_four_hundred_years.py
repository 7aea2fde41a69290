"""A calendar's life over 400 years, at every instant at which something changes by itself (reliability, G7)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pytest

from calfeed.domain.memory import Memory
from calfeed.domain.model import Calendar
from calfeed.domain.occurrences import next_due, resolve_occurrences, window_days
from calfeed.storage.source import read_calendar
from tests.goals import Tally
from tests.support import NOW, REPOSITORY, event, read, revised

Days: TypeAlias = dict[str, tuple[dt.date, dt.date, int | None]]

END = dt.datetime(2300, 1, 1, tzinfo=dt.UTC)


def rule(name: str, **keys: Any) -> dict[str, Any]:
    return event(name, date=None, observed={"rule": name, **keys})


CALENDAR = read(
    event("fixed", date="1850-01-20"),
    event("night", date="1850-12-31/1851-01-01", night="true"),
    event("leap", date="1852-02-29", observed={"rule": "annual", "leap": "forward"}),
    event("death", date="1850-03-14", observed={"rule": "hebrew", "anniversary": "death", "evening": "true"}),
    rule("weekday", nth="5", weekday="sunday", month="3"),
    rule("hebrew", day="27", month="nisan", evening="true", shift="yom-hashoah"),
    rule("easter", offset="-2", church="orthodox"),
    rule("julian", day="12-25", kept="converted"),
    rule("islamic", day="10", month="muharram", authority="tabular", evening="true"),
    window={"past": "1", "future": "1"},
)


@dataclass
class Life:
    """A calendar that is looked at whenever something changes by itself: its days by UID, its items by event."""

    calendar: Calendar
    now: dt.datetime
    memory: Memory | None = None
    uids: Days = field(default_factory=dict)
    items: Counter[str] = field(default_factory=Counter)

    def step(self) -> None:
        """One revision: nothing that was there before is another now."""
        found = revised(self.calendar, self.memory, self.now)
        for entry in found.entries:
            o = entry.occurrence
            known = self.uids.setdefault(o.uid, (o.dtstart, o.dtend, o.ordinal))
            assert known == (o.dtstart, o.dtend, o.ordinal)
            assert entry.revision.sequence == 0
            assert entry.first_published is None or entry.first_published <= self.now
        assert {change.what for change in found.changes} <= {"added", "due"}, self.now
        self.items.update(change.id for change in found.changes if change.what == "due")
        self.memory = found.memory
        window = window_days(self.calendar, self.now)
        self.now = next_due(self.calendar, resolve_occurrences(self.calendar, window), self.now)


@pytest.mark.goal("G7", "every instant at which something changes by itself in 400 years")
def test_days_ordinals_and_identities_hold_for_four_hundred_years(tally: Tally, *, thorough: bool) -> None:
    first = 1900 if thorough else 2200  # a century by day
    life = Life(CALENDAR, END.replace(year=first))
    while life.now < END:
        life.step()
        tally.add(1)
    assert tally.tried > 6 * (END.year - first)
    _check_counts(life.items, life.uids, range(first, END.year))
    _check_ordinals(life.uids, life.memory)


@pytest.mark.nightly
@pytest.mark.goal("G7", "the same, of the first calendar from 2026 on")
def test_days_ordinals_and_identities_of_the_first_calendar_hold_for_four_hundred_years(tally: Tally) -> None:
    file = REPOSITORY / "events.yaml"
    life = Life(read_calendar(file.read_bytes(), file=str(file)).calendar, NOW)
    while life.now < NOW.replace(year=2426):
        life.step()
        tally.add(1)
    by_day = Counter((uid.rpartition("/")[0], dtstart) for uid, (dtstart, _, _) in life.uids.items())
    assert max(by_day.values()) == 1


def _check_counts(items: Counter[str], uids: Days, years: range) -> None:
    """An item each year of the rule's own calendar; Islamic ones are shorter, few Marches have five Sundays."""
    yearly = ("fixed", "night", "leap", "easter", "julian", "hebrew", "death")
    assert {name: items[name] for name in yearly} == dict.fromkeys(yearly, len(years))
    assert abs(items["islamic"] - len(years) * 365.2425 / 354.3667) < 1
    fifths = sum(1 for year in years if dt.date(year, 3, 1).weekday() in (4, 5, 6))
    assert items["weekday"] == fifths
    days_of_an_event = [(uid.split("/")[0], dtstart) for uid, (dtstart, _, _) in uids.items()]
    assert len(set(days_of_an_event)) == len(days_of_an_event)


def _check_ordinals(uids: Days, memory: Memory | None) -> None:
    for uid, (dtstart, _, ordinal) in uids.items():
        id_, n = uid.split(":")[2].split("/")
        if id_ in ("fixed", "leap"):
            assert ordinal == dtstart.year - (1850 if id_ == "fixed" else 1852)
        elif id_ == "death":
            assert ordinal == int(n) - 5610  # 14 March 1850 was 1 Nisan 5610
        elif id_ != "night":
            assert ordinal is None
    assert memory is not None
