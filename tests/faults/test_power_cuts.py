"""A power cut at every call that changes something: what the disk holds is the old release or the new one (F35).

The build is killed at the call and the power is cut right after, or 6.5 seconds later, when ext4 has committed its
journal by itself (it does so every five) while it may not have written the files' content yet.
"""

from __future__ import annotations

import signal
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults import disks
from tests.faults.builder import Builder
from tests.faults.calls import KILL, calls_of, changing, spoiled
from tests.faults.stories import STORIES, Story, assert_undisturbed, copied, standing
from tests.goals import Tally, spread
from tests.judges import MKFS, require

AT_ONCE, LATER = 0.0, 6.5  # seconds
TOGETHER = {AT_ONCE: 1, LATER: 12}  # disks that wait side by side
BY_DAY = 2


@pytest.mark.goal("G2", "a power cut on ext4 at every call that changes something, at once and after 6.5 s")
@pytest.mark.parametrize("story", STORIES[:2], indirect=True)
@pytest.mark.parametrize("after", [AT_ONCE, LATER])
def test_f35_power_that_is_cut_anywhere(
    after: float, story: Story, builder: Builder, quick: Path, tally: Tally, *, thorough: bool
) -> None:
    require(MKFS)
    if why := disks.missing():
        pytest.skip(why)
    disk = quick / "disk"
    disks.formatted(disk, story.folder)
    with copied(story, quick / "try") as folder:
        calls = changing(calls_of(builder, story.arguments(folder)), folder)
    points = spread(calls, BY_DAY, thorough=thorough)
    for first in range(0, len(points), TOGETHER[after]):
        with ExitStack() as stack:
            tries = []
            for number, call in enumerate(points[first : first + TOGETHER[after]]):
                struck = stack.enter_context(disks.inserted(disk, quick / f"disk-{number}"))
                ended = spoiled(builder, story.arguments(struck.folder), call, KILL).ended
                tries.append((call, struck, ended.code, time.monotonic() + after))
            for call, struck, code, due in tries:
                time.sleep(max(0.0, due - time.monotonic()))  # the kernel's own clock is what is tried here
                with tally.point(f"{story.name}, {after} s after {call}"):
                    assert code == -signal.SIGKILL, code
                    struck.cut()
                    assert standing(struck.folder) in (story.before, story.after), "another release"
                    again = builder.build(story.arguments(struck.folder))
                    assert again.code == 0, again.said
                    assert_undisturbed(story, struck.folder)
