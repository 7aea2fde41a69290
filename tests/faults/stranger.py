"""Runs the tests as a user without any rights, on a machine that is read-only but for a folder in memory.

    unshare --mount --propagation private python -m tests.faults.stranger tests/domain tests/formats

That is how calfeed runs in a container or under systemd. It needs to be root in a mount namespace of its own,
makes everything read-only there, and gives up all rights before pytest starts. What stands after the name goes to
pytest.
"""

from __future__ import annotations

import itertools
import os
import stat
import subprocess
import sys
from pathlib import Path

from tests.support import REPOSITORY

ROOM = Path("/dev/shm")  # noqa: S108 - an empty one of its own is mounted there
NOBODY = 65534
KERNEL = ("/proc", "/sys", "/dev")  # there are no files there, only the kernel


def mount(*arguments: str | Path) -> None:
    """One mount, or the end."""
    subprocess.run(["mount", *map(str, arguments)], check=True)


def open_way(path: Path) -> None:
    """Let others go where Python and the checkout lie, where folders above are closed to them, as root's home is.

    A closed folder is covered by one in memory in which there is only the way on.
    """
    above = [*reversed(path.parents), path]
    for folder, inner in itertools.pairwise(above):
        if not folder.stat().st_mode & stat.S_IXOTH:
            mount("--bind", inner, ROOM)
            mount("-t", "tmpfs", "-o", "mode=755", "none", folder)
            inner.mkdir()
            mount("--move", ROOM, inner)


def make_read_only() -> None:
    """Everything that is mounted, but for what is the kernel's."""
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        at = line.split()[4].encode().decode("unicode_escape")
        if not at.startswith(KERNEL):
            mount("-o", "remount,bind,ro", at)
    mount("-t", "tmpfs", "-o", "mode=1777", "none", ROOM)


def main(*arguments: str) -> None:
    """Become nobody and run pytest."""
    for path in (Path(sys.base_prefix), Path(sys.prefix), REPOSITORY):
        open_way(path.resolve())
    make_read_only()
    if os.access(REPOSITORY, os.W_OK) or os.access(Path.home(), os.W_OK):
        raise SystemExit("it is not read-only")
    os.chdir(REPOSITORY)
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    os.environ.update(TMPDIR=str(ROOM), HOME=str(ROOM), PYTHONPATH=str(REPOSITORY))
    options = ["-p", "no:xdist", "-o", "addopts=-q -p no:cacheprovider --strict-markers", "-rf", "--tb=short"]
    os.execv(sys.executable, [sys.executable, "-P", "-m", "pytest", *options, *arguments])  # noqa: S606


if __name__ == "__main__":
    main(*sys.argv[1:])
