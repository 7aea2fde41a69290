"""Commands to begin with: init, schema."""

from __future__ import annotations

from pathlib import Path

import click

from calfeed.cli.options import FILE, quiet_option
from calfeed.cli.output import say


@click.command()
def schema() -> None:
    """Print the JSON Schema of EVENTS, for editors and checks elsewhere."""
    from calfeed.storage.starter import schema_text

    say(schema_text(), nl=False)


@click.command()
@click.argument("folder", metavar="[DIR]", type=FILE, default=".")
@quiet_option
def init(folder: Path, *, quiet: bool) -> None:
    """Write a calendar to start from into DIR, the current folder where left out."""
    from calfeed.storage.starter import plant

    paths = plant(folder)
    if quiet:
        return
    for path in paths:
        say(f"wrote {path}")
    say(f"next: put your url, authority and days into {paths[0]}, then")
    for command in ("check", "build", "upcoming"):
        say(f"  calfeed {command} {paths[0]}")
