"""What every template asks: texts in the page's language, links that hold wherever the site lies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cache, cached_property
from types import SimpleNamespace

from markupsafe import Markup

from calfeed.domain.addresses import in_every_language
from calfeed.domain.model import Calendar, Claim, Edition, Entry, Event, Said, Selection, Source, Text
from calfeed.domain.occurrences import civil_day
from calfeed.domain.texts import Paragraph, citation, claim_citation, day_in_words, event_paragraphs, said_summary
from calfeed.domain.wording import LANGUAGES, Language
from calfeed.formats.html.assets import Asset, address_of
from calfeed.formats.html.subscribing import Ways


@dataclass(frozen=True)
class View:
    """One page of an edition; `path` is the folder it lies in, which may be below that of the edition."""

    edition: Edition
    path: str

    @property
    def calendar(self) -> Calendar:
        """The whole of it."""
        return self.edition.calendar

    @cached_property
    def words(self) -> Language:
        """Those of the page's language."""
        return LANGUAGES[self.edition.language]

    @property
    def page(self) -> SimpleNamespace:
        """The sentences of the pages in that language, by their names."""
        return _sentences(self.edition.language)

    @cached_property
    def root(self) -> str:
        """The way up to the site's start."""
        return "../" * self.path.count("/")

    @cached_property
    def home(self) -> str:
        """The way to the start page in the page's language; never empty, so it may stand in a link."""
        return self.root + self.edition.language_path or "./"

    @cached_property
    def ltr(self) -> Markup:
        """For what always runs from left to right, such as an address."""
        return Markup(' dir="ltr"') if self.words.direction == "rtl" else Markup("")

    def asset(self, asset: Asset) -> str:
        """The way to a style sheet or the like."""
        return self.root + address_of(asset, self.calendar)

    def text(self, text: Text) -> str:
        """For places that cannot tell in which language it is."""
        return self.edition.text(text)

    def said(self, text: Text) -> Markup | str:
        """A curator's text, marked where it is in another language than the page."""
        return self.marked(self.calendar.said(text, self.edition.language))

    def marked(self, said: Said | Paragraph) -> Markup | str:
        """A text, in an element with its own language and direction where the page has another one."""
        if said.language == self.edition.language:
            return said.text
        element = Markup('<span lang="{}" dir="{}">{}</span>')
        return element.format(said.language, LANGUAGES[said.language].direction, said.text)

    def language(self, tag: str) -> Markup:
        """The attributes of an element in that language; none where it is the page's."""
        if tag == self.edition.language:
            return Markup("")
        return Markup(' lang="{}" dir="{}"').format(tag, LANGUAGES[tag].direction)

    def summary(self, entry: Entry) -> Markup | str:
        """The title of an occurrence."""
        return self.marked(said_summary(self.calendar, entry.occurrence, self.edition.language))

    def days(self, entry: Entry) -> str:
        """The days of an occurrence, with their weekdays."""
        return day_in_words(entry.occurrence, self.words)

    def day(self, instant: dt.datetime) -> str:
        """The day of an instant in the calendar's zone."""
        day = civil_day(self.calendar, instant)
        return self.words.days(day, day)

    def date(self, event: Event) -> str:
        """When an event happened; for a pure observance when it is kept."""
        if event.date is None:
            return self.rule(event)
        return self.words.date(event.date, night=event.night)

    def rule(self, event: Event) -> str:
        """When an event is observed."""
        return self.words.rule(event.observed, event.date, event.limits)

    def paragraphs(self, event: Event) -> tuple[Paragraph, ...]:
        """What is told of an event, but for its date and its sources, which a page sets in its own way."""
        told = event_paragraphs(self.calendar, event, self.edition.language)
        return tuple(paragraph for paragraph in told if paragraph.kind not in ("date", "sources"))

    def cite(self, claim: Claim) -> str:
        """The source of a claim."""
        return claim_citation(self.calendar, claim, self.edition.language)

    def citation(self, source: Source) -> str:
        """A source by itself."""
        return citation(self.calendar, source, self.edition.language)

    def page_of(self, event: Event) -> str:
        """The way to the lasting page of an event."""
        return f"{self.home}events/{event.id}/"

    @cached_property
    def _coming(self) -> frozenset[str]:
        return frozenset(entry.occurrence.uid for entry in self.edition.upcoming)

    def is_over(self, entry: Entry) -> bool:
        """Whether an occurrence has passed."""
        return entry.occurrence.uid not in self._coming

    @cached_property
    def alternates(self) -> list[tuple[str, str, str]]:
        """Tag, own name and address of this page in each language; none where there is one language alone."""
        if len(self.calendar.languages) == 1:
            return []
        found = in_every_language(self.edition, self.path.removeprefix(self.edition.language_path))
        return [(tag, LANGUAGES[tag].name, address) for tag, address in found]

    @cached_property
    def translations(self) -> list[tuple[str, str, str]]:
        """Tag, own name and the way to this page in each language; none where there is one language alone."""
        rest = self.path.removeprefix(self.edition.language_path)
        if len(self.calendar.languages) == 1:
            return []
        return [
            (tag, LANGUAGES[tag].name, self.root + self.calendar.language_path(tag) + rest or "./")
            for tag in self.calendar.languages
        ]

    @cached_property
    def whole(self) -> Ways:
        """The ways to subscribe to the whole calendar, for pages that have none of their own."""
        title = self.calendar.said(self.calendar.title, self.edition.language)
        return Ways(replace(self.edition, path=self.edition.language_path, name=title, selection=Selection()))

    @cached_property
    def address(self) -> str:
        """The lasting address of this page."""
        return self.calendar.url + self.path


@cache
def _sentences(language: str) -> SimpleNamespace:
    """As attributes, which templates look for first: in a mapping each is missed before it is found."""
    return SimpleNamespace(**LANGUAGES[language].page)
