"""Whether anybody knows a vulnerability in what is installed: pip-audit asks, and is not believed without a look.

A package that the service does not know, one that belongs to another platform, or an answer without some of them
is no package without vulnerabilities. So markers are taken off, each version of each package is asked for, and
every one of them has to stand in the report.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from release.lock import Locked

LISTS = ("main", "build")  # what runs, and what it is built with: those decide whether there is a release
TIMEOUT = 600  # seconds for everything
_SHOWN = 300  # characters of what pip-audit says


@dataclass(frozen=True)
class Audit:
    """What was found: `known` are the vulnerabilities; `skipped` says of what nothing was told, and why."""

    asked: int
    known: tuple[str, ...]
    skipped: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether everything was looked at and nothing is known."""
        return bool(self.asked) and not self.known and not self.skipped


def audit(locked: Iterable[Locked], options: Sequence[str] = ()) -> Audit:
    """Ask for everything in these lists; `options` are more of pip-audit's, such as another service."""
    wanted = {(str(canonicalize_name(one.name)), one.version): one for one in locked}
    rounds: dict[int, list[Locked]] = defaultdict(list)  # pip-audit takes one version of a package at a time
    versions: Counter[str] = Counter()
    for (name, _), one in sorted(wanted.items()):
        rounds[versions[name]].append(one)
        versions[name] += 1
    known: list[str] = []
    skipped: list[str] = []
    for those in rounds.values():
        found, missed = _asked(those, options)
        known += found
        skipped += missed
    return Audit(len(wanted), tuple(known), tuple(skipped))


def _asked(locked: Sequence[Locked], options: Sequence[str]) -> tuple[list[str], list[str]]:
    """What pip-audit reports of these, and of which of them it reports nothing."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "requirements.txt")
        wanted.write_text("".join(map(_line, locked)), encoding="utf-8")
        command = ["-m", "pip_audit", "--requirement", str(wanted), "--require-hashes", "--disable-pip"]
        command += ["--strict", "--format", "json", "--progress-spinner", "off", "--cache-dir", folder, *options]
        try:
            done = subprocess.run(  # noqa: S603 - this Python, and words of our own
                [sys.executable, *command], capture_output=True, text=True, timeout=TIMEOUT, check=False
            )
        except subprocess.TimeoutExpired:
            return [], [f"{one.name} {one.version}: no answer within {TIMEOUT} seconds" for one in locked]
    try:
        reported = json.loads(done.stdout)["dependencies"]
    except (ValueError, LookupError, TypeError):
        why = (done.stderr.strip().splitlines() or [f"pip-audit ended with {done.returncode}"])[-1][:_SHOWN]
        return [], [f"{one.name} {one.version}: {why}" for one in locked]
    return looked_at(locked, reported)


def _line(one: Locked) -> str:
    return f"{one.name}=={one.version} {' '.join(f'--hash=sha256:{digest}' for digest in one.hashes)}\n"


def looked_at(locked: Sequence[Locked], reported: Sequence[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """What is known of these in pip-audit's report, and which of them it passes over, each in a line."""
    known: list[str] = []
    skipped: list[str] = []
    found = {(canonicalize_name(entry["name"]), entry.get("version")): entry for entry in reported}
    for one in locked:
        entry = found.get((canonicalize_name(one.name), one.version))
        if entry is None or "vulns" not in entry:
            why = (entry or {}).get("skip_reason", "not in the report")
            skipped.append(f"{one.name} {one.version}: {why}")
            continue
        for vulnerability in entry["vulns"]:
            fixed = ", ".join(vulnerability.get("fix_versions", ())) or "no version"
            known.append(f"{one.name} {one.version}: {vulnerability['id']}, mended in {fixed}")
    return known, skipped
