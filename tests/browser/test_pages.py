"""What a reader of the pages meets: a way in and back, on every screen, and nothing asked of anybody else."""

from __future__ import annotations

from functools import partial

import pytest
from playwright.sync_api import Route

from tests.browser.conftest import Visitor
from tests.browser.driver import DESK, PHONE, Screen
from tests.judges import AXE, require
from tests.judges.axe import axe

PAGES = [
    "",
    "events/republic-1918/",
    "events/year-alone/",
    "categories/history/",
    "months/01/",
    "compose/",
    "he/",
    "he/events/republic-1918/",
]
BOTH_SCREENS = pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])


def test_a_reader_goes_to_an_entry_and_back(visit: Visitor) -> None:
    with visit() as reader:
        page = reader.open().page
        assert page.title() == "Days, kept; by us"
        page.get_by_role("link", name="Republic 1918").first.click()
        page.wait_for_url("**/events/republic-1918/")
        assert page.inner_text("h1") == "Republic 1918"
        page.get_by_role("link", name="Days, kept; by us").first.click()
        page.wait_for_url(reader.origin)
        assert (reader.errors, reader.foreign) == ([], [])


@pytest.mark.parametrize("path", PAGES)
def test_pages_ask_nobody_else_and_keep_to_their_policy(path: str, visit: Visitor) -> None:
    with visit() as reader:
        reader.open(path)
        assert reader.page.inner_text("h1")
        assert (reader.errors, reader.foreign) == ([], [])


@BOTH_SCREENS
@pytest.mark.parametrize("path", PAGES)
def test_pages_fit_the_screen_and_can_be_used_by_everyone(path: str, screen: Screen, visit: Visitor) -> None:
    """In light and in dark colours; axe-core decides every rule."""
    require(AXE)
    with visit(screen=screen) as reader:
        page = reader.open(path).page
        assert reader.sideways() == 0
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours)
            assert axe(page) == [], colours


def test_pages_in_hebrew_run_from_right_to_left(visit: Visitor) -> None:
    with visit(locale="he") as reader:
        heading = reader.open("he/").page.locator("h1")
        assert heading.evaluate("element => getComputedStyle(element).direction") == "rtl"


def test_an_entry_is_printed_on_one_sheet(visit: Visitor) -> None:
    with visit() as reader:
        assert reader.open("events/republic-1918/").sheets() == 1


def test_a_reader_finds_an_event_opens_it_and_copies_its_address(visit: Visitor) -> None:
    with visit() as reader:
        page = reader.open().page
        page.fill("[data-find]", "REPUBLIC 1918")
        shown = page.locator("[data-entry]:visible")
        assert shown.count() == 1
        assert page.inner_text("#found") == "1 / 4"
        shown.get_by_role("link", name="Republic 1918").click()
        page.wait_for_url("**/events/republic-1918/")
        page.click("[data-copy]")
        page.wait_for_function("() => document.querySelector('[data-copy]').textContent === 'Copied'")
        assert reader.clipboard() == "https://calfeed.example/events/republic-1918/calendar.ics"
        assert (reader.errors, reader.foreign) == ([], [])


def test_everything_is_there_without_the_script(visit: Visitor) -> None:
    with visit(scripts=False) as reader:
        page = reader.open().page
        assert page.locator("[data-entry]:visible").count() == 4
        assert page.locator("button:visible, input:visible").count() == 0
        assert page.locator("code:visible", has_text="https://calfeed.example/calendar.ics").count() == 1


@pytest.mark.parametrize("path", ["", "he/"])
def test_a_year_is_printed_on_one_sheet(path: str, visit: Visitor) -> None:
    with visit() as reader:
        assert reader.open(path).sheets() == 1


def test_a_reader_composes_a_calendar_of_two_subjects(visit: Visitor) -> None:
    with visit() as reader:
        page = reader.open("compose/").page
        assert page.inner_text("[role=status]") == "Choose one or more subjects."
        page.check("input[name=people]")
        page.wait_for_selector("[data-result]:visible")
        assert page.inner_text("#address") == "https://calfeed.example/categories/people/calendar.ics"
        page.check("input[name=history]")
        page.wait_for_function("() => document.getElementById('address').textContent.includes('compose')")
        address = "https://calfeed.example/compose/history%2Bpeople/calendar.ics"
        assert page.inner_text("#address") == address
        assert page.inner_text("[role=status]") == "The address is ready."
        links = {link.inner_text(): link.get_attribute("href") for link in page.locator("[data-href]").all()}
        name = "History%2C%20People%20%E2%80%93%20Days%2C%20kept%3B%20by%20us"
        assert links["Apple Calendar"] == address.replace("https", "webcal", 1)
        assert links["Google Calendar"] == (
            "https://calendar.google.com/calendar/r?cid="
            "webcal%3A%2F%2Fcalfeed.example%2Fcompose%2Fhistory%252Bpeople%2Fcalendar.ics"
        )
        assert links["Outlook.com"] == (
            "https://outlook.live.com/calendar/0/addfromweb?url="
            f"https%3A%2F%2Fcalfeed.example%2Fcompose%2Fhistory%252Bpeople%2Fcalendar.ics&name={name}"
        )
        assert (reader.errors, reader.foreign) == ([], [])


def test_a_set_that_is_not_published_is_told_from_a_site_that_is_away(visit: Visitor) -> None:
    with visit() as reader:
        page = reader.open("compose/").page
        for status, subject, told in (
            (404, "people", "This combination is not published here."),
            (503, "history", "The site could not be reached; try again."),
        ):
            page.route("**/calendar.ics", partial(Route.fulfill, status=status))
            for box in page.locator("input[type=checkbox]").all():
                box.set_checked(box.get_attribute("name") == subject)
            page.wait_for_function("t => document.querySelector('[role=status]').textContent === t", arg=told)
            assert page.locator("[data-result]").is_hidden()
