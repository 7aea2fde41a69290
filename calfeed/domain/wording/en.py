"""English: day before month, no comma before the year, weekday in front."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Literal

from calfeed.domain.edtf import Edtf, EdtfDate
from calfeed.domain.rules import Annual, Background, Hebrew, Once, Rule, Weekday
from calfeed.domain.rules.hebrew import MONTHS as HEBREW_MONTHS
from calfeed.domain.rules.span import Native

direction: Literal["ltr", "rtl"] = "ltr"

labels = {
    "date": "Date",
    "observed": "Observed",
    "disputed": "Sources differ",
    "inferred": "Inferred",
    "outside": "From outside the documents",
    "sources": "Sources",
    "moved": "moved from its usual day",
    "expected": "expected",
    "source_date": "date given",
    "in": "in",
    "withdrawn": "This entry was withdrawn on {date}. Its events have left the calendars and feeds.",
    "fallback": "not yet translated",
}

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HEBREW = (
    "Nisan",
    "Iyyar",
    "Sivan",
    "Tammuz",
    "Av",
    "Elul",
    "Tishrei",
    "Marheshvan",
    "Kislev",
    "Tevet",
    "Shevat",
    "Adar",
    "Adar II",
)
_NATIVE_MONTHS = {"hebrew": _HEBREW}
_NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
_IF_ANY = "in years that have one"
_QUALIFIERS = {
    "": "{}",
    "?": "{} (uncertain)",
    "~": "{} (approximately)",
    "%": "{} (approximately, uncertain)",
}


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 112th."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def anniversary(ordinal_number: int) -> str:
    """'37th anniversary'."""
    return f"{ordinal(ordinal_number)} anniversary"


def titled(title: str, suffix: str) -> str:
    """'Black January: 37th anniversary', 'Yom HaShoah 2027'."""
    return f"{title} {suffix}" if suffix.isdigit() else f"{title}: {suffix}"


def date(date: Edtf, *, night: bool) -> str:
    """'the night of 25–26 February 1992', 'August 1993', '1920s', 'about 1918'."""
    if isinstance(date, EdtfDate):
        return _qualified(date)
    start, end = date.start, date.end
    if start and end and start.text == end.text:
        return _qualified(start)
    if start and end:
        words = _span(start, end)
        return f"the night of {words}" if night else words
    known = _qualified(start or end)  # type: ignore[arg-type]  # an interval without any end does not exist
    if start:
        return f"from {known} on" if date.text.endswith("..") else f"from {known}, end unknown"
    return f"until {known}" if date.text.startswith("..") else f"until {known}, beginning unknown"


def days(first: dt.date, last: dt.date) -> str:
    """'Wednesday 20 January 2027', 'Thursday 25 – Friday 26 February 2027'."""
    if first == last:
        return f"{_WEEKDAYS[first.weekday()]} {first.day} {_MONTHS[first.month - 1]} {first.year}"
    parts = [_WEEKDAYS[first.weekday()], str(first.day)]
    if (first.month, first.year) != (last.month, last.year):
        parts.append(_MONTHS[first.month - 1])
    if first.year != last.year:
        parts.append(str(first.year))
    return f"{' '.join(parts)} – {days(last, last)}"


def native_day(native: Native) -> str:
    """'27 Nisan 5787'."""
    return f"{native.day} {_NATIVE_MONTHS[native.calendar][native.month - 1]} {native.year}"


def sunset(eve: dt.date) -> str:
    """'from sunset of Monday 3 May 2027'."""
    return f"from sunset of {days(eve, eve)}"


def rule(rule: Rule, date: Edtf | None) -> str:
    """When an entry is observed, in words."""
    return _RULES[type(rule)](rule, date)


def _annual(rule: Annual, date: Edtf | None) -> str:
    return f"every year on {_day_of_year(rule, date)}"


def _day_of_year(rule: Annual, date: Edtf | None) -> str:
    if rule.day:
        month, day = (int(part) for part in rule.day.split("-"))
        words = f"{day} {_MONTHS[month - 1]}"
    else:
        first, last = date.bounds() if date else ((1, 1, 1), (1, 1, 1))
        words = _month_days(first[1:], last[1:])
    moved = {
        "omit": " (leap years only)",
        "backward": " (28 February in common years)",
        "forward": " (1 March in common years)",
    }
    return words + moved.get(rule.leap or "", "")


def _month_days(first: tuple[int, int], last: tuple[int, int]) -> str:
    end = f"{last[1]} {_MONTHS[last[0] - 1]}"
    if first == last:
        return end
    return f"{first[1]}–{end}" if first[0] == last[0] else f"{first[1]} {_MONTHS[first[0] - 1]} – {end}"


def _weekday(rule: Weekday, date: Edtf | None) -> str:  # noqa: ARG001
    words = f"every year on the {_NTH[rule.nth]} {rule.weekday.capitalize()} of {_MONTHS[rule.month - 1]}"
    return words + (f", {_IF_ANY}" if rule.nth == 5 else "")


def _hebrew(rule: Hebrew, date: Edtf | None) -> str:  # noqa: ARG001
    words = f"every year on {rule.day} {_HEBREW[HEBREW_MONTHS.index(rule.month)]} of the Hebrew calendar"
    if rule.day == 30 and rule.month in ("marheshvan", "kislev"):
        words += f", {_IF_ANY}"
    if rule.evening:
        words += ", from sunset of the day before"
    return words + (", moved by a day where it would touch the Sabbath" if rule.shift else "")


def _once(rule: Once, date: Edtf | None) -> str:  # noqa: ARG001
    return "once, on its own day"


def _background(rule: Background, date: Edtf | None) -> str:  # noqa: ARG001
    precision = getattr(date, "precision", None)
    return f"not observed: known only to the {precision}" if precision not in (None, "day") else "not observed"


_RULES: Mapping[type[Rule], Callable[[Any, Edtf | None], str]] = {
    Annual: _annual,
    Background: _background,
    Hebrew: _hebrew,
    Once: _once,
    Weekday: _weekday,
}


def _qualified(date: EdtfDate) -> str:
    return _QUALIFIERS[date.qualifier].format(_plain(date))


def _plain(date: EdtfDate) -> str:
    year = _year(date)
    if date.month is None:
        return year
    if date.month > 12:
        return f"{_SEASONS[date.month]} {year}"
    month = f"{_MONTHS[date.month - 1]} {year}"
    return f"{date.day} {month}" if date.day else month


def _year(date: EdtfDate) -> str:
    if date.masked == 1 and date.year >= 100:  # "the 50s" would be those of the last century
        return f"the {date.year}s"
    if date.masked:
        return f"between {_numbered(date.bounds()[0][0])} and {_numbered(date.bounds()[1][0])}"
    return _numbered(date.year)


def _numbered(year: int) -> str:
    if year <= 0:
        return f"{1 - year} BCE"
    return str(year) if year >= 1000 else f"{year} CE"  # a bare 79 reads like no year


def _span(start: EdtfDate, end: EdtfDate) -> str:
    if start.day and end.day and not start.qualifier and not end.qualifier and start.year == end.year:
        if start.month == end.month:
            return f"{start.day}–{_plain(end)}"
        return f"{start.day} {_MONTHS[(start.month or 1) - 1]} – {_plain(end)}"
    if start.precision == end.precision == "year" and not start.qualifier and not end.qualifier:
        return f"{_year(start)}–{_year(end)}"
    return f"{_qualified(start)} – {_qualified(end)}"
