"""What judges find, in one shape for all of them, and how they complain."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Complaint(Exception):
    """A judge does not accept a file; the text says which judge, and why."""


@dataclass(frozen=True)
class ReadEvent:
    """A VEVENT as a judge read it: texts without escapes, `end` exclusive, days as dates, instants in UTC."""

    uid: str
    start: dt.date
    end: dt.date | None
    summary: str
    description: str
    sequence: int
    dtstamp: dt.datetime | None


@dataclass(frozen=True)
class ReadItem:
    """An item or entry of a feed as a judge read it, instants in UTC; RSS has no `updated`."""

    id: str
    title: str
    published: dt.datetime | None
    updated: dt.datetime | None
    link: str


@contextmanager
def complaining(name: str) -> Iterator[None]:
    """Whatever a foreign parser raises is its way to complain."""
    try:
        yield
    except Exception as error:
        raise Complaint(f"{name}: {type(error).__name__}: {error}") from error


def utc(value: dt.date) -> dt.datetime:
    """The instant in UTC; ValueError for a day or a time without zone."""
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        raise ValueError(f"{value!r} is not an instant")
    return value.astimezone(dt.UTC)
