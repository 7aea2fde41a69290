"""Which files and pages stand below an address, for whatever points to them.

Formats know nothing of each other; what one of them writes and others point to is named here, and a test holds
these names against what is published.
"""

from __future__ import annotations

from collections.abc import Mapping

from calfeed.domain.model import Category, Edition, Event

_ENTRY_FILES = {
    "calendar": "calendar.ics",
    "rss": "feed.rss",
    "atom": "feed.atom",
    "json_feed": "feed.json",
}
_PART_FILES = {**_ENTRY_FILES, "calendar_with_alarms": "calendar-alarms.ics", "jcal": "calendar.jcal"}
_WHOLE_FILES = {
    **_PART_FILES,
    "corrections": "corrections/feed.atom",
    "data": "events.json",
    "spreadsheet": "events.csv",
    "subscriptions": "feeds.opml",
}
SCHEMA = "events.schema.json"  # at the root of the site, whatever the language


def files_of_calendar(edition: Edition) -> Mapping[str, str]:
    """The absolute address of each file of the whole calendar in the edition's language, by its role."""
    return _below(edition, "", _WHOLE_FILES)


def files_of_category(edition: Edition, category: Category) -> Mapping[str, str]:
    """The same for a category that has a day."""
    return _below(edition, _category_path(category.slug), _PART_FILES)


def files_of_event(edition: Edition, event: Event) -> Mapping[str, str]:
    """The same for an event that has a day."""
    return _below(edition, _event_path(event.id), _ENTRY_FILES)


def category_url(edition: Edition, category: Category) -> str:
    """The page of a category that has a day, in the edition's language."""
    return edition.calendar.url + edition.language_path + _category_path(category.slug)


def page_paths(edition: Edition) -> tuple[str, ...]:
    """Every page of a language but those of events: paths below its folder, `""` or ending with a slash.

    The start page, the categories that have a day, the composer, the corrections and the months.
    """
    categories = [_category_path(category.slug) for category in edition.choices]
    months = [f"months/{month:02}/" for month in range(1, 13)]
    return "", *categories, "compose/", "corrections/", *months


def event_paths(edition: Edition) -> dict[str, Event]:
    """The events of an edition by the path of their page, below the folder of the language."""
    return {_event_path(event.id): event for event in edition.events}


def in_every_language(edition: Edition, path: str) -> list[tuple[str, str]]:
    """Tag and absolute address of the same page in each language of the calendar, the first one first."""
    calendar = edition.calendar
    return [(tag, calendar.url + calendar.language_path(tag) + path) for tag in calendar.languages]


def _below(edition: Edition, path: str, files: Mapping[str, str]) -> Mapping[str, str]:
    base = edition.calendar.url + edition.language_path + path
    return {role: base + file for role, file in files.items()}


def _category_path(slug: str) -> str:
    return f"categories/{slug}/"


def _event_path(id_: str) -> str:
    return f"events/{id_}/"
