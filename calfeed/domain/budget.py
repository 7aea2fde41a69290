"""Which part of a long list of days a calendar file has room for (C3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def within_budget(
    number: int, past: int, octets_of: Callable[[int, int], Iterable[int]], *, events: int, octets: int
) -> range:
    """The places that stay of so many entries, sorted by day, of which the first `past` begin before this year.

    At most `events` stay, and no more than fit into `octets`: `octets_of` counts those of the places from one to
    another. The far past goes first, then the far future, and at least one stays. What goes depends on the civil
    year alone, so it moves only on 1 January.
    """
    surplus = max(0, number - events)
    first = min(past, surplus)
    last = number - (surplus - first)
    sizes, start = list(octets_of(first, last)), first
    total = sum(sizes)
    while last - first > 1 and total > octets:
        if first < past:
            total -= sizes[first - start]
            first += 1
        else:
            last -= 1
            total -= sizes[last - start]
    return range(first, last)
