"""Judges of what a page says to machines: JSON-LD in the vocabulary of schema.org, and microformats."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .node import ask_node
from .shapes import Complaint, complaining

if TYPE_CHECKING:
    from collections.abc import Iterable

Values = dict[str, Any]


def linked_data(page: Path) -> list[Values]:
    """The JSON-LD of a page, one value for each script that holds any, found as a browser finds it."""
    from bs4 import BeautifulSoup  # noqa: PLC0415

    with complaining("JSON-LD"):
        tree = BeautifulSoup(page.read_bytes().decode(), "html5lib")
        found = [json.loads(script.string or "") for script in tree.find_all("script", type="application/ld+json")]
        return [value for one in found for value in (one if isinstance(one, list) else [one])]


def schema_org(values: Iterable[Values]) -> None:
    """Complain of JSON-LD that jsonld.js would drop a part of, or whose types and properties schema-dts lacks.

    TypeScript takes three seconds to start and almost nothing for each value: give it all there are, at once.
    Dates are strings to it; what stands in them is for the test to compare.
    """
    told = [*values]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "values.json"
        path.write_text(json.dumps(told), encoding="utf-8")
        found = ask_node("linked.mjs", path)
    if found or not told:
        raise Complaint("\n".join(_line(told, **one) for one in found) or "nothing to read")


def microformats(page: Path) -> list[Values]:
    """mf2py: every microformat of a page at any depth, h-feed, h-event, h-entry and others, outermost first.

    Each has `type` (a list), `properties` (of lists) and, where there are any, `children`.
    """
    import mf2py  # noqa: PLC0415

    with complaining("mf2py"):
        found = mf2py.Parser(doc=page.read_bytes().decode(), html_parser="html5lib").to_dict()
        return [*_flat(found["items"])]


def _flat(items: list[Values]) -> Iterable[Values]:
    for item in items:
        yield item
        nested = [value for values in item["properties"].values() for value in values]
        yield from _flat([value for value in nested if isinstance(value, dict) and "properties" in value])
        yield from _flat(item.get("children", []))


def _line(told: list[Values], number: int, message: str) -> str:
    """A complaint; -1 is the number of none of the values."""
    said = json.dumps(told[number], ensure_ascii=False)[:200] if number >= 0 else "all of them"
    return f"value {number}: {message}\n  in {said}"
