"""Every language against its own table (tests/data/wording), which people who read it can correct by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import get_args

import pytest
from babel.dates import format_date, format_skeleton, get_day_names
from hypothesis import given
from hypothesis import strategies as st
from pyluach.dates import HebrewDate

from calfeed.domain.edtf import parse_edtf
from calfeed.domain.model import Basis, EventKind, Tone, What
from calfeed.domain.rules.limits import Limits
from calfeed.domain.rules.span import Native
from calfeed.domain.wording import LANGUAGES, Language, az, en, he, ru
from calfeed.errors import ValueProblem
from tests.domain.test_edtf_level2 import READ
from tests.domain.test_wording_en import DATES, NIGHTS, RULE_WORDS

TABLES = Path(__file__).resolve().parent.parent / "data" / "wording"
ORDINALS = [*range(131), 150, 175, *range(200, 301, 50), *range(400, 1001, 100)]
COLUMNS: list[tuple[EventKind, Tone]] = [
    ("event", "mourning"),
    ("event", "celebration"),
    ("birth", "neutral"),
    ("birth", "celebration"),
    ("death", "mourning"),
    ("founding", "neutral"),
    ("founding", "celebration"),
]
DAYS = [
    ("2027-01-20", "2027-01-20"),
    ("2027-02-25", "2027-02-26"),
    ("2027-01-31", "2027-02-01"),
    ("2026-12-31", "2027-01-01"),
    *((f"2028-02-2{day}", f"2028-02-2{day}") for day in range(1, 8)),
]
NATIVES = [
    *(Native("hebrew", 5787, month, day) for month, day in enumerate(range(15, 28), 1)),
    Native("hebrew", 5788, 12, 1),
    *(Native("islamic", 1448, month, 10) for month in range(1, 13)),
    *(Native("persian", 1405, month, 29) for month in range(1, 13)),
    Native("julian", 2026, 10, 25),
]
LIMITS = [
    Limits(since=1959),
    Limits(until=2005),
    Limits(since=1959, until=2005, every=5),
    Limits(every=2, skipped=(2020, 2021)),
    Limits(skipped=(2020,), moves={2021: dt.date(2021, 5, 3)}),
    *(Limits(days=days) for days in (1, 2, 3, 8, 11, 21, 22)),
]


def told(words: Language) -> list[str]:
    """All lines of a language's table."""
    lines = ["== anniversaries: " + " | ".join(f"{kind}, {tone}" for kind, tone in COLUMNS)]
    lines += [" | ".join(words.anniversary(n, kind=kind, tone=tone) for kind, tone in COLUMNS) for n in ORDINALS]
    lines.append("== dates")
    lines += [f"{text} = {words.date(parse_edtf(text), night=False)}" for text in [*DATES, *READ]]
    lines.append("== nights")
    lines += [f"{text} = {words.date(parse_edtf(text), night=True)}" for text in NIGHTS]
    lines.append("== days, and sunset before them")
    lines += [words.days(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) for first, last in DAYS]
    lines += [words.sunset(dt.date(2027, 5, day)) for day in range(3, 10)]
    lines.append("== days of other calendars")
    lines += [words.native_day(native) for native in NATIVES]
    lines.append("== rules")
    lines += [f"{english} = {words.rule(rule, parse_edtf(d) if d else None)}" for rule, d, english in RULE_WORDS]
    lines.append("== limits")
    rule, date, _ = RULE_WORDS[5]
    lines += [words.rule(rule, parse_edtf(date) if date else None, limits) for limits in LIMITS]
    return lines


def plain_blanks(text: str) -> str:
    """CLDR holds some figures and their unit together with blanks that do not break."""
    return text.replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_says_what_stands_in_its_table(language: str) -> None:
    written = (TABLES / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    assert told(LANGUAGES[language]) == [line for line in written if not line.startswith("#")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_words(language: str) -> None:
    words = LANGUAGES[language]
    assert list(words.labels) == list(en.labels)
    assert list(words.corrections) == list(en.corrections)
    assert [text.count("{}") for text in words.corrections.values()] == [
        text.count("{}") for text in en.corrections.values()
    ]
    assert {*get_args(What), *get_args(Tone), *get_args(EventKind), *get_args(Basis)} <= words.corrections.keys()
    assert "{date}" in words.corrections["came_back"]
    assert all(words.corrections.values())
    assert list(words.page) == list(en.page)
    assert list(words.said_in) == list(LANGUAGES)
    assert all([*words.labels.values(), *words.page.values(), *words.said_in.values(), words.name])
    assert "{}" in words.page["zone"]
    assert "{}" in words.labels["quoted"]
    assert "{date}" in words.labels["withdrawn"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_told_has_no_hole_and_no_double_blank(language: str) -> None:
    texts = [line.partition(" = ")[2] or line for line in told(LANGUAGES[language])]
    assert not [text for text in texts if "{" in text or "}" in text or "  " in text or text != text.strip()]


@pytest.mark.parametrize("language", ["az", "he", "ru", "tr"])
@given(day=st.dates(dt.date(1000, 1, 1)))
def test_days_and_dates_are_those_of_cldr(language: str, day: dt.date) -> None:
    """CLDR abbreviates the Russian year and leaves the Azerbaijani one without its ending; else we say the same.

    Only those patterns of Babel are asked that never mix up the months of two languages.
    """
    words = LANGUAGES[language]
    plain = {"az": f" {az.ordinal(day.year)} il", "ru": f" {day.year} года"}.get(language, f" {day.year}")
    shown = {"ru": f" {day.year} г."}.get(language, f" {day.year}")
    full = plain_blanks(format_date(day, "full", locale=language))
    long = plain_blanks(format_date(day, "long", locale=language))
    assert words.days(day, day) == full.replace(shown, plain)
    assert words.date(parse_edtf(day.isoformat()), night=False) == long.replace(shown, plain)


@pytest.mark.parametrize("language", ["he", "ru", "tr"])
@pytest.mark.parametrize("month", range(1, 13))
def test_month_of_a_year_is_that_of_cldr(language: str, month: int) -> None:
    cldr = format_skeleton("yMMMM", dt.date(1993, month, 1), locale=language)
    assert LANGUAGES[language].date(parse_edtf(f"1993-{month:02}"), night=False) == plain_blanks(cldr).replace(
        " г.", " года"
    )


def test_weekdays_are_those_of_cldr() -> None:
    for language in ("az", "he", "ru", "tr"):
        for number, name in get_day_names("wide", locale=language).items():
            assert name in LANGUAGES[language].days(dt.date(2027, 2, 1 + number), dt.date(2027, 2, 1 + number))


@given(st.integers(5000, 5999), st.integers(1, 12), st.integers(1, 29))
def test_hebrew_letters_are_those_of_pyluach(year: int, month: int, day: int) -> None:
    date = HebrewDate(year, month, day)
    if year == 5000:
        return  # pyluach writes no year there
    assert he.in_letters(day) == date.hebrew_day()
    assert he.in_letters(year) == date.hebrew_year()


@given(st.integers(1, 10**4))
def test_azerbaijani_ordinals_rhyme_with_the_last_word_of_the_number(number: int) -> None:
    vowels = {"bir": "i", "iki": "i", "üç": "ü", "dörd": "ü", "beş": "i", "altı": "ı", "yeddi": "i", "səkkiz": "i"}
    spoken = ["", *vowels, "doqquz"]
    tens = ["", "on", "iyirmi", "otuz", "qırx", "əlli", "altmış", "yetmiş", "səksən", "doxsan"]
    last = spoken[number % 10] or tens[number // 10 % 10] or ("yüz" if number % 1000 else "min")
    vowel = next(letter for letter in reversed(last) if letter in "aıoueəiöü")
    rhyme = {"a": "ı", "ı": "ı", "o": "u", "u": "u", "e": "i", "ə": "i", "i": "i", "ö": "ü", "ü": "ü"}
    assert az.ordinal(number) == f"{number}-c{rhyme[vowel]}"


POINTS = st.from_regex(r"(-?[0-9]{4}|[0-9]{2,3}X{1,2})(-[012][0-9](-[0-2][0-9])?)?[?~%]?", fullmatch=True)


@given(st.sampled_from(sorted(LANGUAGES)), POINTS, POINTS | st.just(""), st.booleans())
def test_every_date_is_told_in_every_language_in_one_whole_line(
    tag: str, one: str, other: str, night: bool
) -> None:
    for text in (one, f"{one}/{other}", f"{one}/..", f"../{one}", f"[{one},{other}]", f"[{one}..{other}]"):
        try:
            date = parse_edtf(text)
        except ValueProblem:
            continue
        words = LANGUAGES[tag].date(date, night=night)
        assert words == words.strip()
        assert not [hole for hole in ("{", "}", "  ", "\n", "None") if hole in words]


def test_russian_counts_years_as_they_are_spoken() -> None:
    counted = [ru.anniversary(n, kind="birth", tone="neutral").split()[1] for n in (1, 2, 5, 11, 14, 21, 24, 112)]
    assert counted == ["год", "года", "лет", "лет", "лет", "год", "года", "лет"]
