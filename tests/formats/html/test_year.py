"""The year and the history as pictures: what stands in which cell, where a dot lies."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.domain.edtf import parse_edtf
from calfeed.formats.html import grid
from calfeed.formats.html.history import history, year_of
from calfeed.formats.html.timeline import timeline
from tests.support import Values, edition, event, read

NIGHT = event("night", date="1992-01-31/1992-02-01", night="true")


def dated(*dates: str) -> list[Values]:
    return [event(f"e{n}", date=date, observed="background") for n, date in enumerate(dates)]


def test_each_day_of_a_year_stands_once_in_its_month() -> None:
    months = grid.year_grid(edition(read(event())))
    days = [cell.day for month in months for week in month.weeks for cell in week if cell.inside]
    assert days == [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(365)]
    assert all(len(week) == 7 for month in months for week in month.weeks)


@pytest.mark.parametrize(("path", "first", "column"), [("", 0, "Mo"), ("he/", 6, "א׳")])
def test_weeks_begin_as_they_do_in_the_language(path: str, first: int, column: str) -> None:
    found = edition(read(event(), languages=["en", "he"]), path=path)
    for month in grid.year_grid(found):
        assert month.columns[0] == column
        assert {week[0].day.weekday() for week in month.weeks} == {first}


def test_an_observance_over_two_months_stands_in_both_and_once_in_each() -> None:
    months = grid.year_grid(edition(read(NIGHT)))
    kept = [cell.day for month in months for week in month.weeks for cell in week if cell.entries]
    assert kept == [dt.date(2026, 1, 31), dt.date(2026, 2, 1)]
    assert [len(month.entries) for month in months[:3]] == [1, 1, 0]


def test_a_year_in_which_nothing_is_kept_is_not_drawn() -> None:
    found = edition(read(event("visit", date="2018-09-07", observed="once")))
    assert grid.year_grid(found) == ()


def test_a_year_with_more_than_a_page_can_list_is_left_to_its_months() -> None:
    every_day = (dt.date(1990, 1, 1) + dt.timedelta(days=n) for n in range(365))
    events = [event(f"e{n}", date=str(day)) for n, day in enumerate(every_day)]
    assert len(grid.listed(edition(read(*events)))) == 365
    assert grid.listed(edition(read(*events, *(event(f"f{n}") for n in range(36))))) == ()


def test_entries_known_to_a_month_stand_in_that_month_alone() -> None:
    found = edition(read(event(), *dated("1993-08", "1993", "2023-10/2023-11", "1991-21")))
    known = {number: [e.id for e in grid.known_to_month(found, number)] for number in range(1, 13)}
    assert {number: ids for number, ids in known.items() if ids} == {8: ["e0"], 10: ["e2"]}


def test_history_is_in_order_of_what_is_known_and_observances_come_last() -> None:
    holiday = event("holiday", date=None, observed={"rule": "annual", "day": "03-08"})
    found = edition(read(holiday, *dated("1992-02", "1990/1994", "1499", "199X", "-0043"), event()))
    assert [(period.name, [e.id for e in period.events]) for period in history(found)] == [
        ("51 BCE–42 BCE", ["e4"]),
        ("1490–1499", ["e2"]),
        ("1990–1999", ["e1", "e3", "black-january-1990", "e0"]),
        ("", ["holiday"]),
    ]


def test_an_open_beginning_and_the_year_before_the_first_have_their_decades() -> None:
    found = edition(read(*dated("../1918", "0000", "1919"), event()))
    assert [(period.name, [e.id for e in period.events]) for period in history(found)] == [
        ("1 BCE–9 CE", ["e1"]),
        ("1910–1919", ["e0", "e2"]),
        ("1990–1999", ["black-january-1990"]),
    ]


ODD = (
    *("Y17000", "Y-17000", "-0043", "9999", "1XXX", "19XX", "XXXX-01-27", "156X-12-25", "2001-21", "1918~"),
    *("../1918", "1918/..", "/1918", "1918/", "[..1920]", "[1667,1668,1670..]", "{1960,1961}", "[0000,0001]"),
)


def test_whatever_a_date_is_it_stands_once_in_the_history_and_at_most_once_in_the_picture() -> None:
    found = edition(read(event(), *dated(*ODD)))
    told = [e.id for period in history(found) for e in period.events]
    assert sorted(told) == sorted(e.id for e in found.events)
    picture = timeline(found)
    assert picture is not None
    drawn = [dot.event.id for dot in picture.dots]
    assert len(set(drawn)) == len(drawn)
    assert set(told) - set(drawn) == {e.id for e in found.events if e.date and year_of(e.date) is None}


@pytest.mark.parametrize(
    ("date", "year"),
    [("1918", 1918), ("1918~", 1918), ("192X", 1920), ("[1922,1923]", 1922), ("../1918", 1918), ("1918/..", 1918)],
)
def test_year_of_a_date_is_the_first_it_may_be(date: str, year: int) -> None:
    assert year_of(parse_edtf(date)) == year


@pytest.mark.parametrize("date", ["XXXX-01-27", "1XXX"])
def test_a_date_that_may_be_anywhere_has_no_year(date: str) -> None:
    assert year_of(parse_edtf(date)) is None


@given(st.lists(st.integers(1, 2030), min_size=3, max_size=60))
def test_dots_stand_in_order_inside_the_picture_and_none_on_another(years: list[int]) -> None:
    picture = timeline(edition(read(event(), *dated(*(f"{year:04}" for year in years)))))
    assert picture is not None
    assert len(picture.dots) == len(years) + 1
    places = [(dot.x, dot.y) for dot in picture.dots]
    assert len(set(places)) == len(places)
    for one, other in itertools.combinations(places, 2):
        assert max(abs(one[0] - other[0]), abs(one[1] - other[1])) >= picture.radius * 1.5
    assert all(0 <= dot.x <= picture.width and 0 <= dot.y <= picture.base for dot in picture.dots)
    by_year = sorted((int(dot.event.date.text[:4]), dot.x) for dot in picture.dots if dot.event.date)
    assert [x for _, x in by_year] == sorted(x for _, x in by_year)


def test_history_runs_from_right_to_left_where_the_language_does() -> None:
    found = read(*dated("1901", "1950", "2000"), event(), languages=["en", "he"])
    english, hebrew = (timeline(edition(found, path=path)) for path in ("", "he/"))
    assert english is not None
    assert hebrew is not None
    assert [round(hebrew.width - dot.x, 1) for dot in hebrew.dots] == [dot.x for dot in english.dots]


def test_long_times_without_an_entry_are_cut_out() -> None:
    picture = timeline(edition(read(*dated("1499", "1901", "1910"), event())))
    assert picture is not None
    assert len(picture.cuts) == 2  # after 1499 and after 1910
    assert picture.ticks[0].year == "1499"
