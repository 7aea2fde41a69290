"""When an entry is observed: one file a rule, each in the field's own words.

A rule is a frozen dataclass whose fields are the keys of `observed:` in events.yaml, and four functions:

- `check(origin)`: raises ValueProblem where rule and date of origin do not go together;
- `years(first, last, origin)`: the years of the rule's own calendar that may touch these days;
- `days_in(year, origin)`: the days of that year, or None where it has none;
- `year_of(origin)`: the year of its own calendar in which the origin lies, for ordinals.

`RULES` is a literal list: schema, hints and the law tests pick a new rule up from here.
"""

from __future__ import annotations

from typing import TypeAlias

from calfeed.domain.rules.annual import Annual
from calfeed.domain.rules.background import Background
from calfeed.domain.rules.easter import Easter
from calfeed.domain.rules.hebrew import Hebrew
from calfeed.domain.rules.islamic import Islamic
from calfeed.domain.rules.julian import Julian
from calfeed.domain.rules.once import Once
from calfeed.domain.rules.persian import Persian
from calfeed.domain.rules.weekday import Weekday
from calfeed.domain.rules.weekday_near import WeekdayNear

Rule: TypeAlias = Annual | Background | Easter | Hebrew | Islamic | Julian | Once | Persian | Weekday | WeekdayNear

__all__ = [
    "RULES",
    "Annual",
    "Background",
    "Easter",
    "Hebrew",
    "Islamic",
    "Julian",
    "Once",
    "Persian",
    "Rule",
    "Weekday",
    "WeekdayNear",
]

RULES: tuple[type[Rule], ...] = (
    Annual,
    Background,
    Easter,
    Hebrew,
    Islamic,
    Julian,
    Once,
    Persian,
    Weekday,
    WeekdayNear,
)
