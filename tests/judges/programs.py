"""Where programs and Python packages are looked for."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


_SERVERS = ("/usr/sbin", "/usr/local/sbin")  # where Debian keeps nginx; an ordinary user's PATH lacks them


def program(name: str) -> str | None:
    """Path of a program, looked for beside the running Python first; None if there is none."""
    places = (str(Path(sys.executable).parent), None, *_SERVERS)  # None: those of PATH
    return next(filter(None, (shutil.which(name, path=place) for place in places)), None)


def chromium() -> str | None:
    """Path of a Chromium, under the names that it goes by."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(program, names)), None)


def faketime() -> Path | None:
    """The library that fakes the clock of programs with threads, where Debian keeps it."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


def chromium_missing() -> str | None:
    """How to get a Chromium, if there is none."""
    return None if chromium() else "not found: apt install chromium"


def first_missing(*ways: Callable[[], str | None]) -> Callable[[], str | None]:
    """A function that says what is missing of several things that are all needed."""
    return lambda: next(filter(None, (way() for way in ways)), None)


def program_missing(name: str, how: str) -> Callable[[], str | None]:
    """A function that says how to get the program, if it is not there."""
    return lambda: None if program(name) else f"not found: {how}"


def python_missing(module: str) -> Callable[[], str | None]:
    """A function that says how to get the Python package, if it is not there."""

    def missing() -> str | None:
        found = importlib.util.find_spec(module) is not None
        return None if found else f"Python package {module} not found: ./run test installs it"

    return missing
