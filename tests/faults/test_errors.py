"""Errors of the system at every call that changes something: the old release stays, and the cause is told (F37).

Until the link is swapped readers keep the old release to the byte; what fails after that cannot take the new one
back. An error that costs nothing (an old release that cannot be removed) fails no build.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tests.faults.builder import Builder, Ended
from tests.faults.calls import calls_of, changing, error, spoiled
from tests.faults.stories import STORIES, Story, assert_undisturbed, copied, litter, standing
from tests.goals import Tally, spread

ERRORS = ("ENOSPC", "EIO", "EDQUOT", "EROFS", "EACCES", "EMFILE", "EINTR", "ENOMEM")
EXIT_CODES = (66, 73, 74)  # the events file, the site, the ledger
BY_DAY = 8


@pytest.mark.goal("G3", "eight errors at every call that changes something, in site and ledger")
@pytest.mark.parametrize("story", STORIES[:2], indirect=True)
def test_f37_a_call_that_fails_anywhere(
    story: Story, builder: Builder, quick: Path, tally: Tally, *, thorough: bool
) -> None:
    with copied(story, quick / "try") as folder:
        calls = calls_of(builder, story.arguments(folder))
    points = [(call, name) for call in changing(calls, folder) for name in ERRORS]
    for call, name in spread(points, BY_DAY, thorough=thorough):
        with copied(story, quick / "try") as folder, tally.point(f"{story.name}, {name} at {call}"):
            struck = spoiled(builder, story.arguments(folder), call, error(name))
            assert_told(struck.ended, name)
            assert struck.shown or struck.ended.code, "it said that all went well"
            assert standing(folder) == (story.after if struck.shown else story.before), (
                f"another release; {struck}"
            )
            left = litter(folder)
            assert struck.shown or not left, f"litter: {left}; {struck}"
            again = builder.build(story.arguments(folder))
            assert again.code == 0, again.said
            if left:  # of what went before the release that stands, for the next one to take away
                edit(folder)
                assert builder.build(story.arguments(folder)).code == 0
                assert not litter(folder), f"litter: {left}, then {litter(folder)}"
            else:
                assert_undisturbed(story, folder)


def edit(folder: Path) -> None:
    """Change a word in the events file."""
    events = folder / "events.yaml"
    events.write_text(
        events.read_text(encoding="utf-8").replace("Days, kept", "Days, still kept"), encoding="utf-8"
    )


def assert_told(ended: Ended, name: str) -> None:
    """It went well all the same, or the message names a path and the cause."""
    assert "Traceback" not in ended.said, ended.said
    if ended.code:
        assert ended.code in EXIT_CODES, ended
        assert ended.said.splitlines()[-1].startswith(("calfeed: /", "calfeed: standard output: ")), ended
        assert os.strerror(getattr(errno, name)) in ended.said, ended
