"""Where releases are published: what every such place can do, and a folder of this machine as one of them.

`site.py` swaps releases in a folder, `bucket.py` writes them to object storage; a build sees only a `Target`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from calfeed.errors import PublishError, shown
from calfeed.frozen import frozen
from calfeed.storage import site as folder
from calfeed.storage.ledger import NAME as LEDGER
from calfeed.storage.ledger import Standing, Written
from calfeed.storage.manifest import Line, Placed, Whole

if TYPE_CHECKING:
    from calfeed.domain.model import Document
    from calfeed.storage.remote import Remote
    from calfeed.storage.verify.calendars import Known


_HEAD = 2**16  # octets in which a ledger's header ends, and more


class Target(Protocol):
    """A place to publish; one value serves one build."""

    @property
    def name(self) -> str:
        """What readers see, as it is told to operators."""

    def whole(self) -> Whole | None:
        """The release that readers see, None where there is none or a part of it is gone.

        Raises PublishError where that cannot be told.
        """

    def is_proven(self) -> bool:
        """Whether the bytes of that release are those that were published."""

    def stamp(self, release: Placed) -> str | None:
        """What tells later whether somebody touched the files of a release that is about to be shown."""

    def known(self) -> tuple[Line, ...]:
        """The files that readers know the addresses of."""

    def ledger(self) -> Standing | None:
        """The ledger that stands beside what readers see."""

    def forgotten(self) -> str | None:
        """What stands there although its ledger is gone, None where a first build may begin."""

    def published(self, release: str, path: str) -> BinaryIO | None:
        """A file, if that release stands here and the file is what was published; else None."""

    def staged(
        self, documents: Iterable[Document], known: tuple[Line, ...], *, allow_removal: bool, read: Known
    ) -> AbstractContextManager[Placed]:
        """A release, written, read back and guarded against `known`, of which readers see nothing yet.

        `read` is what was read back before, in octets that may stand there again.
        """

    def claim(self, ledger: Written) -> None:
        """Make this the ledger that stands there; BusyError where another publisher was faster."""

    def activate(self, release: Placed) -> bool:
        """Show a release to readers; False where they see that very one already."""


@frozen
class Folder:
    """A folder of this machine; `origin` is where it is published, and `ask` asks there when all else is lost."""

    site: Path
    origin: str | None = None
    ask: Callable[[str], Remote | None] = lambda _: None

    @property
    def name(self) -> str:
        """The link that readers follow."""
        return str(self.site / folder.CURRENT)

    def whole(self) -> Whole | None:
        """The release that `current` names, if each of its files has its size."""
        release = folder.standing(self.site)
        stamp = folder.stamp(release) if release else None
        return Whole(release.digest, stamp) if release and stamp else None

    def is_proven(self) -> bool:
        """Reads all of it."""
        release = folder.standing(self.site)
        return release is not None and folder.is_proven(release)

    def stamp(self, release: Placed) -> str | None:
        """What the disk says of its files."""
        return folder.stamp(release)

    def known(self) -> tuple[Line, ...]:
        """The files of the release that stands, or of the published site where there is none here."""
        release = folder.standing(self.site)
        if release:
            return release.manifest
        return self._published.manifest if self._published else ()

    def ledger(self) -> Standing | None:
        """The copy in the release that stands; the published site is asked where none stands here."""
        path = self.site / folder.CURRENT / LEDGER
        try:
            with path.open("rb") as file:
                head, size = file.read(_HEAD), os.fstat(file.fileno()).st_size
            return Standing(str(path), head, size, partial(_bytes, path))
        except FileNotFoundError:
            pass
        except OSError as error:
            raise _unread(path, error) from error
        if self._published is None:
            return None
        return Standing.of(shown(str(self.origin)), self._published.ledger)

    def forgotten(self) -> str | None:
        """A release without a ledger; or an origin that has nothing."""
        if folder.standing(self.site):
            return f"{self.name}: a release stands there"
        if self.origin and not self._published:
            return f"{shown(self.origin)}: nothing is published there"
        return None

    def published(self, release: str, path: str) -> BinaryIO | None:
        """From the folder of the release."""
        stands = folder.standing(self.site)
        return folder.published(stands, path) if stands and stands.digest == release else None

    @contextmanager
    def staged(
        self, documents: Iterable[Document], known: tuple[Line, ...], *, allow_removal: bool, read: Known
    ) -> Iterator[Placed]:
        """A release below `releases`; one that was made for nothing goes again."""
        kept = folder.releases(self.site)
        release = folder.stage(documents, self.site, known=known, allow_removal=allow_removal, read=read)
        try:
            yield release
        except BaseException:
            if release.digest not in kept:
                folder.discard(self.site, release)
            raise

    def claim(self, ledger: Written) -> None:
        """Nothing: the lock on the state folder keeps other publishers away, and the release carries it."""

    def activate(self, release: Placed) -> bool:
        """Swap the link."""
        return folder.activate(self.site, release)

    def _stands(self) -> bool:
        return (self.site / folder.CURRENT).exists()

    @cached_property
    def _published(self) -> Remote | None:
        return self.ask(self.origin) if self.origin and not self._stands() else None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unread(path, error) from error


def _unread(path: Path, error: OSError) -> PublishError:
    return PublishError(f"{path}: {error.strerror}; name the folder to publish to with --site")
