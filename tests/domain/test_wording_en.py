"""English: ordinals, dates and rules in words, from tables written by hand."""

from __future__ import annotations

import datetime as dt

import pytest
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
from calfeed.domain.rules.span import Native
from calfeed.domain.wording import LANGUAGES, en

ORDINALS = """
0th 1st 2nd 3rd 4th 5th 6th 7th 8th 9th
10th 11th 12th 13th 14th 15th 16th 17th 18th 19th
20th 21st 22nd 23rd 24th 25th 26th 27th 28th 29th
30th 31st 32nd 33rd 34th 35th 36th 37th 38th 39th
40th 41st 42nd 43rd 44th 45th 46th 47th 48th 49th
50th 51st 52nd 53rd 54th 55th 56th 57th 58th 59th
60th 61st 62nd 63rd 64th 65th 66th 67th 68th 69th
70th 71st 72nd 73rd 74th 75th 76th 77th 78th 79th
80th 81st 82nd 83rd 84th 85th 86th 87th 88th 89th
90th 91st 92nd 93rd 94th 95th 96th 97th 98th 99th
100th 101st 102nd 103rd 104th 105th 106th 107th 108th 109th
110th 111th 112th 113th 114th 115th 116th 117th 118th 119th
120th 121st 122nd 123rd 124th 125th 126th 127th 128th 129th
130th
"""
THOUSANDS = """
1000th 1001st 1002nd 1003rd 1004th 1005th 1006th 1007th 1008th 1009th 1010th 1011th 1012th 1013th
"""

DATES = {
    "1992-02-25": "25 February 1992",
    "1993-08": "August 1993",
    "1918": "1918",
    "1985-04-XX": "April 1985",
    "1985-XX-XX": "1985",
    "192X": "the 1920s",
    "200X": "the 2000s",
    "010X": "the 100s",
    "009X": "between 90 CE and 99 CE",
    "19XX": "between 1900 and 1999",
    "00XX": "between 1 BCE and 99 CE",
    "2001-21": "spring 2001",
    "2001-22": "summer 2001",
    "2001-23": "autumn 2001",
    "2001-24": "winter 2001",
    "0079-08-24": "24 August 79 CE",
    "0999": "999 CE",
    "1000": "1000",
    "0001": "1 CE",
    "0000": "1 BCE",
    "-0001": "2 BCE",
    "-0043-03-15": "15 March 44 BCE",
    "-004X": "between 50 BCE and 41 BCE",
    "-01XX": "between 200 BCE and 101 BCE",
    "Y17000": "17000",
    "Y-17000": "17001 BCE",
    "1918?": "1918 (uncertain)",
    "1918~": "1918 (approximately)",
    "1918%": "1918 (approximately, uncertain)",
    "1992-02-25?": "25 February 1992 (uncertain)",
    "192X~": "the 1920s (approximately)",
    "1992-02-25/1992-02-26": "25–26 February 1992",
    "1992-02-25/1992-02-25": "25 February 1992",
    "1990-01-31/1990-02-01": "31 January – 1 February 1990",
    "1989-12-31/1990-01-01": "31 December 1989 – 1 January 1990",
    "-0043-03-15/-0043-03-16": "15–16 March 44 BCE",
    "1988/1994": "1988–1994",
    "-0043/0014": "44 BCE–14 CE",
    "1993-08/1993-09": "August 1993 – September 1993",
    "1918-05/1920": "May 1918 – 1920",
    "192X/193X": "the 1920s – the 1930s",
    "1988?/1994": "1988 (uncertain) – 1994",
    "1988~/1994%": "1988 (approximately) – 1994 (approximately, uncertain)",
    "1992-02-25?/1992-02-26": "25 February 1992 (uncertain) – 26 February 1992",
    "1991/..": "from 1991 on",
    "1991/": "from 1991, end unknown",
    "../1991": "until 1991",
    "/1991": "until 1991, beginning unknown",
    "1992-02-25/..": "from 25 February 1992 on",
    "192X/": "from the 1920s, end unknown",
    "1918~/..": "from 1918 (approximately) on",
}

NIGHTS = {
    "1992-02-25/1992-02-26": "the night of 25–26 February 1992",
    "1990-01-31/1990-02-01": "the night of 31 January – 1 February 1990",
    "1989-12-31/1990-01-01": "the night of 31 December 1989 – 1 January 1990",
}

RULE_WORDS: list[tuple[Rule, str | None, str]] = [
    (Annual(), "1990-01-20", "every year on 20 January"),
    (Annual(), "1992-02-25/1992-02-26", "every year on 25–26 February"),
    (Annual(), "1990-01-31/1990-02-01", "every year on 31 January – 1 February"),
    (Annual(), "1989-12-31/1990-01-01", "every year on 31 December – 1 January"),
    (Annual(), "1992-02-25/1992-02-25", "every year on 25 February"),
    (Annual(day="03-08"), None, "every year on 8 March"),
    (Annual(day="03-08"), "1910-08-27", "every year on 8 March"),
    (Annual(leap="omit"), "1988-02-29", "every year on 29 February (leap years only)"),
    (Annual(leap="backward"), "1988-02-29", "every year on 29 February (28 February in common years)"),
    (Annual(day="02-29", leap="forward"), None, "every year on 29 February (1 March in common years)"),
    (Weekday(1, "monday", 1), None, "every year on the first Monday of January"),
    (Weekday(2, "tuesday", 2), None, "every year on the second Tuesday of February"),
    (Weekday(4, "thursday", 11), None, "every year on the fourth Thursday of November"),
    (Weekday(3, "sunday", 6), None, "every year on the third Sunday of June"),
    (Weekday(-1, "friday", 12), None, "every year on the last Friday of December"),
    (Weekday(5, "sunday", 5), None, "every year on the fifth Sunday of May, in years that have one"),
    (Hebrew(10, "tevet", evening=False), None, "every year on 10 Tevet of the Hebrew calendar"),
    (Hebrew(30, "nisan", evening=False), None, "every year on 30 Nisan of the Hebrew calendar"),
    (Hebrew(29, "kislev", evening=False), None, "every year on 29 Kislev of the Hebrew calendar"),
    (Hebrew(14, "adar", evening=False), None, "every year on 14 Adar of the Hebrew calendar"),
    (
        Hebrew(15, "nisan", evening=True),
        None,
        "every year on 15 Nisan of the Hebrew calendar, from sunset of the day before",
    ),
    (
        Hebrew(27, "nisan", evening=True, shift="yom-hashoah"),
        None,
        "every year on 27 Nisan of the Hebrew calendar, from sunset of the day before, moved by a day where it "
        "would touch the Sabbath",
    ),
    (
        Hebrew(30, "kislev", evening=False),
        None,
        "every year on 30 Kislev of the Hebrew calendar, in years that have one",
    ),
    (Easter("western"), None, "every year on Easter Sunday of the Western churches"),
    (Easter("western", -2), None, "every year 2 days before Easter Sunday of the Western churches"),
    (Easter("orthodox", 1), None, "every year 1 day after Orthodox Easter Sunday"),
    (
        WeekdayNear("friday", "on-or-before", "11-05"),
        None,
        "every year on the Friday on or before 5 November",
    ),
    (WeekdayNear("monday", "after", "01-06"), None, "every year on the Monday after 6 January"),
    (Julian("10-25", "converted"), None, "every year on 25 October of the Julian calendar"),
    (
        Julian("02-29", "converted"),
        None,
        "every year on 29 February of the Julian calendar, in years that have one",
    ),
    (
        Julian("10-25", "anniversary"),
        "1917-11-07",
        "every year on 7 November, the day that was 25 October of the Julian calendar when it happened",
    ),
    (
        Julian("02-16", "anniversary"),
        "1904-02-29",
        "every year on 29 February, the day that was 16 February of the Julian calendar when it happened, in "
        "years that have one",
    ),
    (
        Julian("10-25", "same-number"),
        None,
        "every year on 25 October, the number that the day has in the Julian calendar",
    ),
    (
        Julian("02-29", "same-number"),
        None,
        "every year on 29 February, the number that the day has in the Julian calendar, in years that have one",
    ),
    (
        Islamic(10, "muharram", "umm-al-qura", evening=True),
        None,
        "every Islamic year on 10 Muharram, by the Umm al-Qura table, from sunset of the day before",
    ),
    (
        Islamic(30, "ramadan", "umm-al-qura", evening=False),
        None,
        "every Islamic year on 30 Ramadan, by the Umm al-Qura table, in years that have one",
    ),
    (
        Islamic(30, "ramadan", "tabular", evening=False),
        None,
        "every Islamic year on 30 Ramadan, by tabular reckoning",
    ),
    (
        Islamic(30, "dhu-al-hijjah", "tabular", evening=False),
        None,
        "every Islamic year on 30 Dhu al-Hijjah, by tabular reckoning, in years that have one",
    ),
    (Persian(1, "farvardin"), None, "every year on 1 Farvardin of the Solar Hijri calendar"),
    (
        Persian(30, "esfand"),
        None,
        "every year on 30 Esfand of the Solar Hijri calendar, in years that have one",
    ),
    (Once(), "2018-09-06", "once, on its own day"),
    (Background(), "1993-08", "not observed: known only to the month"),
    (Background(), "1993", "not observed: known only to the year"),
    (Background(), "199X", "not observed: known only to the decade"),
    (Background(), "19XX", "not observed: known only to the century"),
    (Background(), "1993-22", "not observed: known only to the season"),
    (Background(), "1993-08-02", "not observed"),
    (Background(), "1991/..", "not observed"),
    (Background(), None, "not observed"),
]


def test_ordinals_are_those_of_the_table() -> None:
    assert [en.ordinal(number) for number in range(131)] == ORDINALS.split()
    assert [en.ordinal(number) for number in range(1000, 1014)] == THOUSANDS.split()


def test_anniversary_carries_its_ordinal() -> None:
    assert en.anniversary(37) == "37th anniversary"


def test_title_takes_an_ordinal_after_a_colon_and_a_year_after_a_space() -> None:
    assert en.titled("Black January", "37th anniversary") == "Black January: 37th anniversary"
    assert en.titled("Yom HaShoah", "2027") == "Yom HaShoah 2027"


@pytest.mark.parametrize("text", DATES)
def test_date_is_told_as_exactly_as_it_is_known(text: str) -> None:
    assert en.date(parse_edtf(text), night=False) == DATES[text]


@pytest.mark.parametrize("text", NIGHTS)
def test_night_is_called_a_night(text: str) -> None:
    assert en.date(parse_edtf(text), night=True) == NIGHTS[text]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2027-01-20", "2027-01-20", "Wednesday 20 January 2027"),
        ("2027-02-25", "2027-02-26", "Thursday 25 – Friday 26 February 2027"),
        ("2027-01-31", "2027-02-01", "Sunday 31 January – Monday 1 February 2027"),
        ("2026-12-31", "2027-01-01", "Thursday 31 December 2026 – Friday 1 January 2027"),
        ("2026-02-25", "2027-02-25", "Wednesday 25 February 2026 – Thursday 25 February 2027"),
        ("2028-02-29", "2028-02-29", "Tuesday 29 February 2028"),
    ],
)
def test_days_are_told_with_their_weekdays(first: str, last: str, words: str) -> None:
    assert en.days(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == words


def test_evening_before_and_native_day_are_told() -> None:
    assert en.sunset(dt.date(2027, 5, 3)) == "from sunset of Monday 3 May 2027"
    assert en.native_day(Native("hebrew", 5787, 1, 27)) == "27 Nisan 5787"
    assert en.native_day(Native("hebrew", 5784, 13, 14)) == "14 Adar II 5784"
    assert en.native_day(Native("hebrew", 5785, 12, 14)) == "14 Adar 5785"
    assert en.native_day(Native("hebrew", 5786, 7, 1)) == "1 Tishrei 5786"
    assert en.native_day(Native("islamic", 1448, 1, 10)) == "10 Muharram 1448"
    assert en.native_day(Native("persian", 1405, 12, 29)) == "29 Esfand 1405"
    assert en.native_day(Native("julian", 2026, 10, 25)) == "25 October 2026 Old Style"


@pytest.mark.parametrize(("rule", "date", "words"), RULE_WORDS, ids=[words for _, _, words in RULE_WORDS])
def test_rule_is_told_in_words(rule: Rule, date: str | None, words: str) -> None:
    assert en.rule(rule, parse_edtf(date) if date else None) == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_every_rule_and_precision(language: str) -> None:
    words = LANGUAGES[language]
    assert {type(rule) for rule, _, _ in RULE_WORDS} == set(RULES)
    told = [words.rule(rule, parse_edtf(date) if date else None) for rule, date, _ in RULE_WORDS]
    told += [words.date(parse_edtf(text), night=False) for text in DATES]
    assert all(told)
    assert set(words.labels) == set(en.labels)
    assert "{date}" in words.labels["withdrawn"]


@given(st.dates(), st.integers(0, 400))
def test_words_of_days_stand_in_one_line_and_name_both_years(first: dt.date, length: int) -> None:
    last = min(first + dt.timedelta(days=length), dt.date.max) if first.year < 9990 else first
    words = en.days(first, last)
    assert "\n" not in words
    assert "  " not in words
    assert words.endswith(str(last.year))
    assert str(first.year) in words.split()
    weekdays = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday"
    assert words.split()[0] == weekdays.split(" ")[first.toordinal() % 7]  # 1 January 1 was a Monday
