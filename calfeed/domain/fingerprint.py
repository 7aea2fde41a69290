"""A digest of what readers are shown of an event: when it is another, LAST-MODIFIED moves."""

from __future__ import annotations

import hashlib

from calfeed.domain.model import Calendar, Claim, Event
from calfeed.domain.texts import event_paragraphs
from calfeed.domain.wording import LANGUAGES


def fingerprint(calendar: Calendar, event: Event, language: str) -> str:
    """A digest of everything that readers of one language are shown of an event, its days aside."""
    shown = [
        calendar.text(event.title, language),
        *map(str, event_paragraphs(calendar, event, language)),
        calendar.text(event.location, language) if event.location else "",
        event.url or "",
        calendar.url,
        event.tone,
        LANGUAGES[language].rule(event.observed, event.date, event.limits),
        *(calendar.text(category.title, language) for category in event.categories),
        *(part for claim in event.claims for part in _claim_shown(calendar, claim, language)),
    ]
    if fallen := _fallen_back(calendar, event, language):
        shown.append(f"fallen back: {fallen}")
    if event.kind != "event":  # else the stamps of everything published before there were kinds would move
        shown.append(event.kind)
    return hashlib.sha256("\x00".join(shown).encode()).hexdigest()[:32]


def _fallen_back(calendar: Calendar, event: Event, language: str) -> list[int]:
    """Which of the texts that are shown with their language are in another one.

    A translation may have the very words of the original: then nothing else tells that it has come.
    """
    texts = (event.title, event.location, *(category.title for category in event.categories))
    said = (calendar.said(text, language) if text else None for text in texts)
    return [number for number, found in enumerate(said) if found and found.language != language]


def _claim_shown(calendar: Calendar, claim: Claim, language: str) -> tuple[str, ...]:
    return (
        claim.heading or "",
        claim.basis,
        claim.date.text if claim.date else "",
        calendar.text(claim.says, language),
        calendar.text(claim.reasoning, language) if claim.reasoning else "",
    )
