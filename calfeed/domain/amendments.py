"""What was changed in an event: what readers were shown of it before, held against what they are shown now.

A text that is there in a language for the first time is no change, and what is dropped there falls back to the
calendar's first language; only what stood in a language, and stands in it in other words, was changed in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

from calfeed.domain import observances
from calfeed.domain.memory import Shown, ShownClaim
from calfeed.domain.model import Amendment, Calendar, Claim, Event, Text, What

_NIGHT = "night "  # before an EDTF date: the night between its two days


def shown_of(calendar: Calendar, event: Event) -> Shown:
    """What readers are shown of an event, as its curator wrote it."""

    def kept(text: Text | None) -> Text:
        return {language: text[language] for language in calendar.languages if text.get(language)} if text else {}

    def claim(found: Claim) -> ShownClaim:
        date = found.date.text if found.date else ""
        says, reasoning = kept(found.says), kept(found.reasoning)
        return ShownClaim(found.source.key, found.basis, says, date, found.heading or "", reasoning)

    categories = sorted(event.categories, key=lambda category: category.slug)
    return Shown(
        title=kept(event.title),
        description=kept(event.description),
        observed=observances.written(event.observed, event.limits),
        categories=tuple(category.slug for category in categories),
        claims=tuple(claim(found) for found in event.claims),
        date=event.date.text if event.date else "",
        night=event.night,
        location=kept(event.location),
        disputed=kept(event.disputed),
        url=event.url or "",
        tone=event.tone,
        kind=event.kind,
        subjects=tuple(category.title[calendar.languages[0]] for category in categories),
    )


def amendments(old: Shown, new: Shown, calendar: Calendar) -> tuple[Amendment, ...]:
    """Every difference between two states of an event, the new one that of the calendar.

    A key of a source or a slug that went is no difference where another stands for the same.
    """
    if old == new:
        return ()
    return tuple(_amended(_renamed(old, new, calendar), new, calendar.languages))


def _renamed(old: Shown, new: Shown, calendar: Calendar) -> Shown:
    """The old state with the keys and slugs that its sources and categories have now."""
    slugs = _slugs(old, new, calendar)
    keys = _keys(old.claims, new.claims, calendar)
    return replace(
        old,
        categories=tuple(sorted(slugs.get(slug, slug) for slug in old.categories)),
        claims=tuple(replace(claim, source=keys.get(claim.source, claim.source)) for claim in old.claims),
    )


def _slugs(old: Shown, new: Shown, calendar: Calendar) -> dict[str, str]:
    """Slugs that are no category's any more, and that of the category that has their title."""
    gone = set(old.categories) - {category.slug for category in calendar.categories}
    fresh = {
        title: slug
        for slug, title in zip(new.categories, new.subjects, strict=False)
        if slug not in old.categories
    }
    titles = zip(old.categories, old.subjects, strict=False)
    return {slug: fresh[title] for slug, title in titles if slug in gone and title in fresh}


def _keys(old: tuple[ShownClaim, ...], new: tuple[ShownClaim, ...], calendar: Calendar) -> dict[str, str]:
    """Keys that are no source's any more, and the one under which all their claims stand now, word for word."""

    def said(claims: tuple[ShownClaim, ...], key: str) -> list[ShownClaim]:
        return [replace(claim, source="") for claim in claims if claim.source == key]

    def holds(all_: list[ShownClaim], some: list[ShownClaim]) -> bool:
        return all(all_.count(claim) >= some.count(claim) for claim in some)

    fresh = dict.fromkeys(claim.source for claim in new)
    gone = dict.fromkeys(claim.source for claim in old if claim.source not in calendar.sources)
    found = {key: [now for now in fresh if holds(said(new, now), said(old, key))] for key in gone}
    return {key: names[0] for key, names in found.items() if names}


def _amended(old: Shown, new: Shown, languages: tuple[str, ...]) -> Iterator[Amendment]:
    yield from _text("title", old.title, new.title, languages)
    yield from _fact("date", night_of(old.date, night=old.night), night_of(new.date, night=new.night))
    if old.observed != new.observed:
        before, after = observances.dated(old.observed, old.date), observances.dated(new.observed, new.date)
        yield from _fact("observed", before, after)
    yield from _text("location", old.location, new.location, languages)
    yield from _text("description", old.description, new.description, languages)
    yield from _text("disputed", old.disputed, new.disputed, languages)
    yield from _fact("url", old.url, new.url)
    yield from _fact("categories", " ".join(old.categories), " ".join(new.categories))
    yield from _fact("tone", old.tone, new.tone)
    yield from _fact("kind", old.kind, new.kind)
    if old.claims != new.claims:
        for before_claim, after_claim in _paired(old.claims, new.claims, languages[0]):
            yield from _claim(before_claim, after_claim, languages)


def night_of(date: str, *, night: bool) -> str:
    """An EDTF date as an amendment holds it: with a word in front where it is the night between two days."""
    return _NIGHT + date if night else date


def date_of(text: str) -> tuple[str, bool]:
    """The EDTF text of such a date, and whether it is a night."""
    return text.removeprefix(_NIGHT), text.startswith(_NIGHT)


def _fact(what: What, before: str, after: str, source: str | None = None) -> Iterator[Amendment]:
    if before != after:
        yield Amendment(what, None, before or None, after or None, source)


def _text(
    what: What, old: Text, new: Text, languages: tuple[str, ...], source: str | None = None
) -> Iterator[Amendment]:
    """The changes of a text, one for each language in which it stood before and stands now.

    One that comes or goes altogether does so in every language that has it.
    """
    if old == new:
        return
    first, *others = languages
    own = tuple(tag for tag in others if (tag in old or not old) and (tag in new or not new))
    if old.get(first) != new.get(first):
        yield Amendment(what, first, old.get(first), new.get(first), source, own)
    for language in own:
        if old.get(language) != new.get(language):
            yield Amendment(what, language, old.get(language), new.get(language), source)


def _paired(
    old: tuple[ShownClaim, ...], new: tuple[ShownClaim, ...], first: str
) -> Iterator[tuple[ShownClaim | None, ShownClaim | None]]:
    """Claims before and now: those that say the same, then what is left of each source in its order."""

    def same(claim: ShownClaim) -> tuple[str, ...]:
        parts = (claim.source, claim.basis, claim.date, claim.heading)
        return (*parts, claim.says.get(first, ""), claim.reasoning.get(first, ""))

    old_left, new_left = list(old), []
    for claim in new:
        partner = next((other for other in old_left if same(other) == same(claim)), None)
        if partner is None:
            new_left.append(claim)
        else:
            old_left.remove(partner)
            yield partner, claim
    for source in dict.fromkeys(claim.source for claim in (*old_left, *new_left)):
        yield from zip_longest(
            [claim for claim in old_left if claim.source == source],
            [claim for claim in new_left if claim.source == source],
        )


def _claim(old: ShownClaim | None, new: ShownClaim | None, languages: tuple[str, ...]) -> Iterator[Amendment]:
    """What was changed in a claim; of one that came or went, what it says and which date it gives."""
    known = old or new
    assert known is not None  # noqa: S101 - a pair has a claim on one side at least
    source = known.source
    yield from _text("claim", old.says if old else {}, new.says if new else {}, languages, source)
    yield from _fact("claim-date", old.date if old else "", new.date if new else "", source)
    if old and new:
        yield from _text("claim-reasoning", old.reasoning, new.reasoning, languages, source)
        yield from _fact("claim-basis", old.basis, new.basis, source)
        yield from _fact("claim-heading", old.heading, new.heading, source)
