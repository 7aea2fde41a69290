"""The roof: commands, exit codes, the only printer, and the only reader of a clock beside schedule and serve."""

from __future__ import annotations

import sys

import click

from calfeed import __version__
from calfeed.cli.publishing import build, run, serve, status
from calfeed.cli.reading import check, explain, translations, upcoming
from calfeed.cli.reports import print_error
from calfeed.cli.starting import init, schema
from calfeed.errors import CalfeedError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="calfeed %(version)s")
def cli() -> None:
    """Compile a file of dated events into calendars to subscribe to and feeds to follow.

    EVENTS is events.yaml in the current folder where left out.
    """


for command in (build, check, upcoming, explain, translations, run, serve, status, schema, init):
    cli.add_command(command)


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
        print_error(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output has left, as `| head` does
        sys.stderr.close()
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)
