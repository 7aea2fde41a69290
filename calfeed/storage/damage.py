"""What is not as it was written is damage, with the way out, whatever it was that parsing raised."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from calfeed.errors import LedgerError

# An instant of the year 1 has none in UTC.
GARBLED = (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError)


@contextmanager
def telling_damage(size: int, path: Path | str) -> Iterator[None]:
    """Let whatever parsing raises be damage, with the way out."""
    try:
        yield
    except GARBLED as error:
        raise LedgerError(
            f"{path}: the ledger is damaged ({size:,} bytes); put an undamaged one there from a backup, or, "
            f"where this is the one in the state folder, move it away, and the next build takes the copy in the "
            f"release that stands"
        ) from error
