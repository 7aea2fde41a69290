"""A calendar file as a program reads it that shares nothing with calfeed: the icalendar package.

It takes far longer than `calendars`, so it is for whoever asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import icalendar

from calfeed.domain.model import Document
from calfeed.errors import PublishError
from calfeed.storage.verify.findings import same, wrong


def read_by_strangers(documents: Iterable[Document]) -> Iterator[Document]:
    """The same documents; raises PublishError at a calendar in which icalendar finds others than its entries."""
    for document in documents:
        if document.path.endswith(".ics"):
            _read(document)
        yield document


def _read(document: Document) -> None:
    try:
        found = icalendar.Calendar.from_ical(b"".join(document.chunks))
        if any(component.errors for component in found.walk()):
            wrong("a property that it cannot read")
        events = [
            (str(event["uid"]), event.decoded("dtstart"), event.decoded("dtend"), event["sequence"])
            for event in found.walk("VEVENT")
        ]
        entries = document.entries or ()
        same(
            events,
            [(e.occurrence.uid, e.occurrence.dtstart, e.occurrence.dtend, e.revision.sequence) for e in entries],
        )
    except (ValueError, LookupError) as error:
        raise PublishError(f"{document.path}: the icalendar package does not read it: {error}") from error
