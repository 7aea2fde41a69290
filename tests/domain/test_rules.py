"""The days of each rule, against calendars that share no code with it."""

from __future__ import annotations

import calendar
import datetime as dt

import pytest
from convertdate import hebrew as convertdate
from hypothesis import given
from hypothesis import strategies as st

from calfeed.domain.edtf import parse_edtf
from calfeed.domain.rules import (
    RULES,
    Annual,
    Background,
    Easter,
    Hebrew,
    Islamic,
    Julian,
    Once,
    Persian,
    Rule,
    Weekday,
    WeekdayNear,
)
from calfeed.domain.rules.annual import Leap
from calfeed.domain.rules.hebrew import MONTHS, MonthName
from calfeed.domain.rules.span import Native, Span
from calfeed.domain.rules.weekday import WEEKDAYS, WeekdayName
from calfeed.errors import ValueProblem

DAY = dt.timedelta(days=1)
TEN_DAYS: list[tuple[int, MonthName]] = [
    (15, "nisan"),
    (27, "nisan"),
    (5, "iyyar"),
    (6, "sivan"),
    (9, "av"),
    (1, "tishrei"),
    (30, "marheshvan"),
    (30, "kislev"),
    (25, "kislev"),
    (10, "tevet"),
    (30, "shevat"),
    (14, "adar"),
    (29, "adar"),
]
YOM_HASHOAH = Hebrew(27, "nisan", evening=True, shift="yom-hashoah")


def annual(date: str, year: int, leap: Leap | None = None) -> Span | None:
    return Annual(leap=leap).days_in(year, parse_edtf(date))


def days(rule: Rule, year: int, origin: str | None = None) -> tuple[str, str]:
    """The first and the last day, both inclusive, as texts."""
    span = rule.days_in(year, parse_edtf(origin) if origin else None)
    assert span is not None
    return str(span.dtstart), str(span.dtend - DAY)


def refusal(rule: Rule, origin: str | None = None) -> str:
    with pytest.raises(ValueProblem) as caught:
        rule.check(parse_edtf(origin) if origin else None)
    assert caught.value.hint
    return caught.value.message


# Annual


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("1990-01-20", ("2027-01-20", "2027-01-20")),
        ("1992-02-25/1992-02-26", ("2027-02-25", "2027-02-26")),
        ("1990-01-31/1990-02-02", ("2027-01-31", "2027-02-02")),
        ("1989-12-31/1990-01-01", ("2027-12-31", "2028-01-01")),
        ("1989-11-05/1990-02-03", ("2027-11-05", "2028-02-03")),
        ("1992-02-28/1992-03-01", ("2027-02-28", "2027-03-01")),
        ("0079-08-24", ("2027-08-24", "2027-08-24")),
        ("1992-02-25?", ("2027-02-25", "2027-02-25")),
    ],
)
def test_annual_keeps_the_days_of_its_origin(origin: str, expected: tuple[str, str]) -> None:
    Annual().check(parse_edtf(origin))
    assert days(Annual(), 2027, origin) == expected


def test_annual_span_keeps_29_february_in_its_middle() -> None:
    assert days(Annual(), 2028, "1991-02-27/1991-03-02") == ("2028-02-27", "2028-03-02")
    assert days(Annual(), 2027, "1992-02-27/1992-03-02") == ("2027-02-27", "2027-03-02")


@pytest.mark.parametrize(
    ("leap", "in_2027"), [("omit", None), ("backward", "2027-02-28"), ("forward", "2027-03-01")]
)
def test_29_february_goes_where_the_policy_says(leap: Leap, in_2027: str | None) -> None:
    span = annual("1988-02-29", 2027, leap)
    assert (str(span.dtstart) if span else None) == in_2027
    assert span is None or span.dtend - span.dtstart == DAY
    in_2028 = annual("1988-02-29", 2028, leap)
    assert in_2028 == Span(dt.date(2028, 2, 29), dt.date(2028, 3, 1))
    assert (annual("1988-02-29", 2100, leap) is None) == (leap == "omit")
    assert annual("1988-02-29", 2400, leap) == Span(dt.date(2400, 2, 29), dt.date(2400, 3, 1))


@pytest.mark.parametrize(
    ("origin", "leap", "expected"),
    [
        ("1992-02-28/1992-02-29", "backward", ("2027-02-28", "2027-02-28")),
        ("1992-02-28/1992-02-29", "forward", ("2027-02-28", "2027-03-01")),
        ("1992-02-29/1992-03-01", "backward", ("2027-02-28", "2027-03-01")),
        ("1992-02-29/1992-03-01", "forward", ("2027-03-01", "2027-03-01")),
    ],
)
def test_night_at_29_february_follows_the_policy_at_either_end(
    origin: str, leap: Leap, expected: tuple[str, str]
) -> None:
    assert days(Annual(leap=leap), 2027, origin) == expected


def test_night_at_29_february_is_omitted_as_a_whole() -> None:
    assert annual("1992-02-28/1992-02-29", 2027, "omit") is None


def test_observance_without_origin_has_a_day_of_its_own() -> None:
    rule = Annual(day="03-08")
    rule.check(None)
    assert days(rule, 2027) == ("2027-03-08", "2027-03-08")
    assert days(Annual(day="02-29", leap="backward"), 2027) == ("2027-02-28", "2027-02-28")


def test_own_day_wins_over_a_span_of_origin() -> None:
    assert days(Annual(day="05-09"), 2027, "1939-09-01/1945-05-08") == ("2027-05-09", "2027-05-09")


@pytest.mark.parametrize(
    "origin", ["1992-02", "1992", "192X", "1992-22", "1992/1993", "1992-02-25/..", "1992-XX-XX"]
)
def test_what_is_not_known_to_the_day_is_neither_annual_nor_once(origin: str) -> None:
    assert "not known to the day" in refusal(Annual(), origin)
    assert "not known to the day" in refusal(Once(), origin)


def test_rule_that_takes_its_day_from_the_date_needs_one() -> None:
    assert refusal(Annual()) == '"annual" needs a date to take its day from'
    assert refusal(Once()) == '"once" needs a date to take its day from'


@pytest.mark.parametrize("origin", ["-0043-03-15", "0000-01-01", "9999-12-31", "9998-12-31/9999-01-01"])
def test_days_that_no_calendar_program_has_are_refused_only_where_they_would_be_written(origin: str) -> None:
    Annual().check(parse_edtf(origin))
    assert "outside the years 1 to 9998" in refusal(Once(), origin)


@pytest.mark.parametrize("origin", ["0001-01-01", "9998-12-31"])
def test_first_and_last_day_of_what_calendar_programs_have_are_accepted(origin: str) -> None:
    for rule in (Annual(), Once()):
        rule.check(parse_edtf(origin))
        assert days(rule, int(origin[:4]), origin) == (origin, origin)


@pytest.mark.parametrize("origin", ["1988-02-29", "1992-02-28/1992-02-29", "1992-02-29/1992-03-01"])
def test_29_february_without_a_policy_is_refused(origin: str) -> None:
    assert "29 February" in refusal(Annual(), origin)


def test_policy_for_29_february_belongs_to_no_other_day() -> None:
    assert "29 February" in refusal(Annual(leap="omit"), "1990-01-20")
    assert "29 February" in refusal(Annual(day="03-08", leap="forward"))
    Annual(day="02-29", leap="forward").check(None)


@pytest.mark.parametrize("origin", ["1939-09-01/1945-05-08", "1992-03-05/1993-03-05"])
def test_span_that_reaches_its_next_anniversary_is_not_annual(origin: str) -> None:
    assert "longer than a year" in refusal(Annual(), origin)
    Once().check(parse_edtf(origin))


def test_span_of_a_day_less_than_a_year_is_annual() -> None:
    Annual().check(parse_edtf("1992-03-05/1993-03-04"))
    assert days(Annual(), 2027, "1992-03-05/1993-03-04") == ("2027-03-05", "2028-03-04")


# Once and background


def test_once_stands_in_its_own_year_alone() -> None:
    assert days(Once(), 2018, "2018-12-31/2019-01-02") == ("2018-12-31", "2019-01-02")
    assert Once().days_in(2019, parse_edtf("2018-12-31/2019-01-02")) is None
    assert Once().days_in(2017, parse_edtf("2018-12-31")) is None


@pytest.mark.parametrize(
    ("origin", "years"),
    [
        ("1969-12-31", []),
        ("1969-12-31/1970-01-01", []),
        ("1970-01-01", [1970]),
        ("2018-12-31/2019-01-02", [2018]),
        ("2045-06-01", [2045]),
    ],
)
def test_once_is_shown_from_1970_on_and_outside_every_window(origin: str, years: list[int]) -> None:
    assert list(Once().years(dt.date(2026, 1, 1), dt.date(2032, 12, 31), parse_edtf(origin))) == years


@pytest.mark.parametrize("origin", [None, "192X", "1992-02-25", "-0043", "1991/.."])
def test_background_has_no_day_whatever_its_date(origin: str | None) -> None:
    date = parse_edtf(origin) if origin else None
    Background().check(date)
    assert list(Background().years(dt.date(1, 1, 1), dt.date(9999, 12, 31), date)) == []
    assert Background().days_in(1992, date) is None


# Weekday


@pytest.mark.parametrize("weekday", WEEKDAYS)
def test_weekdays_agree_with_the_calendar_for_two_centuries(weekday: WeekdayName) -> None:
    column = WEEKDAYS.index(weekday)
    for year in range(1900, 2101):
        for month in range(1, 13):
            found = [week[column] for week in calendar.monthcalendar(year, month) if week[column]]
            for nth in (1, 2, 3, 4, 5, -1):
                span = Weekday(nth, weekday, month).days_in(year, None)
                if nth > len(found):
                    assert span is None
                else:
                    day = dt.date(year, month, found[nth - 1 if nth > 0 else -1])
                    assert span == Span(day, day + DAY)


@pytest.mark.parametrize("nth", [1, 2, 3, 4, 5, -1])
@pytest.mark.parametrize("month", range(1, 13))
def test_every_week_and_every_month_are_accepted(nth: int, month: int) -> None:
    Weekday(nth, "sunday", month).check(None)


@pytest.mark.parametrize("nth", [0, 6, -2, 53])
def test_week_that_no_month_has_is_refused(nth: int) -> None:
    assert str(nth) in refusal(Weekday(nth, "sunday", 6))


@pytest.mark.parametrize("month", [0, 13, -1])
def test_month_that_does_not_exist_is_refused(month: int) -> None:
    assert str(month) in refusal(Weekday(1, "sunday", month))


# Hebrew


@pytest.mark.filterwarnings("ignore:month_days is deprecated:DeprecationWarning")  # convertdate warns of itself
@pytest.mark.parametrize(("day", "month"), TEN_DAYS)
def test_hebrew_days_agree_with_an_independent_calendar(day: int, month: MonthName) -> None:
    rule = Hebrew(day, month, evening=False)
    rule.check(None)
    for year in range(5710, 5812):
        span = rule.days_in(year, None)
        number = MONTHS.index(month) + 1 if month != "adar" or not convertdate.leap(year) else 13
        if day > convertdate.month_length(year, number):
            assert span is None
            continue
        assert span is not None
        civil = dt.date(*convertdate.to_gregorian(year, number, day))
        assert (span.dtstart, span.dtend) == (civil, civil + DAY)
        assert span.native == Native("hebrew", year, number, day)
        assert not span.shifted


@pytest.mark.parametrize("month", ["marheshvan", "kislev"])
def test_thirtieth_of_a_month_that_varies_is_missing_in_some_years_only(month: MonthName) -> None:
    found = [Hebrew(30, month, evening=False).days_in(year, None) is None for year in range(5710, 5812)]
    assert 10 < sum(found) < 92


def test_adar_is_adar_ii_in_a_leap_year() -> None:
    rule = Hebrew(14, "adar", evening=True)
    in_leap_year, in_common_year = rule.days_in(5784, None), rule.days_in(5785, None)
    assert in_leap_year == Span(
        dt.date(2024, 3, 24), dt.date(2024, 3, 25), native=Native("hebrew", 5784, 13, 14), evening=True
    )
    assert in_common_year == Span(
        dt.date(2025, 3, 14), dt.date(2025, 3, 15), native=Native("hebrew", 5785, 12, 14), evening=True
    )


@pytest.mark.parametrize(
    ("day", "month"), [(0, "nisan"), (31, "nisan"), (30, "iyyar"), (30, "adar"), (30, "tevet"), (30, "elul")]
)
def test_day_that_a_hebrew_month_never_has_is_refused(day: int, month: MonthName) -> None:
    rule = Hebrew(day, month, evening=True)
    assert f"{month} has no day {day}" in refusal(rule)
    last = 30 if month == "nisan" else 29
    with pytest.raises(ValueProblem) as caught:
        rule.check(None)
    assert caught.value.hint == f"its days are 1 to {last}"
    Hebrew(last, month, evening=True).check(None)


@pytest.mark.parametrize(
    ("year", "civil", "native", "shifted"),
    [
        (5787, "2027-05-04", (5787, 1, 27), False),
        (5788, "2028-04-24", (5788, 1, 28), True),  # 27 Nisan is Sunday 23 April
        (5785, "2025-04-24", (5785, 1, 26), True),  # 27 Nisan is Friday 25 April
        (5784, "2024-05-06", (5784, 1, 28), True),  # Sunday
        (5786, "2026-04-14", (5786, 1, 27), False),  # Tuesday
        (5783, "2023-04-18", (5783, 1, 27), False),
        (5781, "2021-04-08", (5781, 1, 26), True),  # Friday
        (5757, "1997-05-05", (5757, 1, 28), True),  # the first Sunday under the amended law
        (5753, "1993-04-18", (5753, 1, 27), False),  # Sunday, before the law was amended
        (5750, "1990-04-22", (5750, 1, 27), False),  # Sunday, before the law was amended
    ],
)
def test_yom_hashoah_stands_on_the_day_that_was_kept(
    year: int,
    civil: str,
    native: tuple[int, int, int],
    shifted: bool,
) -> None:
    span = YOM_HASHOAH.days_in(year, None)
    assert span is not None
    assert (str(span.dtstart), span.native, span.shifted) == (civil, Native("hebrew", *native), shifted)


def test_yom_hashoah_since_1997_never_touches_the_sabbath() -> None:
    kept = {span.dtstart.weekday() for year in range(5757, 6200) if (span := YOM_HASHOAH.days_in(year, None))}
    assert kept == {calendar.MONDAY, calendar.TUESDAY, calendar.THURSDAY}


def test_without_the_shift_27_nisan_stays_where_it_falls() -> None:
    assert days(Hebrew(27, "nisan", evening=True), 5788) == ("2028-04-23", "2028-04-23")


def test_shift_of_yom_hashoah_belongs_to_its_own_day() -> None:
    YOM_HASHOAH.check(None)
    assert "27 nisan" in refusal(Hebrew(26, "nisan", evening=True, shift="yom-hashoah"))
    assert "27 nisan" in refusal(Hebrew(27, "sivan", evening=True, shift="yom-hashoah"))


# Years of origin


@pytest.mark.parametrize(
    ("origin", "year"),
    [
        ("1990-01-20", 1990),
        ("1990", 1990),
        ("1990-01", 1990),
        ("1989-12-31/1990-01-01", 1989),
        ("-0043-03-15", -43),
        ("1990?", None),
        ("1990-01-20~", None),
        ("1990-01-20%", None),
        ("1990?/1991", None),
        ("199X", None),
        ("19XX", None),
        ("../1990", None),
        ("/1990", None),
    ],
)
def test_years_are_counted_only_from_a_year_that_is_certain(origin: str, year: int | None) -> None:
    date = parse_edtf(origin)
    assert Annual().year_of(date) == year
    assert Weekday(1, "sunday", 1).year_of(date) == year
    assert Once().year_of(date) is None
    assert Background().year_of(date) is None


@pytest.mark.parametrize(
    ("origin", "year"),
    [
        ("1943-04-19", 5703),
        ("1943-09-29", 5703),
        ("1943-09-30", 5704),  # 1 Tishrei
        ("1943-04-19/1943-05-16", 5703),
        ("1943-09-29/1943-10-01", 5703),
        ("1943-09-29/1943-10-01?", 5703),
        ("0001-01-01", 3761),
        ("0000-12-31", None),
        ("1943-09-29?/1943-10-01", None),
        ("1943-04-19?", None),
        ("1943-04", None),
        ("1943", None),
        ("1943-04-19/..", None),
        ("-0043-03-15", None),
    ],
)
def test_hebrew_years_are_counted_from_the_hebrew_year_of_the_origin(origin: str, year: int | None) -> None:
    assert YOM_HASHOAH.year_of(parse_edtf(origin)) == year


# Laws of every rule

SAMPLES: list[tuple[Rule, str | None]] = [
    (Annual(), "1990-01-20"),
    (Annual(), "1989-12-31/1990-01-01"),
    (Annual(leap="omit"), "1988-02-29"),
    (Annual(leap="forward"), "1988-02-29"),
    (Annual(day="12-31"), None),
    (Background(), "192X"),
    (Easter("western", -80), None),
    (Easter("orthodox", 220), None),
    (Islamic(1, "muharram", "tabular", evening=True), None),
    (Islamic(29, "dhu-al-hijjah", "umm-al-qura", evening=True), None),
    (Julian("12-31", "converted"), None),
    (Julian("12-25", "anniversary"), "1918-01-07"),
    (Julian("02-29", "same-number"), None),
    (Persian(30, "esfand"), None),
    (Persian(1, "farvardin"), "1990-01-20"),
    (WeekdayNear("friday", "before", "01-01"), None),
    (WeekdayNear("friday", "after", "12-31"), None),
    (Hebrew(30, "kislev", evening=True), None),
    (Hebrew(1, "tishrei", evening=True), None),
    (Hebrew(10, "tevet", evening=False), None),
    (Hebrew(anniversary="death", evening=True), "1931-11-10"),
    (Hebrew(anniversary="birth", evening=True), "2024-03-10"),
    (Hebrew(29, "elul", evening=False), None),
    (YOM_HASHOAH, "1943-04-19"),
    (Once(), "2018-09-06"),
    (Weekday(5, "sunday", 12), None),
    (Weekday(-1, "friday", 12), None),
]


def test_every_rule_has_a_sample() -> None:
    assert {type(rule) for rule, _ in SAMPLES} == set(RULES)


@given(st.sampled_from(SAMPLES), st.integers(2, 9997), st.integers(0, 3))
def test_years_leave_out_no_day_of_the_window(sample: tuple[Rule, str | None], year: int, more: int) -> None:
    rule, origin = sample[0], parse_edtf(sample[1]) if sample[1] else None
    first, last = dt.date(year, 1, 1), dt.date(min(year + more, 9998), 12, 31)
    years = rule.years(first, last, origin)
    for n in (years.start - 2, years.start - 1, years.stop, years.stop + 1):
        if n < 1 or (isinstance(rule, Hebrew) and not 3762 <= n <= 13758):
            continue
        span = rule.days_in(n, origin) if n < 9999 or isinstance(rule, Hebrew) else None
        assert span is None or isinstance(rule, Once) or not first <= span.dtstart <= last


@given(st.sampled_from(SAMPLES), st.integers(1, 9999))
def test_no_window_is_beyond_a_rule(sample: tuple[Rule, str | None], year: int) -> None:
    rule, origin = sample[0], parse_edtf(sample[1]) if sample[1] else None
    for n in rule.years(dt.date(year, 1, 1), dt.date(year, 12, 31), origin):
        span = rule.days_in(n, origin)
        assert span is None or span.dtstart < span.dtend


@given(st.sampled_from(SAMPLES), st.integers(1900, 2200))
def test_days_of_a_later_year_are_later(sample: tuple[Rule, str | None], year: int) -> None:
    rule, origin = sample[0], parse_edtf(sample[1]) if sample[1] else None
    n = year + 3760 if isinstance(rule, Hebrew) else year
    one, other = rule.days_in(n, origin), rule.days_in(n + 1, origin)
    assert one is None or other is None or one.dtend <= other.dtstart
