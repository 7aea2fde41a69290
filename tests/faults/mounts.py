"""Builds on file systems that are full, out of inodes, read-only or mounted in odd places; real ones, small ones.

    unshare --mount --propagation private python -m tests.faults.mounts FOLDER KIND CASE[=FEW] ...

It needs to be root in a mount namespace of its own, so it is a program of its own. It tries the points of each
case (or a FEW of them) and prints one line of JSON for each: its name, and what was wrong. Each point begins with
a release that stands and an edit; the build is short of something; what stands must not have changed by a byte,
nothing temporary may be left, and once there is room again the next build gives the bytes of an undisturbed one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from calfeed.errors import CalfeedError
from tests.goals import spread
from tests.support import Workshop, event, later

PAGE = 4096
WHERE = ("site", "state", "")  # the folder that is the mount; the last is all of them
FULL = "No space left on device"

Point = tuple[str, Callable[[], str]]


@dataclass(frozen=True)
class Before:
    """A calendar with a release, and every file of the next one, as an undisturbed build makes it."""

    folder: Path
    after: dict[str, bytes]

    def at(self, folder: Path) -> Workshop:
        """A copy of it with an edit that is not yet built."""
        shutil.copytree(self.folder, folder, symlinks=True, dirs_exist_ok=True)
        workshop = Workshop(folder)
        edit(workshop)
        return workshop


def edit(workshop: Workshop) -> None:
    """What the next build has to publish."""
    workshop.write(event(title={"en": "Edited"}), event("other", date="1991-12-25"))


def prepared(folder: Path) -> Before:
    """The calendar that every point begins with."""
    workshop = Workshop(folder / "before")
    workshop.folder.mkdir()
    workshop.write(event())
    workshop.build()
    shutil.copytree(workshop.folder, folder / "after", symlinks=True)
    after = Workshop(folder / "after")
    edit(after)
    after.build(later(days=1))
    return Before(workshop.folder, after.files())


def run(*command: str | Path) -> None:
    """A command that has to succeed."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr}")


@contextmanager
def mounted(kind: str, at: Path, *options: str) -> Iterator[None]:
    """A small file system at a folder: tmpfs, or ext4 in a file beside it."""
    at.mkdir(parents=True, exist_ok=True)
    if kind == "tmpfs":
        run("mount", "-t", "tmpfs", "-o", ",".join(("mode=755", *(options or ("size=4m",)))), "none", at)
    else:
        image = at.with_name(f"{at.name}.ext4")
        with image.open("wb") as file:
            file.truncate(8 * 1024 * 1024)
        run("mkfs.ext4", "-q", "-m", "0", *options, image)
        run("mount", "-o", "loop", image, at)
    try:
        yield
    finally:
        run("umount", at)


@contextmanager
def ballast(at: Path, what: str, room: int) -> Iterator[None]:
    """Fill a file system up to so many bytes or inodes, while the block runs."""
    folder = at / "ballast"
    folder.mkdir()
    found = os.statvfs(at)
    if what == "bytes":
        with (folder / "file").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, found.f_bavail * found.f_frsize - room))
    else:
        for number in range(found.f_favail - room):
            (folder / str(number)).touch()
    try:
        yield
    finally:
        shutil.rmtree(folder)


def built(workshop: Workshop) -> CalfeedError | None:
    """The error that the build of the edit ended with, if it did."""
    try:
        workshop.build(later(days=1))
    except CalfeedError as error:
        return error
    return None


def litter(workshop: Workshop) -> list[str]:
    """What a build leaves behind that it should not."""
    found = (*workshop.site.iterdir(), *workshop.places.state.iterdir())
    return [path.name for path in found if path.name.startswith(".")]


def judged(workshop: Workshop, error: CalfeedError | None, before: dict[str, bytes], why: str) -> str:
    """What is wrong after a build that was short of something; `error` has to say `why`."""
    now = workshop.files()
    if error is None:
        return "" if now != before else "it says that it published, and did not"
    if error.exit_code not in (73, 74) or why not in str(error) or str(workshop.folder) not in str(error):
        return f"{error.exit_code}: {error}"
    if now != before:
        return f"the release that stood has changed, after: {error}"
    return f"left behind: {left}" if (left := litter(workshop)) else ""


def afterwards(workshop: Workshop, after: dict[str, bytes]) -> str:
    """What is wrong after the next build, which has everything that it needs."""
    if (error := built(workshop)) is not None:
        return f"the next build failed: {error}"
    now = workshop.files()
    if now != after:
        return f"the next build gave other bytes: {sorted(n for n in after if after[n] != now.get(n))}"
    return f"the next build left behind: {left}" if (left := litter(workshop)) else ""


def short(  # noqa: PLR0917 - what a point is
    before: Before, folder: Path, kind: str, where: str, what: str, room: int
) -> str:
    """A build on a file system with room for so much more."""
    at = folder / "tried" / where if where else folder / "tried"
    options = {"bytes": (), "inodes": ("nr_inodes=400",) if kind == "tmpfs" else ("-N", "400")}[what]
    try:
        with mounted(kind, at, *options):
            workshop = before.at(folder / "tried")
            stood = workshop.files()
            with ballast(at, what, room):
                error = built(workshop)
                wrong = judged(workshop, error, stood, FULL)
            return wrong or afterwards(workshop, before.after)
    finally:
        shutil.rmtree(folder / "tried")


def full_disk(before: Before, folder: Path, kind: str) -> Iterator[Point]:
    """Every page more, from none to enough for the whole build."""
    enough = sum(-(-len(data) // PAGE) + 1 for data in before.after.values()) + 40
    for where in WHERE:
        for pages in range(enough if where != "state" else 12):
            name = f"{kind}, {where or 'both'}, {pages} pages"
            yield name, partial(short, before, folder, kind, where, "bytes", pages * PAGE)


def used_inodes(before: Before, folder: Path, kind: str) -> Iterator[Point]:
    """Every inode more, from none to enough for the whole build."""
    for where in WHERE:
        for inodes in range(2 * len(before.after) if where != "state" else 12):
            name = f"{kind}, {where or 'both'}, {inodes} inodes"
            yield name, partial(short, before, folder, kind, where, "inodes", inodes)


def odd(before: Before, folder: Path, change: Callable[[Workshop], Callable[[], None]], why: str) -> str:
    """A build on something mounted in the wrong way; `change` gives what undoes it, and no `why` is no error."""
    try:
        with mounted("tmpfs", folder / "tried" / "site"), mounted("tmpfs", folder / "tried" / "state"):
            workshop = before.at(folder / "tried")
            stood = workshop.files()
            undo = change(workshop)
            error = built(workshop)
            wrong = judged(workshop, error, stood, why) if why or error else ""
            undo()
            if not wrong and why and error is None:
                wrong = "it went through"
            return wrong or afterwards(workshop, before.after)
    finally:
        shutil.rmtree(folder / "tried")


def remounted(name: str, options: str) -> Callable[[Workshop], Callable[[], None]]:
    """The mount of that folder with these options, and back."""

    def change(workshop: Workshop) -> Callable[[], None]:
        run("mount", "-o", f"remount,{options}", workshop.folder / name)
        return partial(run, "mount", "-o", "remount,rw,exec", workshop.folder / name)

    return change


def bound(name: str) -> Callable[[Workshop], Callable[[], None]]:
    """A file or folder mounted onto itself, as containers do with what they are given."""

    def change(workshop: Workshop) -> Callable[[], None]:
        run("mount", "--bind", workshop.folder / name, workshop.folder / name)
        return partial(run, "umount", workshop.folder / name)

    return change


def current_is_a_mount(workshop: Workshop) -> Callable[[], None]:
    """The release that stands, mounted at `current` instead of a link to it."""
    target = workshop.current.readlink()
    workshop.current.unlink()
    workshop.current.mkdir()
    run("mount", "--bind", workshop.site / target, workshop.current)

    def undo() -> None:
        run("umount", workshop.current)
        workshop.current.rmdir()
        workshop.current.symlink_to(target)

    return undo


def odd_mounts(before: Before, folder: Path, kind: str) -> Iterator[Point]:
    """What operators and containers mount."""
    changes = {
        "the site read-only": (remounted("site", "ro"), "Read-only file system"),
        "the state read-only": (remounted("state", "ro"), "Read-only file system"),
        "noexec, nosuid, nodev": (remounted("site", "noexec,nosuid,nodev"), ""),
        "releases a mount": (bound("site/releases"), "Invalid cross-device link"),
        "the ledger a mount": (bound("state/ledger.json"), "Device or resource busy"),
        "current a mount": (current_is_a_mount, "not a link that calfeed made"),
    }
    for name, (change, why) in changes.items():
        yield name, partial(odd, before, folder, change, why)
    yield "current mounted elsewhere", partial(mounted_elsewhere, before, folder)


def mounted_elsewhere(before: Before, folder: Path) -> str:
    """`current` mounted where a web server looks: one release, never half of another, and in the end nothing."""
    at = folder / "elsewhere"
    at.mkdir(exist_ok=True)
    try:
        with mounted("tmpfs", folder / "tried"):
            workshop = before.at(folder / "tried")
            run("mount", "--bind", workshop.current, at)
            stood, shown = (at / "calendar.ics").read_bytes(), []
            for number in range(1, 5):
                workshop.write(title={"en": f"Edited {number}"})
                workshop.build(later(days=number))
                shown.append((at / "calendar.ics").read_bytes() if (at / "calendar.ics").exists() else None)
            run("umount", at)
        return "" if shown == [stood, stood, None, None] else "another release, or one that is no longer kept"
    finally:
        shutil.rmtree(folder / "tried")


CASES = {"full": full_disk, "inodes": used_inodes, "odd": odd_mounts}


def main(folder: str, kind: str, *cases: str) -> None:
    """Try the points, one line of JSON for each."""
    before = prepared(Path(folder))
    for case, _, few in (found.partition("=") for found in cases):
        points: Sequence[Point] = list(CASES[case](before, Path(folder), kind))
        for name, point in spread(points, int(few or "0"), thorough=not few):
            sys.stdout.write(json.dumps([name, point()]) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
