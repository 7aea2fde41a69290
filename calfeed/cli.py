"""The roof: commands, exit codes, the only printer, and the only reader of a clock beside the scheduler."""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import click

from calfeed import __version__
from calfeed.errors import BusyError, CalfeedError, Problem, SourceError

if TYPE_CHECKING:  # start-up is felt: a command imports what it uses
    from calfeed.build import Places, Report
    from calfeed.domain.model import Calendar
    from calfeed.storage.source import Reading
    from calfeed.storage.status import Status

_F = TypeVar("_F", bound=Callable[..., Any])


class Instant(click.ParamType[dt.datetime]):
    """An instant with its zone, RFC 3339."""

    name = "INSTANT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        """Read `2027-01-20T00:15+04:00` or `…Z`."""
        if isinstance(value, dt.datetime):
            return value
        try:
            instant = dt.datetime.fromisoformat(value)
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None:
            self.fail(
                f"{value!r} is not an instant with a zone; write it as in 2027-01-20T00:15+04:00", param, ctx
            )
        return instant


class Day(click.ParamType[dt.date]):
    """A civil day, ISO 8601."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Read `2027-01-20`."""
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day; write it as in 2027-01-20", param, ctx)


def _events(command: _F) -> _F:
    return click.argument("events", type=click.Path(path_type=Path), default="events.yaml")(command)


def _site(command: _F) -> _F:
    option = click.option(
        "--site", type=click.Path(path_type=Path), help="Where to publish (site/ beside EVENTS)."
    )
    return option(command)


def _state(command: _F) -> _F:
    option = click.option("--state", type=click.Path(path_type=Path), help="The memory (state/ beside EVENTS).")
    return option(command)


def _now(command: _F) -> _F:
    return click.option("--now", type=Instant(), help="Act as if it were this instant, as in 2027-01-20T00:15Z.")(
        command
    )


def _url(command: _F) -> _F:
    return click.option("--url", help="The address of the published site, in place of the one in EVENTS.")(command)


def _quiet(command: _F) -> _F:
    return click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")(command)


def _json(command: _F) -> _F:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")(command)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="calfeed %(version)s")
def cli() -> None:
    """Compile a file of dated events into calendars to subscribe to and feeds to follow.

    EVENTS is events.yaml in the current folder where left out.
    """


@cli.command()
@_events
@_site
@_state
@_url
@_now
@click.option("--dry-run", is_flag=True, help="List what would change, and change nothing.")
@click.option("--allow-removal", is_flag=True, help="Let published addresses or many events go.")
@click.option("--allow-clock", is_flag=True, help="Build although the clock is far from the last build.")
@click.option("--new-ledger", is_flag=True, help="Begin a new history where the old one is lost.")
@_json
@_quiet
def build(
    events: Path,
    site: Path | None,
    state: Path | None,
    url: str | None,
    now: dt.datetime | None,
    *,
    dry_run: bool,
    allow_removal: bool,
    allow_clock: bool,
    new_ledger: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Compile and publish once."""
    from calfeed.build import Options
    from calfeed.build import build as compile_and_publish
    from calfeed.storage.status import write_failure

    places = _places(events, site, state)
    now = now or _clock()
    options = Options(url, allow_removal, allow_clock, new_ledger, dry_run)
    try:
        report = compile_and_publish(places, now, options)
    except CalfeedError as error:
        if not dry_run and not isinstance(error, BusyError):
            write_failure(places.state, now, str(error))
        raise
    if as_json:
        click.echo(json.dumps(_report_values(places, report), ensure_ascii=False, indent=1))
    elif not quiet:
        _print_report(places, report)


@cli.command()
@_events
@_quiet
def check(events: Path, *, quiet: bool) -> None:
    """Print every problem and warning of EVENTS, one a line."""
    try:
        reading = _reading(events)
    except SourceError as error:
        for problem in error.problems:
            click.echo(str(problem))
        click.echo(f"{events}: {_count(len(error.problems), 'error')}", err=True)
        sys.exit(error.exit_code)
    _print_warnings(reading.warnings, err=False)
    if not quiet:
        told = f"{_count(len(reading.calendar.events), 'event')}, no errors"
        click.echo(f"{events}: {told}", err=True)


@cli.command()
@_events
@click.option("--from", "start", type=Day(), help="The first day (today in the calendar's zone).")
@click.option("--days", type=click.IntRange(1, 36525), help="How many days (90).")
@click.option("--years", type=click.IntRange(1, 100), help="How many years, in place of --days.")
@click.option("--milestones", is_flag=True, help="Only round anniversaries: 5, 10 … 30, 40 … 100, 125 …")
@click.option("--lang", help="The language (the calendar's first).")
@_now
@_json
def upcoming(
    events: Path,
    *,
    start: dt.date | None,
    days: int | None,
    years: int | None,
    lang: str | None,
    now: dt.datetime | None,
    milestones: bool,
    as_json: bool,
) -> None:
    """The agenda: what is observed in the days to come."""
    from calfeed.domain.milestones import is_milestone
    from calfeed.domain.occurrences import civil_day, resolve_occurrences
    from calfeed.domain.texts import day_in_words, summary
    from calfeed.domain.wording import LANGUAGES

    calendar = _reading(events).calendar
    language = _language(calendar, lang)
    first = start or civil_day(calendar, now or _clock())
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
                "categories": [category.slug for category in o.event.categories],
            }
            for o, title, when in rows
        ]
        click.echo(json.dumps(values, ensure_ascii=False, indent=1))
        return
    width = max((len(title) for _, title, _ in rows), default=0)
    for o, title, when in rows:
        click.echo(f"{o.dtstart.isoformat()}  {title:<{width}}  {when}".rstrip())
    if not rows:
        click.echo(f"{'no milestone' if milestones else 'nothing'} between {first} and {last}", err=True)


@cli.command()
@click.argument("id_", metavar="ID")
@_events
@click.option("--year", type=click.IntRange(1, 9998), help="Show the years around this one (the current one).")
@click.option("--lang", help="The language (the calendar's first).")
@_now
@_json
def explain(
    id_: str,
    events: Path,
    year: int | None,
    lang: str | None,
    now: dt.datetime | None,
    *,
    as_json: bool,
) -> None:
    """Why the entry ID falls on its days, and who says so."""
    from calfeed.domain.explanation import explain as compose
    from calfeed.domain.explanation import plain_text
    from calfeed.domain.occurrences import civil_day
    from calfeed.storage.source.problems import did_you_mean

    calendar = _reading(events).calendar
    language = _language(calendar, lang)
    event = next((event for event in calendar.events if event.id == id_), None)
    if event is None:
        hint = did_you_mean(id_, [event.id for event in calendar.events]) or "ids stand in the file after `id:`"
        raise click.BadParameter(f'"{id_}" is no id in {events}; {hint}', param_hint="ID")
    around = year or civil_day(calendar, now or _clock()).year
    explanation = compose(calendar, event, year=around, language=language)
    if as_json:
        click.echo(json.dumps(asdict(explanation), ensure_ascii=False, indent=1, default=str))
    else:
        click.echo(plain_text(explanation), nl=False)


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


@cli.command()
@_events
@_site
@_state
@_url
@click.option("--watch/--no-watch", default=True, show_default=True, help="Build when EVENTS is edited.")
@_quiet
def run(events: Path, site: Path | None, state: Path | None, url: str | None, *, watch: bool, quiet: bool) -> None:
    """Keep the site built, day by day, in the foreground."""
    from calfeed.build import Options
    from calfeed.schedule import run as keep_built
    from calfeed.storage.files import read_events

    _log_to_stderr(logging.WARNING if quiet else logging.INFO)
    read_events(events)  # a wrong path is a mistake to tell at once, not one to try every quarter of an hour
    keep_built(_places(events.absolute(), site, state), Options(url=url), clock=_clock, watch=watch)


@cli.command()
@_events
@_state
@_now
@_json
def status(events: Path, state: Path | None, now: dt.datetime | None, *, as_json: bool) -> None:
    """The last good build and what is due next; exit code 1 when that build is older than 26 hours."""
    from calfeed.storage.status import read_status

    place = _places(events, None, state).state
    found = read_status(place)
    if found is None:
        click.echo(f"{place}: no good build yet", err=True)
        sys.exit(_STALE)
    stale = found.is_stale(now or _clock())
    if as_json:
        click.echo(json.dumps({**asdict(found), "stale": stale}, ensure_ascii=False, indent=1))
    else:
        built = found.built_at.astimezone(ZoneInfo(found.timezone))
        click.echo(f"last good build  {built:%Y-%m-%d %H:%M} {found.timezone}{' (stale)' if stale else ''}")
        click.echo(f"stands           {found.release}: {_holds(found)}")
        click.echo(f"next due         {_next_due(found)}")
        if found.failed:
            click.echo(f"failed since     {found.failed}: {found.error}")
    if stale:
        sys.exit(_STALE)


@cli.command()
def schema() -> None:
    """Print the JSON Schema of EVENTS, for editors and checks elsewhere."""
    from calfeed.storage.starter import schema_text

    click.echo(schema_text(), nl=False)


@cli.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
@_quiet
def init(folder: Path, *, quiet: bool) -> None:
    """Write a calendar to start from into DIR, the current folder where left out."""
    from calfeed.storage.starter import plant

    paths = plant(folder)
    if quiet:
        return
    for path in paths:
        click.echo(f"wrote {path}")
    click.echo(f"next: put your url, authority and days into {paths[0]}, then")
    for command in ("check", "build", "upcoming"):
        click.echo(f"  calfeed {command} {paths[0]}")


_STALE = 1


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every expected error ends in one sentence and its own exit code."""
    try:
        code = cli.main(arguments, standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except CalfeedError as error:
        _print_error(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output has left, as `| head` does
        sys.stderr.close()
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


def _print_error(error: CalfeedError) -> None:
    if isinstance(error, SourceError):
        for problem in error.problems:
            click.echo(str(problem), err=True)
        click.echo(f"{_count(len(error.problems), 'error')}; nothing was published", err=True)
    else:
        click.echo(f"calfeed: {error}", err=True)


def _places(events: Path, site: Path | None, state: Path | None) -> Places:
    from calfeed.build import Places

    return Places(events, site or events.parent / "site", state or events.parent / "state")


def _reading(events: Path) -> Reading:
    from calfeed.storage.files import read_events
    from calfeed.storage.source import read_calendar

    return read_calendar(read_events(events), file=str(events))


def _language(calendar: Calendar, lang: str | None) -> str:
    """The language asked for, or the calendar's first; one that it does not have is a usage error."""
    language = lang or calendar.languages[0]
    if language not in calendar.languages:
        raise click.BadParameter(f"{language} is not one of {', '.join(calendar.languages)}", param_hint="--lang")
    return language


def _clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _print_report(places: Places, report: Report) -> None:
    if report.restored_from:
        click.echo(f"the ledger was lost and is restored from {report.restored_from}", err=True)
    _print_warnings(report.problems, err=True)
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)
    told = {
        "quiet": f"nothing is due and nothing changed: {places.site / 'current'} stands",
        "unchanged": f"compiled to the same bytes: {places.site / 'current'} stands",
        "published": f"published to {places.site / 'current'}",
        "dry-run": "nothing was written; a build would",
    }
    click.echo(told[report.outcome])
    _print_changes(report)
    click.echo(_holds(report.status))
    click.echo(f"next due: {_next_due(report.status)}")


_TOLD_CHANGES = {
    "added": "add",
    "restored": "restore",
    "moved": "move",
    "reworded": "reword",
    "withdrawn": "withdraw",
    "due": "enter into the feeds",
}
_SHOWN_CHANGES = 10


def _print_changes(report: Report) -> None:
    """What happened to which entry; where there is much of a kind, only a dry run lists it all."""
    for what, told in _TOLD_CHANGES.items():
        changes = [change for change in report.changes if change.what == what]
        if len(changes) > _SHOWN_CHANGES and report.outcome != "dry-run":
            click.echo(f"  {told}: {_count(len(changes), 'event')}")
            continue
        for change in changes:
            click.echo(f"  {told}: {change.id}" + (f" ({change.detail})" if change.detail else ""))
    if report.outcome == "dry-run" and not report.changes:
        click.echo("  change nothing")


def _report_values(places: Places, report: Report) -> dict[str, Any]:
    return {
        "outcome": report.outcome,
        "site": str(places.site / "current"),
        "status": asdict(report.status),
        "changes": [{"what": c.what, "id": c.id, "detail": c.detail} for c in report.changes],
        "warnings": [*map(str, report.problems), *report.warnings],
    }


def _holds(status: Status) -> str:
    return f"{_count(status.events, 'event')}, {_count(status.occurrences, 'occurrence')} in the calendar"


def _next_due(status: Status) -> str:
    return f"{status.next_up_on}, {status.next_up}" if status.next_up else "nothing more in the window"


def _print_warnings(problems: tuple[Problem, ...], *, err: bool) -> None:
    for problem in problems:
        click.echo(str(replace(problem, message=f"warning: {problem.message}")), err=err)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _log_to_stderr(level: int) -> None:
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%S%z")
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # our own listeners tell it in plain words
