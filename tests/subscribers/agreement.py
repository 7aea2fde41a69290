"""One release, every file of it: what one address says of an occurrence, all others say.

An entry's own calendar may hold one occurrence that is nowhere else: the last one of an entry that was withdrawn
or lost its days.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Mapping
from typing import TypeAlias, TypeVar

from tests.subscribers.calendars import Versions
from tests.subscribers.noticed import notice
from tests.subscribers.reading import Feed, read_jcal

Files: TypeAlias = Mapping[str, bytes]
_Read = TypeVar("_Read")


def agree(
    languages: tuple[str, ...], files: Files, calendars: Mapping[str, Versions], feeds: Mapping[str, Feed]
) -> None:
    """Notice whatever two files of a release do not agree on; `calendars` and `feeds` are those of `files`."""
    first = calendars["calendar.ics"]
    for language in languages:
        folder = "" if language == languages[0] else f"{language}/"
        whole = calendars[f"{folder}calendar.ics"]
        _same_days(folder, first, whole)
        one_day_once(folder, whole)
        below = {path: found for path, found in calendars.items() if _language(path, languages) == folder}
        for path, found in below.items():
            _part_of(path, found, whole)
        _data(folder, files, whole)
        _feeds(folder, {path: feed for path, feed in feeds.items() if _language(path, languages) == folder}, whole)


def _language(path: str, languages: tuple[str, ...]) -> str:
    head = path.partition("/")[0]
    return f"{head}/" if head in languages[1:] else ""


def _same_days(folder: str, first: Versions, whole: Versions) -> None:
    """In every language the same days, under the same revision."""
    for found, other in ((first, whole), (whole, first)):
        notice(f"{folder}: another set of occurrences", unless=found.keys() == other.keys())
    for uid, version in whole.items():
        same = (version.days, version.sequence, version.created)
        notice(f"{folder}: {uid} is not what it is in the first language", unless=same == _facts(first, uid))


def _facts(versions: Versions, uid: str) -> tuple[tuple[dt.date, dt.date], int, dt.datetime]:
    found = versions[uid]
    return found.days, found.sequence, found.created


def one_day_once(folder: str, whole: Versions) -> None:
    """No entry has two occurrences on one day."""
    known: dict[tuple[str, dt.date], str] = {}
    for version in whole.values():
        other = known.setdefault((version.event, version.start), version.uid)
        notice(f"{folder}: {other} and {version.uid} are one day of one entry", unless=other == version.uid)


def _part_of(path: str, found: Versions, whole: Versions) -> None:
    """What a category, a set of them, an entry or the file with alarms holds, the whole calendar holds."""
    apart = [uid for uid in found if uid not in whole]
    kept = "events/" in path and len(found) == 1
    notice(f"{path}: {apart} stand in no calendar of everything", unless=not apart or kept)
    for uid, version in found.items():
        same = uid not in whole or version.data == whole[uid].data
        notice(f"{path}: {uid} is not what it is in the whole calendar", unless=same)


def _data(folder: str, files: Files, whole: Versions) -> None:
    """jCal, events.json and events.csv."""
    meant = {uid: (v.days, v.sequence, v.last_modified) for uid, v in whole.items()}
    readers: dict[str, Callable[[bytes], object]] = {
        "calendar.jcal": read_jcal,
        "events.json": _events_json,
        "events.csv": _events_csv,
    }
    for name, read in readers.items():
        notice(f"{folder}{name} does not say what the calendar says", unless=read(files[folder + name]) == meant)


def _events_json(data: bytes) -> object:
    return {
        occurrence["uid"]: (
            (dt.date.fromisoformat(occurrence["dtstart"]), dt.date.fromisoformat(occurrence["dtend"])),
            event["sequence"],
            dt.datetime.fromisoformat(event["last_modified"]),
        )
        for event in json.loads(data)["events"]
        for occurrence in event["occurrences"]
    }


def _events_csv(data: bytes) -> object:
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    day = dt.timedelta(days=1)
    return {
        row["uid"]: (
            (dt.date.fromisoformat(row["first_day"]), dt.date.fromisoformat(row["last_day"]) + day),
            int(row["sequence"]),
            dt.datetime.fromisoformat(row["last_modified"]),
        )
        for row in rows
        if row["uid"]
    }


def _feeds(folder: str, feeds: Mapping[str, Feed], whole: Versions) -> None:
    """The feeds of one address hold the same items, of occurrences that are there, dated alike everywhere."""
    items = {path: feed.items for path, feed in feeds.items() if not path.endswith("corrections/feed.atom")}
    dates: dict[str, dt.datetime] = {}
    for path, found in items.items():
        base = path.rpartition("/")[0]
        atom = items[f"{base}/feed.atom" if base else "feed.atom"]
        same = [(item.id, item.title, item.published) for item in found]
        notice(f"{path}: not the items of Atom", unless=same == [(i.id, i.title, i.published) for i in atom])
        for item in found:
            known = item.id in whole or "events/" in path
            notice(f"{path}: {item.id} is of no occurrence in the calendar", unless=known)
            notice(
                f"{path}: {item.id} has two dates",
                unless=dates.setdefault(item.id, item.published) == item.published,
            )
