"""A calendar's life over 400 years, at every instant at which something changes by itself (reliability, G7)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from calfeed.domain.memory import Memory
from calfeed.domain.occurrences import next_due, resolve_occurrences, window_days
from tests.support import event, read, revised

START, END = dt.datetime(1900, 1, 1, tzinfo=dt.UTC), dt.datetime(2300, 1, 1, tzinfo=dt.UTC)


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


def test_days_ordinals_and_identities_hold_for_four_hundred_years() -> None:
    now, memory = START, None
    steps, uids, items = 0, dict[str, tuple[dt.date, dt.date, int | None]](), Counter[str]()
    while now < END:
        found = revised(CALENDAR, memory, now)
        for entry in found.entries:
            o = entry.occurrence
            known = uids.setdefault(o.uid, (o.dtstart, o.dtend, o.ordinal))
            assert known == (o.dtstart, o.dtend, o.ordinal)
            assert entry.revision.sequence == 0
            assert entry.first_published is None or entry.first_published <= now
        assert {change.what for change in found.changes} <= {"added", "due"}, now
        items.update(change.id for change in found.changes if change.what == "due")
        memory = found.memory
        now = next_due(CALENDAR, resolve_occurrences(CALENDAR, window_days(CALENDAR, now)), now)
        steps += 1
    assert steps > 2500
    _check_counts(items, uids)
    _check_ordinals(uids, memory)


def _check_counts(items: Counter[str], uids: dict[str, tuple[dt.date, dt.date, int | None]]) -> None:
    """An item each year of the rule's own calendar; Islamic ones are shorter, few Marches have five Sundays."""
    assert items["fixed"] == items["night"] == items["leap"] == items["easter"] == items["julian"] == 400
    assert items["hebrew"] == items["death"] == 400
    assert items["islamic"] in (412, 413)
    fifths = sum(1 for year in range(1900, 2300) if dt.date(year, 3, 1).weekday() in (4, 5, 6))
    assert items["weekday"] == fifths
    days_of_an_event = [(uid.split("/")[0], dtstart) for uid, (dtstart, _, _) in uids.items()]
    assert len(set(days_of_an_event)) == len(days_of_an_event)


def _check_ordinals(uids: dict[str, tuple[dt.date, dt.date, int | None]], memory: Memory | None) -> None:
    for uid, (dtstart, _, ordinal) in uids.items():
        id_, n = uid.split(":")[2].split("/")
        if id_ in ("fixed", "leap"):
            assert ordinal == dtstart.year - (1850 if id_ == "fixed" else 1852)
        elif id_ == "death":
            assert ordinal == int(n) - 5610  # 14 March 1850 was 1 Nisan 5610
        elif id_ != "night":
            assert ordinal is None
    assert memory is not None
