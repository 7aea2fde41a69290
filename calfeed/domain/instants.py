"""Instants: how they follow one another, and how formats and the ledger write them."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

_SECOND = dt.timedelta(seconds=1)


def after(last: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Now, but later than the stamp before by a second at the least, though the clock be behind."""
    return max(now, last + _SECOND)


@lru_cache(maxsize=4096)
def rfc3339(moment: dt.datetime) -> str:
    """An aware instant in UTC, to the second: `2026-11-22T06:00:00Z` (RFC 3339 §5.6)."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@lru_cache(maxsize=4096)
def instant(text: str) -> dt.datetime:
    """An instant as `rfc3339` writes it."""
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
