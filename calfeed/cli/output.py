"""The printer: a line on standard output that cannot be written is an error like any other, not a traceback."""

from __future__ import annotations

import os
from contextlib import suppress

import click

from calfeed.errors import OutputError


def say(text: str, *, nl: bool = True, err: bool = False) -> None:
    """Print a text; raises OutputError where it cannot be written, BrokenPipeError where nobody reads any more.

    What cannot be written to standard error is let go: there is no other place to tell of it.
    """
    try:
        click.echo(text, nl=nl, err=err)
    except BrokenPipeError:
        raise
    except OSError as error:
        _drain(2 if err else 1)
        if not err:
            raise OutputError(f"standard output: cannot be written: {error.strerror}") from error


def _drain(descriptor: int) -> None:
    """Let what is still held for it go nowhere: Python would try it again at its end, and change the exit code."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)


def say_json(values: object) -> None:
    """Print data; dates are written as ISO 8601 has them."""
    import json

    say(json.dumps(values, ensure_ascii=False, indent=1, default=str))
