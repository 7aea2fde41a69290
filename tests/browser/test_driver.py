"""The browser is judged: it tells of every planted mistake, on pages of our own making, served on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.driver import PHONE, visiting
from tests.judges import AXE, Complaint, require
from tests.judges.axe import axe
from tests.loopback import Asked, Reply, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>T</title>'
    '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
    "<style>@media (prefers-color-scheme: dark) {{ body {{ background: #222; color: #fff; }} {dark} }}"
    "</style></head><body><main><h1>Title</h1>{body}</main></body></html>"
)
COPY = """<code id="address">https://calfeed.example/calendar.ics</code>
<button type="button" data-copy="address">Copy</button>
<script>document.querySelector("[data-copy]").addEventListener("click", ({ target }) => {
  navigator.clipboard.writeText(document.getElementById(target.dataset.copy).textContent);
  target.textContent = "Copied";
});</script>"""
PAGES = {
    "/good": ("<p>Nothing is wrong here.</p>", ""),
    "/foreign": ('<img src="https://pictures.example/x.png" alt="A picture">', ""),
    "/exception": ("<script>throw new Error('planted')</script>", ""),
    "/console": ("<script>console.warn('planted')</script>", ""),
    "/lost": ('<img src="/lost.png" alt="A picture">', ""),
    "/wide": ('<p style="width: 50rem">Wide.</p>', ""),
    "/alt": ('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">', ""),
    "/dark": ("<p>Grey.</p>", "p { color: #333; }"),
    "/long": ('<p style="break-after: page">One.</p>' * 2 + "<p>Three.</p>", ""),
    "/copy": (COPY, ""),
    "/policy": ("<script>document.title = 'ran'</script>", ""),
}


@pytest.fixture(scope="module")
def planted() -> Iterator[str]:
    """The address of a site on which every page but the first has one mistake."""

    def answer(asked: Asked) -> Reply:
        if asked.path not in PAGES:
            return Reply(404)
        body, dark = PAGES[asked.path]
        policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:"}
        fields = {"Content-Type": "text/html; charset=utf-8", **(policy if asked.path == "/policy" else {})}
        return Reply(200, PAGE.format(body=body, dark=dark).encode(), fields)

    with serving(answer) as server:
        yield server.url


def test_browser_has_nothing_to_say_of_a_good_page(browser: Browser, planted: str) -> None:
    with visiting(browser, planted, screen=PHONE) as visit:
        visit.open("good")
        assert visit.page.inner_text("h1") == "Title"
        assert (visit.errors, visit.foreign, visit.sideways(), visit.sheets()) == ([], [], 0, 1)
        assert visit.requests == [f"{planted}good"]


@pytest.mark.parametrize(
    ("path", "word"),
    [("exception", "planted"), ("console", "planted"), ("lost", "404"), ("policy", "Content Security Policy")],
)
def test_browser_tells_of_errors(browser: Browser, planted: str, path: str, word: str) -> None:
    with visiting(browser, planted) as visit:
        visit.open(path)
        assert any(word in error for error in visit.errors)
        assert bool(visit.violations) == (path == "policy")
        assert visit.page.title() == "T"


def test_request_to_another_machine_is_seen_and_goes_nowhere(browser: Browser, planted: str) -> None:
    with visiting(browser, planted) as visit:
        visit.open("foreign")
        assert visit.foreign == ["https://pictures.example/x.png"]
        assert any("ERR_NAME_NOT_RESOLVED" in error for error in visit.errors)


def test_page_wider_than_a_phone_is_noticed(browser: Browser, planted: str) -> None:
    with visiting(browser, planted, screen=PHONE) as visit:
        assert visit.open("wide").sideways() > 300


def test_sheets_of_paper_are_counted(browser: Browser, planted: str) -> None:
    with visiting(browser, planted) as visit:
        assert visit.open("long").sheets() == 3


def test_what_a_button_copies_is_read_from_the_clipboard(browser: Browser, planted: str) -> None:
    with visiting(browser, planted) as visit:
        button = visit.open("copy").page.locator("[data-copy]")
        button.click()
        visit.page.get_by_text("Copied").wait_for()
        assert visit.clipboard() == "https://calfeed.example/calendar.ics"


def test_scripts_can_be_turned_off(browser: Browser, planted: str) -> None:
    with visiting(browser, planted, scripts=False) as visit:
        assert visit.open("exception").errors == []


def test_axe_is_content_with_a_good_page_and_names_what_is_lacking(browser: Browser, planted: str) -> None:
    require(AXE)
    with visiting(browser, planted) as visit:
        assert axe(visit.open("good").page) == []
        with pytest.raises(Complaint, match="image-alt"):
            axe(visit.open("alt").page)


def test_axe_sees_colours_that_only_a_dark_screen_shows(browser: Browser, planted: str) -> None:
    require(AXE)
    with visiting(browser, planted) as visit:
        axe(visit.open("dark").page)
        visit.page.emulate_media(color_scheme="dark")
        with pytest.raises(Complaint, match="color-contrast"):
            axe(visit.page)
