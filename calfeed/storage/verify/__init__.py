"""Reads finished documents back, sharing nothing with what wrote them: line by line, by expat, by json.

A truncated or empty calendar wipes events out of people's calendars without a word (C30), so no release is
shown before every file in it has been read here and holds exactly what it should.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import BinaryIO
from xml.parsers import expat

from calfeed.errors import PublishError
from calfeed.storage.verify import calendars, documents, feeds
from calfeed.storage.verify.calendars import Known
from calfeed.storage.verify.findings import Entries, wrong

LEDGER = "ledger.json"
NO_JEKYLL = ".nojekyll"  # GitHub Pages leaves out files unless one of this name is there (C33)


def verify(path: str, file: BinaryIO, entries: Entries, known: Known | None = None) -> None:
    """Read one document back, from the beginning of a file.

    Raises PublishError when it is not whole or holds other entries than it should.

    `known` is shared by the documents of a release: what stands in several of them is read once. What grows with
    the calendar is read piece by piece.
    """
    name = path.rpartition("/")[2]
    read = _READERS.get(name) or _READERS.get(name[name.rfind(".") :])
    try:
        if name.endswith(".ics"):
            alarms = name == "calendar-alarms.ics"
            calendars.calendar(file, entries, {} if known is None else known, alarms=alarms)
        elif name == LEDGER:
            documents.lines(file)
        elif read is None:
            wrong("nobody knows how to read it back")
        else:
            read(file.read(), entries)
    except (ValueError, LookupError, TypeError, expat.ExpatError) as error:
        raise PublishError(f"{path}: what was written does not read back: {error}") from error


_READERS: Mapping[str, Callable[[bytes, Entries], None]] = {
    NO_JEKYLL: documents.empty,
    "feed.json": feeds.json_feed,
    "categories.json": documents.menu,
    ".jcal": calendars.jcal,
    ".rss": feeds.feed,
    ".atom": feeds.feed,
    ".json": documents.events,
    ".csv": documents.table,
    ".opml": feeds.opml,
    "robots.txt": documents.robots,
    "sitemap.xml": feeds.sitemap,
    ".html": documents.page,
    ".css": documents.text,
    ".js": documents.text,
    ".svg": documents.picture,
}
