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
from tests.faults.calls import CHANGING, Call, calls_of, error, spoiled, swap
from tests.faults.stories import STORIES, Story, assert_undisturbed, copied, litter, standing
from tests.goals import Tally, spread

ERRORS = ("ENOSPC", "EIO", "EDQUOT", "EROFS", "EACCES", "EMFILE", "EINTR", "ENOMEM")
EXIT_CODES = (66, 73, 74)  # the events file, the site, the ledger
BY_DAY = 18


@pytest.mark.goal("G3", "eight errors at every call that changes something, in site and ledger")
@pytest.mark.parametrize("story", STORIES[:2], indirect=True)
def test_f37_a_call_that_fails_anywhere(
    story: Story, builder: Builder, quick: Path, tally: Tally, *, thorough: bool
) -> None:
    with copied(story, quick / "try") as folder:
        calls = calls_of(builder, story.arguments(folder))
    shown = swap(calls)
    points = [(index, call, name) for index, call in enumerate(calls) if call.name in CHANGING for name in ERRORS]
    for index, call, name in spread(points, BY_DAY, thorough=thorough):
        with copied(story, quick / "try") as folder, tally.point(f"{story.name}, {name} at {call}"):
            ended = spoiled(builder, story.arguments(folder), call, error(name))
            assert_told(ended, name)
            reads = standing(folder)
            assert reads == (story.after if index > shown or not ended.code else story.before), "another release"
            assert not litter(folder) or is_cleaning(call), f"litter: {litter(folder)}; {ended}"
            again = builder.build(story.arguments(folder))
            assert again.code == 0, again.said
            if not is_cleaning(call):  # what it could not take away goes with the next release
                assert_undisturbed(story, folder)


def assert_told(ended: Ended, name: str) -> None:
    """It went well all the same, or the message names a path and the cause."""
    assert "Traceback" not in ended.said, ended.said
    if ended.code:
        assert ended.code in EXIT_CODES, ended
        assert ended.said.splitlines()[-1].startswith(("calfeed: /", "calfeed: standard output: ")), ended
        assert os.strerror(getattr(errno, name)) in ended.said, ended


def is_cleaning(call: Call) -> bool:
    """Whether it was taking away what the release before has left: then that stays until another comes."""
    return call.name in {"unlinkat", "rmdir"} or "staging-gone-" in call.text
