"""Commands that publish and keep published: build, run, serve, status."""

from __future__ import annotations

import datetime as dt
import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from calfeed.cli.options import (
    Address,
    clock,
    events_argument,
    json_option,
    larger_option,
    log_option,
    now_option,
    places_of,
    quiet_option,
    site_option,
    state_option,
    url_option,
)
from calfeed.cli.output import say, say_json
from calfeed.cli.reports import holds, next_due_words, print_report, report_values
from calfeed.errors import BusyError, CalfeedError

_STALE = 1


@click.command()
@events_argument
@site_option
@state_option
@url_option
@larger_option
@now_option
@click.option("--dry-run", is_flag=True, help="List what would change, and change nothing.")
@click.option(
    "--verify",
    is_flag=True,
    help="Reread what is published, even where nothing is due, and have icalendar read what is new.",
)
@click.option("--allow-removal", is_flag=True, help="Let published addresses or many events go.")
@click.option("--allow-clock", is_flag=True, help="Build although the clock is far from the last build.")
@click.option("--new-ledger", is_flag=True, help="Begin a new history where the old one is lost.")
@click.option("--restore-from", type=Address(), help="Where the site is published, to take the memory from.")
@json_option
@quiet_option
def build(
    events: Path,
    site: Path | str | None,
    state: Path | None,
    url: str | None,
    larger: int,
    now: dt.datetime | None,
    *,
    dry_run: bool,
    verify: bool,
    allow_removal: bool,
    allow_clock: bool,
    new_ledger: bool,
    restore_from: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Compile and publish once."""
    from calfeed.asked import Options
    from calfeed.build import build as compile_and_publish
    from calfeed.storage.status import write_failure

    places = places_of(events, site, state)
    if restore_from and not isinstance(places.site, Path):
        raise click.UsageError("--restore-from is for a folder; a bucket holds its own ledger")
    now = now or clock()
    options = Options(
        url=url,
        larger=larger,
        allow_removal=allow_removal,
        allow_clock=allow_clock,
        new_ledger=new_ledger,
        dry_run=dry_run,
        verify=verify,
        restore_from=restore_from,
        webdav=_webdav(),
    )
    try:
        report = compile_and_publish(places, now, options)
    except CalfeedError as error:
        if not dry_run and not isinstance(error, BusyError):
            write_failure(places.state, now, str(error))
        raise
    if as_json:
        say_json(report_values(report))
    elif not quiet:
        print_report(report)
    if report.refused:
        raise report.refused


_watch_option = click.option(
    "--watch/--no-watch", default=True, show_default=True, help="Build when EVENTS is edited."
)


@click.command()
@events_argument
@site_option
@state_option
@url_option
@larger_option
@_watch_option
@log_option
@quiet_option
def run(
    events: Path,
    site: Path | str | None,
    state: Path | None,
    url: str | None,
    larger: int,
    *,
    watch: bool,
    log_format: str,
    quiet: bool,
) -> None:
    """Keep the site built, day by day, in the foreground."""
    from calfeed.asked import Options
    from calfeed.cli.logs import log_to_stderr
    from calfeed.cli.systemd import notifier
    from calfeed.schedule import run as keep_built
    from calfeed.storage.files import read_events

    log_to_stderr(log_format, quiet=quiet)
    read_events(events)  # a wrong path is a mistake to tell at once, not one to try every quarter of an hour
    places = places_of(events.absolute(), site, state)
    keep_built(places, Options(url=url, larger=larger), clock=clock, notify=notifier(os.environ), watch=watch)


@click.command()
@events_argument
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at; 0.0.0.0 for all.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 for a free one.")
@site_option
@state_option
@url_option
@larger_option
@_watch_option
@click.option("--access-log", is_flag=True, help="Log every request: its path and outcome, never who made it.")
@log_option
@quiet_option
def serve(
    events: Path,
    host: str,
    port: int,
    site: Path | str | None,
    state: Path | None,
    url: str | None,
    larger: int,
    *,
    watch: bool,
    access_log: bool,
    log_format: str,
    quiet: bool,
) -> None:
    """Keep the site built and serve it over HTTP, in one process."""
    from calfeed.asked import Options
    from calfeed.cli.logs import log_to_stderr
    from calfeed.cli.systemd import notifier
    from calfeed.schedule import kept
    from calfeed.serve import address, listen
    from calfeed.serve import serve as serve_site
    from calfeed.storage.files import read_events

    places = places_of(events.absolute(), site, state)
    if not isinstance(places.site, Path):
        raise click.UsageError("serve shows a folder of this machine; to publish to a bucket, use calfeed run")
    log_to_stderr(log_format, quiet=quiet)
    read_events(events)
    listeners = listen(host, port)  # before anything is built: where it cannot listen, it does nothing
    with kept(places, Options(url=url, larger=larger), clock=clock, watch=watch) as keeping:
        if not quiet:
            say(address(host, listeners[0]))
        serve_site(
            places.site,
            places.state,
            listeners,
            clock=clock,
            on_hangup=keeping.look_now,
            notify=notifier(os.environ),
            builds=keeping.builds,
            alive=keeping.is_alive,
            access_log=access_log,
        )


@click.command()
@events_argument
@site_option
@state_option
@now_option
@json_option
def status(
    events: Path, site: Path | str | None, state: Path | None, now: dt.datetime | None, *, as_json: bool
) -> None:
    """The last good build and what is due next; exit code 1 when that build is older than 26 hours."""
    from zoneinfo import ZoneInfo

    from calfeed.storage.status import read_status

    place = places_of(events, site, state).state
    found = read_status(place)
    if found is None:
        say(f"{place}: no good build yet", err=True)
        sys.exit(_STALE)
    stale = found.is_stale(now or clock())
    if as_json:
        say_json({**asdict(found), "stale": stale})
    else:
        built = found.built_at.astimezone(ZoneInfo(found.timezone))
        say(f"last good build  {built:%Y-%m-%d %H:%M} {found.timezone}{' (stale)' if stale else ''}")
        say(f"stands           {found.release}: {holds(found)}")
        say(f"next due         {next_due_words(found)}")
        if found.failed:
            say(f"failed since     {found.failed}: {found.error}")
    if stale:
        sys.exit(_STALE)


def _webdav() -> tuple[str, str] | None:
    """User and password for a WebDAV folder; other stores' names are known to the library that asks for them."""
    user = os.environ.get("WEBDAV_USERNAME")
    return (user, os.environ.get("WEBDAV_PASSWORD", "")) if user else None
