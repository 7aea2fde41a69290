"""What a curator withholds: words that should never have been published are repeated nowhere, now or later.

The words themselves are forgotten. To know them again where a later edit takes them out, the memory keeps digests
of everything that stood when the note came. It hides too much rather than too little: clean words that stood
beside those in question are not repeated either, once they are changed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import replace

from calfeed.domain.amendments import night_of
from calfeed.domain.memory import Record, Shown
from calfeed.domain.model import Amendment, Correction, Text, What
from calfeed.domain.observances import dated

_STATES = frozenset[What](("withdrawn", "restored"))  # amendments that repeat no words
_CHOICES = frozenset[What](("tone", "kind", "claim-basis", "categories", "days"))  # a few words, and all calfeed's
_DATES = frozenset[What](("date", "observed"))  # what days follow from


def withhold(record: Record, days: set[dt.date], before: Shown | None) -> Record:
    """The record without anything that the notes of these days withhold; `before` is what stood before this build.

    A note is heeded once, when it is first found to withhold. Then what stood before the change that it belongs to
    is hidden, with all that was told of earlier changes. What else stood then is hidden as soon as it is gone.
    """
    used = {day for correction in record.corrections for day in correction.notes}
    fresh = (days & used) - set(record.heeded)
    if fresh:
        record = _heeded(record, fresh, before)
    return _redacted(record) if record.withheld else record


def _heeded(record: Record, days: set[dt.date], before: Shown | None) -> Record:
    last = max(number for number, c in enumerate(record.corrections) if days.intersection(c.notes))
    told, since = record.corrections[: last + 1], record.corrections[last + 1 :]
    lines = {*_lines(before), *_lines(record.shown), *_repeated(told)}
    blank = [_blank(correction, after=number < last) for number, correction in enumerate(told)]
    return replace(
        record,
        corrections=(*blank, *since),
        withheld=tuple(sorted({*record.withheld, *map(_digest, lines)})),
        heeded=tuple(sorted({*record.heeded, *days})),
    )


def _blank(correction: Correction, *, after: bool) -> Correction:
    """The correction without the values before, and without those after it where they are withheld, too."""

    def blank(amendment: Amendment) -> Amendment:
        return amendment if amendment.what in _STATES else _without(amendment, before=True, after=after)

    return replace(correction, amendments=tuple(map(blank, correction.amendments)))


def _without(amendment: Amendment, *, before: bool, after: bool) -> Amendment:
    hides = amendment.withheld or (before and amendment.before) or (after and amendment.after)
    return replace(
        amendment,
        before=None if before else amendment.before,
        after=None if after else amendment.after,
        withheld=bool(hides),
    )


def _redacted(record: Record) -> Record:
    """The record without the words that are withheld, but for those that still stand in the calendar."""
    withheld, standing = frozenset(record.withheld), set(() if record.withdrawn else _lines(record.shown))

    def hidden(amendment: Amendment, value: str | None) -> bool:
        return value is not None and amendment.what not in _CHOICES and _digest(value) in withheld

    def redacted(amendment: Amendment) -> Amendment:
        before, after = amendment.before, amendment.after
        return _without(
            amendment,
            before=hidden(amendment, before),
            after=hidden(amendment, after) and after not in standing,
        )

    corrections = tuple(
        _with_days_alike(replace(correction, amendments=tuple(map(redacted, correction.amendments))))
        for correction in record.corrections
    )
    gone = record.withdrawn and record.shown and not withheld.isdisjoint(map(_digest, _texts(record.shown)))
    return replace(record, corrections=corrections, shown=None if gone else record.shown)


def _with_days_alike(correction: Correction) -> Correction:
    """Days give away the date that they follow from, so they are hidden on the sides on which it is."""
    dates = [a for a in correction.amendments if a.what in _DATES and a.withheld]
    if not dates:
        return correction
    before, after = any(a.before is None for a in dates), any(a.after is None for a in dates)
    return replace(
        correction,
        amendments=tuple(
            _without(a, before=before, after=after) if a.what == "days" else a for a in correction.amendments
        ),
    )


def _repeated(corrections: tuple[Correction, ...]) -> Iterator[str]:
    """The words in corrections."""
    for correction in corrections:
        for amendment in correction.amendments:
            if amendment.what not in _CHOICES:
                yield from (value for value in (amendment.before, amendment.after) if value)


def _lines(shown: Shown | None) -> Iterator[str]:
    """Everything that an amendment could repeat of what stood, as it would hold it."""
    if shown is None:
        return
    yield from _texts(shown)
    dates = night_of(shown.date, night=shown.night), dated(shown.observed, shown.date)
    yield from (line for line in (*dates, *(claim.date for claim in shown.claims)) if line)


def _texts(shown: Shown) -> Iterator[str]:
    """The curator's words, in all languages."""
    texts: list[Text] = [shown.title, shown.description, shown.location, shown.disputed]
    texts += [text for claim in shown.claims for text in (claim.says, claim.reasoning)]
    for text in texts:
        yield from text.values()
    yield from (line for line in (shown.url, *(claim.heading for claim in shown.claims)) if line)


def _digest(line: str) -> str:
    """Short, and enough to know a line again."""
    return hashlib.sha256(line.encode()).hexdigest()[:16]
