"""A new calendar to start from: a file that builds at once and explains itself, and the schema for its editor."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Mapping
from pathlib import Path

from calfeed.errors import PublishError
from calfeed.storage.files import make_folder, sync_folder, write_new
from calfeed.storage.source.schema import schema

TEMPLATE, SCHEMA = "events.yaml", "events.schema.json"


def starter() -> Mapping[str, bytes]:
    """The files of a new calendar, by name; the schema is that of this calfeed."""
    written = importlib.resources.files("calfeed.storage").joinpath("starter.yaml").read_bytes()
    return {TEMPLATE: written, SCHEMA: schema_text().encode()}


def schema_text() -> str:
    """The JSON Schema as it is printed and written."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def plant(folder: Path) -> tuple[Path, ...]:
    """Write a new calendar into a folder, which is made if need be; the paths that were written.

    Raises PublishError where one of the files stands already, or nothing can be written; then nothing was.
    """
    files = {folder / name: data for name, data in starter().items()}
    for path in files:
        if path.exists() or path.is_symlink():
            raise PublishError(f"{path} stands already and is left as it is; name another folder")
    try:
        make_folder(folder)
        for path, data in files.items():
            write_new(path, [data])
        sync_folder(folder)
    except OSError as error:
        raise PublishError(
            f"{error.filename or folder}: {error.strerror}; name a folder that can be written"
        ) from None
    return tuple(files)
