"""A curator's random edits, over years and through accidents, while subscribers poll each release (G9)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from calfeed.storage.source import piecewise
from tests.faults.edits import CuratorsLife
from tests.goals import Tally

BY_DAY = 25  # builds, so that everybody can wait for them


def live(tally: Tally, number: int, lives: int) -> None:
    """So many lives of a dozen steps each; the number says which ones."""

    def machine() -> CuratorsLife:
        return CuratorsLife(tally)

    how = settings(
        max_examples=lives,
        stateful_step_count=12,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(number)(machine), settings=how)  # type: ignore[arg-type]


def resident() -> int:
    """Bytes of memory that this process has now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # the child builds, and is killed
@pytest.mark.goal("G9", "builds with random edits and accidents, subscribers polling each release")
def test_nothing_is_lost_or_doubled_in_a_life_of_random_edits(
    tally: Tally, monkeypatch: pytest.MonkeyPatch, *, thorough: bool
) -> None:
    """By night 10,000 builds; CALFEED_BUILDS says another number, CALFEED_SEED where to go on."""
    monkeypatch.setattr(piecewise, "FEWEST", 1)
    builds = int(os.environ.get("CALFEED_BUILDS", "10000")) if thorough else BY_DAY
    number, after_a_thousand = int(os.environ.get("CALFEED_SEED", "1")), 0
    while tally.tried < builds:
        try:
            live(tally, number, lives=8 if thorough else 3)
        except AssertionError as error:
            steps = "\n".join(getattr(error, "__notes__", ()))
            tally.lost.append(f"CALFEED_SEED={number}: {error}\n{steps}")
        number += 1
        after_a_thousand = after_a_thousand or (resident() if tally.tried > 1000 else 0)
    if after_a_thousand:
        assert resident() < after_a_thousand * 1.25 + 2**26
