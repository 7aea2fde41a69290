"""What a word on the command line means: instants, days, places, and the options that several commands share."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import click

if TYPE_CHECKING:  # start-up is felt: a command imports what it uses
    from calfeed.build import Places
    from calfeed.domain.model import Calendar
    from calfeed.storage.source import Reading

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


class Site(click.ParamType["Path | str"]):
    """A folder, or the address of a place in an object store or a WebDAV folder."""

    name = "SITE"
    _schemes = ("s3", "gs", "az", "https", "http")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        """Read `public/site` or `s3://bucket/prefix`."""
        if isinstance(value, Path) or not re.match("[A-Za-z][A-Za-z0-9+.-]*://", value):
            return Path(value)
        parts = urlsplit(value)
        if parts.scheme not in self._schemes:
            self.fail(f"{value!r}: publish to a folder, or to {'://, '.join(self._schemes)}://", param, ctx)
        if parts.username or parts.password:
            self.fail("an address holds no user or password; set WEBDAV_USERNAME and WEBDAV_PASSWORD", param, ctx)
        if not parts.netloc or parts.query or parts.fragment:
            self.fail(f"{value!r} is not an address to publish to; write it as in s3://bucket/prefix", param, ctx)
        return str(value).rstrip("/")


def events_argument(command: _F) -> _F:
    """EVENTS, the events file."""
    return click.argument("events", type=click.Path(path_type=Path), default="events.yaml")(command)


def site_option(command: _F) -> _F:
    """Where to publish."""
    option = click.option(
        "--site", type=Site(), help="Where to publish: a folder (site/ beside EVENTS), or s3://BUCKET/PREFIX."
    )
    return option(command)


def state_option(command: _F) -> _F:
    """Where the memory lies."""
    option = click.option("--state", type=click.Path(path_type=Path), help="The memory (state/ beside EVENTS).")
    return option(command)


def now_option(command: _F) -> _F:
    """The clock, handed in."""
    return click.option("--now", type=Instant(), help="Act as if it were this instant, as in 2027-01-20T00:15Z.")(
        command
    )


def url_option(command: _F) -> _F:
    """Where the site will be found."""
    return click.option("--url", help="The address of the published site, in place of the one in EVENTS.")(command)


def quiet_option(command: _F) -> _F:
    """Fewer words."""
    return click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")(command)


def json_option(command: _F) -> _F:
    """Data in place of words."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")(command)


def places_of(events: Path, site: Path | str | None, state: Path | None) -> Places:
    """Where everything lies: beside the events file unless told otherwise."""
    from calfeed.build import Places

    return Places(events, site or events.parent / "site", state or events.parent / "state")


def reading_of(events: Path) -> Reading:
    """EVENTS, read; SourceError and SourceMissing as the reader raises them."""
    from calfeed.storage.files import read_events
    from calfeed.storage.source import read_calendar

    return read_calendar(read_events(events), file=str(events))


def language_of(calendar: Calendar, lang: str | None) -> str:
    """The language asked for, or the calendar's first; one that it does not have is a usage error."""
    language = lang or calendar.languages[0]
    if language not in calendar.languages:
        raise click.BadParameter(f"{language} is not one of {', '.join(calendar.languages)}", param_hint="--lang")
    return language


def clock() -> dt.datetime:
    """The wall clock, in UTC."""
    return dt.datetime.now(dt.UTC)
