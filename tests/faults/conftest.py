"""What the tests of faults share: a builder that forks, and a quick place for thousands of tries."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import builder as builders
from tests.faults.builder import Builder
from tests.faults.stories import STORIES, Story, told
from tests.judges import STRACE, require


@pytest.fixture(scope="session")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where there is one: whoever kills a process leaves the page cache as it is."""
    memory = Path("/dev/shm")  # noqa: S108 - only a folder of its own within it
    if not os.access(memory, os.W_OK):
        yield tmp_path_factory.mktemp("quick")
        return
    with tempfile.TemporaryDirectory(dir=memory, prefix="calfeed-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def builder(quick: Path) -> Iterator[Builder]:
    """A process that forks a child for each build."""
    folder = quick / "builder"
    folder.mkdir()
    with builders.started(folder) as started:
        yield started


@pytest.fixture
def story(request: pytest.FixtureRequest, builder: Builder, quick: Path) -> Story:
    """The story that a test names as its parameter."""
    require(STRACE)
    folder = quick / f"story-{STORIES.index(request.param)}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return told(request.param, builder, folder)
