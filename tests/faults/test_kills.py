"""kill -9 at every call of a build: readers see the old release or the new, and the next build mends all (F36)."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.faults.builder import Builder
from tests.faults.calls import KILL, calls_of, spoiled
from tests.faults.stories import STORIES, Story, assert_undisturbed, copied, standing
from tests.goals import Tally, spread

BY_DAY = 4


@pytest.mark.parametrize(
    "story",
    [pytest.param(name, marks=pytest.mark.goal("G1", f"kill -9 at every call of {name}")) for name in STORIES],
    indirect=True,
)
def test_f36_a_build_that_is_killed_anywhere(
    story: Story, builder: Builder, quick: Path, tally: Tally, *, thorough: bool
) -> None:
    with copied(story, quick / "try") as folder:
        calls = calls_of(builder, story.arguments(folder))
    for call in spread(calls, BY_DAY, thorough=thorough):
        with copied(story, quick / "try") as folder, tally.point(f"{story.name}, {call}"):
            struck = spoiled(builder, story.arguments(folder), call, KILL)
            assert struck.ended.code == -signal.SIGKILL, struck
            assert standing(folder) == (story.after if struck.shown else story.before), (
                f"another release; {struck}"
            )
            again = builder.build(story.arguments(folder))
            assert again.code == 0, again.said
            assert_undisturbed(story, folder)
