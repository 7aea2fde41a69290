"""A curator who never rests: edits a small calendar at random and publishes it again and again.

    python -m tests.faults.gardener FOLDER SEED BUILDS

After each release that is shown it prints one line of JSON: what the release holds, and what this process and
its folder take. The same seed makes the same edits. Most of them are no corrections, of which the ledger
keeps every one for ever: a calendar that was corrected ten thousand times is not what is tried here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.support import NOW, Values, Workshop, event

PINNED = {"fire": ["town"], "flood": ["people"]}  # so that no category ever loses its last day
OTHERS = tuple(f"entry-{number}" for number in range(3))
SLUGS = ("town", "people")
SET = "compose/people+town/calendar.ics"  # not in the file, so `calfeed serve` composes it when it is asked for
COLORS = ("maroon", "slategray", "navy", "teal", "olive")


@dataclass
class Garden:
    """What the curator has written so far; `edit` changes one thing in it."""

    chance: Random
    written: int = 0
    here: dict[str, Values] = field(default_factory=dict)
    gone: dict[str, Values] = field(default_factory=dict)
    keys: Values = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keys = {
            "categories": {slug: {"title": {"en": slug}, "color": "maroon"} for slug in SLUGS},
            "window": {"past": 1, "future": 1},
        }
        for id_, categories in PINNED.items():
            self.here[id_] = event(id_, date=self._day(), categories=categories)

    def edit(self) -> None:
        """Change one thing, as curators do."""
        self.written += 1
        often = (self._retitle_calendar, self._recolor, self._recite)
        now_and_then = (self._add, self._withdraw, self._restore)
        seldom = (self._retitle, self._redate, self._recategorise, self._withdraw_all)
        self.chance.choice(self.chance.choices((often, now_and_then, seldom), (12, 6, 1))[0])()

    def _day(self) -> str:
        day = dt.date(1950, 1, 1) + dt.timedelta(days=self.chance.randrange(25_000))
        return day.isoformat() if (day.month, day.day) != (2, 29) else "1952-02-28"

    def _words(self) -> Values:
        return {"en": f"Words, number {self.written}; ğəı 🕯 " + "more of them, " * self.chance.randrange(9)}

    def _one(self) -> Values:
        return self.here[self.chance.choice(sorted(self.here))]

    def _retitle_calendar(self) -> None:
        self.keys |= {"title": {"en": f"Calendar {self.written}"}, "description": self._words()}

    def _recolor(self) -> None:
        category = self.keys["categories"][self.chance.choice(SLUGS)]
        category |= {"color": self.chance.choice(COLORS), "title": {"en": f"Category {self.written}"}}

    def _recite(self) -> None:
        self.keys["sources"] = {"report": {"title": f"A report {self.written}", "publisher": "A publisher"}}

    def _add(self) -> None:
        new = [id_ for id_ in OTHERS if id_ not in self.here and id_ not in self.gone]
        if not new:
            return self._retitle_calendar()
        self.here[new[0]] = event(new[0], date=self._day(), categories=self._categories())
        return None

    def _withdraw(self) -> None:
        for id_ in sorted(self.here.keys() - PINNED)[: self.chance.randrange(1, 3)]:
            self.gone[id_] = self.here.pop(id_)

    def _withdraw_all(self) -> None:
        for id_ in sorted(self.here.keys() - PINNED):
            self.gone[id_] = self.here.pop(id_)

    def _restore(self) -> None:
        if self.gone:
            id_ = self.chance.choice(sorted(self.gone))
            self.here[id_] = self.gone.pop(id_)

    def _retitle(self) -> None:
        self._one()["title"] = {"en": f"Title {self.written}"}

    def _redate(self) -> None:
        self._one()["date"] = self._day()

    def _recategorise(self) -> None:
        others = [found for id_, found in self.here.items() if id_ not in PINNED]
        for found in others[:1]:
            found["categories"] = self._categories()

    def _categories(self) -> list[str]:
        return self.chance.choice([["town"], ["people"], ["town", "people"]])


def set_digest(*calendars: bytes) -> str:
    """What tells the events of calendars, each once, whatever their order and what stands around them."""
    events = {
        found for data in calendars for found in re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", data, re.DOTALL)
    }
    return hashlib.sha256(b"".join(sorted(events))).hexdigest()


def contents(site: Path) -> dict[str, str]:
    """The digest of every file of the release that stands, by its path, and that of the set."""
    release = site / (site / "current").readlink()
    written = (release / "manifest.json").read_bytes()
    found = {line["path"]: line["sha256"] for line in json.loads(written)["files"]}
    calendars = ((release / f"categories/{slug}/calendar.ics").read_bytes() for slug in SLUGS)
    return {**found, "manifest.json": hashlib.sha256(written).hexdigest(), SET: set_digest(*calendars)}


@dataclass(frozen=True)
class Taken:
    """What a process takes: resident memory in kilobytes, and open descriptors."""

    memory: int
    descriptors: int


def taken(process: int | str) -> Taken:
    """What the process of this number takes now."""
    status = Path(f"/proc/{process}/status").read_text()
    return Taken(int(status.partition("VmRSS:")[2].split()[0]), len(list(Path(f"/proc/{process}/fd").iterdir())))


def size(site: Path) -> int:
    """The bytes of a folder: each inode once, since releases share what did not change."""
    found = {stat.st_ino: stat.st_size for stat in (path.lstat() for path in site.rglob("*"))}
    return sum(found.values())


def releases(folder: Path, seed: int, builds: int) -> Iterable[dict[str, Any]]:
    """Edit and publish so many times, and tell of each release that is shown."""
    garden, workshop, now = Garden(Random(seed)), Workshop(folder), NOW  # noqa: S311 - to be made again
    while builds > 0:
        workshop.write(*garden.here.values(), **garden.keys)
        if workshop.build(now, allow_removal=True).outcome == "published":
            builds -= 1
            name = workshop.current.readlink().name
            mine = taken("self")
            takes = [mine.memory, mine.descriptors, size(workshop.site)]
            yield {"name": name, "files": contents(workshop.site), "takes": takes}
        garden.edit()
        now += dt.timedelta(minutes=garden.chance.randrange(1, 90))


def main(folder: str, seed: str, builds: str) -> None:
    """Publish, one line of JSON for each release."""
    for told in releases(Path(folder), int(seed), int(builds)):
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
