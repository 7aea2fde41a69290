"""When an entry last left a feed: what a feed was changed by, though nothing that stands in it tells.

The date of a feed is that of its newest content. Where the newest leaves it, as by a withdrawal, the date of what
remains would be an earlier one, and RFC 4287 §4.2.15 wants the instant of the latest change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from calfeed.domain.instants import after
from calfeed.domain.memory import Record

WHOLE = ""  # the place of the whole calendar among the slugs


def departed(old: Record, new: Record, now: dt.datetime) -> Record:
    """The new record with the instant at which it left the feeds that held it before and do not hold it now.

    An entry is held by the feeds of the whole calendar and of its categories, as long as it has a day there, and
    as long as it has an item there.
    """
    gone = {slug for before, here in zip(_held(old), _held(new), strict=True) for slug in before - here}
    if not gone:
        return new
    stamps = (wording.last_modified for record in (old, new) for wording in record.wordings.values())
    at = max(now, *stamps, *old.published.values())
    return replace(new, left={**new.left, **{slug: _later(new, slug, at) for slug in sorted(gone)}})


def _later(record: Record, slug: str, at: dt.datetime) -> dt.datetime:
    return after(record.left[slug], at) if slug in record.left else at


def _held(record: Record) -> Iterator[set[str]]:
    """The feeds that hold its days, and those that hold its items."""
    if record.withdrawn:
        yield from (set(), set())
        return
    slugs = {WHOLE, *(record.shown.categories if record.shown else ())}
    yield slugs if record.days else set()
    yield slugs if record.days.keys() & record.published.keys() else set()
