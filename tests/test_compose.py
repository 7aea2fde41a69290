"""A calendar of one's own: what is composed of published files is what a build writes, to the byte."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calfeed import compose
from calfeed.compiling import _rendered
from calfeed.compose import MENU, Menu, composed, read_menu, set_of, written_menu
from calfeed.domain.editions import editions
from calfeed.domain.model import Budget, Calendar, Category, Document, Edition
from calfeed.domain.sets import MOST, set_name
from calfeed.errors import PublishError
from calfeed.formats import FORMATS, icalendar, menu
from calfeed.storage.files import read_translations
from calfeed.storage.source import read_calendar
from tests.support import NOW, REPOSITORY, Values, calendar, event, read, revised, verify, yaml_of

EVENTS = REPOSITORY / "events.yaml"
SLUGS = ("arts", "history", "people", "war")
TITLES = {"arts": "Arts, letters; and \\ more", "history": "History", "people": "People 👩‍👩‍👧‍👦", "war": "שואה"}


def sets_of(categories: Iterable[Category]) -> list[tuple[Category, ...]]:
    """Every set of categories but the empty one."""
    ordered = sorted(categories, key=lambda category: category.slug)
    return list(chain.from_iterable(combinations(ordered, size) for size in range(1, len(ordered) + 1)))


def published(found: Calendar) -> tuple[dict[str, bytes], dict[str, Document]]:
    """What a server has to compose of, and what the build itself makes of the sets; both by path."""
    files: dict[str, bytes] = {}
    built: dict[str, Document] = {}
    for shown in editions(found, revised(found), NOW):
        for document in _useful(shown):
            if shown.parts:
                built[document.path] = document
            else:
                files[document.path] = b"".join(document.chunks)
    return files, built


def _useful(shown: Edition) -> Iterator[Document]:
    if shown.selection.kind != "event":
        yield from icalendar.render(shown)
    yield from menu.render(shown)


def as_served(files: dict[str, bytes], path: str) -> bytes:
    """The file of a set as it is composed of what is published."""
    found = set_of(path)
    assert found is not None
    folder, slugs = found
    parts = (files[f"{folder}categories/{slug}/calendar.ics"] for slug in slugs)
    return composed(read_menu(files[folder + MENU]), slugs, files[folder + "calendar.ics"], parts)


def assert_alike(found: Calendar, *, verified: int = 1) -> int:
    """The same bytes either way, and every so many-th one those that were meant; gives how many there were."""
    files, built = published(found)
    for number, (path, document) in enumerate(built.items()):
        data = b"".join(document.chunks)
        assert as_served(files, path) == data, path
        if number % verified == 0:
            verify(path, data, document.entries)
    return len(built)


def test_every_set_of_the_real_calendar_in_every_language_is_the_same_composed_and_built() -> None:
    found = read_calendar(EVENTS.read_bytes(), file="events.yaml", translations=read_translations(EVENTS)).calendar
    found = replace(found, composed=tuple(sets_of(found.categories)))
    assert assert_alike(found, verified=20) == (2 ** len(found.categories) - 1) * len(found.languages) > 1000


def small(events: list[Values], **keys: object) -> Calendar:
    categories = {slug: {"title": {"en": title}} for slug, title in TITLES.items()}
    found = read(*events, **{"categories": categories, **keys})
    return replace(found, composed=tuple(sets_of(found.categories)))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Small calendars whose budgets bite; some categories have no title of their own in the second language."""
    day = st.sampled_from(["1990-01-20", "1988-02-28", "1992-02-25/1992-02-26", "2024-12-31"])
    chosen = st.lists(st.sampled_from(SLUGS), min_size=1, unique=True)
    events = [
        event(
            f"e{number}",
            date=draw(day),
            categories=draw(chosen),
            observed=draw(st.sampled_from(["annual", "once"])),
            description={"en": "A line that takes its room. " * draw(st.integers(1, 30))},
        )
        for number in range(draw(st.integers(1, 5)))
    ]
    titles = {slug: {"en": TITLES[slug], **draw(_translated(slug))} for slug in SLUGS}
    found = small(
        events,
        languages=["en", "az"],
        title={"en": "Days", **draw(_translated("Days"))},
        categories={slug: {"title": title, "color": "maroon"} for slug, title in titles.items()},
    )
    budget = Budget(draw(st.integers(1, 6)), draw(st.sampled_from([900, 3000, 9000, 1_000_000])))
    return replace(found, budget=budget)


def _translated(text: str) -> st.SearchStrategy[dict[str, str]]:
    return st.sampled_from([{}, {"az": f"Azərbaycanca {text}"}])


@settings(max_examples=25, deadline=None)
@given(calendars())
def test_small_budgets_cut_the_composed_and_the_built_alike(found: Calendar) -> None:
    assert_alike(found)


def test_an_event_that_must_go_goes_although_what_went_before_it_would_have_made_room() -> None:
    """One part alone is over the budget below a longer head; what is dropped is asked of all events together."""
    room = {"en": "A line that takes its room. " * 20}
    events = [
        event("first", date="1990-01-01", observed="once", categories=["history"]),
        event("second", date="1991-01-01", observed="once", categories=["arts"], description=room),
        event("third", date="1992-01-01", observed="once", categories=["arts"], description=room),
    ]
    found = small(events)
    files, _ = published(found)
    exact = Budget(1000, len(files["categories/arts/calendar.ics"]))
    assert_alike(replace(found, budget=exact))
    files, built = published(replace(found, budget=exact))
    assert files["categories/arts/calendar.ics"].count(b"BEGIN:VEVENT") == 2
    assert b"".join(built["compose/arts+history/calendar.ics"].chunks).count(b"BEGIN:VEVENT") == 1


def test_what_the_budget_drops_is_not_held_while_further_parts_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    events = [
        event(f"{slug}-{n}", categories=[slug], date=f"19{n}-02-03") for slug in SLUGS for n in range(40, 60)
    ]
    found = replace(small(events), budget=Budget(15, 1_000_000))
    files, _ = published(found)
    most: list[int] = []

    def watched(menu: Menu, held: dict[Any, bytes]) -> dict[Any, bytes]:
        most.append(len(held))
        return cut(menu, held)

    cut = compose._cut
    monkeypatch.setattr(compose, "_cut", watched)
    assert as_served(files, f"compose/{'+'.join(SLUGS)}/calendar.ics").count(b"BEGIN:VEVENT") == 15
    assert len(most) == len(SLUGS)
    assert max(most) == 30


def head_of(data: bytes) -> list[str]:
    return data.partition(b"BEGIN:VEVENT")[0].replace(b"\r\n ", b"").decode().split("\r\n")


def test_a_composed_calendar_has_the_names_of_its_categories_and_an_address_of_its_own() -> None:
    found = small([event(categories=["war"]), event("other", categories=["arts"])])
    _, built = published(found)
    head = head_of(b"".join(built["compose/arts+war/calendar.ics"].chunks))
    assert "NAME;LANGUAGE=en:Arts\\, letters\\; and \\\\ more\\, שואה – Days\\, kept\\; by us" in head
    assert "X-WR-CALNAME:Arts\\, letters\\; and \\\\ more\\, שואה – Days\\, kept\\; by us" in head
    assert "SOURCE;VALUE=URI:https://calfeed.example/compose/arts%2Bwar/calendar.ics" in head
    assert "URL:https://calfeed.example/compose/" in head
    assert "COLOR:slategray" in head
    assert "DESCRIPTION;LANGUAGE=en:A calendar made for a test." in head


def test_its_name_is_all_in_one_language() -> None:
    titles = {"arts": {"en": "Arts", "az": "İncəsənət"}, "war": {"en": "War"}}
    found = small(
        [event(categories=["war"]), event("other", categories=["arts"])],
        languages=["en", "az"],
        title={"en": "Days", "az": "Günlər"},
        categories={slug: {"title": title} for slug, title in titles.items()},
    )
    files, built = published(found)
    assert "NAME;LANGUAGE=en:Arts\\, War – Days" in head_of(as_served(files, "az/compose/arts+war/calendar.ics"))
    assert "NAME;LANGUAGE=az:İncəsənət – Günlər" in head_of(as_served(files, "az/compose/arts/calendar.ics"))
    assert len(built) == 6


def test_an_event_of_two_categories_stands_in_it_once() -> None:
    found = small([event(categories=["arts", "war"])])
    files, _ = published(found)
    assert as_served(files, "compose/arts+war/calendar.ics").count(b"BEGIN:VEVENT") == 7


def test_what_a_category_had_no_room_for_is_in_no_set_of_it_alone() -> None:
    """Otherwise a server, who has the published files alone, could not make the same."""
    events = [event("a", categories=["arts"]), event("b", categories=["arts", "war"])]
    files, built = published(replace(small(events), budget=Budget(events=3)))
    documents = {path: [e.occurrence.event.id for e in d.entries or ()] for path, d in built.items()}
    assert documents["compose/arts/calendar.ics"] == ["a", "b", "a"]
    assert documents["compose/war/calendar.ics"] == ["b", "b", "b"]
    assert documents["compose/arts+war/calendar.ics"] == ["a", "b", "a"]
    assert built["compose/arts+war/calendar.ics"].omitted == 2
    assert as_served(files, "compose/arts+war/calendar.ics").count(b"BEGIN:VEVENT") == 3


def test_a_set_that_the_curator_lists_is_a_calendar_and_nothing_else() -> None:
    found = read(event(), compose=[["history"]])
    paths = [d.path for e in editions(found, revised(found), NOW) if e.parts for d in _rendered(e, FORMATS)]
    assert paths == ["compose/history/calendar.ics"]


def test_a_listed_set_with_a_category_that_has_no_day_is_not_built() -> None:
    keys = calendar(event())["categories"] | {"empty": {"title": {"en": "Empty"}}}
    found = read(event(), categories=keys, compose=[["history", "empty"], ["history"]])
    assert [e.path for e in editions(found, revised(found), NOW) if e.parts] == ["compose/history/"]


def test_listed_sets_are_known_by_their_slugs_in_order() -> None:
    categories = {slug: {"title": {"en": title}} for slug, title in TITLES.items()}
    found = read(event(), categories={"history": {"title": {"en": "H"}}, **categories}, compose=[["war", "arts"]])
    assert [[category.slug for category in chosen] for chosen in found.composed] == [["arts", "war"]]


def test_a_set_whose_name_no_folder_can_have_is_refused() -> None:
    many = {f"{'x' * 30}-{number}": {"title": {"en": "X"}} for number in range(9)}
    values = calendar(event(categories=list(many)), categories=many, compose=[list(many)])
    with pytest.raises(Exception, match="the address of this set would be too long"):
        read_calendar(yaml_of(values), file="events.yaml")
    several = {f"c{number}": {"title": {"en": "X"}} for number in range(MOST + 1)}
    values = calendar(event(categories=list(several)), categories=several, compose=[list(several)])
    with pytest.raises(Exception, match="65 categories in one set, 64 are allowed"):
        read_calendar(yaml_of(values), file="events.yaml")


MENU_OF_TWO = Menu(
    ("az", "en"), {"en": "Days"}, "https://a.example/az/compose/", 2026, 3, 9000, {"a": {"en": "A"}}
)


def test_a_menu_reads_back_and_says_so_for_programs() -> None:
    data = written_menu(MENU_OF_TWO)
    assert read_menu(data) == MENU_OF_TWO
    assert json.loads(data)["categories"] == {"a": {"title": {"en": "A"}}}
    verify("az/compose/categories.json", data, None)


@pytest.mark.parametrize(
    "data",
    [
        written_menu(MENU_OF_TWO).replace(b'"year": ', b'"year": 1e400, "y": '),
        b"",
        b"[]",
        b"{}",
        b"null",
        b'{"version": 2}',
        b'{"version": 1}',
        b'{"version":1,"languages":1}',
        b"[" * 99999,
    ],
)
def test_what_is_no_menu_is_told(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # in whatever words
        read_menu(data)


@pytest.mark.parametrize(
    "broken",
    [
        replace(MENU_OF_TWO, categories={}),
        replace(MENU_OF_TWO, categories={"a": {"az": "A"}}),
        replace(MENU_OF_TWO, url="https://a.example/"),
        replace(MENU_OF_TWO, events=0),
    ],
)
def test_a_menu_that_nobody_could_compose_by_is_not_published(broken: Menu) -> None:
    with pytest.raises(PublishError):
        verify("compose/categories.json", written_menu(broken), None)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("compose/a/calendar.ics", ("", ("a",))),
        ("compose/b+a/calendar.ics", ("", ("b", "a"))),
        ("az/compose/a+b/calendar.ics", ("az/", ("a", "b"))),
        ("compose//calendar.ics", None),
        ("compose/+/calendar.ics", None),
        ("compose/a+/calendar.ics", None),
        ("compose/a+a/calendar.ics", None),
        ("compose/a b/calendar.ics", None),
        ("compose/a,b/calendar.ics", None),
        ("compose/A/calendar.ics", None),
        ("compose/../calendar.ics", None),
        ("compose/a+../calendar.ics", None),
        ("compose/a/b/calendar.ics", None),
        ("compose/a/feed.rss", None),
        ("compose/a", None),
        ("compose/categories.json", None),
        ("calendar.ics", None),
        (
            "compose/" + "+".join(f"a{n}" for n in range(64)) + "/calendar.ics",
            ("", tuple(f"a{n}" for n in range(64))),
        ),
        ("compose/" + "+".join(f"a{n}" for n in range(65)) + "/calendar.ics", None),
        ("compose/" + "+".join(f"{n:064}" for n in range(64)) + "/calendar.ics", None),
    ],
)
def test_a_path_names_a_set_or_nothing(path: str, found: object) -> None:
    assert set_of(path) == found


def test_the_name_of_a_set_is_one_whatever_the_order() -> None:
    assert set_name(["b", "a"]) == set_name(["a", "b"]) == "a+b"


@pytest.mark.parametrize(
    "part",
    [
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a/1\r\nDTSTART;VALUE=DATE:20260101\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a/1\r\nEND:VCALENDAR\r\n",
    ],
)
def test_a_part_that_is_no_calendar_of_ours_is_told(part: bytes) -> None:
    with pytest.raises(ValueError, match="an event without"):
        composed(MENU_OF_TWO, ["a"], part, [part])
