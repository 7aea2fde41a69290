"""The version is part of what is compiled: without another one nothing is built after an upgrade."""

from __future__ import annotations

from calfeed import __version__
from calfeed.formats import COMPOSED, FORMATS
from calfeed.storage import ledger

# What this version writes. Whoever adds a format, or changes the ledger's, raises the version and writes all three
# down here; else a calendar that nobody edits keeps, after the upgrade, what the version before wrote.
VERSION = "0.2.0"
LEDGER = 2
NAMES = [
    "iCalendar",
    "iCalendar with alarms",
    "jCal",
    "RSS 2.0",
    "Atom",
    "JSON Feed 1.1",
    "Corrections (Atom)",
    "events.json",
    "categories.json",
    "CSV",
    "OPML 2.0",
    "Sitemap",
    "HTML",
    "iCalendar",
]


def test_formats_and_ledger_are_those_that_were_remembered_with_the_version() -> None:
    found = [format_.name for format_ in (*FORMATS, *COMPOSED)]
    assert (found, ledger.FORMAT, __version__) == (NAMES, LEDGER, VERSION), (
        "raise __version__, and remember all three"
    )
