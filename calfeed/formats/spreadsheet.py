"""events.csv: the occurrences and the entries without a day as a table (RFC 4180), for people with a spreadsheet.

Excel takes a file for UTF-8 only if it begins with a byte order mark. A cell that a spreadsheet would take for a
formula is put behind an apostrophe (OWASP, CSV injection), in a way that can be undone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from calfeed.domain.instants import rfc3339
from calfeed.domain.model import Document, Edition, Entry, Event, Format, Text
from calfeed.domain.texts import citations, summary
from calfeed.domain.wording import LANGUAGES

COLUMNS = (
    *("uid", "id", "title", "first_day", "last_day", "ordinal", "date", "date_in_words", "observed"),
    *("observed_in_words", "categories", "subjects", "location", "tone", "description", "disputed", "sources"),
    *("url", "sequence", "last_modified"),
)
_MARK = "\ufeff"
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")  # some read the wide forms too


def render(edition: Edition) -> Iterator[Document]:
    """The table of the whole calendar in one language."""
    if edition.selection.kind != "all":
        return
    written = io.StringIO(newline="")
    table = csv.DictWriter(written, COLUMNS, lineterminator="\r\n")
    table.writeheader()
    table.writerows(_rows(edition))
    data = (_MARK + written.getvalue()).encode()
    yield Document(edition.path + EVENTS_CSV.filename, EVENTS_CSV.media_type, (data,), entries=edition.entries)


def _rows(edition: Edition) -> Iterator[dict[str, str]]:
    """One for each occurrence, by day; then one for each event that has none, in the curator's order."""
    told = {event.id: _defused(_event(edition, event)) for event in edition.events}
    for entry in edition.entries:
        yield told[entry.occurrence.event.id] | _defused(_occurrence(edition, entry))
    with_days = {entry.occurrence.event.id for entry in edition.entries}
    yield from (row for id_, row in told.items() if id_ not in with_days)


def _occurrence(edition: Edition, entry: Entry) -> dict[str, str]:
    occurrence = entry.occurrence
    return {
        "uid": occurrence.uid,
        "title": summary(edition.calendar, occurrence, edition.language),
        "first_day": occurrence.dtstart.isoformat(),
        "last_day": occurrence.last_day.isoformat(),
        "ordinal": "" if occurrence.ordinal is None else str(occurrence.ordinal),
    }


def _event(edition: Edition, event: Event) -> dict[str, str]:
    calendar, language, revision = edition.calendar, edition.language, edition.revisions[event.id]
    words = LANGUAGES[language]
    return {
        "id": event.id,
        "title": edition.text(event.title),
        "date": event.date.text if event.date else "",
        "date_in_words": words.date(event.date, night=event.night) if event.date else "",
        "observed": event.observed.rule,
        "observed_in_words": words.rule(event.observed, event.date, event.limits),
        "categories": " ".join(event.slugs),
        "subjects": "; ".join(edition.text(category.title) for category in event.categories),
        "location": _text(edition, event.location),
        "tone": event.tone,
        "description": edition.text(event.description),
        "disputed": _text(edition, event.disputed),
        "sources": "; ".join(citations(calendar, event, language)),
        "url": edition.event_url(event),
        "sequence": str(revision.sequence),
        "last_modified": rfc3339(revision.last_modified[language]),
    }


def _text(edition: Edition, text: Text | None) -> str:
    return edition.text(text) if text else ""


def _defused(row: dict[str, str]) -> dict[str, str]:
    """Cells that no program runs: an apostrophe more before what looks like a formula, its own ones included."""
    return {name: f"'{cell}" if _FORMULA.match(cell) else cell for name, cell in row.items()}


EVENTS_CSV = Format("CSV", "events.csv", "text/csv; charset=utf-8; header=present", render)
