"""Everybody who subscribes to one site: at each calendar one of every kind of program, at each feed a reader."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from tests.subscribers.agreement import agree
from tests.subscribers.calendars import Polled, Subscription, Versions, household
from tests.subscribers.feeds import Reader
from tests.subscribers.noticed import notice
from tests.subscribers.reading import Feed, read_calendar_file, read_feed


@dataclass(frozen=True)
class Release:
    """What stands: the bytes of every address, when each was modified, and what was read of it."""

    files: dict[str, bytes]
    modified: dict[str, int]
    calendars: dict[str, Versions]
    feeds: dict[str, Feed]


def read_release(current: Path, before: Release | None = None) -> Release:
    """Read a release; what has the bytes that it had before is not read twice."""
    paths = {str(path.relative_to(current)): path for path in current.rglob("*") if path.is_file()}
    files = {name: path.read_bytes() for name, path in paths.items()}

    def same(name: str) -> bool:
        return before is not None and before.files.get(name) == files[name]

    calendars: dict[str, Versions] = {}
    feeds: dict[str, Feed] = {}
    for name, data in files.items():
        if name.endswith(".ics"):
            calendars[name] = before.calendars[name] if before and same(name) else read_calendar_file(data)
        elif name.rpartition("/")[2] in ("feed.rss", "feed.atom", "feed.json"):
            feeds[name] = before.feeds[name] if before and same(name) else read_feed(data)
    return Release(files, {name: int(path.stat().st_mtime) for name, path in paths.items()}, calendars, feeds)


@dataclass
class Street:
    """All subscribers; `addresses` are those that somebody may follow."""

    households: dict[str, list[Subscription]] = field(default_factory=dict)
    readers: dict[str, Reader] = field(default_factory=dict)
    addresses: set[str] = field(default_factory=set)
    stands: Release | None = None

    def poll(
        self, current: Path, at: dt.datetime, languages: tuple[str, ...], *, since: dt.datetime | None = None
    ) -> Release:
        """Everybody looks at what stands, and complains; `since` as for a reader."""
        release = read_release(current, self.stands)
        dead = sorted(self.addresses - release.files.keys())
        notice(f"addresses that were published are gone: {', '.join(dead)}", unless=not dead)
        self.addresses |= release.files.keys()
        agree(languages, release.files, release.calendars, release.feeds)
        for path, versions in release.calendars.items():
            for subscription in self.households.setdefault(path, household()):
                subscription.release(path, Polled(versions, release.modified[path], at))
        shown = {item for reader in self.readers.values() for item in reader.held}
        for path, feed in release.feeds.items():
            self.readers.setdefault(path, Reader()).poll(path, feed, at, since=since, old=shown)
        self.stands = release
        return release

    def forget(self, gone: set[str]) -> None:
        """Addresses that were taken away on purpose: nobody follows them any more."""
        self.addresses -= gone
        for path in gone:
            self.households.pop(path, None)
            self.readers.pop(path, None)
