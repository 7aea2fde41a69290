"""Corrections as readers are told of them: what was changed, when, why, from what to what, by which source.

Everything is ready to be set: labels and dates are in the words of the readers' language, a text in another one is
announced. Where calfeed has no words for what is remembered, the remembered line stands for itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Literal

from calfeed.domain import observances
from calfeed.domain.amendments import date_of
from calfeed.domain.differences import Piece, differences
from calfeed.domain.edtf import parse_edtf
from calfeed.domain.model import Amendment, Correction, Edition, Note, Said, Text, What
from calfeed.domain.moves import days_of
from calfeed.domain.occurrences import civil_day
from calfeed.domain.texts import Paragraph, as_paragraph, citation
from calfeed.domain.wording import LANGUAGES, Language
from calfeed.errors import ValueProblem
from calfeed.frozen import frozen

_TEXTS = frozenset(("title", "description", "location", "disputed", "claim", "claim-reasoning"))
Side = Literal["before", "after"]


@frozen
class ToldAmendment:
    """One thing that was changed. `label` names it, and is empty where `after` is a whole sentence.

    `cited` is the source of a claim, else empty. `before` is None where nothing stood there, `after` where nothing
    does now; where `withheld`, `before` says so in place of the words.
    """

    what: What
    label: str
    cited: str
    before: Paragraph | None
    after: Paragraph | None
    withheld: bool = False

    @cached_property
    def pieces(self) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
        """The texts of `before` and `after` in pieces, with the words marked that changed."""
        before, after = (told.text if told else "" for told in (self.before, self.after))
        if self.what not in _TEXTS:
            return (Piece(before, changed=True),), (Piece(after, changed=True),)
        return differences(before, after)


@frozen
class ToldNote:
    """The curator's reason, of the day `on`; `cited` is the document that it was corrected by, or empty."""

    on: dt.date
    why: Paragraph
    cited: str


@frozen
class ToldCorrection:
    """What was changed in one event at one instant; `title` names the event, `headline` also what became of it."""

    event: str
    title: Said
    headline: Said
    uid: str
    url: str
    at: dt.datetime
    updated: dt.datetime
    amendments: tuple[ToldAmendment, ...]
    notes: tuple[ToldNote, ...]


def corrections_of(edition: Edition, most: int | None = None) -> tuple[ToldCorrection, ...]:
    """The corrections in an edition's whole calendar, category or event that its readers see, newest first.

    At most so many; None for all. The whole calendar's are also those of events that were withdrawn. A change of
    a text in one language alone is seen by the readers of that language.
    """
    titles = _titles(edition)
    found = [(id_, correction) for id_ in titles for correction in edition.corrections.get(id_, ())]
    found.sort(key=lambda pair: (pair[1].updated, pair[1].at, pair[0]), reverse=True)
    told = (_Telling(edition, id_, titles[id_]).correction(correction) for id_, correction in found)
    return tuple(islice((each for each in told if each.amendments or each.notes), most))


def _titles(edition: Edition) -> dict[str, Said]:
    """What the events of the selection are called; where that is not remembered, the id stands for it."""

    def said(id_: str, title: Text | None) -> Said:
        return edition.calendar.said(title, edition.language) if title else Said(id_, edition.language)

    if edition.selection.gone:
        return {edition.selection.gone.id: said(edition.selection.gone.id, edition.selection.gone.title)}
    found = {event.id: said(event.id, event.title) for event in edition.events}
    if edition.selection.kind == "all":
        found |= {gone.id: said(gone.id, gone.title) for gone in edition.withdrawn}
    return found


@frozen
class _Telling:
    """The corrections of one event in the words of an edition's language."""

    edition: Edition
    event: str
    title: Said

    @property
    def words(self) -> Language:
        return LANGUAGES[self.edition.language]

    def correction(self, correction: Correction) -> ToldCorrection:
        """A correction without anything in it where the readers of this language saw no change."""
        edition, seen = self.edition, tuple(self._seen(correction))
        told = bool(seen) or not correction.amendments
        known = edition.calendar.notes.get(self.event, {})
        notes = [known[on] for on in correction.notes if on in known]
        return ToldCorrection(
            event=self.event,
            title=self.title,
            headline=self._headline(correction),
            uid=f"tag:{edition.calendar.authority}:corrections/{self.event}/{correction.at:%Y%m%dT%H%M%SZ}",
            url=f"{edition.calendar.url}{edition.language_path}events/{self.event}/",
            at=correction.at,
            updated=correction.updated,
            amendments=tuple(self._amendment(amendment, correction.at) for amendment in seen),
            notes=tuple(self._note(note) for note in notes) if told else (),
        )

    def _seen(self, correction: Correction) -> Iterator[Amendment]:
        """What readers of this language are told of.

        A change of the first language also where their own text was not changed with it, if the curator said why:
        else whoever reads a translation would go on believing what was wrong.
        """
        first, language = self.edition.calendar.languages[0], self.edition.language
        outdated = bool(correction.notes) and not any(a.language == language for a in correction.amendments)
        for amendment in correction.amendments:
            fallen_back = amendment.language == first and (outdated or language not in amendment.own)
            if amendment.language in (None, language) or fallen_back:
                yield amendment

    def _headline(self, correction: Correction) -> Said:
        states = [a.what for a in correction.amendments if a.what in ("withdrawn", "restored")]
        words = LANGUAGES[self.title.language].corrections
        return Said(words[states[0] if states else "corrected"].format(self.title.text), self.title.language)

    def _note(self, note: Note) -> ToldNote:
        why = self.edition.calendar.said(note.why, self.edition.language)
        cited = citation(self.edition.calendar, note.source, self.edition.language) if note.source else ""
        label = self.words.corrections["why"]
        return ToldNote(note.on, as_paragraph("why", label, why, within=self.edition.language), cited)

    def _amendment(self, amendment: Amendment, at: dt.datetime) -> ToldAmendment:
        if amendment.what in ("withdrawn", "restored"):
            return ToldAmendment(amendment.what, "", "", None, self._sentence(amendment.what, at))
        hidden = self._paragraph("before", self.words.corrections["withheld"], None)
        return ToldAmendment(
            amendment.what,
            self.words.corrections[amendment.what],
            self._cited(amendment.source),
            hidden if amendment.withheld else self._value("before", amendment, amendment.before),
            self._value("after", amendment, amendment.after),
            amendment.withheld,
        )

    def _sentence(self, what: What, at: dt.datetime) -> Paragraph:
        """That the entry was withdrawn, or that it was restored."""
        day = civil_day(self.edition.calendar, at)
        text = self.words.labels["withdrawn"] if what == "withdrawn" else self.words.corrections["came_back"]
        return Paragraph("after", "", text.format(date=self.words.days(day, day)), self.edition.language)

    def _cited(self, source: str | None) -> str:
        """The citation of a source by its key, which may be gone from the calendar."""
        known = self.edition.calendar.sources.get(source) if source else None
        return citation(self.edition.calendar, known, self.edition.language) if known else source or ""

    def _value(self, side: Side, amendment: Amendment, value: str | None) -> Paragraph | None:
        if value is None:
            return None
        if amendment.language:
            return self._paragraph(side, value, amendment.language)
        try:
            return self._paragraph(side, self._fact(amendment.what, value), None)
        except (ValueProblem, ValueError, LookupError, TypeError, AttributeError):
            return self._paragraph(side, value, None)  # from a calfeed that had other words for it

    def _paragraph(self, side: Side, text: str, language: str | None) -> Paragraph:
        label = self.words.corrections[side]
        return as_paragraph(
            side, label, Said(text, language or self.edition.language), within=self.edition.language
        )

    def _fact(self, what: What, value: str) -> str:
        """A remembered line in words; raises whatever a line raises that is none of ours."""
        words = self.words
        match what:
            case "date" | "claim-date":
                date, night = date_of(value)
                return words.date(parse_edtf(date), night=night)
            case "observed":
                return words.rule(*observances.read(value))
            case "days":
                return "; ".join(words.days(first, last) for first, last in days_of(value))
            case "categories":
                titles = {category.slug: category.title for category in self.edition.calendar.categories}
                known = [self.edition.text(titles[slug]) for slug in value.split()]
                return ", ".join(known)
            case "tone" | "kind" | "claim-basis":
                return words.corrections[value]
        return value
