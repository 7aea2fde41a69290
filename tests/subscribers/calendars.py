"""Calendar programs: what each kind of them holds after a poll.

RFC 5546 §2.1.5 has a program keep the version with the higher SEQUENCE and, where they are equal, the later
DTSTAMP. Some look at LAST-MODIFIED, some at the dates of HTTP, some take whatever they get: after each poll all of
them must hold the very same of everything that is published.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from tests.subscribers.noticed import notice
from tests.subscribers.reading import Version

Versions = Mapping[str, Version]
SOON = dt.timedelta(seconds=5)  # two edits of one second have to differ, so a stamp may run ahead by a few


@dataclass(frozen=True)
class Polled:
    """What an address answers: the events, when the file was modified (in seconds), and the time."""

    versions: Versions
    modified: int
    at: dt.datetime


class Program(Protocol):
    """Whatever holds events."""

    name: str
    held: dict[str, Version]

    def poll(self, polled: Polled) -> None:
        """Look at the address."""


@dataclass
class Mirror:
    """Throws away what it has, and takes the file: most phones."""

    name: str = "the one that mirrors"
    held: dict[str, Version] = field(default_factory=dict)

    def poll(self, polled: Polled) -> None:
        """Take it all."""
        self.held = dict(polled.versions)


@dataclass
class Conditional:
    """Mirrors, but asks with If-Modified-Since: what is dated no later than what it has, it is not sent."""

    name: str = "the one that asks whether it was modified"
    held: dict[str, Version] = field(default_factory=dict)
    modified: int = 0

    def poll(self, polled: Polled) -> None:
        """Take it all, if there is a 200 (RFC 9110 §13.1.3)."""
        if polled.modified > self.modified:
            self.held, self.modified = dict(polled.versions), polled.modified


@dataclass
class Syncer:
    """Keyed by UID: takes what was modified later, deletes what is gone."""

    name: str = "the one that compares LAST-MODIFIED"
    held: dict[str, Version] = field(default_factory=dict)

    def poll(self, polled: Polled) -> None:
        """Take what is later."""
        kept = {uid: self.held[uid] for uid in self.held if uid in polled.versions}
        for uid, version in polled.versions.items():
            if uid not in kept or version.last_modified > kept[uid].last_modified:
                kept[uid] = version
        self.held = kept


@dataclass
class Keeper:
    """Keeps what it ever had unless it is superseded, by SEQUENCE and then by DTSTAMP: imports, mail programs."""

    name: str = "the one that compares SEQUENCE"
    held: dict[str, Version] = field(default_factory=dict)

    def poll(self, polled: Polled) -> None:
        """Take what supersedes, and notice what the new version may not be."""
        for uid, version in polled.versions.items():
            _check_stamps(version, polled.at)
            before = self.held.get(uid)
            if before:
                _check_revision(before, version)
            if before is None or _revision(version) > _revision(before):
                self.held[uid] = version


def _revision(version: Version) -> tuple[int, dt.datetime]:
    return version.sequence, version.dtstamp


def _check_stamps(version: Version, at: dt.datetime) -> None:
    """RFC 5545 §3.8.7: without METHOD, DTSTAMP is when the event was last revised."""
    uid = version.uid
    notice(f"{uid} was modified in the future", unless=version.last_modified <= at + SOON)
    notice(f"DTSTAMP of {uid} is not its LAST-MODIFIED", unless=version.dtstamp == version.last_modified)
    notice(f"{uid} was modified before it was created", unless=version.created <= version.last_modified)
    notice(f"{uid} has no day", unless=version.start < version.end)


def _check_revision(before: Version, after: Version) -> None:
    """What holds between any two versions of one UID, however many lie between them."""
    uid = after.uid
    notice(
        f"SEQUENCE of {uid} fell from {before.sequence} to {after.sequence}",
        unless=after.sequence >= before.sequence,
    )
    notice(
        f"LAST-MODIFIED of {uid} fell from {before.last_modified} to {after.last_modified}",
        unless=after.last_modified >= before.last_modified,
    )
    notice(f"CREATED of {uid} changed", unless=after.created == before.created)
    notice(
        f"{uid} moved from {before.start} to {after.start} under the same SEQUENCE",
        unless=after.days == before.days or after.sequence > before.sequence,
    )
    notice(
        f"{uid} is another under the same LAST-MODIFIED",
        unless=after.data == before.data or after.last_modified > before.last_modified,
    )


@dataclass
class Subscription:
    """A person with one program, who looks at every `every`-th release."""

    program: Program
    every: int = 1
    seen: int = 0

    def release(self, path: str, polled: Polled) -> None:
        """A release came out: if it is time to look, everything published has to be held afterwards as it is."""
        self.seen += 1
        if self.seen % self.every:
            return
        self.program.poll(polled)
        held, name = self.program.held, f"{path}: {self.program.name}"
        for uid, version in polled.versions.items():
            notice(f"{name} lacks {uid}", unless=uid in held)
            notice(f"{name} still has another version of {uid}", unless=held[uid].data == version.data)
        if not isinstance(self.program, Keeper):
            notice(f"{name} has events that are gone", unless=held.keys() == polled.versions.keys())


def household() -> list[Subscription]:
    """One of each kind, and those that look seldom."""
    seldom = [Subscription(Keeper(), 3), Subscription(Syncer(), 2), Subscription(Conditional(), 2)]
    return [*(Subscription(kind()) for kind in (Keeper, Mirror, Conditional, Syncer)), *seldom]
