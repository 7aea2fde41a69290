"""Runs the tests as a user without any rights, on a machine that is read-only but for two folders in memory.

    unshare --mount --propagation private python -m tests.faults.stranger tests/domain tests/formats

That is how calfeed runs in a container or under systemd. It needs to be root in a mount namespace of its own, and
makes everything read-only there but for a `/tmp` and a `/dev/shm` of its own: an S3 server has its sockets in the
one, semaphores of the system lie in the other. It gives up all rights before pytest starts. What stands after the
name goes to pytest.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

from tests.support import REPOSITORY

ROOM, HELD = Path("/tmp"), Path("/dev/shm")  # noqa: S108 - empty ones of its own are mounted there
NOBODY = 65534
KERNEL = ("/proc", "/sys", "/dev")  # there are no files there, only the kernel


def mount(*arguments: str | Path) -> None:
    """One mount, or the end."""
    subprocess.run(["mount", *map(str, arguments)], check=True)


def open_ways(paths: list[Path]) -> None:
    """Let others go where these lie, below folders that are closed to them, as root's home is, or below the room.

    Such a folder is covered by an empty one in memory, in which only these are mounted again.
    """
    mount("-t", "tmpfs", "-o", "mode=1777", "none", HELD)
    for number, path in enumerate(paths):
        (HELD / str(number)).mkdir()
        mount("--bind", path, HELD / str(number))
    above = {folder for path in paths for folder in path.parents}
    for folder in sorted({folder for folder in above if not folder.stat().st_mode & stat.S_IXOTH} | {ROOM}):
        if folder.exists():  # else it lies in one that is covered
            mount("-t", "tmpfs", "-o", f"mode={'1777' if folder == ROOM else '755'}", "none", folder)
    for number, path in enumerate(paths):
        if not path.exists():
            path.mkdir(parents=True)
            mount("--move", HELD / str(number), path)


def make_read_only() -> None:
    """Everything that is mounted, but for what is the kernel's, and the two folders."""
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        at = line.split()[4].encode().decode("unicode_escape")
        if not at.startswith(KERNEL) and at != str(ROOM):
            mount("-o", "remount,bind,ro", at)
    if any(os.access(path, os.W_OK) for path in (REPOSITORY, "/", "/etc", "/var")):
        raise SystemExit("it is not read-only")


def main(*arguments: str) -> None:
    """Become nobody and run pytest."""
    open_ways([path.resolve() for path in (Path(sys.base_prefix), Path(sys.prefix), REPOSITORY)])
    make_read_only()
    os.chdir(REPOSITORY)
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    os.environ.update(TMPDIR=str(ROOM), HOME=str(ROOM), PYTHONPATH=str(REPOSITORY))
    options = ["-p", "no:xdist", "-o", "addopts=-q -p no:cacheprovider --strict-markers", "-rfE", "--tb=short"]
    os.execv(sys.executable, [sys.executable, "-P", "-m", "pytest", *options, *arguments])  # noqa: S606


if __name__ == "__main__":
    main(*sys.argv[1:])
