"""What the Python scripts share: the day they ran, and a compact writer."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

MADE = dt.datetime.now(dt.UTC).date().isoformat()


def ordinal(julian_day: int) -> dt.date:
    """The Gregorian day whose noon begins the given Julian Day Number."""
    return dt.date.fromordinal(julian_day - 1721425)


def write(name: str, data: dict[str, Any]) -> None:
    """One line for each entry of each member, so that a change shows as a changed line."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    folder.mkdir(parents=True, exist_ok=True)
    members = [f"{_compact(key)}:{_member(value)}" for key, value in data.items()]
    (folder / name).write_text("{\n" + ",\n".join(members) + "\n}\n", encoding="utf-8")


def _member(value: Any) -> str:
    if len(_compact(value)) <= 110:
        return _compact(value)
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f"{_compact(key)}:{_compact(entry)}" for key, entry in value.items()) + "\n}"
    if isinstance(value, list):
        return "[\n" + ",\n".join(map(_compact, value)) + "\n]"
    return _compact(value)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
