"""The suite without rights on a read-only machine, and several users who publish to one site (F38, F49)."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from calfeed.errors import CalfeedError
from tests.faults.test_full_disks import ALONE, mounts
from tests.goals import Tally
from tests.support import REPOSITORY, Workshop, event, later

__all__ = ["mounts"]

OWNER, OTHER, ROOT = 4711, 4712, 0
SUITE = ("tests/domain", "tests/formats", "tests/storage", "tests/serve", "tests/deploy")
PATIENCE = 3600  # seconds


@pytest.mark.goal("G15", "tests as a user without rights on a machine that is read-only but for /tmp and /dev/shm")
@pytest.mark.nightly
def test_g15_the_suite_passes_without_rights_on_a_read_only_machine(mounts: None, tally: Tally) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    suite = [*SUITE, *sorted(str(path.relative_to(REPOSITORY)) for path in REPOSITORY.glob("tests/test_*.py"))]
    command = [*ALONE, sys.executable, "-P", "-m", "tests.faults.stranger", *suite]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE)
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed, done.stdout + done.stderr
    tally.add(int(passed[1]))
    for name in re.findall(r"^(?:FAILED|ERROR) (.+)$", done.stdout, re.MULTILINE):
        with tally.point(name):
            raise AssertionError(name)


@dataclass(frozen=True)
class Ended:
    """How a build by somebody ended: the exit code and the message, 0 and the outcome where it went well."""

    code: int
    said: str


def build_as(user: int, umask: int, workshop: Workshop, day: int) -> Ended:
    """Build in a child process as that user, with that umask."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
            os.umask(umask)
            told = _told(workshop, day)
            os.write(writing, json.dumps(told).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as said:
        return Ended(*json.loads(said.read() or b'[70, "a traceback"]'))


def _told(workshop: Workshop, day: int) -> tuple[int, str]:
    try:
        return 0, workshop.build(later(days=day)).outcome
    except CalfeedError as error:
        return error.exit_code, str(error)


@pytest.fixture
def shared(workshop: Workshop) -> Iterator[Workshop]:
    """A calendar where everybody may look, in the hands of its owner; calfeed is loaded, and root is who tests."""
    if os.geteuid() != 0:
        pytest.skip("needs root, who may become somebody else")
    workshop.build()
    folder = Path(tempfile.mkdtemp(prefix="calfeed-users-"))
    try:
        folder.chmod(0o755)
        os.chown(folder, OWNER, OWNER)
        yield Workshop(folder)
    finally:
        shutil.rmtree(folder)


def edited(workshop: Workshop, day: int) -> None:
    """Another edit for each day."""
    workshop.write(event(title={"en": f"Edited on day {day}"}), event("other", date="1991-12-25"))


def undisturbed(folder: Path, days: int) -> dict[str, bytes]:
    """What one user alone publishes in the end."""
    alone = Workshop(folder / "alone")
    alone.folder.mkdir()
    for day in range(days):
        edited(alone, day)
        alone.build(later(days=day))
    return alone.files()


@pytest.mark.goal(
    "G13", "builds by several users with several umasks into one site: right, or told and nothing changed"
)
def test_f49_another_user_who_may_write_nothing_is_told_and_changes_nothing(
    shared: Workshop, tally: Tally
) -> None:
    edited(shared, 0)
    assert build_as(OWNER, 0o077, shared, 0).code == 0
    before = shared.files()
    edited(shared, 1)
    with tally.point("a stranger"):
        ended = build_as(OTHER, 0o002, shared, 1)
        assert ended.code in (73, 74)
        assert ended.said.startswith(str(shared.folder))
        assert "Permission denied" in ended.said
        assert shared.files() == before
    with tally.point("the owner afterwards"):
        assert build_as(OWNER, 0o077, shared, 1).code == 0
        assert shared.files() == undisturbed(shared.folder, 2)


@pytest.mark.goal(
    "G13", "builds by several users with several umasks into one site: right, or told and nothing changed"
)
def test_f49_owner_and_root_in_turn_publish_what_one_of_them_would(shared: Workshop, tally: Tally) -> None:
    turns = [(OWNER, 0o077), (ROOT, 0o077), (OWNER, 0o022), (ROOT, 0o002), (OWNER, 0o027), (ROOT, 0o077)]
    for day, (user, umask) in enumerate(turns):
        with tally.point(f"day {day}, user {user}"):
            edited(shared, day)
            ended = build_as(user, umask, shared, day)
            assert ended.code == 0, ended.said
            modes = {stat.S_IMODE(path.stat().st_mode) for path in shared.current.rglob("*")}
            assert modes == {0o644, 0o755}
            assert not list(shared.site.glob(".*")) + list(shared.places.state.glob(".*"))
    assert shared.files() == undisturbed(shared.folder, len(turns))
    assert len(list((shared.site / "releases").iterdir())) == 3
