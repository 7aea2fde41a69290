"""A Chromium of the system, driven by Playwright: what a reader sees, and what the browser had to say about it.

Playwright's package for Python drives it, since a test then says in Python what a reader does, and no protocol
between two programs is ours to keep. Its own browsers are never downloaded. Names of other machines do not resolve
in this browser, so what a page asks of them is seen in `Visit.requests` and leaves this machine no further.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from tests.judges import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

ARGUMENTS = (
    "--no-sandbox",  # CI is root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
PATIENCE = 15_000  # milliseconds until a page counts as stuck


@dataclass(frozen=True)
class Screen:
    """What a page is shown on: CSS pixels, and whether it is touched."""

    width: int
    height: int
    touch: bool = False


DESK = Screen(1280, 900)
PHONE = Screen(360, 740, touch=True)


@dataclass
class Visit:
    """One reader's tab: `page` is Playwright's own, the rest is what was noticed since the tab was opened."""

    page: Page
    origin: str
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, path: str = "") -> Visit:
        """Go to an address of the site and wait until everything of it is there."""
        self.page.goto(urljoin(self.origin, path), wait_until="load")
        return self

    @property
    def foreign(self) -> list[str]:
        """Every request that was meant for another origin; data: and blob: ask nobody."""
        own = urlsplit(self.origin)[:2]
        split = [(url, urlsplit(url)) for url in self.requests]
        return [url for url, parts in split if parts[:2] != own and parts.scheme not in ("data", "blob", "about")]

    @property
    def violations(self) -> list[str]:
        """Every error by which the browser said that the page breaks its own Content Security Policy."""
        return [error for error in self.errors if "Content Security Policy" in error]

    def clipboard(self) -> str:
        """The text that was copied last."""
        self.page.bring_to_front()
        text: str = self.page.evaluate("navigator.clipboard.readText()")
        return text

    def sideways(self) -> int:
        """How many CSS pixels the page is wider than the screen it is shown on."""
        wider: int = self.page.evaluate(
            "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
        )
        return wider

    def sheets(self) -> int:
        """On how many sheets of A4 the page is printed."""
        return len(re.findall(rb"/Type\s*/Page\b", self.page.pdf(format="A4")))


@contextmanager
def running() -> Iterator[Browser]:
    """One Chromium, with a profile of its own that is gone afterwards; it takes more than a second to start."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visiting(
    browser: Browser,
    origin: str,
    *,
    screen: Screen = DESK,
    dark: bool = False,
    locale: str = "en",
    scripts: bool = True,
) -> Iterator[Visit]:
    """A reader without a past, who lets the site use the clipboard; `scripts=False` has none run."""
    context = browser.new_context(
        viewport={"width": screen.width, "height": screen.height},
        has_touch=screen.touch,
        is_mobile=screen.touch,
        color_scheme="dark" if dark else "light",
        locale=locale,
        java_script_enabled=scripts,
    )
    context.set_default_timeout(PATIENCE)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
    try:
        yield _watched(Visit(context.new_page(), origin))
    finally:
        context.close()


def _watched(visit: Visit) -> Visit:
    def said(message: ConsoleMessage) -> None:
        address = message.location["url"]
        if message.type in ("error", "warning") and not address.endswith("/favicon.ico"):  # asked for by nobody
            visit.errors.append(f"{message.type}: {message.text} ({address})")

    visit.page.on("console", said)
    visit.page.on("pageerror", lambda error: visit.errors.append(f"exception: {error}"))
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    return visit
