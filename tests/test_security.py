"""SECURITY.md says what the code does: each limit in it is that of the code, and none of the code is missing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib
import re
from functools import reduce
from typing import Any

import pytest

from calfeed.serve.limits import Limits
from tests.support import REPOSITORY

SECURITY = (REPOSITORY / "SECURITY.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|]+) \| ([^|]+) \| `(calfeed[\w.]+)` \|$", SECURITY, re.MULTILINE)
UNITS = {
    "": 1,
    "bytes": 1,
    "KiB": 1024,
    "MiB": 1024**2,
    "s": 1,
    "h": 3600,
    "day": 86400,
    "days": 86400,
}
CONSTANT = re.compile(r"^(_?MAX_[A-Z_]+|[A-Z_]+_LIMIT) *=", re.MULTILINE)


def constant(path: str) -> Any:
    """What a dotted path names: a constant of a module, or of a class in it."""
    module, *names = re.split(r"\.(?=_?[A-Z])", path)
    if "." in names[-1]:
        names[-1:] = names[-1].split(".")
    begin: Any = importlib.import_module(module)
    found = reduce(getattr, names, begin)
    return found.total_seconds() if isinstance(found, dt.timedelta) else found


@pytest.mark.parametrize(("what", "told", "path"), ROWS, ids=[path for _, _, path in ROWS])
def test_each_limit_is_that_of_the_code(what: str, told: str, path: str) -> None:
    number, _, unit = told.partition(" ")
    assert float(number.replace(",", "")) * UNITS[unit] == constant(path), what


def test_no_limit_of_the_code_is_left_out() -> None:
    told = {path for _, _, path in ROWS}
    assert len(told) == len(ROWS) > 40
    missing = [
        f"{module}.{name}"
        for path in sorted((REPOSITORY / "calfeed").rglob("*.py"))
        for module in [".".join(path.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__")]
        for name in CONSTANT.findall(path.read_text(encoding="utf-8"))
        if f"{module}.{name}" not in told and name != "MAX_EVENTS"  # which is MAX_ITEMS by another name
    ]
    missing += [
        field.name
        for field in dataclasses.fields(Limits)
        if f"{Limits.__module__}.Limits.{field.name}" not in told
    ]
    assert missing == []


def test_where_to_report_is_said_where_people_look() -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        assert "(SECURITY.md)" in (REPOSITORY / name).read_text(encoding="utf-8"), name
