"""EDTF level 1: what is read, what it covers, and how a wrong spelling is refused."""

from __future__ import annotations

import calendar
import re

import edtf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calfeed.domain.edtf import Day, EdtfDate, EdtfInterval, days_in_month, is_leap, parse_edtf
from calfeed.errors import ValueProblem

POINTS: dict[str, tuple[str, Day, Day]] = {
    "1992-02-25": ("day", (1992, 2, 25), (1992, 2, 25)),
    "1993-08": ("month", (1993, 8, 1), (1993, 8, 31)),
    "1992-02": ("month", (1992, 2, 1), (1992, 2, 29)),
    "1900-02": ("month", (1900, 2, 1), (1900, 2, 28)),
    "1918": ("year", (1918, 1, 1), (1918, 12, 31)),
    "192X": ("decade", (1920, 1, 1), (1929, 12, 31)),
    "19XX": ("century", (1900, 1, 1), (1999, 12, 31)),
    "1985-04-XX": ("month", (1985, 4, 1), (1985, 4, 30)),
    "1985-XX": ("year", (1985, 1, 1), (1985, 12, 31)),
    "1985-XX-XX": ("year", (1985, 1, 1), (1985, 12, 31)),
    "2001-21": ("season", (2001, 3, 1), (2001, 5, 31)),
    "2001-22": ("season", (2001, 6, 1), (2001, 8, 31)),
    "2001-23": ("season", (2001, 9, 1), (2001, 11, 30)),
    "2001-24": ("season", (2001, 12, 1), (2001, 12, 31)),
    "0079-08-24": ("day", (79, 8, 24), (79, 8, 24)),
    "0000": ("year", (0, 1, 1), (0, 12, 31)),
    "0000-02-29": ("day", (0, 2, 29), (0, 2, 29)),
    "-0043-03-15": ("day", (-43, 3, 15), (-43, 3, 15)),
    "-0043": ("year", (-43, 1, 1), (-43, 12, 31)),
    "-0044-02": ("month", (-44, 2, 1), (-44, 2, 29)),
    "000X": ("decade", (0, 1, 1), (9, 12, 31)),
    "-000X": ("decade", (-9, 1, 1), (0, 12, 31)),
    "-004X": ("decade", (-49, 1, 1), (-40, 12, 31)),
    "-01XX": ("century", (-199, 1, 1), (-100, 12, 31)),
    "Y17000": ("year", (17000, 1, 1), (17000, 12, 31)),
    "Y-17000": ("year", (-17000, 1, 1), (-17000, 12, 31)),
    "Y170000002": ("year", (170000002, 1, 1), (170000002, 12, 31)),
    "1984?": ("year", (1984, 1, 1), (1984, 12, 31)),
    "2004-06~": ("month", (2004, 6, 1), (2004, 6, 30)),
    "2004-06-11%": ("day", (2004, 6, 11), (2004, 6, 11)),
}

INTERVALS: dict[str, tuple[Day, Day]] = {
    "1992-02-25/1992-02-26": ((1992, 2, 25), (1992, 2, 26)),
    "1992-02-25/1992-02-25": ((1992, 2, 25), (1992, 2, 25)),
    "1964/2008": ((1964, 1, 1), (2008, 12, 31)),
    "2004-02/2004": ((2004, 2, 1), (2004, 12, 31)),
    "1984~/2004-06": ((1984, 1, 1), (2004, 6, 30)),
    "192X/193X": ((1920, 1, 1), (1939, 12, 31)),
    "2001-22/2002-21": ((2001, 6, 1), (2002, 5, 31)),
    "-0043-03-15/0014-08-19": ((-43, 3, 15), (14, 8, 19)),
}


@pytest.mark.parametrize("text", POINTS)
def test_point_is_read_with_its_precision_and_both_ends(text: str) -> None:
    date = parse_edtf(text)
    assert isinstance(date, EdtfDate)
    assert (date.precision, *date.bounds()) == POINTS[text]
    assert date.text == text


@pytest.mark.parametrize("text", INTERVALS)
def test_interval_is_read_with_both_ends(text: str) -> None:
    date = parse_edtf(text)
    assert isinstance(date, EdtfInterval)
    assert date.bounds() == INTERVALS[text]
    assert date.text == text


@pytest.mark.parametrize("text", [*POINTS, *INTERVALS])
def test_table_agrees_with_an_independent_reader(text: str) -> None:
    assert parse_edtf(text).bounds() == bounds_elsewhere(text)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [("1991/..", 1991, None), ("1991/", 1991, None), ("../1991", None, 1991), ("/1991", None, 1991)],
)
def test_open_or_unknown_end_reaches_beyond_every_date(text: str, start: int | None, end: int | None) -> None:
    date = parse_edtf(text)
    assert isinstance(date, EdtfInterval)
    assert (date.start and date.start.year, date.end and date.end.year) == (start, end)
    first, last = date.bounds()
    assert (first == (1991, 1, 1)) == (start is not None)
    assert (last == (1991, 12, 31)) == (end is not None)
    assert first <= (1991, 1, 1) <= (1991, 12, 31) <= last
    assert first < (-999_999_998, 1, 1) or last > (999_999_998, 1, 1)


@pytest.mark.parametrize("qualifier", ["?", "~", "%"])
def test_qualifier_is_kept_and_makes_a_day_unsure(qualifier: str) -> None:
    date = parse_edtf(f"1992-02-25{qualifier}")
    assert isinstance(date, EdtfDate)
    assert date.qualifier == qualifier
    assert not date.is_day
    assert parse_edtf("1992-02-25").is_day
    assert not parse_edtf(f"1992-02-25{qualifier}/1992-02-26").is_day
    assert parse_edtf("1992-02-25/1992-02-26").is_day


@pytest.mark.parametrize("text", ["1992", "1992-02", "1992-02-25/..", "../1992-02-25", "1992-02/1992-02-26"])
def test_less_than_a_day_is_no_day(text: str) -> None:
    assert not parse_edtf(text).is_day


ANY = "write a day as 1992-02-25"

REFUSED = {
    "1969-7-20": "write 1969-07-20",
    "1969/7/20": "write 1969-07-20",
    "1969.07.20": "write 1969-07-20",
    "20.07.1969": "write 1969-07-20",
    "20. 7. 1969": "write 1969-07-20",
    "20 July 1969": "write 1969-07-20",
    "July 20, 1969": "write 1969-07-20",
    "February 1992": "write 1992-02",
    "Feb. 1992": "write 1992-02",
    "1992/02": "write 1992-02",
    "1992-2": "write 1992-02",
    "spring 1992": "write 1992-21",
    "Summer 1992": "write 1992-22",
    "autumn 1992": "write 1992-23",
    "fall 1992": "write 1992-23",
    "winter 1992": "write 1992-24",
    "season 1992": ANY,
    "12 October 1992": "write 1992-10-12",
    "1 December 1992": "write 1992-12-01",
    "circa 1918": "write 1918~",
    "c. 1918": "write 1918~",
    "ca. May 1918": "write 1918-05~",
    "1918-1920": "write 1918/1920",
    "1918 – 1920": "write 1918/1920",
    "1920-1918": ANY,
    "1918-1918": ANY,
    "1992-02-30": "write 1992-02 if",
    "1992-02-30?": "write 1992-02 if",
    "1993-02-29": "write 1993-02 if",
    "-0042-02-29": "write -0042-02 if",
    "1992-04-31": "write 1992-04 if",
    "1992-01-00": "write 1992-01 if",
    "1992-01-32": "write 1992-01 if",
    "1992-13": "months are 01 to 12",
    "1992-00": "months are 01 to 12",
    "1992-20": "months are 01 to 12",
    "1992-25": "months are 01 to 12",
    "1992-21-05": "write 1992-21",
    "1992-24-05?": "write 1992-24",
    "1985-04-12T23:20": "a time of day is not used here: write 1985-04-12",
    "1985-04-12T23:20:30Z": "write 1985-04-12",
    "1992-02-26/1992-02-25": "write 1992-02-25/1992-02-26",
    "1992/1991": "write 1991/1992",
    "1992-02-25 / 1992-02-26": "write 1992-02-25/1992-02-26",
    "1992 /1993": "write 1992/1993",
    "1992/ 1993": "write 1992/1993",
    "1992-02-25/26.02.1992": "write 1992-02-26",
    "../..": "give at least one end",
    "/": "give at least one end",
    "-0000": "1 BCE is 0000",
    "1992 ": "write 1992",
    " 1992": "write 1992",
    "1992\n": "write 1992",
    "1992-02-25\n": "write 1992-02-25",
    "1918 ?": "write 1918?",
    "": ANY,
    " ": ANY,
    "\n": ANY,
    "１９９２": ANY,
    "١٩٩٢-٠٢-٢٥": ANY,
    "1992-02-2५": ANY,
    "1992–02–25": ANY,
    "92": ANY,
    "992": ANY,
    "19920": ANY,
    "Y1992": ANY,
    "Y17000-05": ANY,
    "Y017000": ANY,
    "y17000": ANY,
    "+1992": ANY,
    "19X2": ANY,
    "192x": ANY,
    "1992?~": ANY,
    "1992/1993/1994": ANY,
    "1969-13-45": "months are 01 to 12",
    "45.13.1969": ANY,
    "7/20/1969": ANY,
    "1992-0225": ANY,
    "19920225": ANY,
    "1992-055": ANY,
    "1992-W09": ANY,
    "2001-21^southern": ANY,
    "Mai 1992nd": ANY,
    "never": ANY,
    "unknown": ANY,
    "..": ANY,
}


@pytest.mark.parametrize("text", REFUSED, ids=repr)
def test_wrong_spelling_is_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse_edtf(text)
    assert REFUSED[text] in caught.value.hint
    assert caught.value.message


@pytest.mark.parametrize(
    "text", [text for text, hint in REFUSED.items() if hint.startswith("write ") and hint != ANY]
)
def test_what_a_refusal_proposes_can_be_read(text: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse_edtf(text)
    (proposed,) = re.findall(r"write (\S+)", caught.value.hint)
    assert parse_edtf(proposed).bounds()


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    year=st.integers(-9999, 9999),
    month=st.integers(1, 12),
    day=st.integers(1, 31),
    precision=st.sampled_from(["{y}", "{y}-{m:02}", "{y}-{m:02}-{d:02}", "{y}-{m:02}-XX", "{y}-XX-XX"]),
    qualifier=st.sampled_from(["", "?", "~", "%"]),
)
@example(year=-4, month=2, day=29, precision="{y}-{m:02}-{d:02}", qualifier="")
@example(year=1900, month=2, day=29, precision="{y}-{m:02}-{d:02}", qualifier="")
@example(year=2000, month=2, day=29, precision="{y}-{m:02}-{d:02}", qualifier="")
def test_generated_dates_agree_with_an_independent_reader(
    year: int, month: int, day: int, precision: str, qualifier: str
) -> None:
    if "X" in precision:  # the other reader has no qualifier behind an X, and swaps the ends before year 0
        year, qualifier = abs(year), ""
    written = f"-{-year:04}" if year < 0 else f"{year:04}"
    text = precision.format(y=written, m=month, d=day) + qualifier
    # The other reader takes 29 February in any year, so `calendar` tells which days there are.
    if "{d" in precision and day > calendar.monthrange(year % 400 + 400, month)[1]:
        with pytest.raises(ValueProblem, match="does not exist"):
            parse_edtf(text)
    else:
        assert parse_edtf(text).bounds() == bounds_elsewhere(text)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    st.tuples(st.integers(1000, 2999), st.integers(1, 12)), st.tuples(st.integers(1000, 2999), st.integers(1, 12))
)
def test_generated_intervals_agree_or_run_backwards(one: tuple[int, int], other: tuple[int, int]) -> None:
    text = f"{one[0]}-{one[1]:02}/{other[0]}-{other[1]:02}"
    if one <= other:
        assert parse_edtf(text).bounds() == bounds_elsewhere(text)
    else:
        with pytest.raises(ValueProblem, match="ends before it begins"):
            parse_edtf(text)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789XY-/.?~% T\n١", max_size=24) | st.text(max_size=12))
@example("T")
@example("c")
@example("//")
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        date = parse_edtf(text)
    except ValueProblem:
        return
    first, last = date.bounds()
    assert first <= last
    assert text.isascii()
    assert not re.search(r"\s", text)


@given(st.integers(-12000, 12000))
def test_leap_years_are_those_of_the_proleptic_gregorian_calendar(year: int) -> None:
    # The calendar repeats every 400 years; `calendar` knows none before the year 1.
    assert is_leap(year) == calendar.isleap(year % 400 + 400)
    assert [days_in_month(year, month) for month in range(1, 13)] == [
        calendar.monthrange(year % 400 + 400, month)[1] for month in range(1, 13)
    ]


def bounds_elsewhere(text: str) -> tuple[Day, Day]:
    """The first and the last day as the `edtf` package gives them, which shares no code with ours."""
    date = edtf.parse_edtf(text)
    (y, m, d), (last_y, last_m, last_d) = tuple(date.lower_strict())[:3], tuple(date.upper_strict())[:3]
    return (y, m, d), (last_y, last_m, last_d)
