"""What a build is asked to do, and where: all that whoever has builds made needs to know of them."""

from __future__ import annotations

from dataclasses import field
from pathlib import Path

from calfeed.frozen import frozen


@frozen
class Places:
    """Where things lie: the events file, the published site, the memory.

    The site is a folder, or an address such as `s3://bucket/prefix`.
    """

    events: Path
    site: Path | str
    state: Path


@frozen
class Options:
    """What the operator asked for on top of the events file.

    `url` takes the place of the file's own; `verify` rereads what stands, even where nothing is due, and has
    another program read new calendars. `only` names the files that are made, where not all are: without pages no
    entry has files of its own. `larger` is how many times as large as others the events file may be.
    `restore_from` is the address of the published site, which is asked for its ledger where this machine remembers
    nothing; `webdav` are user and password for such a site.
    """

    url: str | None = None
    allow_removal: bool = False
    allow_clock: bool = False
    new_ledger: bool = False
    dry_run: bool = False
    verify: bool = False
    only: tuple[str, ...] = ()
    larger: int = 1
    restore_from: str | None = None
    webdav: tuple[str, str] | None = field(default=None, repr=False)
