"""Events × years → occurrences, and when each of them is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Literal

from calfeed.domain.edtf import EdtfDate, EdtfInterval
from calfeed.domain.model import Calendar, Event, Occurrence
from calfeed.domain.rules import Background, Once
from calfeed.domain.rules.limits import limited
from calfeed.domain.rules.span import LAST_YEAR, Span

Days = tuple[dt.date, dt.date]


def civil_day(calendar: Calendar, now: dt.datetime) -> dt.date:
    """The day in the calendar's own zone at the instant `now` (aware)."""
    return now.astimezone(calendar.timezone).date()


def midnight(calendar: Calendar, day: dt.date) -> dt.datetime:
    """The instant at which `day` begins in the calendar's zone, in UTC."""
    return dt.datetime.combine(day, dt.time(), calendar.timezone).astimezone(dt.UTC)


def window_days(calendar: Calendar, now: dt.datetime) -> Days:
    """The first and the last day of the window, both inclusive."""
    year = civil_day(calendar, now).year
    first, last = max(year - calendar.window.past, 1), min(year + calendar.window.future, LAST_YEAR)
    return dt.date(first, 1, 1), dt.date(last, 12, 31)


def resolve_occurrences(calendar: Calendar, days: Days) -> tuple[Occurrence, ...]:
    """Every occurrence that begins inside `days`, and every one-off wherever it lies, sorted by day."""
    return in_order(o for event in calendar.events for o in occurrences_of(calendar, event, days))


def in_order(found: Iterable[Occurrence]) -> tuple[Occurrence, ...]:
    """Occurrences sorted by day."""
    return tuple(sorted(found, key=lambda o: (o.dtstart, o.dtend, o.event.id, o.n)))


def occurrences_of(calendar: Calendar, event: Event, days: Days) -> Iterator[Occurrence]:
    """The occurrences of one event in the years of its rule's own calendar that its limits let stand."""
    rule = event.observed
    origin_year = rule.year_of(event.date) if event.date else None
    for n in rule.years(*days, event.date):
        nominal = rule.days_in(n, event.date)
        ordinal = None if origin_year is None else n - origin_year
        span = limited(event.limits, nominal, n=n, ordinal=ordinal) if nominal else None
        if span is None or not (isinstance(rule, Once) or days[0] <= span.dtstart <= days[1]):
            continue
        if ordinal is None or ordinal > 0 or (ordinal == 0 and event.day_itself):
            yield occurrence(calendar, event, n=n, span=span, ordinal=ordinal)


def occurrence(calendar: Calendar, event: Event, *, n: int, span: Span, ordinal: int | None) -> Occurrence:
    """An occurrence with its `uid`, a tag URI (RFC 4151)."""
    return Occurrence(event, n, span, ordinal, f"tag:{calendar.authority}:{event.id}/{n}")


def due(calendar: Calendar, occurrence: Occurrence) -> dt.datetime:
    """When an occurrence enters the feeds: the start of its day, or of its notice."""
    day = occurrence.dtstart - dt.timedelta(days=calendar.notice_days)
    return midnight(calendar, day)


def next_due(calendar: Calendar, occurrences: tuple[Occurrence, ...], now: dt.datetime) -> dt.datetime:
    """The next instant at which the output changes by itself.

    An item enters the feeds, an occurrence is over and leaves the pages' list of what comes, or the window slides.
    """
    today, notice = civil_day(calendar, now), dt.timedelta(days=calendar.notice_days)
    days = (day for o in occurrences for day in (o.dtstart - notice, o.dtend) if day > today)
    return midnight(calendar, min([dt.date(today.year + 1, 1, 1), *days]))


def placement(event: Event) -> Literal["day", "month", "background"]:
    """Where an entry belongs: on days, on the page of its month (or season), or in the background alone.

    A month or a year is never turned into its first day.
    """
    if not isinstance(event.observed, Background):
        return "day"
    start = event.date.start if isinstance(event.date, EdtfInterval) else event.date
    return "month" if isinstance(start, EdtfDate) and start.precision in ("month", "season") else "background"
