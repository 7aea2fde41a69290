"""English: day before month, no comma before the year, weekday in front."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from calfeed.domain.edtf import EdtfDate
from calfeed.domain.model import EventKind, Tone
from calfeed.domain.wording.calendars import NativeWords
from calfeed.domain.wording.dates import Case, DateWords, Point, Shown, listed
from calfeed.domain.wording.pages import en as pages
from calfeed.domain.wording.rules import RuleWords

name = "English"
locale = "en_GB"
direction: Literal["ltr", "rtl"] = "ltr"

page = pages.page
labels = {
    "date": "Date",
    "observed": "Observed",
    "disputed": "Sources differ",
    "inferred": "Inferred",
    "outside": "From outside the documents",
    "sources": "Sources",
    "unnamed": "publisher not named",
    "moved": "moved from its usual day",
    "expected": "expected",
    "source_date": "date given",
    "in": "in",
    "quoted": "“{}”",
    "withdrawn": "This entry was withdrawn on {date}. It has left the common calendars and feeds.",
    "ended": "This entry has no day in the calendar any more. The day here is kept for those who follow it.",
    "with_alarms": "{} (with reminders)",
    "entries": "Entries",
}

corrections = {
    "feed": "{}: corrections",
    "corrected": "{}: corrected",
    "withdrawn": "{}: withdrawn",
    "restored": "{}: restored",
    "gone": "{} (withdrawn)",
    "came_back": "This entry was restored on {date}.",
    "title": "Title",
    "description": "Description",
    "location": "Place",
    "disputed": labels["disputed"],
    "date": labels["date"],
    "observed": labels["observed"],
    "days": "Days",
    "url": "Link",
    "categories": "Subjects",
    "tone": "How it is kept",
    "kind": "What is counted",
    "claim": "What a source says",
    "claim-reasoning": "How it was worked out",
    "claim-date": "Date given by a source",
    "claim-basis": "What it rests on",
    "claim-heading": "Heading in the source",
    "before": "Before",
    "after": "Now",
    "withheld": "not repeated",
    "why": "Why",
    "mourning": "mourning",
    "neutral": "neutral",
    "celebration": "celebration",
    "event": "event",
    "birth": "birth",
    "death": "death",
    "founding": "founding",
    "stated": "stated by the source",
    "inferred": "inferred",
    "outside": "from outside the documents",
}

said_in = {
    "en": "in English",
    "az": "in Azerbaijani",
    "he": "in Hebrew",
    "ru": "in Russian",
    "tr": "in Turkish",
}

_MONTHS = listed(
    "January, February, March, April, May, June, July, August, September, October, November, December"
)
months = _MONTHS
weekdays = listed("Mo, Tu, We, Th, Fr, Sa, Su")
first_weekday = 0
_SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
_WEEKDAYS = listed("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday")
_HEBREW = listed(
    "Nisan, Iyyar, Sivan, Tammuz, Av, Elul, Tishrei, Marheshvan, Kislev, Tevet, Shevat, Adar, Adar I, Adar II"
)
_ISLAMIC = listed(
    "Muharram, Safar, Rabi al-Awwal, Rabi al-Thani, Jumada al-Ula, Jumada al-Akhira, Rajab, Shaban, "
    "Ramadan, Shawwal, Dhu al-Qadah, Dhu al-Hijjah"
)
_PERSIAN = listed("Farvardin, Ordibehesht, Khordad, Tir, Mordad, Shahrivar, Mehr, Aban, Azar, Dey, Bahman, Esfand")
_NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
_OF_WHAT = {"event": "", "birth": " of the birth", "death": " of the death", "founding": " of the founding"}
_CHURCHES = {"orthodox": "Orthodox Easter Sunday", "western": "Easter Sunday of the Western churches"}


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 112th."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def anniversary(ordinal_number: int, *, kind: EventKind = "event", tone: Tone = "neutral") -> str:  # noqa: ARG001
    """'37th anniversary', '150th anniversary of the birth', in every tone."""
    return f"{ordinal(ordinal_number)} anniversary{_OF_WHAT[kind]}"


def titled(title: str, suffix: str) -> str:
    """'Black January: 37th anniversary', 'Yom HaShoah 2027'."""
    return f"{title} {suffix}" if suffix.isdigit() else f"{title}: {suffix}"


def _numbered(year: int) -> str:
    if year <= 0:
        return f"{1 - year} BCE"
    return str(year) if year >= 1000 else f"{year} CE"  # a bare 79 reads like no year


def _point(point: Point, case: Case) -> str:  # noqa: ARG001
    if point.month is None:
        return _numbered(point.year)
    return f"{_month_day(point.month, point.days)} {_numbered(point.year)}"


def _month_day(month: int, days: str) -> str:
    name = _SEASONS[month] if month > 12 else _MONTHS[month - 1]
    return f"{days} {name}" if days else name


def _decade(first: int, case: Case) -> str:  # noqa: ARG001
    return f"the {first}s"


def _years(low: int, high: int, case: Case) -> str:  # noqa: ARG001
    return f"between {_numbered(low)} and {_numbered(high)}"


def _year_span(first: int, last: int) -> str:
    return f"{_numbered(first)}–{_numbered(last)}"


def _night(start: EdtfDate, end: EdtfDate, words: str) -> str:  # noqa: ARG001
    return f"the night of {words}"


def _civil_day(day: dt.date, shown: Shown) -> str:
    parts = [_WEEKDAYS[day.weekday()], str(day.day)]
    parts += [_MONTHS[day.month - 1]] if shown != "day" else []
    parts += [str(day.year)] if shown == "year" else []
    return " ".join(parts)


def _every(years: int) -> str:
    return "every year" if years == 1 else f"every {years} years"


def _every_islamic(years: int) -> str:
    return "every Islamic year" if years == 1 else f"every {years} Islamic years"


def _weekday(nth: int, weekday: int, month: int) -> str:
    return f"{{every}} on the {_NTH[nth]} {_WEEKDAYS[weekday]} of {_MONTHS[month - 1]}"


def _near(when: str, weekday: int, day: str) -> str:
    return f"{{every}} on the {_WEEKDAYS[weekday]} {when.replace('-', ' ')} {day}"


def _easter(church: str, offset: int) -> str:
    if not offset:
        return f"{{every}} on {_CHURCHES[church]}"
    return f"{{every}} {_count_days(abs(offset))} {'after' if offset > 0 else 'before'} {_CHURCHES[church]}"


def _count_days(number: int) -> str:
    return f"{number} {'day' if number == 1 else 'days'}"


def _lasting(number: int) -> str:
    return f"for {_count_days(number)}"


_DATES = DateWords(
    point=_point,
    month_day=_month_day,
    decade=_decade,
    years=_years,
    year_span=_year_span,
    night=_night,
    civil_day=_civil_day,
    qualified={
        "": "{}",
        "?": "{} (uncertain)",
        "~": "{} (approximately)",
        "%": "{} (approximately, uncertain)",
    },
    units=("year", "month", "day"),
    doubts={"?": "{} uncertain", "~": "{} approximate", "%": "{} approximate and uncertain"},
    since="from {} on",
    since_unknown="from {}, end unknown",
    until="until {}",
    until_unknown="until {}, beginning unknown",
    between="between {} and {}",
    or_later="{} or later",
    or_earlier="{} or earlier",
    one_of="or",
    all_of="and",
    unknown_year="{} of an unknown year",
    unknown_month="day {} of an unknown month, {year}",
    in_decade="{} in {decade}",
)
_NATIVE = NativeWords(
    months={"hebrew": _HEBREW, "islamic": _ISLAMIC, "julian": _MONTHS, "persian": _PERSIAN},
    dated={
        "hebrew": "{day} {month} {year}",
        "islamic": "{day} {month} {year}",
        "julian": "{day} {month} {year} Old Style",  # its months have the names of ours
        "persian": "{day} {month} {year}",
    },
    undated="{day} {month}",
)
_RULES = RuleWords(
    dates=_DATES,
    native=_NATIVE,
    every=_every,
    every_islamic=_every_islamic,
    annual="{every} on {day}",
    annual_days="{every} on {day}",
    leap={
        "omit": " (leap years only)",
        "backward": " (28 February in common years)",
        "forward": " (1 March in common years)",
    },
    weekday=_weekday,
    near=_near,
    easter=_easter,
    julian="{every} on {day} of the Julian calendar",
    julian_number="{every} on {day}, the number that the day has in the Julian calendar",
    julian_anniversary="{every} on {day}, the day that was {old} of the Julian calendar when it happened",
    islamic="{every} on {day}, {by}",
    islamic_by={"umm-al-qura": "by the Umm al-Qura table", "tabular": "by tabular reckoning"},
    persian="{every} on {day} of the Solar Hijri calendar",
    hebrew="{every} on {day} of the Hebrew calendar",
    hebrew_anniversary={
        "death": "{every} on the Hebrew anniversary of the death on {day}",
        "birth": "{every} on the Hebrew anniversary of the birth on {day}",
    },
    in_leap_years=", in leap years",
    if_any=", in years that have one",
    evening=", from sunset of the day before",
    shifts={
        "to-thursday": ", moved to Thursday where it falls on the Sabbath",
        "to-sunday": ", moved to Sunday where it falls on the Sabbath",
        "one-day": ", moved by a day where it would touch the Sabbath",
        "two-days": ", moved by a day or two where it would touch the Sabbath",
    },
    once="once, on its own day",
    background={
        "": "not observed",
        "century": "not observed: known only to the century",
        "decade": "not observed: known only to the decade",
        "year": "not observed: known only to the year",
        "season": "not observed: known only to the season",
        "month": "not observed: known only to the month",
        "unspecified": "not observed: its date is known only in part",
    },
    since_until="from {since} to {until}",
    since="since {}",
    until="until {}",
    skipped="not in {}",
    moved="in {year} moved to {day}",
    lasting=_lasting,
)
date = _DATES.date
days = _DATES.days
native_day = _NATIVE.native_day
rule = _RULES.rule


def sunset(eve: dt.date) -> str:
    """'from sunset of Monday 3 May 2027'."""
    return f"from sunset of {days(eve, eve)}"
