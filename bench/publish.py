"""calfeed's build with the files alone that the naive script makes: the calendar, RSS and Atom, without pages.

python bench/publish.py events.yaml NOW
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from calfeed.asked import Options, Places
from calfeed.build import build
from calfeed.collecting import never_collect
from calfeed.storage.files import MAX_BYTES

FILES = ("calendar.ics", "feed.rss", "feed.atom")


def main(events: str, now: str) -> None:
    """Publish beside the events file."""
    never_collect()  # as the command does it
    folder = Path(events).parent
    places = Places(Path(events), folder / "site", folder / "state")
    larger = Path(events).stat().st_size // MAX_BYTES + 1
    print(build(places, dt.datetime.fromisoformat(now), Options(only=FILES, larger=larger)).outcome)


if __name__ == "__main__":
    main(*sys.argv[1:])
