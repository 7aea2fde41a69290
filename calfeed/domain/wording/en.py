"""English: day before month, no comma before the year, weekday in front."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from calfeed.domain.edtf import Day, Edtf, EdtfDate, EdtfInterval, EdtfMasked, EdtfSet
from calfeed.domain.rules import (
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
from calfeed.domain.rules.hebrew import MONTHS as HEBREW_MONTHS
from calfeed.domain.rules.hebrew import is_leap_year as is_hebrew_leap_year
from calfeed.domain.rules.islamic import MONTHS as ISLAMIC_MONTHS
from calfeed.domain.rules.limits import NO_LIMITS, Limits
from calfeed.domain.rules.persian import MONTHS as PERSIAN_MONTHS
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
_HEBREW_DAYS = (*_HEBREW[:12], "Adar I", "Adar II")
_ISLAMIC = (
    "Muharram",
    "Safar",
    "Rabi al-Awwal",
    "Rabi al-Thani",
    "Jumada al-Ula",
    "Jumada al-Akhira",
    "Rajab",
    "Shaban",
    "Ramadan",
    "Shawwal",
    "Dhu al-Qadah",
    "Dhu al-Hijjah",
)
_PERSIAN = (
    "Farvardin",
    "Ordibehesht",
    "Khordad",
    "Tir",
    "Mordad",
    "Shahrivar",
    "Mehr",
    "Aban",
    "Azar",
    "Dey",
    "Bahman",
    "Esfand",
)
_NATIVE_MONTHS = {"hebrew": _HEBREW, "islamic": _ISLAMIC, "julian": _MONTHS, "persian": _PERSIAN}
_NATIVE_NOTES = {"julian": " Old Style"}  # its months have the names of ours
_NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
_IF_ANY = "in years that have one"
_UNITS = ("year", "month", "day")
_DOUBTS = {"?": "uncertain", "~": "approximate", "%": "approximate and uncertain"}
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
    if isinstance(date, EdtfSet):
        return _set(date)
    if isinstance(date, EdtfMasked):
        return _QUALIFIERS[date.qualifier].format(_masked(date))
    if isinstance(date, EdtfDate):
        return _qualified(date)
    return _interval(date, night=night)


def _interval(date: EdtfInterval, *, night: bool) -> str:
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
    month = _NATIVE_MONTHS[native.calendar][native.month - 1]
    if native.calendar == "hebrew" and native.month == 12 and is_hebrew_leap_year(native.year):
        month = "Adar I"
    return f"{native.day} {month} {native.year}{_NATIVE_NOTES.get(native.calendar, '')}"


def sunset(eve: dt.date) -> str:
    """'from sunset of Monday 3 May 2027'."""
    return f"from sunset of {days(eve, eve)}"


def rule(rule: Rule, date: Edtf | None, limits: Limits = NO_LIMITS) -> str:
    """When an entry is observed, in words: 'every 5 years on 8 March, since 1959'."""
    words = _RULES[type(rule)](rule, date)
    if limits.every > 1:
        words = f"every {limits.every} years{words.removeprefix('every year')}"
    return ", ".join([words, *_limits(limits)])


def _limits(limits: Limits) -> Iterator[str]:
    if limits.since is not None and limits.until is not None:
        yield f"from {limits.since} to {limits.until}"
    elif limits.since is not None:
        yield f"since {limits.since}"
    elif limits.until is not None:
        yield f"until {limits.until}"
    if limits.skipped:
        *others, last = sorted(limits.skipped)
        yield f"not in {', '.join(map(str, others))}{' and ' if others else ''}{last}"
    for year, day in sorted(limits.moves.items()):
        yield f"in {year} moved to {day.day} {_MONTHS[day.month - 1]}"
    if limits.days is not None:
        yield f"for {limits.days} {'day' if limits.days == 1 else 'days'}"


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


def _weekday_near(rule: WeekdayNear, date: Edtf | None) -> str:  # noqa: ARG001
    side = rule.when.replace("-", " ")
    return f"every year on the {rule.weekday.capitalize()} {side} {_month_day(rule.day)}"


def _easter(rule: Easter, date: Edtf | None) -> str:  # noqa: ARG001
    sunday = "Orthodox Easter Sunday" if rule.church == "orthodox" else "Easter Sunday of the Western churches"
    if not rule.offset:
        return f"every year on {sunday}"
    count = f"{abs(rule.offset)} day{'' if abs(rule.offset) == 1 else 's'}"
    return f"every year {count} {'after' if rule.offset > 0 else 'before'} {sunday}"


def _julian(rule: Julian, date: Edtf | None) -> str:
    old = f"{_month_day(rule.day)} of the Julian calendar"
    if rule.kept == "converted":
        return f"every year on {old}" + (f", {_IF_ANY}" if rule.day == "02-29" else "")
    if rule.kept == "same-number":
        words = f"every year on {_month_day(rule.day)}, the number that the day has in the Julian calendar"
        return words + (f", {_IF_ANY}" if rule.day == "02-29" else "")
    first = date.bounds()[0] if date else (1, 1, 1)
    words = f"every year on {first[2]} {_MONTHS[first[1] - 1]}, the day that was {old} when it happened"
    return words + (f", {_IF_ANY}" if first[1:] == (2, 29) else "")


def _islamic(rule: Islamic, date: Edtf | None) -> str:  # noqa: ARG001
    by = "by the Umm al-Qura table" if rule.authority == "umm-al-qura" else "by tabular reckoning"
    month = _ISLAMIC[ISLAMIC_MONTHS.index(rule.month)]
    words = f"every Islamic year on {rule.day} {month}, {by}"
    if rule.day == 30 and (rule.authority == "umm-al-qura" or rule.month == "dhu-al-hijjah"):
        words += f", {_IF_ANY}"
    return words + (", from sunset of the day before" if rule.evening else "")


def _persian(rule: Persian, date: Edtf | None) -> str:  # noqa: ARG001
    words = f"every year on {rule.day} {_PERSIAN[PERSIAN_MONTHS.index(rule.month)]} of the Solar Hijri calendar"
    return words + (f", {_IF_ANY}" if (rule.day, rule.month) == (30, "esfand") else "")


def _month_day(text: str) -> str:
    """'5 November' for `11-05`."""
    month, day = (int(part) for part in text.split("-"))
    return f"{day} {_MONTHS[month - 1]}"


def _hebrew(rule: Hebrew, date: Edtf | None) -> str:
    if rule.anniversary and date:
        first = native_day(rule.native_origin(date))
        words = f"every year on the Hebrew anniversary of the {rule.anniversary} on {first}"
    else:
        month = rule.month or "nisan"
        words = f"every year on {rule.day} {_HEBREW_DAYS[HEBREW_MONTHS.index(month)]} of the Hebrew calendar"
        if month in ("adar-i", "adar-ii"):
            words += ", in leap years"
        if rule.day == 30 and month in ("marheshvan", "kislev"):
            words += f", {_IF_ANY}"
    if rule.evening:
        words += ", from sunset of the day before"
    return words + (_shift(rule) if rule.shift else "")


def _shift(rule: Hebrew) -> str:
    if rule.shift == "fast":
        return f", moved to {'Thursday' if rule.month == 'adar' else 'Sunday'} where it falls on the Sabbath"
    return f", moved by a day{'' if rule.shift == 'yom-hashoah' else ' or two'} where it would touch the Sabbath"


def _once(rule: Once, date: Edtf | None) -> str:  # noqa: ARG001
    return "once, on its own day"


def _background(rule: Background, date: Edtf | None) -> str:  # noqa: ARG001
    precision = getattr(date, "precision", None)
    return f"not observed: known only to the {precision}" if precision not in (None, "day") else "not observed"


_RULES: Mapping[type[Rule], Callable[[Any, Edtf | None], str]] = {
    Annual: _annual,
    Background: _background,
    Easter: _easter,
    Hebrew: _hebrew,
    Islamic: _islamic,
    Julian: _julian,
    Once: _once,
    Persian: _persian,
    Weekday: _weekday,
    WeekdayNear: _weekday_near,
}


def _set(date: EdtfSet) -> str:
    members = [_member(member) for member in date.members]
    if len(members) == 1:
        return members[0]
    return f"{', '.join(members[:-1])} {'or' if date.one_of else 'and'} {members[-1]}"


def _member(member: EdtfDate | EdtfMasked | EdtfInterval) -> str:
    if not isinstance(member, EdtfInterval):
        return date(member, night=False)
    start, end = member.start, member.end
    if start and end:
        return f"between {_qualified(start)} and {_qualified(end)}"
    known = _qualified(start or end)  # type: ignore[arg-type]  # one end there is
    return f"{known} or later" if start else f"{known} or earlier"


def _masked(date: EdtfMasked) -> str:
    """'25 December in the 1560s', '27 January of an unknown year', 'between 10 and 19 June 2004'."""
    unknown_month = date.month is not None and "X" in date.month
    if date.day and "X" not in date.day and date.month == "XX":
        return f"day {int(date.day)} of an unknown month, {_masked_year(date)}"
    if unknown_month or (date.day and "X" in date.day and date.day != "XX"):
        first, last = date.bounds()
        return f"between {_day(first)} and {_day(last)}"
    month = _MONTHS[int(date.month) - 1] if date.month else ""
    day = f"{int(date.day)} {month}" if date.day and "X" not in date.day else month
    return f"{day} {_masked_year(date)}" if day else _masked_year(date)


def _masked_year(date: EdtfMasked) -> str:
    if date.year.endswith("XXXX"):
        return "of an unknown year"
    low, high = sorted(int(date.year.replace("X", digit)) for digit in "09")
    if low == high:
        return _numbered(low)
    if high - low == 9 and low >= 100:
        return f"in the {low}s"
    return f"between {_numbered(low)} and {_numbered(high)}"


def _day(day: Day) -> str:
    return f"{day[2]} {_MONTHS[day[1] - 1]} {_numbered(day[0])}"


def _qualified(date: EdtfDate) -> str:
    doubts = [f"{unit} {_DOUBTS[mark]}" for unit, mark in zip(_UNITS, date.parts, strict=True) if mark]
    if doubts:
        return f"{_plain(date)} ({', '.join(doubts)})"
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
    if start.day and end.day and start.is_day and end.is_day and start.year == end.year:
        if start.month == end.month:
            return f"{start.day}–{_plain(end)}"
        return f"{start.day} {_MONTHS[(start.month or 1) - 1]} – {_plain(end)}"
    if start.precision == end.precision == "year" and not start.qualifier and not end.qualifier:
        return f"{_year(start)}–{_year(end)}"
    return f"{_qualified(start)} – {_qualified(end)}"
