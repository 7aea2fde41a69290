"""When a build is refused although it could be done."""

from __future__ import annotations

import datetime as dt

import pytest

from calfeed.domain.guards import guard_clock, guard_empty, guard_removal
from calfeed.domain.memory import Memory
from calfeed.domain.revisions import Revised
from calfeed.errors import RefusedError
from tests.support import NOW, Values, event, read, revised


def test_clock_before_calfeed_is_refused_where_nothing_was_built() -> None:
    guard_clock(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), None)
    with pytest.raises(RefusedError, match="the clock says 1970-01-01 00:00 UTC, when there was no calfeed"):
        guard_clock(dt.datetime(1970, 1, 1, tzinfo=dt.UTC), None)


@pytest.mark.goal(
    "G12", "guards refuse a wrong clock, an empty result, removals, renamed ids and addresses, and name them"
)
@pytest.mark.parametrize("now", [NOW - dt.timedelta(days=1), NOW, NOW + dt.timedelta(days=400)])
def test_clock_near_the_last_build_passes(now: dt.datetime) -> None:
    guard_clock(now, NOW)


@pytest.mark.goal(
    "G12", "guards refuse a wrong clock, an empty result, removals, renamed ids and addresses, and name them"
)
@pytest.mark.parametrize("now", [NOW - dt.timedelta(days=1, seconds=1), NOW + dt.timedelta(days=400, seconds=1)])
def test_clock_far_from_the_last_build_is_refused(now: dt.datetime) -> None:
    with pytest.raises(RefusedError, match="--allow-clock"):
        guard_clock(now, NOW)


@pytest.mark.goal(
    "G12", "guards refuse a wrong clock, an empty result, removals, renamed ids and addresses, and name them"
)
def test_first_build_believes_the_clock() -> None:
    guard_clock(dt.datetime(2036, 1, 1, tzinfo=dt.UTC), None)


@pytest.mark.goal(
    "G12", "guards refuse a wrong clock, an empty result, removals, renamed ids and addresses, and name them"
)
@pytest.mark.parametrize(
    ("known", "gone", "refused"), [(20, 4, False), (20, 5, True), (4, 2, False), (4, 3, True)]
)
def test_more_than_a_fifth_and_at_least_three_is_refused(known: int, gone: int, *, refused: bool) -> None:
    events = [event(f"e{number}") for number in range(known)]
    first = revised(read(*events))
    less = revised(read(*events[gone:]), first.memory)
    if not refused:
        guard_removal(first.memory, less)
        return
    with pytest.raises(RefusedError, match=f"{gone} of {known} events would be withdrawn: e0, e1"):
        guard_removal(first.memory, less)


@pytest.mark.goal(
    "G12", "guards refuse a wrong clock, an empty result, removals, renamed ids and addresses, and name them"
)
def test_withdrawals_of_the_past_do_not_count_again() -> None:
    events = [event(f"e{number}") for number in range(6)]
    first = revised(read(*events))
    less = revised(read(*events[4:]), first.memory)
    guard_removal(less.memory, revised(read(*events[4:]), less.memory))


def assert_guarded(memory: Memory | None, less: Revised, refused: str | None) -> None:
    """The guard lets it pass, or refuses it in these words."""
    if refused is None:
        guard_removal(memory, less)
        return
    with pytest.raises(RefusedError, match=refused):
        guard_removal(memory, less)


def background(number: int) -> Values:
    return event(f"e{number}", date="1918-03", observed="background")


@pytest.mark.parametrize(
    ("known", "gone", "beside", "refused"),
    [(20, 19, 0, True), (20, 4, 0, False), (20, 5, 0, True), (4, 2, 0, False), (4, 3, 0, True), (4, 3, 40, True)],
)
def test_events_that_lose_all_their_days_count_as_gone(
    known: int, gone: int, beside: int, *, refused: bool
) -> None:
    never = [background(100 + number) for number in range(beside)]
    events = [event(f"e{number}") for number in range(known)]
    first = revised(read(*events, *never))
    less = revised(read(*map(background, range(gone)), *events[gone:], *never), first.memory)
    words = f"{gone} of {known} events that have a day would leave the calendar: e0, e1"
    assert_guarded(first.memory, less, words if refused else None)
    guard_removal(less.memory, revised(read(*map(background, range(gone)), *events[gone:], *never), less.memory))


def spoken(number: int, *languages: str, **keys: object) -> Values:
    """An event with two texts in these languages beside English."""
    texts = {"en": "What", **dict.fromkeys(languages, "Was")}
    claim = {"source": "report", "basis": "stated", "says": texts}
    return event(f"e{number}", title=texts, description=texts, claims=[claim], **keys)


@pytest.mark.parametrize(
    ("known", "gone", "refused"), [(20, 4, False), (20, 5, True), (4, 2, False), (4, 3, True)]
)
def test_language_that_loses_most_of_its_texts_is_refused(known: int, gone: int, *, refused: bool) -> None:
    first = revised(read(*(spoken(n, "ru", "az") for n in range(known)), languages=["en", "ru", "az"]))
    events = [spoken(n, *(["az"] if n < gone else ["ru", "az"])) for n in range(known)]
    less = revised(read(*events, languages=["en", "ru", "az"]), first.memory)
    words = f'{gone} of {known} events would lose texts in "ru": e0, e1, e2'
    assert_guarded(first.memory, less, words if refused else None)


@pytest.mark.parametrize("case", ["language", "text", "claims", "events", "other words"])
def test_texts_that_go_for_another_reason_are_none_that_a_language_lost(case: str) -> None:
    events = [spoken(n, "ru", location={"en": "Here", "ru": "Тут"}) for n in range(10)]
    languages = ["en", "ru"]
    first = revised(read(*events, languages=languages))
    match case:
        case "language":  # its addresses go, which is told elsewhere
            languages, events = ["en"], [spoken(n, location={"en": "Here"}) for n in range(10)]
        case "text":
            events = [spoken(n, "ru") for n in range(10)]
        case "claims":
            events = [{**e, "claims": event()["claims"]} for e in events]
        case "events":
            events = events[2:]
        case "other words":
            events = [{**e, "title": {"en": "W", "ru": "В"}} for e in events]
    guard_removal(first.memory, revised(read(*events, languages=languages), first.memory))


@pytest.mark.goal(
    "G12", "guards refuse a wrong clock, an empty result, removals, renamed ids and addresses, and name them"
)
def test_calendar_without_a_day_is_refused() -> None:
    with pytest.raises(RefusedError, match="never published"):
        guard_empty(revised(read(event(date="1918-03", observed="background"))))
