"""What remains of an entry that was withdrawn, or lost its days: one last occurrence at its own addresses.

It says what happened. A feed once published keeps its address and its last occurrence (C29). The event leaves all
other calendars (C24), but whoever follows it alone would else be left with a dead address, and never be told why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from calfeed.domain.fingerprint import fingerprint
from calfeed.domain.instants import after
from calfeed.domain.memory import Record, Wording, revision_of
from calfeed.domain.model import Calendar, Entry, Event, Note, Revision, Text
from calfeed.domain.occurrences import Days, civil_day, occurrence
from calfeed.domain.rules import Background
from calfeed.domain.rules.span import Span
from calfeed.domain.wording import LANGUAGES


def last_entry(calendar: Calendar, record: Record) -> Entry | None:
    """The last occurrence of a withdrawn event that had begun by then, else its first; None where it had none.

    Its event is made from what is remembered: the title, and in place of the description that it was withdrawn
    and why. It cites no source and belongs to no category.
    """
    known = record.days or record.ended
    if record.withdrawn is None or not known:
        return None
    day = civil_day(calendar, record.withdrawn)
    ((n, days),) = last_days(known, day).items()
    event = _event(calendar, record, day)
    found = occurrence(calendar, event, n=n, span=Span(*days), ordinal=None)
    modified = {language: wording.last_modified for language, wording in record.gone.items()}
    return Entry(found, Revision(record.sequence, record.created, modified), record.published.get(n))


def ended_entry(calendar: Calendar, event: Event, record: Record) -> Entry | None:
    """The last occurrence of an event that has no day any more, which says so; None where it never had one."""
    label = {tag: LANGUAGES[tag].labels["ended"] for tag in calendar.languages}
    told = {tag: f"{label[tag]}\n{text}" for tag, text in event.description.items() if tag in label}
    for n, days in record.ended.items():
        kept = replace(event, description=told)
        found = occurrence(calendar, kept, n=n, span=Span(*days), ordinal=None)
        return Entry(found, revision_of(record), record.published.get(n))
    return None


def last_days(known: Mapping[int, Days], day: dt.date) -> dict[int, Days]:
    """The last of these days that had begun by then, else the first; none where there is none."""
    begun = {n: days for n, days in known.items() if days[0] <= day}
    if not known:
        return {}
    n = max(begun, key=lambda n: begun[n]) if begun else min(known, key=lambda n: known[n])
    return {n: known[n]}


def stamped(calendar: Calendar, record: Record, now: dt.datetime) -> Record:
    """The record of a withdrawn event with the state of what tells of it, whose stamps follow every change.

    SEQUENCE stays: no day moved. Everything changed when it was withdrawn, and later when the reason came, was
    mended or was withheld.
    """
    if record.withdrawn is None or not (record.days or record.ended):
        return replace(record, gone={})
    event = _event(calendar, record, civil_day(calendar, record.withdrawn))
    prints = {language: fingerprint(calendar, event, language) for language in calendar.languages}
    return replace(record, gone={tag: _wording(record, tag, print_, now) for tag, print_ in prints.items()})


def _wording(record: Record, language: str, print_: str, now: dt.datetime) -> Wording:
    before = record.gone.get(language)
    if before is None:
        return Wording(_since(record), print_)
    return before if before.fingerprint == print_ else Wording(after(before.last_modified, now), print_)


def _since(record: Record) -> dt.datetime:
    """When a withdrawn event last changed, where only the ledger of an older calfeed tells."""
    at = record.withdrawn or record.created
    noted = [c.noted for c in record.corrections if c.noted and c.at >= at]
    stamps = [*(wording.last_modified for wording in record.wordings.values()), *record.published.values()]
    return max([*noted, *(after(stamp, at) for stamp in stamps)], default=at)


def _event(calendar: Calendar, record: Record, day: dt.date) -> Event:
    return Event(
        id=record.id,
        title=_title(calendar, record),
        description=_description(calendar, record, day),
        observed=Background(),
        categories=(),
        claims=(),
    )


def _title(calendar: Calendar, record: Record) -> Text:
    """What it was called, in the languages in which it was; where that is not known, its id in all of them."""
    known = record.shown.title if record.shown else dict.fromkeys(calendar.languages, record.id)
    return {tag: LANGUAGES[tag].corrections["gone"].format(text) for tag, text in known.items()}


def _description(calendar: Calendar, record: Record, day: dt.date) -> Text:
    """That it was withdrawn, and why, where a note says so in that language."""
    reasons = [note.why for note in _notes(calendar, record)]
    found = {}
    for tag in calendar.languages:
        words = LANGUAGES[tag]
        told = [words.labels["withdrawn"].format(date=words.days(day, day))]
        found[tag] = "\n".join([*told, *(why[tag] for why in reasons if tag in why)])
    return found


def _notes(calendar: Calendar, record: Record) -> list[Note]:
    """The curator's notes on the withdrawal."""
    days = {
        day
        for correction in record.corrections
        if any(amendment.what == "withdrawn" for amendment in correction.amendments)
        for day in correction.notes
        if correction.at >= (record.withdrawn or correction.at)
    }
    return [note for on, note in calendar.notes.get(record.id, {}).items() if on in days]
