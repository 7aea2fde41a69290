"""What a word on the command line means: instants, days, places, and the options that several commands share."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import SplitResult, urlsplit

import click

from calfeed.errors import shown

if TYPE_CHECKING:  # start-up is felt: a command imports what it uses
    from calfeed.asked import Places
    from calfeed.domain.model import Calendar
    from calfeed.storage.source import Reading

_F = TypeVar("_F", bound=Callable[..., Any])

FILE = click.Path(path_type=Path)  # one for all: for each of them click looks for the word in further languages


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
        if isinstance(value, Path):
            return value
        if not value:
            self.fail("it is empty; is a variable not set?", param, ctx)
        scheme, colon, rest = str(value).partition(":")
        if not rest.startswith("//") and scheme.lower() in self._schemes and colon:
            self.fail(f"write {scheme}://…, with two slashes, or ./{scheme}:… for a folder", param, ctx)
        if not rest.startswith("//"):
            return Path(value)
        parts = _split(value)
        if parts is None or parts.scheme not in self._schemes:
            self.fail(f"{shown(value)}: publish to a folder, or to {'://, '.join(self._schemes)}://", param, ctx)
        if "@" in parts.netloc:
            self.fail("an address holds no user or password; set WEBDAV_USERNAME and WEBDAV_PASSWORD", param, ctx)
        if not parts.netloc or parts.query or parts.fragment:
            self.fail(f"{shown(value)} is not an address to publish to; as in s3://bucket/prefix", param, ctx)
        return f"{parts.scheme}:{rest}".rstrip("/")


class Address(click.ParamType[str]):
    """The address of a published site."""

    name = "URL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read `https://calfeed.example/`."""
        parts = _split(value)
        if not value or parts is None or parts.scheme not in ("https", "http") or not parts.netloc:
            self.fail(f"{shown(value)!r} is no address; write it as in https://calfeed.example/", param, ctx)
        if "@" in parts.netloc or parts.query or parts.fragment:
            self.fail(f"{shown(value)}: leave out user, password, query and fragment", param, ctx)
        return str(value)


def _split(value: str) -> SplitResult | None:
    try:
        return urlsplit(value)
    except ValueError:
        return None


def events_argument(command: _F) -> _F:
    """EVENTS, the events file."""
    return click.argument("events", type=FILE, default="events.yaml")(command)


def site_option(command: _F) -> _F:
    """Where to publish."""
    option = click.option(
        "--site", type=Site(), help="Where to publish: a folder (site/ beside EVENTS), or s3://BUCKET/PREFIX."
    )
    return option(command)


def state_option(command: _F) -> _F:
    """Where the memory lies."""
    option = click.option("--state", type=FILE, help="The memory (state/ beside EVENTS).")
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


def log_option(command: _F) -> _F:
    """The form of the log."""
    choice = click.Choice(["text", "json"])
    option = click.option("--log-format", type=choice, default="text", show_default=True, help="How to log.")
    return option(command)


def json_option(command: _F) -> _F:
    """Data in place of words."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")(command)


def places_of(events: Path, site: Path | str | None, state: Path | None) -> Places:
    """Where everything lies: beside the events file unless told otherwise; each bucket has a state of its own."""
    from calfeed.asked import Places

    site = site or events.parent / "site"
    if state is None:
        state = events.parent / "state"
        if isinstance(site, str):
            state /= re.sub("[^a-z0-9]+", "-", site.lower())
    return Places(events, site, state)


def larger_option(command: _F) -> _F:
    """How large the events file may be."""
    text = "Let EVENTS be N times as large: 10 MiB, 20,000 entries and 500,000 values for each."
    times = click.IntRange(1, 1000)
    option = click.option("--larger", metavar="N", type=times, default=1, envvar="CALFEED_LARGER", help=text)
    return option(command)


def reading_of(events: Path, *, larger: int = 1, languages: Collection[str] | None = None) -> Reading:
    """EVENTS, read with its translations into these languages, or into all; errors as the reader raises them."""
    from calfeed.storage.files import read_events, read_translations
    from calfeed.storage.source import read_calendar

    data = read_events(events, larger=larger)
    translations = read_translations(events, larger=larger, languages=languages)
    return read_calendar(data, file=str(events), translations=translations, larger=larger)


def language_of(calendar: Calendar, lang: str | None) -> str:
    """The language asked for, or the calendar's first; one that it does not have is a usage error."""
    language = lang or calendar.languages[0]
    if language not in calendar.languages:
        raise click.BadParameter(f"{language} is not one of {', '.join(calendar.languages)}", param_hint="--lang")
    return language


def clock() -> dt.datetime:
    """The wall clock, in UTC."""
    return dt.datetime.now(dt.UTC)
