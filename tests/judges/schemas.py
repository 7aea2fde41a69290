"""Judges that hold JSON against a JSON Schema: ajv, with the formats of strings, and jsonschema beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .node import HERE, ask_node
from .shapes import Complaint, complaining

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

JSON_FEED = HERE / "node_modules" / "jsonfeed-schema" / "schema-v1.1.json"


def held_against(schema: Path, files: Iterable[Path]) -> None:
    """Complain of files that are not what the schema says, and of a schema with keywords that mean nothing."""
    paths = [*files]
    found = [f"ajv: {one['file']}: {one['message']}" for one in ask_node("ajv.mjs", schema, *paths)]
    found += [f"jsonschema: {path}: {message}" for path in paths for message in _by_jsonschema(schema, path)]
    if found or not paths:
        raise Complaint("\n".join(found) or "nothing to read")


def json_feed(files: Iterable[Path]) -> None:
    """Complain of files that are no JSON Feed 1.1; a key that it does not know must begin with an underscore."""
    held_against(JSON_FEED, files)


def _by_jsonschema(schema: Path, path: Path) -> list[str]:
    import jsonschema  # noqa: PLC0415

    with complaining("jsonschema"):
        told = json.loads(schema.read_bytes())
        kind = jsonschema.validators.validator_for(told)
        kind.check_schema(told)
        judge = kind(told, format_checker=kind.FORMAT_CHECKER)
        return [f"{error.json_path} {error.message}" for error in judge.iter_errors(json.loads(path.read_bytes()))]
