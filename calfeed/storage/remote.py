"""Reads back what a published site remembers, for a machine that keeps nothing between two builds.

Ledger and manifest are fetched one after the other, perhaps from two caches, and may belong to two releases: the
manifest holds the digest of the ledger, so that is noticed, and waited out for a moment.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence

from calfeed import web
from calfeed.errors import BusyError, LedgerError, shown
from calfeed.frozen import frozen
from calfeed.storage import ledger, manifest

_PAUSES = (1.0, 3.0)  # seconds; a release is uploaded, or a cache renewed


@frozen
class Remote:
    """A published release: the bytes of its ledger, and every file that readers can ask for."""

    ledger: bytes
    manifest: tuple[manifest.Line, ...]


def published(url: str, *, timeout: float = 10.0, pauses: Sequence[float] = _PAUSES) -> Remote | None:
    """The release published below `url`; None only where the server says (404, 410) that it has neither file.

    `timeout` is how many seconds the server may be silent; `pauses` are the seconds before each further attempt
    where the two files do not belong together. Raises BusyError where the server cannot be reached or is in
    trouble, LedgerError where what it has is no ledger of a release.
    """
    for pause in pauses:
        try:
            return _published(url, timeout)
        except _MixedError:
            time.sleep(pause)
    return _published(url, timeout)


class _MixedError(LedgerError):
    """Ledger and manifest do not belong together, which may pass."""


def _published(url: str, timeout: float) -> Remote | None:
    base = url if url.endswith("/") else f"{url}/"
    index, memory = (_fetched(base + name, timeout) for name in (manifest.NAME, ledger.NAME))
    if index is None and memory is None:
        return None
    if index is None or memory is None:
        lost, found = (manifest.NAME, ledger.NAME) if index is None else (ledger.NAME, manifest.NAME)
        raise _mixed(base, f"there is {found} and no {lost}")
    return Remote(memory, _together(base, index, memory))


def _together(base: str, index: bytes, memory: bytes) -> tuple[manifest.Line, ...]:
    """The lines of a manifest that knows this ledger."""
    try:
        lines = manifest.parse(index)
    except ValueError:
        raise LedgerError(
            f"{shown(base + manifest.NAME)}: not a manifest that calfeed wrote; look whether the address is "
            f"that of the site, and whether its server answers with a page where a file is missing"
        ) from None
    digests = [line.sha256 for line in lines if line.path == ledger.NAME]
    if digests != [hashlib.sha256(memory).hexdigest()]:
        raise _mixed(base, f"{ledger.NAME} ({len(memory):,} bytes) is not the one that {manifest.NAME} names")
    return lines


def _mixed(base: str, what: str) -> _MixedError:
    return _MixedError(
        f"{shown(base)}: {what}; two releases are mixed there, as while one is uploaded or a cache holds an "
        f"old file: try again later, or restore the state from a backup"
    )


def _fetched(url: str, timeout: float) -> bytes | None:
    """A file of the site, None where the server says that there is none."""
    try:
        answer = web.get(url, timeout=timeout)
    except web.WebProblem as problem:
        if problem.passing:
            raise BusyError(f"{problem}; try again later") from None
        raise LedgerError(f"{problem}; name the address under which the site is published") from None
    if answer.status in (404, 410):
        return None
    if answer.status == 200:
        return answer.body
    said = f"{shown(url)}: the server answers {answer.status}"
    if answer.status in web.PASSING or answer.status >= 500:
        raise BusyError(f"{said}; try again later")
    raise LedgerError(f"{said}, so nobody can tell what was published; make the file readable for this machine")
