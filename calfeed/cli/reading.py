"""Commands that read EVENTS and publish nothing: check, upcoming, explain."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calfeed.cli.options import (
    Day,
    clock,
    events_argument,
    json_option,
    language_of,
    larger_option,
    now_option,
    quiet_option,
    reading_of,
)
from calfeed.cli.output import say, say_json
from calfeed.cli.reports import count, print_translations, print_warnings, translations_template
from calfeed.errors import SourceError

if TYPE_CHECKING:
    from calfeed.storage.source.translations import Translation


@click.command()
@events_argument
@larger_option
@quiet_option
def check(events: Path, *, larger: int, quiet: bool) -> None:
    """Print every problem and warning of EVENTS, one a line."""
    try:
        reading = reading_of(events, larger=larger)
    except SourceError as error:
        for problem in error.problems:
            say(str(problem))
        say(f"{events}: {count(len(error.problems), 'error')}", err=True)
        sys.exit(error.exit_code)
    print_warnings(reading.warnings, err=False)
    for translation in reading.translations:
        if translation.state != "current":
            say(f"{translation.location}: {_told(translation)}")
    if not quiet:
        told = f"{count(len(reading.calendar.events), 'event')}, no errors"
        say(f"{events}: {told}", err=True)


def _told(translation: Translation) -> str:
    of = f'{translation.place} in "{translation.language}"'
    if translation.state == "missing":
        return f"warning: {of} is missing"
    return (
        f"warning: {of} was made from another text; look whether it still says the same, then let its of: be "
        f"{translation.of}"
    )


@click.command()
@events_argument
@larger_option
@click.option("--lang", help="Only this language, text by text.")
@click.option("--template", is_flag=True, help="Print the whole file, with what is missing to be filled in.")
@json_option
def translations(events: Path, lang: str | None, *, larger: int, template: bool, as_json: bool) -> None:
    """How far the calendar is translated into each of its further languages."""
    reading = reading_of(events, larger=larger)
    found = reading.translations
    if lang is not None:
        language_of(reading.calendar, lang)
        found = tuple(translation for translation in found if translation.language == lang)
    if template and (lang is None or lang == reading.calendar.languages[0] or as_json):
        raise click.UsageError("--template is YAML for one further language; name it with --lang")
    if template:
        say(translations_template(lang or "", found), nl=False)
    elif as_json:
        say_json([asdict(translation) for translation in found])
    else:
        print_translations(found, one_by_one=lang is not None)


@click.command()
@events_argument
@larger_option
@click.option("--from", "start", type=Day(), help="The first day (today in the calendar's zone).")
@click.option("--days", type=click.IntRange(1, 36525), help="How many days (90).")
@click.option("--years", type=click.IntRange(1, 100), help="How many years, in place of --days.")
@click.option("--milestones", is_flag=True, help="Only round anniversaries: 5, 10 … 30, 40 … 100, 125 …")
@click.option("--lang", help="The language (the calendar's first).")
@now_option
@json_option
def upcoming(
    events: Path,
    *,
    start: dt.date | None,
    days: int | None,
    years: int | None,
    lang: str | None,
    now: dt.datetime | None,
    larger: int,
    milestones: bool,
    as_json: bool,
) -> None:
    """The agenda: what is observed in the days to come."""
    from calfeed.domain.milestones import is_milestone
    from calfeed.domain.occurrences import civil_day, resolve_occurrences
    from calfeed.domain.texts import day_in_words, summary
    from calfeed.domain.wording import LANGUAGES

    calendar = reading_of(events, larger=larger, languages=[lang] if lang else []).calendar
    language = language_of(calendar, lang)
    first = start or civil_day(calendar, now or clock())
    last = _last_day(first, days, years)
    year = dt.timedelta(days=366)
    a_year_before = max(first, dt.date.min + year) - year  # what began earlier may still go on
    occurrences = resolve_occurrences(calendar, (a_year_before, last))
    found = [o for o in occurrences if o.dtend > first and o.dtstart <= last]
    if milestones:
        found = [o for o in found if is_milestone(o.ordinal)]
    rows = [(o, summary(calendar, o, language), day_in_words(o, LANGUAGES[language])) for o in found]
    if as_json:
        values = [
            {
                "id": o.event.id,
                "uid": o.uid,
                "title": title,
                "dtstart": o.dtstart.isoformat(),
                "dtend": o.dtend.isoformat(),
                "ordinal": o.ordinal,
                "milestone": is_milestone(o.ordinal),
                "when": when,
                "categories": o.event.slugs,
            }
            for o, title, when in rows
        ]
        say_json(values)
        return
    width = max((len(title) for _, title, _ in rows), default=0)
    for o, title, when in rows:
        say(f"{o.dtstart.isoformat()}  {title:<{width}}  {when}".rstrip())
    if not rows:
        say(f"{'no milestone' if milestones else 'nothing'} between {first} and {last}", err=True)


@click.command()
@click.argument("id_", metavar="ID")
@events_argument
@larger_option
@click.option("--year", type=click.IntRange(1, 9998), help="Show the years around this one (the current one).")
@click.option("--lang", help="The language (the calendar's first).")
@now_option
@json_option
def explain(
    id_: str,
    events: Path,
    year: int | None,
    lang: str | None,
    now: dt.datetime | None,
    *,
    larger: int,
    as_json: bool,
) -> None:
    """Why the entry ID falls on its days, and who says so."""
    from calfeed.domain.explanation import explain as compose
    from calfeed.domain.explanation import plain_text
    from calfeed.domain.occurrences import civil_day

    calendar = reading_of(events, larger=larger, languages=[lang] if lang else []).calendar
    language = language_of(calendar, lang)
    event = next((event for event in calendar.events if event.id == id_), None)
    if event is None:
        from calfeed.storage.source.problems import did_you_mean  # pydantic, for a slip alone

        hint = did_you_mean(id_, [event.id for event in calendar.events]) or "ids stand in the file after `id:`"
        raise click.BadParameter(f'"{id_}" is no id in {events}; {hint}', param_hint="ID")
    around = year or civil_day(calendar, now or clock()).year
    explanation = compose(calendar, event, year=around, language=language)
    if as_json:
        say_json(asdict(explanation))
    else:
        say(plain_text(explanation), nl=False)


def _last_day(first: dt.date, days: int | None, years: int | None) -> dt.date:
    """The last day of an agenda; a year from 29 February ends on 28 February."""
    if days is not None and years is not None:
        raise click.UsageError("--days and --years say the same in two ways; give one of them")
    if years is None:
        return first + dt.timedelta(days=min((days or 90) - 1, (dt.date.max - first).days))
    if first.year + years > dt.MAXYEAR:
        return dt.date.max
    try:
        return first.replace(year=first.year + years) - dt.timedelta(days=1)
    except ValueError:
        return dt.date(first.year + years, 2, 28)
