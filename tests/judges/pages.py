"""Judges of pages, style sheets and pictures: the Nu Html Checker and html-validate, many files at once."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from .node import HERE, PATIENCE, ask_node
from .programs import program
from .shapes import Complaint

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

VNU = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
SEEN = 20  # complaints that are told; the rest is counted


def nu_html(files: Iterable[Path]) -> None:
    """Complain of whatever the checker of the HTML standard has to say of .html, .css and .svg: of hints, too.

    Java takes two seconds to start and a hundredth of one for each page: give it all there are, at once.
    """
    paths = _readable(files)
    messages = _ask_vnu([str(path) for path in paths])
    _complain(
        [f"{one.get('url', '')}:{one.get('lastLine', '?')}: {one['type']}: {one['message']}" for one in messages]
    )


def html_validate(files: Iterable[Path]) -> None:
    """Complain of what breaks a rule that html-validate recommends.

    Off are `doctype-style`, since DOCTYPE in capitals or not is one to the standard (HTML §13.1.1), and
    `long-title`, since what a search engine cuts off at 70 characters is no fault of a page.
    """
    found = ask_node("validate.mjs", HERE / "htmlvalidate.json", *_readable(files))
    _complain([f"{one['file']}:{one['message']}" for one in found])


def _readable(files: Iterable[Path]) -> list[Path]:
    """The paths as programs get them; whoever was asked to read nothing has found nothing."""
    paths = [path.resolve(strict=True) for path in files]
    if not paths:
        raise Complaint("nothing to read")
    return paths


def _ask_vnu(paths: list[str]) -> list[dict[str, Any]]:
    command = [program("java") or "java", "-Xss4m", "-jar", str(VNU), "--format", "json", "--stdout"]
    options = ["--exit-zero-always", "--also-check-css", "--also-check-svg"]
    done = subprocess.run(
        [*command, *options, *paths], capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False
    )
    try:
        messages: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
    except (ValueError, KeyError) as error:
        raise Complaint(f"Nu Html Checker: {done.stderr.strip() or done.stdout.strip()}") from error
    return messages


def _complain(lines: list[str]) -> None:
    if len(lines) > SEEN:
        lines = [*lines[:SEEN], f"and {len(lines) - SEEN} more"]
    if lines:
        raise Complaint("\n".join(lines))
