"""Limits that go with any recurring rule: what they leave, what they move, and what they never change."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.domain.edtf import parse_edtf
from calfeed.domain.model import Occurrence
from calfeed.domain.occurrences import resolve_occurrences
from calfeed.domain.rules import RULES, Annual, Hebrew, Rule, Weekday
from calfeed.domain.rules.limits import MAX_DAYS, NO_LIMITS, NOT_RECURRING, Limits, contradictions, limited
from calfeed.domain.texts import day_in_words
from calfeed.domain.wording import LANGUAGES, en
from calfeed.errors import SourceError
from calfeed.storage.source import read_calendar, shapes
from tests.support import REPOSITORY, Values, Workshop, calendar, event, read, uid, yaml_of

DAY = dt.timedelta(days=1)
TEVET = {"rule": "hebrew", "day": "10", "month": "tevet", "evening": "false"}
HASHOAH = {"rule": "hebrew", "day": "27", "month": "nisan", "evening": "true", "shift": "yom-hashoah"}
ASHURA = {"rule": "islamic", "day": "10", "month": "muharram", "authority": "tabular", "evening": "false"}
SUNDAY = {"rule": "weekday", "nth": "3", "weekday": "sunday", "month": "6"}
LIMITS = ("from", "until", "every", "except", "moves", "days")


def found(observed: Values, *, first: int = 2025, last: int = 2031, date: str | None = None) -> list[Occurrence]:
    """The occurrences of one entry in these civil years."""
    made = read(event(date=date, observed=observed))
    return list(resolve_occurrences(made, (dt.date(first, 1, 1), dt.date(last, 12, 31))))


def days(observed: Values, **keys: object) -> list[str]:
    return [str(occurrence.dtstart) for occurrence in found(observed, **keys)]  # type: ignore[arg-type]


def years(observed: Values, **keys: object) -> list[int]:
    return [occurrence.dtstart.year for occurrence in found(observed, **keys)]  # type: ignore[arg-type]


def told(observed: Values, date: str | None = None) -> list[str]:
    with pytest.raises(SourceError) as caught:
        read(event(date=date, observed=observed))
    return [f"{problem.message}; {problem.hint}" for problem in caught.value.problems]


# What they leave


def test_from_and_until_are_the_first_and_the_last_year() -> None:
    assert years({**SUNDAY, "from": "2027", "until": "2029"}) == [2027, 2028, 2029]
    assert years({**SUNDAY, "from": "2030"}) == [2030, 2031]
    assert years({**SUNDAY, "until": "2025"}) == [2025]
    assert years({**SUNDAY, "until": "2005"}) == []


def test_years_of_a_limit_are_civil_years_whatever_the_calendar_of_the_rule() -> None:
    assert days({**TEVET, "from": "2028", "until": "2028"}) == ["2028-01-09", "2028-12-28"]
    assert years(TEVET) == [2025, 2025, 2026, 2028, 2028, 2029, 2031, 2031]
    assert years({**TEVET, "except": ["2028"]}) == [2025, 2025, 2026, 2029, 2031, 2031]


def test_weekday_before_new_year_belongs_to_the_year_of_its_fixed_day() -> None:
    friday = {"rule": "weekday-near", "weekday": "friday", "when": "before", "day": "01-01"}
    assert days({**friday, "from": "2027", "until": "2027"}) == ["2026-12-25"]


def test_span_across_new_year_belongs_to_the_year_it_begins_in() -> None:
    observed = {"rule": "annual", "until": "2026"}
    assert days(observed, date="1989-12-31/1990-01-01") == ["2025-12-31", "2026-12-31"]


def test_every_counts_from_the_year_of_origin() -> None:
    observed = {"rule": "annual", "every": "5"}
    assert [o.ordinal for o in found(observed, date="1992-02-25", last=2045)] == [35, 40, 45, 50]


def test_every_counts_hebrew_years_where_ordinals_do() -> None:
    observed = {**HASHOAH, "every": "5"}
    assert {o.ordinal for o in found(observed, date="1943-04-19", last=2045)} == {85, 90, 95, 100}


def test_every_counts_from_the_first_year_where_there_is_no_origin() -> None:
    assert years({**SUNDAY, "from": "2019", "every": "4"}, last=2036) == [2027, 2031, 2035]


def test_every_counts_from_the_origin_although_there_is_a_first_year() -> None:
    observed = {"rule": "annual", "every": "10", "from": "2027"}
    assert years(observed, date="1990-01-20", last=2052) == [2030, 2040, 2050]


def test_day_itself_is_left_out_by_limits_too() -> None:
    for keys, expected in (({}, [2026, 2027]), ({"from": "2027"}, [2027])):
        made = read(event(date="2026-05-01", day_itself="true", observed={"rule": "annual", **keys}))
        seen = resolve_occurrences(made, (dt.date(2025, 1, 1), dt.date(2027, 12, 31)))
        assert [o.dtstart.year for o in seen] == expected


# What they move and lengthen


def test_move_changes_the_day_of_one_year_and_no_uid() -> None:
    before, after = found(HASHOAH), found({**HASHOAH, "moves": {"2027": "2027-05-03"}})
    assert [o.uid for o in before] == [o.uid for o in after]
    changed = [(str(a.dtstart), str(b.dtstart)) for a, b in zip(before, after, strict=True) if a.span != b.span]
    assert changed == [("2027-05-04", "2027-05-03")]


def test_moved_occurrence_says_so_and_claims_no_hebrew_day() -> None:
    (moved,) = found({**HASHOAH, "moves": {"2027": "2027-05-03"}}, first=2027, last=2027)
    assert day_in_words(moved, LANGUAGES["en"]) == (
        "Monday 3 May 2027 (moved from its usual day), from sunset of Sunday 2 May 2027"
    )


def test_move_to_the_other_end_of_the_year_is_found() -> None:
    observed = {"rule": "annual", "moves": {"2027": "2027-12-31", "2028": "2028-01-01"}}
    assert days(observed, date="1990-06-01", first=2027, last=2028) == ["2027-12-31", "2028-01-01"]


@pytest.mark.parametrize("observed", [SUNDAY, HASHOAH, ASHURA], ids=lambda observed: observed["rule"])
@pytest.mark.parametrize("day", ["2027-01-01", "2027-12-31"])
def test_move_from_any_day_of_the_year_is_found_by_a_look_at_one_day(observed: Values, day: str) -> None:
    made = read(event(date=None, observed={**observed, "moves": {"2027": day}}))
    window = dt.date.fromisoformat(day), dt.date.fromisoformat(day)
    assert [str(o.dtstart) for o in resolve_occurrences(made, window)] == [day]


def test_day_that_was_announced_is_no_longer_only_expected() -> None:
    assert [
        o.span.expected for o in found({**ASHURA, "moves": {"2027": "2027-06-14"}}, first=2027, last=2028)
    ] == [
        False,
        True,
    ]


def test_moved_span_stays_as_long_as_it_was() -> None:
    observed = {"rule": "annual", "moves": {"2027": "2027-03-01"}}
    (moved,) = found(observed, date="1992-02-25/1992-02-26", first=2027, last=2027)
    assert (str(moved.dtstart), str(moved.dtend)) == ("2027-03-01", "2027-03-03")


def test_days_says_how_long_it_lasts() -> None:
    lasting = found({"rule": "hebrew", "day": "1", "month": "tishrei", "evening": "true", "days": "2"})
    assert {o.dtend - o.dtstart for o in lasting} == {2 * DAY}
    assert day_in_words(lasting[1], LANGUAGES["en"]).startswith("Saturday 12 – Sunday 13 September 2026")


def test_eight_days_of_chanukah_end_on_the_day_that_programs_give() -> None:
    data = json.loads((REPOSITORY / "tests/data/conformance/hebrew.json").read_text(encoding="utf-8"))
    rule, eight = Hebrew(25, "kislev", evening=True), Limits(days=8)
    for year, last in data["observances"]["chanukah-last"].items():
        span = rule.days_in(int(year), None)
        assert span is not None
        kept = limited(eight, span, n=int(year), ordinal=None)
        assert kept is not None
        assert str(kept.dtend - DAY) == last


def test_limits_change_what_readers_are_told_and_raise_the_sequence(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    shop.write(event())
    shop.build()
    before = shop.events()
    shop.write(event(observed={"rule": "annual", "moves": {"2027": "2027-01-21"}}))
    shop.build()
    after = shop.events()
    assert before.keys() == after.keys()
    moved = uid("black-january-1990", 2027)
    assert (before[moved].start, after[moved].start) == (dt.date(2027, 1, 20), dt.date(2027, 1, 21))
    assert (before[moved].sequence, after[moved].sequence) == (0, 1)
    assert "in 2027 moved to 21 January" in (shop.current / "events.json").read_text(encoding="utf-8")
    assert "in 2027 moved to 21 January" in (shop.current / "events/black-january-1990/index.html").read_text(
        encoding="utf-8"
    )


# Laws

RULES_AND_ORIGINS: list[tuple[Rule, str | None]] = [
    (Annual(), "1990-01-20"),
    (Annual(leap="omit"), "1988-02-29"),
    (Annual(), "1989-12-31/1990-01-01"),
    (Weekday(5, "sunday", 12), None),
    (Hebrew(10, "tevet", evening=False), None),
    (Hebrew(27, "nisan", evening=True, shift="yom-hashoah"), "1943-04-19"),
    (Hebrew(evening=True, anniversary="death"), "1931-11-10"),
]
YEARS = st.integers(1990, 2040)
NARROWING = st.builds(
    Limits,
    since=st.none() | YEARS,
    until=st.none() | YEARS,
    every=st.integers(1, 7),
    skipped=st.lists(YEARS, max_size=3).map(tuple),
)


def standing(rule: Rule, origin: str | None, limits: Limits) -> dict[int, tuple[dt.date, dt.date]]:
    """n → days of what these limits leave of half a century."""
    date = parse_edtf(origin) if origin else None
    first = rule.year_of(date) if date else None
    kept = {}
    for n in rule.years(dt.date(1990, 1, 1), dt.date(2040, 12, 31), date):
        span = rule.days_in(n, date)
        left = limited(limits, span, n=n, ordinal=None if first is None else n - first) if span else None
        if left:
            kept[n] = (left.dtstart, left.dtend)
    return kept


@given(st.sampled_from(RULES_AND_ORIGINS), NARROWING)
def test_limits_together_leave_what_each_of_them_leaves(sample: tuple[Rule, str | None], limits: Limits) -> None:
    alone = [
        dataclasses.replace(NO_LIMITS, since=limits.since, every=limits.every),
        dataclasses.replace(NO_LIMITS, until=limits.until),
        *(dataclasses.replace(NO_LIMITS, skipped=(year,)) for year in limits.skipped),
    ]
    left = [set(standing(*sample, one).items()) for one in alone]
    assert set(standing(*sample, limits).items()) == set.intersection(*left)


@given(st.sampled_from(RULES_AND_ORIGINS), NARROWING)
def test_limits_that_narrow_change_no_day(sample: tuple[Rule, str | None], limits: Limits) -> None:
    free = standing(*sample, NO_LIMITS)
    assert standing(*sample, limits).items() <= free.items()


@given(st.sampled_from(RULES_AND_ORIGINS), NARROWING, YEARS, st.integers(0, 364), st.integers(1, MAX_DAYS))
def test_move_and_length_change_no_n(
    sample: tuple[Rule, str | None], limits: Limits, year: int, day: int, length: int
) -> None:
    changed = dataclasses.replace(limits, moves={year: dt.date(year, 1, 1) + day * DAY}, days=length)
    assert list(standing(*sample, changed)) == list(standing(*sample, limits))


@given(st.sampled_from(RULES_AND_ORIGINS), st.integers(1, MAX_DAYS))
def test_occurrences_of_any_length_follow_each_other_without_overlap(
    sample: tuple[Rule, str | None], length: int
) -> None:
    kept = list(standing(*sample, Limits(days=length)).values())
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(kept))


# Which are refused


@pytest.mark.parametrize(
    ("limits", "problem"),
    [
        ({"from": "2030", "until": "2029"}, "until 2029 is before from 2030, so there is no occurrence at all"),
        ({"every": "5"}, "every 5 years, and nothing says from which year on they are counted"),
        ({"moves": {"2027": "2028-01-01"}}, "the occurrence of 2027 cannot move to 2028-01-01, in another year"),
        ({"from": "2028", "moves": {"2027": "2027-07-01"}}, "2027 has no occurrence, so none can be moved"),
        ({"except": ["2027"], "moves": {"2027": "2027-07-01"}}, "2027 has no occurrence, so none can be moved"),
        ({"days": "0"}, "days is 0; it must be at least 1"),
        ({"days": "341"}, "days is 341; it must be at most 340"),
        ({"every": "0"}, "every is 0; it must be at least 1"),
        ({"from": "0"}, "from is 0; it must be at least 1"),
        ({"until": "soon"}, '"soon" is not a whole number'),
        ({"except": []}, "except is empty; name at least one"),
        ({"except": "2020"}, "except is one text, and should be a list"),
        ({"moves": {"2027": "2027-02-30"}}, '"2027-02-30" is not a day; write it as in 2021-05-03'),
        ({"moves": {"next": "2027-02-03"}}, '"next" is not a whole number'),
        ({"untill": "2030"}, '"untill" is not a key of the rule "weekday"; did you mean "until"?'),
    ],
)
def test_limit_without_sense_is_refused(limits: Values, problem: str) -> None:
    (sentence,) = told({**SUNDAY, **limits})
    assert sentence.startswith(problem)


@pytest.mark.parametrize(("year", "how_many"), [("2027", "no"), ("2028", "more than one")])
def test_year_that_has_none_or_two_cannot_be_moved(year: str, how_many: str) -> None:
    (sentence,) = told({**TEVET, "moves": {year: f"{year}-06-01"}})
    assert sentence.startswith(f"{year} has {how_many} occurrence")


def test_year_before_the_origin_cannot_be_moved() -> None:
    (sentence,) = told({"rule": "annual", "moves": {"1989": "1989-01-21"}}, date="1990-01-20")
    assert sentence.startswith("1989 has no occurrence")


def test_uncertain_year_of_origin_is_none_to_count_from() -> None:
    (sentence,) = told({"rule": "annual", "every": "5"}, date="1990-01-20?")
    assert "from which year on" in sentence
    assert years({"rule": "annual", "every": "5", "from": "2026"}, date="1990-01-20?") == [2026, 2031]


def test_problem_stands_at_the_key_that_is_wrong() -> None:
    text = yaml_of(calendar(event(date=None, observed={**SUNDAY, "from": "2030", "until": "2029"})))
    with pytest.raises(SourceError) as caught:
        read_calendar(text, file="events.yaml")
    (problem,) = caught.value.problems
    assert problem.location.line is not None
    assert '"until": "2029"' in text.decode().splitlines()[problem.location.line - 1]


@pytest.mark.parametrize("rule", NOT_RECURRING, ids=lambda rule: rule.rule)
def test_rule_that_does_not_recur_has_no_limits(rule: type[Rule]) -> None:
    (sentence,) = told({"rule": rule.rule, "until": "2030"}, date="2018-09-06")
    assert sentence.startswith(f'"until" is not a key of the rule "{rule.rule}"')


def test_every_recurring_rule_takes_every_limit_and_none_has_a_key_of_that_name() -> None:
    for rule in RULES:
        own = {field.name for field in dataclasses.fields(rule)}
        assert not own & set(LIMITS), rule.rule
        if rule not in NOT_RECURRING:
            assert set(LIMITS) <= shapes.keys_of(shapes.RULE_SHAPES[rule.rule]).keys(), rule.rule


def test_limits_that_make_sense_are_no_contradiction() -> None:
    limits = Limits(since=1995, until=2030, every=5, skipped=(2020,), moves={2025: dt.date(2025, 1, 21)}, days=2)
    assert list(contradictions(limits, Annual(), parse_edtf("1990-01-20"))) == []


# How they are told


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (NO_LIMITS, "every year on 8 March"),
        (Limits(since=1959), "every year on 8 March, since 1959"),
        (Limits(until=2005), "every year on 8 March, until 2005"),
        (Limits(since=1959, until=2005), "every year on 8 March, from 1959 to 2005"),
        (Limits(since=1959, every=5), "every 5 years on 8 March, since 1959"),
        (Limits(skipped=(2020,)), "every year on 8 March, not in 2020"),
        (Limits(skipped=(2021, 2019, 2020)), "every year on 8 March, not in 2019, 2020 and 2021"),
        (Limits(moves={2021: dt.date(2021, 5, 3)}), "every year on 8 March, in 2021 moved to 3 May"),
        (Limits(days=2), "every year on 8 March, for 2 days"),
        (Limits(days=1), "every year on 8 March, for 1 day"),
    ],
)
def test_limits_are_told_in_the_sentence_of_the_rule(limits: Limits, words: str) -> None:
    assert en.rule(Annual(day="03-08"), None, limits) == words
