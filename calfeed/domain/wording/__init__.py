"""Titles, ordinals and dates in words: one file a language, and no locale library at run time.

A new release of such a library would change every subscriber's bytes; CLDR is an oracle in the tests instead.
What is the same in every language stands in `dates`, `calendars` and `rules`; a language file holds its words
and the functions that its grammar asks for. It is loaded when somebody asks for its words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Literal, Protocol, cast

from calfeed.domain.edtf import Edtf
from calfeed.domain.model import EventKind, Tone
from calfeed.domain.rules import Rule
from calfeed.domain.rules.limits import NO_LIMITS, Limits
from calfeed.domain.rules.span import Native

if TYPE_CHECKING:
    from calfeed.domain.wording import az, en, he, ru, tr

_TAGS = ("en", "az", "he", "ru", "tr")


class Language(Protocol):
    """What a language file offers; every text is plain, in one line, and true in any year."""

    @property
    def name(self) -> str:
        """What its speakers call it."""

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Which way the script runs."""

    @property
    def labels(self) -> Mapping[str, str]:
        """The small words around the texts."""

    @property
    def corrections(self) -> Mapping[str, str]:
        """The words for what was changed in an entry: what it was, and the values that are words of calfeed's."""

    @property
    def page(self) -> Mapping[str, str]:
        """The sentences of the pages that speak of the calendar itself."""

    @property
    def locale(self) -> str:
        """Language and territory as the Open Graph protocol writes them: `en_GB`."""

    @property
    def months(self) -> tuple[str, ...]:
        """The names of the twelve months as headings."""

    @property
    def weekdays(self) -> tuple[str, ...]:
        """The seven columns of a month from Monday on, as short as they are usual."""

    @property
    def first_weekday(self) -> int:
        """With which of them a week begins: 0 is Monday, 6 is Sunday."""

    @property
    def said_in(self) -> Mapping[str, str]:
        """For each language how a text in it is announced: 'in English'."""

    def anniversary(self, ordinal_number: int, *, kind: EventKind = "event", tone: Tone = "neutral") -> str:
        """'37th anniversary', '150th anniversary of the birth': what stands after a title and a colon."""

    def titled(self, title: str, suffix: str) -> str:
        """A title and what tells this occurrence from the others."""

    def date(self, date: Edtf, *, night: bool) -> str:
        """A date of history in words, no more exact than it is."""

    def days(self, first: dt.date, last: dt.date) -> str:
        """Civil days in words, with their weekdays."""

    def native_day(self, native: Native) -> str:
        """A day of another calendar, '27 Nisan 5787'."""

    def sunset(self, eve: dt.date) -> str:
        """'from sunset of …'."""

    def rule(self, rule: Rule, date: Edtf | None, limits: Limits = NO_LIMITS) -> str:
        """When an entry is observed, in which years, and for how long."""


class _Languages(Mapping[str, Language]):
    """The languages by their tags."""

    def __getitem__(self, tag: str) -> Language:
        return _words(tag)

    def __contains__(self, tag: object) -> bool:
        return tag in _TAGS

    def __iter__(self) -> Iterator[str]:
        return iter(_TAGS)

    def __len__(self) -> int:
        return len(_TAGS)


LANGUAGES: Mapping[str, Language] = _Languages()


@cache
def _words(tag: str) -> Language:
    if tag not in _TAGS:
        raise KeyError(tag)
    return cast("Language", import_module(f"{__name__}.{tag}"))


if TYPE_CHECKING:
    _OFFERED: tuple[Language, ...] = (en, az, he, ru, tr)  # each has all that a language file offers
