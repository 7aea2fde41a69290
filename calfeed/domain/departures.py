"""When an entry last left a feed: what a feed was changed by, though nothing that stands in it tells.

The date of a feed is that of its newest content. Where the newest leaves it, as by a withdrawal, the date of what
remains would be an earlier one, and RFC 4287 §4.2.15 wants the instant of the latest change.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from calfeed.domain.instants import after
from calfeed.domain.memory import Record

WHOLE = ""  # the place of the whole calendar among the slugs


def departed(old: Record, new: Record, now: dt.datetime) -> Record:
    """The new record with the instant at which it left the feeds that held it before and do not hold it now.

    An entry is held by the feeds of the whole calendar and of its categories, as long as it has a day there, and
    as long as it has an item there. Of several items the newest may leave, as one of a year that a wider window
    brought and a narrower one takes away.
    """
    (days, items), (days_now, items_now) = _held(old), _held(new)
    gone = (days - days_now) | (items if _newest(new) < _newest(old) else items - items_now)
    if not gone:
        return new
    stamps = (wording.last_modified for record in (old, new) for wording in record.wordings.values())
    at = max(now, *stamps, *old.published.values())
    return replace(new, left={**new.left, **{slug: _later(new, slug, at) for slug in sorted(gone)}})


def _newest(record: Record) -> dt.datetime:
    """When the newest of its items was published, the beginning of time where it has none."""
    stamps = [record.published[n] for n in record.days if n in record.published]
    return max(stamps, default=dt.datetime.min.replace(tzinfo=dt.UTC))


def _later(record: Record, slug: str, at: dt.datetime) -> dt.datetime:
    return after(record.left[slug], at) if slug in record.left else at


def _held(record: Record) -> tuple[set[str], set[str]]:
    """The feeds that hold its days, and those that hold its items."""
    if record.withdrawn:
        return set(), set()
    slugs = {WHOLE, *(record.shown.categories if record.shown else ())}
    with_items = record.days.keys() & record.published.keys()
    return slugs if record.days else set(), slugs if with_items else set()
