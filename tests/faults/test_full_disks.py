"""A full disk, inodes used up, read-only and odd mounts: real ones (F37, F38, F41)."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.mounts import FULL
from tests.goals import Tally
from tests.judges import MKFS, require
from tests.support import REPOSITORY, Workshop, event

GOAL = pytest.mark.goal("G3", "a full disk, inodes used up, a read-only mount: real ones")
ALONE = ("unshare", "--mount", "--propagation", "private")


@pytest.fixture(scope="module")
def mounts(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skips where nobody may mount anything, as in most containers."""
    if shutil.which("unshare") is None or os.geteuid() != 0:
        pytest.skip("needs root and unshare, to mount things that nobody else sees")
    folder = tmp_path_factory.mktemp("mount")
    tried = subprocess.run(
        [*ALONE, "mount", "-t", "tmpfs", "none", folder], capture_output=True, text=True, check=False
    )
    if tried.returncode:
        pytest.skip(f"nothing can be mounted here: {tried.stderr.strip()}")


def alone(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run Python in a mount namespace of its own."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [*ALONE, sys.executable, "-P", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def points(folder: Path, kind: str, tally: Tally, *cases: str) -> None:
    """Try the points of some cases, each of which says what was wrong."""
    done = alone("-m", "tests.faults.mounts", folder, kind, *cases)
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        name, wrong = json.loads(line)
        with tally.point(name):
            assert not wrong, wrong


@GOAL
def test_f38_f41_full_or_odd_mounts_are_told_change_nothing_and_the_next_build_succeeds(
    mounts: None, tmp_path: Path, thorough: bool, tally: Tally
) -> None:
    points(tmp_path, "tmpfs", tally, "odd", *(["full", "inodes"] if thorough else ["full=4", "inodes=3"]))


@GOAL
@pytest.mark.nightly
def test_f38_a_full_ext4_changes_nothing_and_the_next_build_succeeds(
    mounts: None, tmp_path: Path, tally: Tally
) -> None:
    require(MKFS)
    points(tmp_path, "ext4", tally, "full=150", "inodes=150")


COMMAND = """
import os, subprocess, sys
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k,mode=755", "none", sys.argv[1]], check=True)
os.execv(sys.executable, [sys.executable, "-P", "-m", "calfeed", "build", *sys.argv[2:]])
"""


@GOAL
def test_f38_the_command_ends_with_73_and_one_line_with_path_and_cause(mounts: None, workshop: Workshop) -> None:
    workshop.write(*(event(f"event-{number}") for number in range(20)))
    workshop.site.mkdir()
    done = alone("-c", COMMAND, workshop.site, workshop.places.events)
    assert (done.returncode, done.stdout) == (73, "")
    assert re.fullmatch(rf"calfeed: {workshop.site}/\S+: cannot publish: {FULL}\n", done.stderr)
    assert workshop.build().outcome == "published"
