"""Fixtures: one Chromium for all tests of this folder, and a small site that the real server serves.

The browser ends with the last of these tests: while it runs, its driver holds the event loop of this thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.browser.driver import Visit, running, visiting
from tests.judges import CHROMIUM, require
from tests.serve.support import Server
from tests.support import Workshop, calendar, event

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Visitor = Callable[..., AbstractContextManager[Visit]]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A Chromium without a past."""
    require(CHROMIUM)
    with running() as started:
        yield started


@pytest.fixture(scope="package")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a calendar in a language from left to right and one from right to left."""
    categories = {"history": {"title": {"en": "History"}}, "people": {"title": {"en": "People", "he": "אנשים"}}}
    values = calendar(*_events(), languages=["en", "he"], categories=categories)
    workshop = Workshop(tmp_path_factory.mktemp("browser"), values)
    workshop.build()
    with Server(workshop.site, workshop.folder / "serve").running() as server:
        yield f"http://127.0.0.1:{server.port}/"


@pytest.fixture
def visit(browser: Browser, origin: str) -> Visitor:
    """A function that opens a tab on that calendar, as `tests.browser.driver.visiting` does."""
    return partial(visiting, browser, origin)


def _events() -> list[dict[str, object]]:
    long = "Days that are told of at some length, so that a line has to end before the edge of a phone. "
    return [
        event(),
        event("republic-1918", date="1918-05-28", description={"en": long * 5, "he": "יום הרפובליקה"}),
        event("year-alone", date="1918", observed="background"),
        event("birth-1908", date="1908-01-22", categories=["people"]),
    ]
