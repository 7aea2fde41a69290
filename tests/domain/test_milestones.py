"""Which anniversaries are milestones."""

from __future__ import annotations

import pytest

from calfeed.domain.milestones import is_milestone


def test_milestones_of_a_millennium_are_these() -> None:
    within_a_lifetime = [5, 10, 15, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 100]
    within_five = list(range(125, 501, 25))
    beyond = [600, 700, 800, 900, 1000]
    assert [n for n in range(1, 1001) if is_milestone(n)] == within_a_lifetime + within_five + beyond


@pytest.mark.parametrize("ordinal", [None, 0, -25, 1])
def test_the_day_itself_the_first_and_what_is_not_counted_are_none(ordinal: int | None) -> None:
    assert not is_milestone(ordinal)
