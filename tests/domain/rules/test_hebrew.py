"""Days of the Hebrew calendar as law and custom keep them, against programs that share no code with pyluach."""

from __future__ import annotations

import calendar
import datetime as dt
import json
from typing import Any, Literal, cast

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from calfeed.domain.edtf import parse_edtf
from calfeed.domain.rules.hebrew import MONTHS, SHIFTS, Hebrew, MonthName, ShiftName, is_leap_year
from calfeed.domain.rules.span import Native, Span
from calfeed.domain.wording import en
from calfeed.errors import SourceError, ValueProblem
from tests.support import REPOSITORY, Values, event, read

DATA = REPOSITORY / "tests" / "data" / "conformance"
DAY = dt.timedelta(days=1)
LEAP, COMMON = 5784, 5785
ICU_MONTHS: dict[str, MonthName] = {
    "Tishri": "tishrei",
    "Heshvan": "marheshvan",
    "Kislev": "kislev",
    "Tevet": "tevet",
    "Shevat": "shevat",
    "Adar": "adar",
    "Adar I": "adar-i",
    "Adar II": "adar-ii",
    "Nisan": "nisan",
    "Iyar": "iyyar",
    "Sivan": "sivan",
    "Tamuz": "tammuz",
    "Av": "av",
    "Elul": "elul",
}


def kept(day: int, month: MonthName, shift: ShiftName | None = None) -> Hebrew:
    return Hebrew(day, month, evening=True, shift=shift)


OBSERVANCES = {
    "rosh-hashanah": kept(1, "tishrei"),
    "tzom-gedaliah": kept(3, "tishrei", "fast"),
    "yom-kippur": kept(10, "tishrei"),
    "sukkot": kept(15, "tishrei"),
    "hoshana-rabba": kept(21, "tishrei"),
    "shemini-atzeret": kept(22, "tishrei"),
    "chanukah": kept(25, "kislev"),
    "asara-btevet": kept(10, "tevet"),
    "tu-bishvat": kept(15, "shevat"),
    "taanit-esther": kept(13, "adar", "fast"),
    "purim": kept(14, "adar"),
    "shushan-purim": kept(15, "adar"),
    "pesach": kept(15, "nisan"),
    "pesach-last": kept(21, "nisan"),
    "yom-hashoah": kept(27, "nisan", "yom-hashoah"),
    "yom-hazikaron": kept(4, "iyyar", "yom-hazikaron"),
    "yom-haatzmaut": kept(5, "iyyar", "yom-haatzmaut"),
    "pesach-sheni": kept(14, "iyyar"),
    "lag-baomer": kept(18, "iyyar"),
    "yom-yerushalayim": kept(28, "iyyar"),
    "shavuot": kept(6, "sivan"),
    "tzom-tammuz": kept(17, "tammuz", "fast"),
    "tisha-bav": kept(9, "av", "fast"),
    "tu-bav": kept(15, "av"),
}
SHIFTED = [(name, kept(day, month, name)) for name, own in SHIFTS.items() for day, month in own]


def data(name: str) -> dict[str, Any]:
    return cast(dict[str, Any], json.loads((DATA / name).read_text(encoding="utf-8")))


HEBREW = data("hebrew.json")
ANNIVERSARIES = data("hebrew_anniversaries.json")["dates"]


def day_of(rule: Hebrew, year: int, origin: str | None = None) -> str | None:
    span = rule.days_in(year, parse_edtf(origin) if origin else None)
    return str(span.dtstart) if span else None


def anniversary(kind: Literal["death", "birth"], *, after_sunset: bool = False) -> Hebrew:
    return Hebrew(anniversary=kind, evening=True, after_sunset=after_sunset)


def refusal(rule: Hebrew, origin: str | None = None) -> str:
    with pytest.raises(ValueProblem) as caught:
        rule.check(parse_edtf(origin) if origin else None)
    assert caught.value.hint
    return caught.value.message


# Against other programs


def test_every_observance_of_the_data_is_expressible() -> None:
    # The last day of Chanukah is the end of eight days from 25 Kislev: see test_limits.
    assert set(HEBREW["observances"]) - set(OBSERVANCES) == {"chanukah-last"}


@pytest.mark.parametrize("name", OBSERVANCES)
def test_observance_stands_on_the_day_that_all_programs_agree_on(name: str) -> None:
    rule = OBSERVANCES[name]
    rule.check(None)
    agreed = HEBREW["observances"][name]
    assert len(agreed) > 80
    assert {year: day_of(rule, int(year)) for year in agreed} == agreed


def test_what_programs_dispute_is_a_choice_that_stands_in_the_decision() -> None:
    """Decision 3: no Sunday rule before 1997, no Thursday rule before 1951, and 15 Adar stays on the Sabbath."""
    disputed = HEBREW["disputed"]
    for name, years in disputed.items():
        for year, said in years.items():
            span = OBSERVANCES[name].days_in(int(year), None)
            assert span is not None
            assert not span.shifted
            if name in ("yom-hashoah", "shushan-purim"):
                assert str(span.dtstart) == said["ICU and rule"]
    days = {said["ICU and rule"] for said in disputed["yom-hashoah"].values()}
    assert (min(days), max(days), len(days)) == ("1953-04-12", "1993-04-18", 15)
    assert day_of(OBSERVANCES["yom-haatzmaut"], 5710) == "1950-04-22"  # a Sabbath; programs say Thursday 20 April
    assert set(disputed["yom-haatzmaut"]) == set(disputed["yom-hazikaron"]) == {"5710"}


def test_days_since_1900_are_those_of_icu() -> None:
    days = data("hebrew_days.json")["days"]
    assert len(days) == 2043
    for civil, (year, month, number) in days.items():
        assert day_of(kept(number, ICU_MONTHS[month]), year) == civil
        if month in ("Adar", "Adar II"):
            assert day_of(kept(number, "adar"), year) == civil


@pytest.mark.parametrize("kind", ["death", "birth"])
@pytest.mark.parametrize("date", ANNIVERSARIES, ids=lambda date: "-".join(map(str, date["original"])))
def test_anniversaries_are_those_of_calendrical_calculations(kind: Literal["death", "birth"], date: Any) -> None:
    rule, born = anniversary(kind), date["original"][0]
    rule.check(parse_edtf(date["civil"]))
    expected = date["yahrzeit" if kind == "death" else "birthday"]
    assert [day_of(rule, born + 1 + number, date["civil"]) for number in range(30)] == expected
    assert day_of(rule, born, date["civil"]) == date["civil"]


# Shifts


@pytest.mark.parametrize(
    ("shift", "year", "expected"),
    [
        ("yom-haatzmaut", 5765, "2005-05-12"),  # Saturday 14 May
        ("yom-haatzmaut", 5763, "2003-05-07"),  # Wednesday
        ("yom-haatzmaut", 5760, "2000-05-10"),  # Wednesday
        ("yom-haatzmaut", 5761, "2001-04-26"),  # Saturday 28 April
        ("yom-haatzmaut", 5755, "1995-05-04"),  # Friday 5 May
        ("yom-haatzmaut", 5764, "2004-04-27"),  # Monday 26 April, the first year of the amendment
        ("yom-haatzmaut", 5759, "1999-04-21"),
        ("yom-haatzmaut", 5756, "1996-04-24"),
        ("yom-haatzmaut", 5754, "1994-04-14"),  # Saturday
        ("yom-haatzmaut", 5753, "1993-04-26"),  # Monday, before the amendment
        ("yom-haatzmaut", 5711, "1951-05-10"),  # Friday 11 May
    ],
)
def test_independence_day_stands_where_it_was_kept(shift: ShiftName, year: int, expected: str) -> None:
    assert day_of(kept(5, "iyyar", shift), year) == expected


@given(st.integers(5700, 6500))
def test_day_of_remembrance_is_always_the_day_before_independence_day(year: int) -> None:
    remembrance, independence = (OBSERVANCES[n].days_in(year, None) for n in ("yom-hazikaron", "yom-haatzmaut"))
    assert remembrance is not None
    assert independence is not None
    assert remembrance.dtend == independence.dtstart
    assert remembrance.shifted == independence.shifted


@given(st.integers(5764, 6500))
def test_independence_day_since_2004_is_a_tuesday_wednesday_or_thursday(year: int) -> None:
    span = OBSERVANCES["yom-haatzmaut"].days_in(year, None)
    assert span is not None
    assert span.dtstart.weekday() in (calendar.TUESDAY, calendar.WEDNESDAY, calendar.THURSDAY)


@given(st.sampled_from([rule for name, rule in SHIFTED if name == "fast"]), st.integers(5700, 6500))
def test_no_fast_of_these_is_kept_on_a_sabbath_or_the_day_before_by_shift(rule: Hebrew, year: int) -> None:
    span = rule.days_in(year, None)
    assert span is not None
    assert span.dtstart.weekday() != calendar.SATURDAY
    if span.shifted:
        assert span.dtstart.weekday() == (calendar.THURSDAY if rule.month == "adar" else calendar.SUNDAY)


@given(st.sampled_from(SHIFTED), st.integers(5700, 6500))
def test_shift_moves_by_at_most_two_days_and_says_so(sample: tuple[ShiftName, Hebrew], year: int) -> None:
    _, rule = sample
    assert rule.day is not None
    assert rule.month is not None
    span, nominal = rule.days_in(year, None), kept(rule.day, rule.month).days_in(year, None)
    assert span is not None
    assert nominal is not None
    by = abs((span.dtstart - nominal.dtstart).days)
    assert by <= 2
    assert span.shifted == (by > 0)
    assert span.native is not None
    assert day_of(kept(span.native.day, month_of(span.native)), year) == str(span.dtstart)


@pytest.mark.parametrize("rule", [rule for _, rule in SHIFTED], ids=str)
def test_every_shift_happens_in_some_year(rule: Hebrew) -> None:
    spans = [span for year in range(5764, 5900) if (span := rule.days_in(year, None))]
    assert {span.shifted for span in spans} == {True, False}


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (kept(5, "iyyar", "yom-hazikaron"), "belongs to 4 iyyar"),
        (kept(4, "iyyar", "yom-haatzmaut"), "belongs to 5 iyyar"),
        (kept(10, "tevet", "fast"), "belongs to 3 tishrei, 13 adar, 17 tammuz or 9 av"),
        (kept(13, "adar-ii", "fast"), "belongs to 3 tishrei, 13 adar, 17 tammuz or 9 av"),
        (Hebrew(day=5, evening=True), 'has no "month"'),
        (Hebrew(month="av", evening=True), 'has no "day"'),
        (Hebrew(9, "av", evening=True, after_sunset=True), "about an anniversary"),
        (kept(30, "adar-ii"), "adar-ii has no day 30"),
        (kept(31, "adar-i"), "adar-i has no day 31"),
    ],
)
def test_keys_of_a_day_that_do_not_go_together_are_refused(rule: Hebrew, message: str) -> None:
    assert message in refusal(rule)


# Adar


def test_adar_i_and_adar_ii_exist_in_leap_years_alone() -> None:
    assert (is_leap_year(LEAP), is_leap_year(COMMON)) == (True, False)
    assert day_of(kept(14, "adar-i"), LEAP) == "2024-02-23"
    assert day_of(kept(14, "adar-ii"), LEAP) == day_of(kept(14, "adar"), LEAP) == "2024-03-24"
    assert day_of(kept(14, "adar-i"), COMMON) is day_of(kept(14, "adar-ii"), COMMON) is None
    kept(30, "adar-i").check(None)
    assert day_of(kept(30, "adar-i"), LEAP) == "2024-03-10"


def test_adar_i_is_called_so_in_leap_years_and_adar_in_others() -> None:
    assert en.native_day(Native("hebrew", LEAP, 12, 14)) == "14 Adar I 5784"
    assert en.native_day(Native("hebrew", COMMON, 12, 14)) == "14 Adar 5785"


# Anniversaries


def test_death_after_sunset_belongs_to_the_next_hebrew_day() -> None:
    # 19 April 1943 was 14 Nisan 5703 by day and 15 Nisan from its sunset.
    by_day, by_night = anniversary("death"), anniversary("death", after_sunset=True)
    assert day_of(by_day, 5787, "1943-04-19") == day_of(kept(14, "nisan"), 5787)
    assert day_of(by_night, 5787, "1943-04-19") == day_of(kept(15, "nisan"), 5787)


def test_after_sunset_of_the_last_day_of_elul_the_next_year_is_counted_from() -> None:
    date = parse_edtf("1943-09-29")
    assert anniversary("death").year_of(date) == 5703
    assert anniversary("death", after_sunset=True).year_of(date) == 5704


@pytest.mark.parametrize(
    ("rule", "origin", "message"),
    [
        (anniversary("death"), None, "needs a date"),
        (anniversary("death"), "1943-04", "not known to the day"),
        (anniversary("birth"), "1943-04-19/1943-05-16", "more than one day"),
        (anniversary("birth"), "-0043-03-15", "outside the years"),
        (anniversary("birth"), "1943-04-19?", "not certain"),
        (anniversary("death"), "1943?-04-19", "not certain"),
        (anniversary("death"), "1943-04-~19", "not certain"),
        (Hebrew(27, "nisan", evening=True, anniversary="death"), "1943-04-19", "takes its day from the date"),
        (Hebrew(evening=True, anniversary="death", shift="fast"), "1943-04-19", "takes its day from the date"),
    ],
)
def test_anniversary_without_a_day_to_rest_on_is_refused(rule: Hebrew, origin: str | None, message: str) -> None:
    assert message in refusal(rule, origin)


DATES = st.dates(dt.date(1700, 1, 1), dt.date(2100, 1, 1)).map(str)
KINDS = st.sampled_from(["death", "birth"])


@given(KINDS, DATES, st.booleans(), st.integers(5650, 6100))
def test_every_hebrew_year_has_one_anniversary_after_the_last_year_s(
    kind: Literal["death", "birth"], origin: str, after_sunset: bool, year: int
) -> None:
    rule, date = anniversary(kind, after_sunset=after_sunset), parse_edtf(origin)
    span, later = rule.days_in(year, date), rule.days_in(year + 1, date)
    assert span is not None
    assert later is not None
    assert 353 - 30 <= (later.dtstart - span.dtstart).days <= 385 + 30
    assert span.native is not None
    assert span.native.year == year


@given(KINDS, DATES)
def test_anniversary_of_its_own_year_is_the_day_itself(kind: Literal["death", "birth"], origin: str) -> None:
    rule, date = anniversary(kind), parse_edtf(origin)
    year = rule.year_of(date)
    assert year is not None
    span = rule.days_in(year, date)
    assert span is not None
    assert str(span.dtstart) == origin
    assert span.native == rule.native_origin(date)


@given(st.sampled_from([m for m in MONTHS if m != "adar"]), st.integers(1, 30), st.integers(5650, 6100))
def test_day_comes_once_a_year_or_that_year_lacks_it(month: MonthName, day: int, year: int) -> None:
    rule = kept(day, month)
    try:
        rule.check(None)
    except ValueProblem:
        assume(False)
    span = rule.days_in(year, None)
    lacking = (month.startswith("adar-") and not is_leap_year(year)) or (
        day == 30 and month in ("marheshvan", "kislev")
    )
    assert span is not None or lacking
    if span is not None:
        assert span == Span(span.dtstart, span.dtstart + DAY, native=span.native, evening=True)
        assert span.native is not None
        assert (span.native.year, span.native.day, month_of(span.native)) == (year, day, in_year(month, year))


def month_of(native: Native) -> MonthName:
    """The name of a native month, the explicit one in a leap year."""
    if native.month >= 12 and is_leap_year(native.year):
        return "adar-i" if native.month == 12 else "adar-ii"
    return MONTHS[native.month - 1]


def in_year(month: MonthName, year: int) -> MonthName:
    return "adar-ii" if month == "adar" and is_leap_year(year) else month


# As it is written and told


def observed(**keys: str) -> Values:
    return event(date=keys.pop("date", None), observed={"rule": "hebrew", "evening": "true", **keys})


def test_anniversary_reads_without_day_and_month() -> None:
    values = observed(date="1943-04-19", anniversary="death", after_sunset="true")
    assert read(values).events[0].observed == anniversary("death", after_sunset=True)


def test_misspelt_month_and_shift_are_told_with_what_was_meant() -> None:
    with pytest.raises(SourceError) as caught:
        read(observed(day="9", month="adar-l", shift="fsat"))
    assert [problem.hint for problem in caught.value.problems] == [
        'did you mean "adar-i"?',
        'did you mean "fast"?',
    ]


@pytest.mark.parametrize(
    ("rule", "date", "words"),
    [
        (
            anniversary("death"),
            "1931-11-10",
            "every year on the Hebrew anniversary of the death on 30 Marheshvan 5692, "
            "from sunset of the day before",
        ),
        (
            Hebrew(evening=False, anniversary="birth"),
            "2024-02-23",
            "every year on the Hebrew anniversary of the birth on 14 Adar I 5784",
        ),
        (
            Hebrew(9, "av", evening=False, shift="fast"),
            None,
            "every year on 9 Av of the Hebrew calendar, moved to Sunday where it falls on the Sabbath",
        ),
        (
            Hebrew(13, "adar", evening=False, shift="fast"),
            None,
            "every year on 13 Adar of the Hebrew calendar, moved to Thursday where it falls on the Sabbath",
        ),
        (
            Hebrew(5, "iyyar", evening=False, shift="yom-haatzmaut"),
            None,
            "every year on 5 Iyyar of the Hebrew calendar, moved by a day or two where it would touch the Sabbath",
        ),
        (
            Hebrew(14, "adar-i", evening=False),
            None,
            "every year on 14 Adar I of the Hebrew calendar, in leap years",
        ),
        (
            Hebrew(14, "adar-ii", evening=False),
            None,
            "every year on 14 Adar II of the Hebrew calendar, in leap years",
        ),
    ],
)
def test_law_and_custom_are_told_in_words(rule: Hebrew, date: str | None, words: str) -> None:
    assert en.rule(rule, parse_edtf(date) if date else None) == words
