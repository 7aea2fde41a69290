"""A feed reader: it holds items by their id for ever, and shows each of them once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from tests.subscribers.calendars import SOON
from tests.subscribers.noticed import notice
from tests.subscribers.reading import Feed, Item

FLOOD = 50  # so many at once, and people unsubscribe (R7)


@dataclass
class Reader:
    """Somebody's feed reader at one address.

    An item that is dated before it looked last it puts below what was read already, and nobody sees it (R5).
    """

    held: dict[str, Item] = field(default_factory=dict)
    looked: dt.datetime | None = None
    updated: dt.datetime | None = None

    def poll(
        self,
        path: str,
        feed: Feed,
        at: dt.datetime,
        *,
        since: dt.datetime | None = None,
        old: Collection[str] = (),
    ) -> None:
        """Look at the feed.

        `since` is the first instant at which new items may have been published, where it is not that of the last
        look: what a build that was cut off had stamped is shown by a later one. `old` are the ids that any feed
        has shown before: an entry that joins a category brings its items along as old ones.
        """
        self._check_dates(path, feed, at)
        self._check_known(path, feed)
        fresh = [item for item in feed.items if item.id not in self.held]
        if self.looked:
            earliest = min(since or self.looked, self.looked)
            for item in fresh:
                seen = item.published >= earliest or item.id in old
                notice(f"{path}: {item.id} is dated before the last poll, and never seen", unless=seen)
            notice(f"{path}: {len(fresh)} new items at once", unless=len(fresh) <= FLOOD)
        self.held |= {item.id: item for item in feed.items}
        self.looked = at

    def _check_known(self, path: str, feed: Feed) -> None:
        for item in feed.items:
            before = self.held.get(item.id)
            if before is None:
                continue
            notice(f"{path}: {item.id} was published again", unless=item.published == before.published)
            if item.updated and before.updated:
                notice(f"{path}: updated of {item.id} fell", unless=item.updated >= before.updated)
                # The headline of a correction is that of its entry, and not what was corrected.
                told = item.title == before.title or item.updated > before.updated or "corrections/" in item.id
                notice(f"{path}: {item.id} has another title and the same updated", unless=told)

    def _check_dates(self, path: str, feed: Feed, at: dt.datetime) -> None:
        dates = [(item.updated if "corrections/" in item.id else None) or item.published for item in feed.items]
        notice(f"{path}: items are not newest first", unless=dates == sorted(dates, reverse=True))
        for item in feed.items:
            notice(f"{path}: {item.id} is published in the future", unless=item.published <= at + SOON)
            forward = not item.updated or item.updated >= item.published
            notice(f"{path}: {item.id} was updated before it was published", unless=forward)
        if feed.updated:
            kept = not self.updated or feed.updated >= self.updated
            notice(f"{path}: updated of the feed fell", unless=kept)
            self.updated = feed.updated
