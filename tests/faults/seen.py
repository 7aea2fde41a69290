"""What subscribers have to see of a release: what the curator means, and nothing changed that was not touched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from tests.faults.curator import CATEGORIES, ZONE, Days, Entry, Meaning, Meant, summary
from tests.faults.remembered import Known, Remembered, is_the_same_one_off
from tests.subscribers.calendars import Versions
from tests.subscribers.noticed import notice
from tests.subscribers.reading import Item, Version
from tests.subscribers.street import Release

Shown = dict[str, dict[int, Days]]


def check_days(
    release: Release, meaning: Meaning, days: Mapping[str, Mapping[int, Meant]], known: Mapping[str, Known]
) -> Shown:
    """Every day that is meant is there under its number and title, wherever it belongs, and nothing else is.

    Gives the days that are shown, by entry and n.
    """
    found: dict[str, dict[int, Version]] = {id_: {} for id_ in meaning.entries}
    for version in release.calendars["calendar.ics"].values():
        notice(f"{version.uid} is not meant any more", unless=version.event in found)
        found[version.event][int(version.uid.rpartition("/")[2])] = version
    for id_, entry in meaning.entries.items():
        free = entry.observed == "once" and not is_the_same_one_off(entry, known.get(id_))
        _check_entry(entry, days[id_], found[id_], numbered=not free)
        _check_places(release, entry, set(found[id_].values()))
    return {id_: {n: version.days for n, version in versions.items()} for id_, versions in found.items()}


def _check_entry(
    entry: Entry, meant: Mapping[int, Meant], found: Mapping[int, Version], *, numbered: bool
) -> None:
    there = sorted(version.days for version in found.values())
    wanted = {each.days: each for each in meant.values()}
    notice(f"{entry.id} is shown on {there}, meant on {sorted(wanted)}", unless=there == sorted(wanted))
    right = not numbered or found.keys() == meant.keys()
    notice(f"{entry.id} has the numbers {sorted(found)}, not {sorted(meant)}", unless=right)
    for version in found.values():
        title = summary(entry, wanted[version.days])
        notice(f"{version.uid} is called {version.summary}, not {title}", unless=version.summary == title)
        notice(f"{version.uid} is not described", unless=entry.description["en"] in version.description)


def _check_places(release: Release, entry: Entry, versions: set[Version]) -> None:
    """Its categories have it, others don't; its own calendar has it, or the last of it."""
    uids = {version.uid for version in versions}
    for slug in CATEGORIES:
        within = release.calendars.get(f"categories/{slug}/calendar.ics", {})
        there = {uid for uid, version in within.items() if version.event == entry.id}
        wanted = uids if slug in entry.categories else set()
        notice(f"{slug} has {sorted(there)} of {entry.id}, not {sorted(wanted)}", unless=there == wanted)
    own = release.calendars.get(f"events/{entry.id}/calendar.ics")
    right = (own or {}).keys() == uids if uids else own is None or len(own) == 1
    notice(f"{entry.id} has other days in its own calendar", unless=right)


def check_untouched(
    before: Release, after: Release, meaning: Meaning, bases: list[Remembered], language: str
) -> None:
    """What was not touched keeps all its bytes, words alone no SEQUENCE, and other words have a later stamp.

    `bases` is what was meant in the release before, and in builds since then that were cut off.
    """
    path = "calendar.ics" if language == meaning.languages[0] else f"{language}/calendar.ics"
    if path not in before.calendars or any(language not in base.meaning.languages for base in bases):
        return
    old, new = before.calendars[path], after.calendars[path]
    for uid in old.keys() & new.keys():
        entry = meaning.entries[new[uid].event]
        same_days = all(_stayed(entry, base) for base in bases)
        words = [
            base.meaning.words(base.known[entry.id].entry, language) for base in bases if entry.id in base.known
        ]
        here = meaning.words(entry, language)
        if same_days:
            kept = old[uid].sequence == new[uid].sequence
            notice(f"{path}: words alone moved SEQUENCE of {uid}", unless=kept)
        if same_days and all(there == here for there in words):
            same = old[uid].data == new[uid].data
            notice(f"{path}: {uid} was not touched and has other bytes", unless=same)
        if words[0] != here:
            later = new[uid].last_modified > old[uid].last_modified
            notice(f"{path}: {uid} has other words and no later LAST-MODIFIED", unless=later)


def _stayed(entry: Entry, base: Remembered) -> bool:
    """Whether it was there under the same rule."""
    known = base.known.get(entry.id)
    return known is not None and not known.gone and known.entry.when == entry.when


def check_due(
    before: Release, release: Release, meaning: Meaning, bases: list[Remembered], built: dt.datetime
) -> None:
    """Each day that has come since the release before has its item, dated by the build that found it.

    What is an item already stays the one it is, also when its day moves.
    """
    last, instants = bases[0], {built, *(base.at for base in bases[1:])}
    if meaning.notice != last.meaning.notice:
        return
    for id_, entry in meaning.entries.items():
        if not _stayed(entry, last):
            continue
        items, old = (_items(found, id_) for found in (release, before))
        for uid, start in _shown(release.calendars["calendar.ics"], id_, last.known[id_].days):
            due = dt.datetime.combine(start - dt.timedelta(days=meaning.notice), dt.time(), ZONE)
            if last.at < due <= built:
                notice(f"{uid} has come and is no item", unless=uid in items)
                dated = items[uid].published
                notice(f"{uid} came and is dated {dated}", unless=uid in old or dated in instants)


def check_early(before: Release | None, release: Release, meanings: list[Meaning], built: dt.datetime) -> None:
    """No item comes before the notice that is given of its day; `meanings` are those that may have stamped it."""
    ahead = dt.timedelta(days=max(meaning.notice for meaning in meanings))
    days = {uid: version.start for found in release.calendars.values() for uid, version in found.items()}
    for id_ in meanings[0].entries:
        old = _items(before, id_) if before else {}
        for uid in _items(release, id_).keys() - old:
            due = dt.datetime.combine(days[uid] - ahead, dt.time(), ZONE)
            notice(f"{uid} is an item before its day has come", unless=due <= built)


def _items(release: Release, id_: str) -> dict[str, Item]:
    feed = release.feeds.get(f"events/{id_}/feed.atom")
    return {item.id: item for item in feed.items} if feed else {}


def _shown(whole: Versions, id_: str, known: Mapping[int, Days]) -> list[tuple[str, dt.date]]:
    """UID and first day of what was known before and is still there."""
    there = {int(uid.rpartition("/")[2]): version for uid, version in whole.items() if version.event == id_}
    return [(there[n].uid, days[0]) for n, days in known.items() if n in there]
