"""What one build is asked to do, and what it tells when it is done."""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from calfeed import __version__
from calfeed.asked import Options, Places
from calfeed.errors import Problem, RefusedError
from calfeed.frozen import frozen
from calfeed.storage.status import Status, read_status

if TYPE_CHECKING:
    from calfeed.domain.revisions import Change
    from calfeed.storage.target import Target


@frozen
class Job:
    """What one build is asked to do."""

    places: Places
    target: Target
    now: dt.datetime
    options: Options
    data: bytes
    translations: dict[str, bytes]

    @cached_property
    def last(self) -> Status | None:
        """The status that the build before left, read once; first asked for under the lock."""
        return read_status(self.places.state)

    @cached_property
    def inputs(self) -> str:
        """The digest of everything that is compiled: events, translations, the address, and this version."""
        files = [self.data]
        for name, data in self.translations.items():
            files += [Path(name).name.encode(), data]
        parts = (*(hashlib.sha256(file).hexdigest() for file in files), self.options.url or "", __version__)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@frozen
class Report:
    """What a build did: `quiet` looked and found nothing to do, `unchanged` compiled the same bytes.

    `stands` is what readers see, as operators know it; `refused` is why the build itself would be refused, where a
    dry run found that.
    """

    outcome: Literal["quiet", "unchanged", "published", "dry-run"]
    stands: str
    status: Status
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()
    restored_from: str | None = None
    refused: RefusedError | None = None
