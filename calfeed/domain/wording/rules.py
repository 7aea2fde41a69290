"""How a rule is told, in any language: each of RULES, and the limits that a curator sets.

What is said, and when, is the same everywhere and stands here. A language gives the words (`RuleWords`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from calfeed.domain.edtf import Edtf
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
from calfeed.domain.rules.islamic import MONTHS as ISLAMIC_MONTHS
from calfeed.domain.rules.limits import NO_LIMITS, Limits
from calfeed.domain.rules.persian import MONTHS as PERSIAN_MONTHS
from calfeed.domain.rules.weekday import WEEKDAYS
from calfeed.domain.wording.calendars import NativeWords
from calfeed.domain.wording.dates import DateWords

Shift = Literal["to-thursday", "to-sunday", "one-day", "two-days"]


@dataclass(frozen=True, kw_only=True)
class RuleWords:
    """The words of one language for rules; braces are the places of what they speak of.

    `every` and `every_islamic` take the number of years from one occurrence to the next; `weekday` a number of
    1–5 or -1 for the last, a weekday (Monday is 0) and a month; `near` the side, a weekday and a day in words;
    `easter` the church and the days after it; `lasting` a number of days; `year` a year, as `since`, `until` and
    `skipped` hold it. `annual` is for one day and `annual_days` for more. `background` has a text for each
    precision of a date, and `""` for all else.
    """

    dates: DateWords
    native: NativeWords
    every: Callable[[int], str]
    every_islamic: Callable[[int], str]
    annual: str
    annual_days: str
    leap: Mapping[str, str]
    weekday: Callable[[int, int, int], str]
    near: Callable[[str, int, str], str]
    easter: Callable[[str, int], str]
    julian: str
    julian_number: str
    julian_anniversary: str
    islamic: str
    islamic_by: Mapping[str, str]
    persian: str
    hebrew: str
    hebrew_anniversary: Mapping[str, str]
    in_leap_years: str
    if_any: str
    evening: str
    shifts: Mapping[Shift, str]
    once: str
    background: Mapping[str, str]
    since_until: str
    since: str
    until: str
    skipped: str
    moved: str
    lasting: Callable[[int], str]
    year: Callable[[int], str] = str

    def rule(self, rule: Rule, date: Edtf | None, limits: Limits = NO_LIMITS) -> str:
        """When an entry is observed, in which years, and for how long."""
        every = self.every_islamic if isinstance(rule, Islamic) else self.every
        told = _RULES[type(rule)](self, rule, date)
        return ", ".join([told.replace("{every}", every(limits.every)), *self._limits(limits)])

    def _limits(self, limits: Limits) -> Iterator[str]:
        if limits.since is not None and limits.until is not None:
            yield self.since_until.format(since=self.year(limits.since), until=self.year(limits.until))
        elif limits.since is not None:
            yield self.since.format(self.year(limits.since))
        elif limits.until is not None:
            yield self.until.format(self.year(limits.until))
        if limits.skipped:
            *others, last = (self.year(year) for year in sorted(limits.skipped))
            years = f"{', '.join(others)} {self.dates.all_of} {last}" if others else last
            yield self.skipped.format(years)
        for year, day in sorted(limits.moves.items()):
            yield self.moved.format(year=self.year(year), day=self.dates.month_day(day.month, str(day.day)))
        if limits.days is not None:
            yield self.lasting(limits.days)


def _annual(words: RuleWords, rule: Annual, date: Edtf | None) -> str:
    first, last = _days_of_year(rule, date)
    phrase = words.annual if first == last else words.annual_days
    return phrase.replace("{day}", words.dates.days_of_year(first, last)) + words.leap.get(rule.leap or "", "")


def _days_of_year(rule: Annual, date: Edtf | None) -> tuple[tuple[int, int], tuple[int, int]]:
    if rule.day:
        return _month_and_day(rule.day), _month_and_day(rule.day)
    first, last = date.bounds() if date else ((1, 1, 1), (1, 1, 1))
    return first[1:], last[1:]


def _weekday(words: RuleWords, rule: Weekday, date: Edtf | None) -> str:  # noqa: ARG001
    told = words.weekday(rule.nth, WEEKDAYS.index(rule.weekday), rule.month)
    return f"{told}{words.if_any if rule.nth == 5 else ''}"


def _weekday_near(words: RuleWords, rule: WeekdayNear, date: Edtf | None) -> str:  # noqa: ARG001
    return words.near(rule.when, WEEKDAYS.index(rule.weekday), _day(words, rule.day))


def _easter(words: RuleWords, rule: Easter, date: Edtf | None) -> str:  # noqa: ARG001
    return words.easter(rule.church, rule.offset)


def _julian(words: RuleWords, rule: Julian, date: Edtf | None) -> str:
    old = _day(words, rule.day)
    if rule.kept == "converted":
        return words.julian.replace("{day}", old) + _if_leap_day(words, _month_and_day(rule.day))
    if rule.kept == "same-number":
        return words.julian_number.replace("{day}", old) + _if_leap_day(words, _month_and_day(rule.day))
    day = (date.bounds()[0] if date else (1, 1, 1))[1:]
    told = words.julian_anniversary.replace("{old}", old).replace("{day}", words.dates.days_of_year(day, day))
    return told + _if_leap_day(words, day)


def _if_leap_day(words: RuleWords, day: tuple[int, int]) -> str:
    return words.if_any if day == (2, 29) else ""


def _islamic(words: RuleWords, rule: Islamic, date: Edtf | None) -> str:  # noqa: ARG001
    day = words.native.day("islamic", rule.day, ISLAMIC_MONTHS.index(rule.month))
    told = words.islamic.replace("{day}", day).replace("{by}", words.islamic_by[rule.authority])
    if rule.day == 30 and (rule.authority == "umm-al-qura" or rule.month == "dhu-al-hijjah"):
        told += words.if_any
    return told + (words.evening if rule.evening else "")


def _persian(words: RuleWords, rule: Persian, date: Edtf | None) -> str:  # noqa: ARG001
    day = words.native.day("persian", rule.day, PERSIAN_MONTHS.index(rule.month))
    in_leap_years = (rule.day, rule.month) == (30, "esfand")
    return words.persian.replace("{day}", day) + (words.if_any if in_leap_years else "")


def _hebrew(words: RuleWords, rule: Hebrew, date: Edtf | None) -> str:
    if rule.anniversary and date:
        first = words.native.native_day(rule.native_origin(date))
        told = words.hebrew_anniversary[rule.anniversary].replace("{day}", first)
    else:
        told = _hebrew_day(words, rule)
    told += words.evening if rule.evening else ""
    return told + (words.shifts[_shift(rule)] if rule.shift else "")


def _hebrew_day(words: RuleWords, rule: Hebrew) -> str:
    month = rule.month or "nisan"
    told = words.hebrew.replace("{day}", words.native.day("hebrew", rule.day or 1, HEBREW_MONTHS.index(month)))
    if month in ("adar-i", "adar-ii"):
        told += words.in_leap_years
    return told + (words.if_any if rule.day == 30 and month in ("marheshvan", "kislev") else "")


def _shift(rule: Hebrew) -> Shift:
    if rule.shift == "fast":
        return "to-thursday" if rule.month == "adar" else "to-sunday"
    return "one-day" if rule.shift == "yom-hashoah" else "two-days"


def _once(words: RuleWords, rule: Once, date: Edtf | None) -> str:  # noqa: ARG001
    return words.once


def _background(words: RuleWords, rule: Background, date: Edtf | None) -> str:  # noqa: ARG001
    return words.background.get(getattr(date, "precision", ""), words.background[""])


def _day(words: RuleWords, text: str) -> str:
    """'5 November' for `11-05`."""
    day = _month_and_day(text)
    return words.dates.days_of_year(day, day)


def _month_and_day(text: str) -> tuple[int, int]:
    month, day = (int(part) for part in text.split("-"))
    return month, day


_RULES: Mapping[type[Rule], Callable[[RuleWords, Any, Edtf | None], str]] = {
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
