"""EDTF level 2: what a curator of history meets of it. Bounds are held against the independent edtf package."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from edtf import parse_edtf as parse_elsewhere
from hypothesis import given
from hypothesis import strategies as st

from calfeed.domain.edtf import Day, EdtfDate, EdtfMasked, EdtfSet, parse_edtf
from calfeed.domain.occurrences import resolve_occurrences
from calfeed.domain.wording import en
from calfeed.errors import ValueProblem
from tests.support import event, read, revised

# text: first day, last day, words
READ: dict[str, tuple[Day, Day, str]] = {
    "2022?-02-28": ((2022, 2, 28), (2022, 2, 28), "28 February 2022 (year uncertain)"),
    "?2022-02-28": ((2022, 2, 28), (2022, 2, 28), "28 February 2022 (year uncertain)"),
    "2004-06~-11": ((2004, 6, 11), (2004, 6, 11), "11 June 2004 (year approximate, month approximate)"),
    "2004-?06-11": ((2004, 6, 11), (2004, 6, 11), "11 June 2004 (month uncertain)"),
    "2004-06-~11": ((2004, 6, 11), (2004, 6, 11), "11 June 2004 (day approximate)"),
    "?2004-06-~11": ((2004, 6, 11), (2004, 6, 11), "11 June 2004 (year uncertain, day approximate)"),
    "2004?-06~": ((2004, 6, 1), (2004, 6, 30), "June 2004 (year approximate and uncertain, month approximate)"),
    "?2004-?06-?11": ((2004, 6, 11), (2004, 6, 11), "11 June 2004 (uncertain)"),
    "?1992": ((1992, 1, 1), (1992, 12, 31), "1992 (uncertain)"),
    "1XXX": ((1000, 1, 1), (1999, 12, 31), "between 1000 and 1999"),
    "XXXX-01-27": ((0, 1, 27), (9999, 1, 27), "27 January of an unknown year"),
    "XXXX-12": ((0, 12, 1), (9999, 12, 31), "December of an unknown year"),
    "156X-12-25": ((1560, 12, 25), (1569, 12, 25), "25 December in the 1560s"),
    "15XX-12": ((1500, 12, 1), (1599, 12, 31), "December between 1500 and 1599"),
    "1560-XX-25": ((1560, 1, 25), (1560, 12, 25), "day 25 of an unknown month, 1560"),
    "2004-1X": ((2004, 10, 1), (2004, 12, 31), "between 1 October 2004 and 31 December 2004"),
    "2004-06-1X": ((2004, 6, 10), (2004, 6, 19), "between 10 June 2004 and 19 June 2004"),
    "XXXX-02-29": ((0, 2, 29), (9996, 2, 29), "29 February of an unknown year"),
    "192X-05?": ((1920, 5, 1), (1929, 5, 31), "May in the 1920s (uncertain)"),
    "[1667,1668,1670]": ((1667, 1, 1), (1670, 12, 31), "1667, 1668 or 1670"),
    "[1667, 1670..1672]": ((1667, 1, 1), (1672, 12, 31), "1667 or between 1670 and 1672"),
    "[2015-11..2016-02]": ((2015, 11, 1), (2016, 2, 29), "between November 2015 and February 2016"),
    "[..1760-12-03]": ((-(10**9), 1, 1), (1760, 12, 3), "3 December 1760 or earlier"),
    "[1760-12..]": ((1760, 12, 1), (10**9, 12, 31), "December 1760 or later"),
    "{1960,1961-12}": ((1960, 1, 1), (1961, 12, 31), "1960 and December 1961"),
}

REFUSED = {
    "2004-02-3X": "fits no day of any year",
    "XXXX-02-30": "fits no day of any year",
    "XXXX-13-01": "fits no day of any year",
    "2004-XX-32": "fits no day of any year",
    "19X2": "is not an EDTF date",
    "X992": "is not an EDTF date",
    "192X?-05": "qualifies a part of a date that is unspecified",
    "[1667,,1668]": "has an empty place",
    "[]": "has an empty place",
    "[1667..,1668]": "is open in its middle",
    "[1667,..1668]": "is open in its middle",
    "[..]": "is open in its middle",
    "[1668..1667]": "ends before it begins",
    "[1667/1668..1670]": "is not an EDTF date",
    "{1667..1668/1670}": "is not an EDTF date",
    "[1667/1668]": "is not an EDTF date",
    "[1667": "is not an EDTF date",
    "1560-XX-25/1570": "is too vague for the end of an interval",
}


@pytest.mark.parametrize("text", READ)
def test_level_2_is_read_with_its_bounds_and_words(text: str) -> None:
    found = parse_edtf(text)
    assert (*found.bounds(), en.date(found, night=False)) == READ[text]
    assert found.text == text


@pytest.mark.parametrize("text", REFUSED)
def test_what_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse_edtf(text)
    assert REFUSED[text] in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    "text", ["2022?-02-28", "2004-06~-11", "?2004-06-~11", "156X-12-25", "15XX-12", "[1667,1668]"]
)
def test_an_independent_reader_has_the_same_bounds(text: str) -> None:
    elsewhere = parse_elsewhere(text)
    assert (tuple(elsewhere.lower_strict()[:3]), tuple(elsewhere.upper_strict()[:3])) == parse_edtf(text).bounds()


def test_day_of_no_year_is_refused_without_a_look_at_ten_thousand_years() -> None:
    began = time.process_time()
    for day in ("02-30", "02-3X", "04-31", "XX-32"):
        for year in ("XXXX", "-XXXX", "1XXX"):
            with pytest.raises(ValueProblem, match="fits no day of any year"):
                parse_edtf(f"{year}-{day}")
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("189X-02-29", ((1892, 2, 29), (1896, 2, 29))),
        ("190X-02-29", ((1904, 2, 29), (1908, 2, 29))),
        ("-XXXX-02-29", ((-9996, 2, 29), (0, 2, 29))),
        ("XXXX-02-29", ((0, 2, 29), (9996, 2, 29))),
    ],
)
def test_leap_day_of_a_masked_year_is_bounded_by_leap_years(text: str, bounds: object) -> None:
    assert parse_edtf(text).bounds() == bounds


@given(st.from_regex(r"[?~%]?[0-9X]{4}[?~%]?(-[?~%]?[0-9X]{2}[?~%]?){0,2}", fullmatch=True))
def test_every_shape_of_a_date_is_read_or_refused_and_its_bounds_are_days_in_order(text: str) -> None:
    try:
        found = parse_edtf(text)
    except ValueProblem:
        return
    assert isinstance(found, EdtfDate | EdtfMasked)
    first, last = found.bounds()
    assert first <= last
    assert 1 <= first[1] <= 12
    assert en.date(found, night=False)


def test_uncertain_year_gives_a_day_but_no_ordinal() -> None:
    found = read(event(date="1990?-01-20"))
    assert {e.occurrence.ordinal for e in revised(found).entries} == {None}
    assert {e.occurrence.dtstart.month for e in revised(found).entries} == {1}


@pytest.mark.parametrize("date", ["XXXX-01-27", "[1990-01-20,1990-01-21]", "1990-01-2X", "1990-XX-20"])
def test_what_is_less_than_one_day_gets_none(date: str) -> None:
    found = read(event(), event("vague", date=date, observed="background"))
    assert "vague" not in {e.occurrence.event.id for e in revised(found).entries}
    with pytest.raises(Exception, match="not known to the day"):
        read(event(date=date))


def test_ordinals_are_right_across_the_missing_year_zero() -> None:
    """From 44 BCE to 2027 CE there are 44 + 2027 - 1 years: no year 0 was lived through."""
    found = read(event("ides", date="-0043-03-15"))
    days = resolve_occurrences(found, (dt.date(2027, 1, 1), dt.date(2027, 12, 31)))
    assert [(o.dtstart.isoformat(), o.ordinal) for o in days] == [("2027-03-15", 44 + 2027 - 1)]


def test_set_is_one_value_with_its_members() -> None:
    found = parse_edtf("[1667,1670..1672]")
    assert isinstance(found, EdtfSet)
    assert [member.text for member in found.members] == ["1667", "1670/1672"]
    assert found.one_of
