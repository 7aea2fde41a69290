"""What a fault strikes: a folder as it is before a build, and everything in it after an undisturbed one.

What stands is looked at as a web server and a person would, by paths and bytes; nothing of calfeed is asked.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from tests.faults.builder import Builder
from tests.support import NOW, Workshop, event, later

Files: TypeAlias = Mapping[str, str]

STORIES = (
    "a first build",
    "an edit over three releases",
    "a day that comes due",
    "an edit after the loss of state/",
)
OLD = (event(), event("second-1991", date="1991-02-03"))
NEW = (event(title={"en": "Told in other words"}), event("third-1992", date="1992-03-04"), OLD[1])


@dataclass(frozen=True)
class Story:
    """A folder before a build, the instant of the build, and what stands there before and after it."""

    name: str
    folder: Path
    now: dt.datetime
    before: Files | None = None
    after: Files = field(default_factory=dict)
    state: Files = field(default_factory=dict)

    def arguments(self, folder: Path) -> list[str]:
        """The command line that builds it in a folder."""
        return [str(folder / "events.yaml"), "--now", self.now.isoformat()]


def told(name: str, builder: Builder, folder: Path) -> Story:
    """One of the stories, prepared and once built without any fault, below a folder."""
    workshop = Workshop(folder / "before")
    workshop.folder.mkdir()
    now = _prepare(workshop, name)
    _date(workshop.site, dt.timedelta(days=1 if name == STORIES[1] else -1))
    story = Story(name, workshop.folder, now, before=standing(workshop.folder))
    with copied(story, folder / "undisturbed") as undisturbed:
        ended = builder.build(story.arguments(undisturbed))
        assert ended.code == 0, ended.said
        return Story(
            name, story.folder, now, story.before, standing(undisturbed) or {}, _digests(undisturbed / "state")
        )


def _prepare(workshop: Workshop, name: str) -> dt.datetime:
    """Do what went before, and give the instant of the build to come."""
    workshop.write(*OLD)
    if name == "a first build":
        return NOW
    for day in range(3):
        workshop.write(title={"en": f"Days, kept since {day}"})
        workshop.build(later(days=day))
    if name == "a day that comes due":
        return dt.datetime(2027, 1, 20, 6, tzinfo=dt.UTC)
    workshop.write(*NEW)
    if name == "an edit after the loss of state/":
        shutil.rmtree(workshop.places.state)
    return later(days=3)


def _date(site: Path, passed: dt.timedelta) -> None:
    """Date what stands so far from today: a build dates its files after those of the last, where it has to."""
    at = time.time() + passed.total_seconds()
    for path in site.rglob("*"):
        if path.is_file() and not path.is_symlink():
            os.utime(path, (at, at))


@contextmanager
def copied(story: Story, to: Path) -> Iterator[Path]:
    """The folder as it is before the build, hard links and all, for the length of one try."""
    subprocess.run(["cp", "-a", str(story.folder), str(to)], check=True)
    try:
        yield to
    finally:
        shutil.rmtree(to)


def standing(folder: Path) -> Files | None:
    """The digest of each published file, as readers see them, None where nothing is shown.

    Asserts that what is shown is one whole release: each file that the manifest names is there with its size and
    digest, and there is no other.
    """
    current = folder / "site" / "current"
    if not os.path.lexists(current):
        return None
    found = _digests(current)
    manifest = (current / "manifest.json").read_bytes()
    assert manifest.endswith(b"}\n"), f"torn: a manifest of {len(manifest)} bytes"
    named = {line["path"]: line["sha256"] for line in json.loads(manifest)["files"]}
    wrong = {path for path in named.keys() | found.keys() if named.get(path) != found.get(path)} - {
        "manifest.json"
    }
    assert not wrong, f"torn: {sorted(wrong)[:5]}"
    return found


def assert_undisturbed(story: Story, folder: Path) -> None:
    """Everything is as if nothing had ever happened, and nothing was left lying about."""
    assert differing(standing(folder) or {}, story.after) == [], "the next build gives other bytes"
    assert differing(_digests(folder / "state"), story.state) == [], "the next build remembers something else"
    assert not litter(folder), f"litter: {litter(folder)}"


def differing(found: Files, meant: Files) -> list[str]:
    """The paths of files that are not what they should be, missing and superfluous ones too."""
    return sorted(path for path in found.keys() | meant.keys() if found.get(path) != meant.get(path))


def litter(folder: Path) -> list[str]:
    """What does not belong there: names that begin with a dot, and more releases than are kept."""
    hidden = [path for path in folder.rglob(".*") if path.name != ".nojekyll"]
    releases = sorted((folder / "site" / "releases").glob("*"))
    return [str(path.relative_to(folder)) for path in [*hidden, *releases[3:]]]


def _digests(folder: Path) -> Files:
    """The digest of each file in a folder, but the lock, by its path there."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(_bytes(path)).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("lock", "kept.json")  # on which nothing hangs
    }


def _bytes(path: Path) -> bytes:
    """What a file holds, but for what `status.json` tells of inodes and instants: no two of those are alike."""
    data = path.read_bytes()
    return re.sub(rb'"stamp": "[0-9a-f]{64}"', b'"stamp": null', data) if path.name == "status.json" else data
