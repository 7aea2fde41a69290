"""When a build is refused although it could be done: a wrong clock, or much less than before."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING

from calfeed.errors import RefusedError

if TYPE_CHECKING:
    from calfeed.domain.memory import Memory, Record, Shown
    from calfeed.domain.model import Text
    from calfeed.domain.revisions import Revised

BEHIND = dt.timedelta(days=1)
AHEAD = dt.timedelta(days=400)
OLDEST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
FEW = 3  # fewer may always go
SHARE = 5  # so many times what goes must not be more than what stood
_WAY_OUT = "put them back, or allow it with --allow-removal"


def guard_clock(now: dt.datetime, last: dt.datetime | None) -> None:
    """Refuse a clock that is far from the last build: a ledger stamped in 2036 never heals (F43).

    Before the first build nothing is known but that calfeed is younger than a clock without a battery (F6).
    """
    if last is None:
        if now < OLDEST:
            raise RefusedError(
                f"the clock says {now:%Y-%m-%d %H:%M} UTC, when there was no calfeed; set the clock, or allow it "
                f"with --allow-clock if it is right"
            )
        return
    if last - BEHIND <= now <= last + AHEAD:
        return
    raise RefusedError(
        f"the clock says {now:%Y-%m-%d %H:%M} UTC and the last build was at {last:%Y-%m-%d %H:%M} UTC; set the "
        f"clock, or allow it with --allow-clock if it is right"
    )


def guard_removal(memory: Memory | None, revised: Revised) -> None:
    """Refuse a result from which more than a fifth, and at least three, are gone (F42).

    That is so of events, of those that have a day, and of those with texts in a language: each is what somebody
    would miss, however much of the others stays.
    """
    if memory is None:
        return
    before = {id_: record for id_, record in memory.records.items() if record.withdrawn is None}
    after = {id_: record for id_, record in revised.memory.records.items() if record.withdrawn is None}
    _guard_events(before, after)
    _guard_days(before, after)
    # Each has all languages; a text that stands in a calendar of one stands in that.
    if any(len(record.wordings) > 1 for record in islice(after.values(), 1)):
        _guard_texts(before, after)


def _guard_events(before: Mapping[str, Record], after: Mapping[str, Record]) -> None:
    gone = [id_ for id_ in before if id_ not in after]
    if _is_much(gone, len(before)):
        raise RefusedError(f"{len(gone)} of {len(before)} events would be withdrawn: {_some(gone)}; {_WAY_OUT}")


def _guard_days(before: Mapping[str, Record], after: Mapping[str, Record]) -> None:
    """An event without a day is gone for all who follow a calendar, though its page stays."""
    known = [id_ for id_, record in before.items() if record.days]
    gone = [id_ for id_ in known if id_ not in after or not after[id_].days]
    if _is_much(gone, len(known)):
        raise RefusedError(
            f"{len(gone)} of {len(known)} events that have a day would leave the calendar: {_some(gone)}; "
            f"{_WAY_OUT}"
        )


def _guard_texts(before: Mapping[str, Record], after: Mapping[str, Record]) -> None:
    """A text that stands, but no longer in a language in which it stood, is shown in another one from now on."""
    gone: dict[str, list[str]] = defaultdict(list)
    pairs = [(record, after[id_]) for id_, record in before.items() if id_ in after]
    for old, new in pairs:
        texts = _texts_that_stand(old, new) if old is not new else []
        for language in new.wordings:
            if any(language in stood and language not in stands for stood, stands in texts):
                gone[language].append(old.id)
    for language, ids in sorted(gone.items()):
        if len(ids) < FEW:
            continue
        known = [
            any(language in stood for stood, _ in _texts_that_stand(old, new))
            for old, new in pairs
            if language in new.wordings
        ]
        if _is_much(ids, sum(known)):
            raise RefusedError(
                f'{len(ids)} of {sum(known)} events would lose texts in "{language}": {_some(ids)}; look '
                f"whether a file of translations was cut off or taken away; {_WAY_OUT}"
            )


def _texts_that_stand(old: Record, new: Record) -> list[tuple[Text, Text]]:
    """What stood and what stands now of each text that there still is, none where that is not remembered."""
    if old.shown is None or new.shown is None:
        return []
    pairs = zip(_texts(old.shown), _texts(new.shown), strict=True)
    return [(stood, stands) for stood, stands in pairs if stands]


def _texts(shown: Shown) -> tuple[Text, ...]:
    """The texts that count: a translation of what a source says is hidden by every edit of the original."""
    return shown.title, shown.description, shown.location, shown.disputed


def _is_much(gone: list[str], known: int) -> bool:
    return len(gone) >= FEW and len(gone) * SHARE > known


def guard_empty(revised: Revised) -> None:
    """Refuse a calendar without any day: an empty one breaks clients and wipes subscriptions (C29)."""
    if not revised.entries:
        raise RefusedError("no entry has a day, and an empty calendar is never published; give one a day")


def _some(names: list[str]) -> str:
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
