"""With --verify a program that shares nothing with calfeed reads each calendar, before anybody else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from calfeed.domain.model import Document
from calfeed.errors import PublishError
from calfeed.formats import FORMATS
from calfeed.storage.verify.strangers import read_by_strangers
from tests.support import Workshop, edition, event, later, read

SHOWN = edition(read(event(), event("landau-1908", date="1908-01-22")))


def documents() -> list[Document]:
    return [document for format_ in FORMATS for document in format_.render(SHOWN)]


def test_what_is_right_passes_whatever_it_is() -> None:
    assert [d.path for d in read_by_strangers(documents())] == [d.path for d in documents()]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"DTSTART;VALUE=DATE:20250120", b"DTSTART;VALUE=DATE:20250119"),
        lambda data: data.replace(b"SEQUENCE:0", b"SEQUENCE:1", 1),
        lambda data: data.replace(b"DTSTAMP:20261122T060000Z", b"DTSTAMP:now", 1),
        lambda data: data.replace(b"BEGIN:VEVENT", b"BEGIN:VTODO", 1).replace(b"END:VEVENT", b"END:VTODO", 1),
        lambda data: data[: data.index(b"BEGIN:VEVENT")] + b"END:VCALENDAR\r\n",
    ],
    ids=["cut off", "another day", "another sequence", "no instant", "something else", "no events"],
)
def test_what_another_program_reads_otherwise_is_refused(damage: Callable[[bytes], bytes]) -> None:
    found = next(d for d in documents() if d.path == "calendar.ics")
    damaged = replace(found, chunks=(damage(b"".join(found.chunks)),))
    with pytest.raises(PublishError, match=r"calendar\.ics: the icalendar package does not read it"):
        list(read_by_strangers([damaged]))


def test_a_build_asks_it_only_where_it_is_told_to(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counting(found: list[Document]) -> list[Document]:
        kept = list(found)
        asked.extend(document.path for document in kept)
        return kept

    monkeypatch.setattr("calfeed.storage.verify.strangers.read_by_strangers", counting)
    workshop.build()
    assert asked == []
    workshop.write(title={"en": "Another"})
    workshop.build(later(hours=1), verify=True)
    assert "calendar.ics" in asked
