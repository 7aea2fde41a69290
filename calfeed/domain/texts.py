"""What a reader is told of an event and of one occurrence, as paragraphs; formats only set them.

One place composes them, so that a fact reads the same in every format.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from calfeed.domain.model import Calendar, Claim, Event, Occurrence, Source
from calfeed.domain.wording import LANGUAGES, Language

Kind = Literal["day", "story", "date", "disputed", "inferred", "sources"]


@dataclass(frozen=True)
class Paragraph:
    """A thought in one line of plain text; `label` is empty where the text speaks for itself."""

    kind: Kind
    label: str
    text: str

    def __str__(self) -> str:
        return f"{self.label}: {self.text}" if self.label else self.text


def summary(calendar: Calendar, occurrence: Occurrence, language: str) -> str:
    """The title of one occurrence: with the ordinal where there is one, else with the civil year."""
    words = LANGUAGES[language]
    suffix = anniversary(occurrence, words) or str(occurrence.dtstart.year)
    return words.titled(calendar.text(occurrence.event.title, language), suffix)


def anniversary(occurrence: Occurrence, words: Language) -> str:
    """Which one it is, as its event is counted and kept; `""` where nothing is counted."""
    event = occurrence.event
    return words.anniversary(occurrence.ordinal, kind=event.kind, tone=event.tone) if occurrence.ordinal else ""


def occurrence_paragraphs(calendar: Calendar, occurrence: Occurrence, language: str) -> tuple[Paragraph, ...]:
    """Everything to say about one occurrence: its days first, then its event."""
    return (
        Paragraph("day", "", day_in_words(occurrence, LANGUAGES[language])),
        *event_paragraphs(calendar, occurrence.event, language),
    )


def day_in_words(occurrence: Occurrence, words: Language) -> str:
    """The civil days with their weekdays, the native day, and the evening before where it begins then."""
    last = occurrence.dtend - dt.timedelta(days=1)
    span = occurrence.span
    text = words.days(occurrence.dtstart, last)
    remarks = [words.native_day(span.native)] if span.native else []
    remarks += [words.labels["moved"]] if span.shifted else []
    remarks += [words.labels["expected"]] if span.expected else []
    if remarks:
        text += f" ({', '.join(remarks)})"
    return f"{text}, {words.sunset(span.dtstart - dt.timedelta(days=1))}" if span.evening else text


def event_paragraphs(calendar: Calendar, event: Event, language: str) -> tuple[Paragraph, ...]:
    """What is true of an event in every year."""
    words = LANGUAGES[language]
    found = [Paragraph("story", "", calendar.text(event.description, language))]
    if event.date:
        found.append(Paragraph("date", words.labels["date"], words.date(event.date, night=event.night)))
    if event.disputed:
        found.append(Paragraph("disputed", words.labels["disputed"], calendar.text(event.disputed, language)))
    for claim in unstated(event):
        if claim.reasoning:
            label = words.labels["outside" if claim.basis == "outside" else "inferred"]
            found.append(Paragraph("inferred", label, calendar.text(claim.reasoning, language)))
    sources = dict.fromkeys(citation(claim.source, words) for claim in event.claims)
    found.append(Paragraph("sources", words.labels["sources"], "; ".join(sources)))
    return tuple(found)


def unstated(event: Event) -> tuple[Claim, ...]:
    """The claims that carry the date, where no source states it outright."""
    if event.date is None:
        return tuple(claim for claim in event.claims if claim.basis == "outside")
    same = [c for c in event.claims if c.date is not None and c.date.bounds() == event.date.bounds()]
    if any(claim.basis == "stated" for claim in same):
        return ()
    return tuple(claim for claim in same or event.claims if claim.basis != "stated")


def citation(source: Source, words: Language) -> str:
    """'Title (publisher, date)'."""
    published = words.date(source.published, night=False) if source.published else ""
    imprint = ", ".join(part for part in (source.publisher, published) if part)
    return f"{source.title} ({imprint})"


def claim_citation(claim: Claim, words: Language) -> str:
    """A citation that names the piece inside a collection."""
    cited = citation(claim.source, words)
    return f"“{claim.heading}”, {words.labels['in']}: {cited}" if claim.heading else cited
