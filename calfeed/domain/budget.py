"""Which part of a long list of days a calendar file has room for (C3)."""

from __future__ import annotations

from collections.abc import Callable


def within_budget(number: int, past: int, octets_of: Callable[[int], int], *, events: int, octets: int) -> range:
    """The places that stay of so many entries, sorted by day, of which the first `past` begin before this year.

    At most `events` stay, and no more than fit into `octets` as `octets_of` counts them; the far past goes first,
    then the far future, and at least one stays. What goes depends on the civil year alone, so it moves only on
    1 January.
    """
    surplus = max(0, number - events)
    first = min(past, surplus)
    last = number - (surplus - first)
    total = sum(map(octets_of, range(first, last)))
    while last - first > 1 and total > octets:
        if first < past:
            total -= octets_of(first)
            first += 1
        else:
            last -= 1
            total -= octets_of(last)
    return range(first, last)
