"""What docs/events-yaml.md shows of rules is what the reader reads."""

from __future__ import annotations

import re

import pytest

from calfeed.domain.rules import islamic, persian
from tests.domain.rules.support import read_rule
from tests.support import REPOSITORY

DOCUMENT = (REPOSITORY / "docs" / "events-yaml.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\| `(\{rule: .*?\})` \|", DOCUMENT, re.MULTILINE)
FITTING = {"{rule: annual, leap: backward}": "1988-02-29"}


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_of_a_rule_is_read(example: str) -> None:
    rule = read_rule(example, FITTING.get(example, "1990-01-20"))
    assert example.startswith((f"{{rule: {rule.rule},", f"{{rule: {rule.rule}}}"))


@pytest.mark.parametrize("months", [islamic.MONTHS, persian.MONTHS])
def test_months_are_listed_in_their_order(months: tuple[str, ...]) -> None:
    assert ", ".join(months) in " ".join(DOCUMENT.split())
