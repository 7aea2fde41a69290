"""What a reader is told of an event and of one occurrence, as paragraphs; formats only set them.

One place composes them, so that a fact reads the same in every format.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Literal, TypeVar

from calfeed.domain.model import Calendar, Claim, Event, Occurrence, Said, Source, Text
from calfeed.domain.wording import LANGUAGES, Language
from calfeed.domain.wording.bidi import isolated, kept_apart
from calfeed.frozen import frozen

_What = TypeVar("_What")
_Words = TypeVar("_Words")
Kind = Literal["day", "story", "date", "disputed", "inferred", "sources", "before", "after", "why"]


@frozen
class Paragraph:
    """A thought in one line of plain text; `label` is empty where the text speaks for itself.

    `language` is that of the text, `announced` the words for it in brackets where readers asked for another one;
    else it is empty. `apart` says that the text runs the other way than what stands around it.
    """

    kind: Kind
    label: str
    text: str
    language: str
    announced: str = ""
    apart: bool = False

    def __str__(self) -> str:
        text = isolated(self.text) if self.apart else self.text
        text = f"{self.announced} {text}" if self.announced else text
        return f"{self.label}: {text}" if self.label else text


def said_summary(calendar: Calendar, occurrence: Occurrence, language: str) -> Said:
    """The title of one occurrence: with the ordinal where there is one, else with the civil year.

    A title that falls back takes the ordinal of its own language: no sentence is in two.
    """
    title = calendar.said(occurrence.event.title, language)
    words = LANGUAGES[title.language]
    suffix = anniversary(occurrence, words) or str(occurrence.dtstart.year)
    return Said(words.titled(title.text, suffix), title.language)


def summary(calendar: Calendar, occurrence: Occurrence, language: str) -> str:
    """The title of one occurrence, for places that cannot tell in which language it is."""
    return said_summary(calendar, occurrence, language).text


def anniversary(occurrence: Occurrence, words: Language) -> str:
    """Which one it is, as its event is counted and kept; `""` where nothing is counted."""
    event = occurrence.event
    return words.anniversary(occurrence.ordinal, kind=event.kind, tone=event.tone) if occurrence.ordinal else ""


def occurrence_paragraphs(calendar: Calendar, occurrence: Occurrence, language: str) -> tuple[Paragraph, ...]:
    """Everything to say about one occurrence: its days first, then its event."""
    return (
        Paragraph("day", "", day_in_words(occurrence, LANGUAGES[language]), language),
        *event_paragraphs(calendar, occurrence.event, language),
    )


def day_in_words(occurrence: Occurrence, words: Language) -> str:
    """The civil days with their weekdays, the native day, and the evening before where it begins then."""
    span = occurrence.span
    text = words.days(occurrence.dtstart, occurrence.last_day)
    remarks = [words.native_day(span.native)] if span.native else []
    remarks += [words.labels["moved"]] if span.shifted else []
    remarks += [words.labels["expected"]] if span.expected else []
    if remarks:
        text += f" ({', '.join(remarks)})"
    return f"{text}, {words.sunset(span.dtstart - dt.timedelta(days=1))}" if span.evening else text


def event_paragraphs(calendar: Calendar, event: Event, language: str) -> tuple[Paragraph, ...]:
    """What is true of an event in every year."""
    return _once(calendar, ("event", event.id, language), event, _event_paragraphs)


def forget(calendar: Calendar, event: Event, language: str) -> None:
    """Forget the words for an event that is not looked at again."""
    calendar.worded.pop(("event", event.id, language), None)


def _once(
    calendar: Calendar, key: tuple[str, str, str], what: _What, worded: Callable[[Calendar, _What, str], _Words]
) -> _Words:
    """What `worded` makes of this very thing in a language (the last part of the key): the same each time."""
    known = calendar.worded.get(key)
    if known is None or known[0] is not what:
        known = calendar.worded[key] = (what, worded(calendar, what, key[-1]))
    found: _Words = known[1]
    return found


def _event_paragraphs(calendar: Calendar, event: Event, language: str) -> tuple[Paragraph, ...]:
    words = LANGUAGES[language]

    def written(kind: Kind, label: str, text: Text) -> Paragraph:
        return as_paragraph(kind, label, calendar.said(text, language), within=language)

    found = [written("story", "", event.description)]
    if event.date:
        told = words.date(event.date, night=event.night)
        found.append(Paragraph("date", words.labels["date"], told, language))
    if event.disputed:
        found.append(written("disputed", words.labels["disputed"], event.disputed))
    for claim in unstated(event):
        if claim.reasoning:
            label = words.labels["outside" if claim.basis == "outside" else "inferred"]
            found.append(written("inferred", label, claim.reasoning))
    sources = citations(calendar, event, language)
    if sources:
        found.append(Paragraph("sources", words.labels["sources"], "; ".join(sources), language))
    return tuple(found)


def as_paragraph(kind: Kind, label: str, said: Said, *, within: str) -> Paragraph:
    """A curator's text, announced where it is not in the language `within`, which is the readers'."""
    if said.language == within:
        return Paragraph(kind, label, said.text, within)
    words = LANGUAGES[within]
    apart = LANGUAGES[said.language].direction != words.direction
    return Paragraph(kind, label, said.text, said.language, f"({words.said_in[said.language]})", apart)


def unstated(event: Event) -> tuple[Claim, ...]:
    """The claims that carry the date, where no source states it outright."""
    if event.date is None:
        return tuple(claim for claim in event.claims if claim.basis == "outside")
    same = [c for c in event.claims if c.date is not None and c.date.bounds() == event.date.bounds()]
    if any(claim.basis == "stated" for claim in same):
        return ()
    return tuple(claim for claim in same or event.claims if claim.basis != "stated")


def citations(calendar: Calendar, event: Event, language: str) -> tuple[str, ...]:
    """The sources of an event, each once."""
    return tuple(dict.fromkeys(citation(calendar, claim.source, language) for claim in event.claims))


def citation(calendar: Calendar, source: Source, language: str) -> str:
    """'Title (publisher, date)', or as the curator has it cited."""
    return _once(calendar, ("source", source.key, language), source, _citation)


def _citation(calendar: Calendar, source: Source, language: str) -> str:
    words = LANGUAGES[language]
    if source.cited:
        return _within(calendar.text(source.cited, language), words)
    published = words.date(source.published, night=False) if source.published else ""
    publisher = _within(source.publisher, words) if source.publisher else words.labels["unnamed"]
    imprint = ", ".join(part for part in (publisher, published) if part)
    return f"{_within(source.title, words)} ({imprint})"


def _within(text: str, words: Language) -> str:
    """A name that may be in another script, in a line of a language that runs from right to left."""
    return kept_apart(text) if words.direction == "rtl" else text


def claim_citation(calendar: Calendar, claim: Claim, language: str) -> str:
    """A citation that names the piece inside a collection."""
    words, cited = LANGUAGES[language], citation(calendar, claim.source, language)
    if not claim.heading:
        return cited
    return f"{words.labels['quoted'].format(_within(claim.heading, words))}, {words.labels['in']}: {cited}"
