"""Which anniversaries are round enough to be prepared for.

No standard says it; the choice follows what is in fact marked with ceremonies. Its steps widen as memory does:

- up to the 30th: every 5;
- up to the 100th: every 10, and the 75th;
- up to the 500th: every 25;
- after that: every 100.

The first is none, nor is the very day: neither is a number that anybody has to be reminded of.
"""

from __future__ import annotations

_STEPS = ((30, 5), (100, 10), (500, 25))  # up to this ordinal, every so many
_FAR_STEP = 100
_JUBILEES = (75,)


def is_milestone(ordinal: int | None) -> bool:
    """Whether an ordinal is a milestone; None, for an observance that counts no years, is none."""
    if ordinal is None or ordinal <= 0:
        return False
    step = next((step for last, step in _STEPS if ordinal <= last), _FAR_STEP)
    return ordinal % step == 0 or ordinal in _JUBILEES
