"""The pages: addresses that work, entries that say what is known, nothing that moves by itself."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest

from calfeed.domain.editions import editions
from calfeed.formats import FORMATS
from calfeed.formats.html import PAGE
from tests.formats.html.support import Page, pages
from tests.support import NOW, Values, Workshop, event, later, read, revised

HOSTILE = event(
    "hostile",
    title={"en": "</script><script>alert(1)</script> & {{ 7*7 }}"},
    description={"en": "<img src=x onerror=alert(1)> ]]> <!-- {% raw %}"},
    location={"en": '" autofocus onfocus="alert(1)'},
    date="1991-11-01",
)
SCHOOL = event("school", date="1901", observed="background")
EMBASSY = event("embassy", date="1993-08", observed="background", title={"en": "An embassy"})
NIGHT = event("night", date="1992-02-25/1992-02-26", night="true", tone="mourning")
SET = {"en": "Days", "he": "ימים"}


def page(path: str, *events: Values, **keys: object) -> Page:
    return Page(pages(read(*(events or (event(), HOSTILE, SCHOOL)), **keys))[path])


def test_start_page_gives_the_address_in_full_and_a_button_that_copies_it() -> None:
    found = page("index.html")
    button = found.one("button")
    assert "hidden" in button.attributes  # the script shows it: nobody is offered what does not work
    assert found.one("code", id=button["data-copy"]).text == "https://calfeed.example/calendar.ics"


def test_buttons_subscribe_as_the_programs_want_it() -> None:
    found = {e.text: e["href"] for e in page("categories/history/index.html").all("a", class_="button")}
    address = "https%3A%2F%2Fcalfeed.example%2Fcategories%2Fhistory%2Fcalendar.ics"
    microsoft = f"/calendar/0/addfromweb?url={address}&name=History%20%E2%80%93%20Days%2C%20kept%3B%20by%20us"
    assert found == {
        "Apple Calendar": "webcal://calfeed.example/categories/history/calendar.ics",
        "Google Calendar": "https://calendar.google.com/calendar/r?cid=" + address.replace("https", "webcal", 1),
        "Outlook.com": f"https://outlook.live.com{microsoft}",
        "Microsoft 365": f"https://outlook.office.com{microsoft}",
        "Thunderbird": "webcal://calfeed.example/categories/history/calendar.ics",
    }


@pytest.mark.parametrize("scheme", ["webcal", "https", "http"])
def test_curator_chooses_the_scheme_in_googles_button(scheme: str) -> None:
    found = page("index.html", event(), google_link=scheme)
    (google,) = [e["href"] for e in found.all("a", class_="button") if e.text == "Google Calendar"]
    assert google.endswith(f"?cid={scheme}%3A%2F%2Fcalfeed.example%2Fcalendar.ics")


def test_feeds_of_a_page_are_discovered_from_it() -> None:
    for path, title in {
        "": "Days, kept; by us",
        "categories/history/": "History – Days, kept; by us",
        "events/black-january-1990/": "Black January 1990",
    }.items():
        links = page(f"{path}index.html").all("link", rel="alternate")
        assert {(e["type"], e["title"], e["href"]) for e in links if e["type"] and path in e["href"]} >= {
            ("text/calendar", f"{title} (iCalendar)", f"https://calfeed.example/{path}calendar.ics"),
            ("application/rss+xml", f"{title} (RSS)", f"https://calfeed.example/{path}feed.rss"),
            ("application/atom+xml", f"{title} (Atom)", f"https://calfeed.example/{path}feed.atom"),
            ("application/feed+json", f"{title} (JSON Feed)", f"https://calfeed.example/{path}feed.json"),
        }


def test_every_link_leads_to_something_published_and_every_fragment_to_its_place() -> None:
    found = read(event(), HOSTILE, SCHOOL, EMBASSY, NIGHT, languages=["en", "he"], title=SET)
    shown = revised(found)
    documents = {d.path: d for e in editions(found, shown, NOW) for f in FORMATS for d in f.render(e)}
    for path, document in documents.items():
        if not path.endswith(".html"):
            continue
        for link in Page(b"".join(document.chunks).decode()).addresses:
            address, fragment = urldefrag(urljoin(found.url + path, link))
            if not address.startswith(found.url):
                assert address.startswith(("webcal://calfeed.example/", "https://calendar.", "https://outlook."))
                continue
            target = address.removeprefix(found.url).partition("?")[0]
            target += "index.html" if target.endswith("/") or not target else ""
            assert target in documents, (path, link)
            if fragment:
                there = Page(b"".join(documents[target].chunks).decode())
                assert [e for e in there.elements if e["id"] == fragment], (path, link)


def test_hostile_texts_stay_texts() -> None:
    for path, source in pages(read(event(), HOSTILE)).items():
        if path.endswith(".html"):
            found = Page(source)
            assert {(e["type"], e["src"].partition("?")[0].rpartition("/")[2]) for e in found.all("script")} <= {
                ("application/ld+json", ""),
                ("", "page.js"),
            }
            assert not found.all("img")
            assert not [name for e in found.elements for name in e.attributes if name.startswith("on")]
    found = page("events/hostile/index.html")
    assert found.one("h1").text == "</script><script>alert(1)</script> & {{ 7*7 }}"
    assert found.data["name"] == "</script><script>alert(1)</script> & {{ 7*7 }}"
    assert found.data["about"]["location"]["name"] == '" autofocus onfocus="alert(1)'


def test_pages_hold_no_style_of_their_own_and_ask_no_other_site() -> None:
    for path, source in pages(read(event(), SCHOOL)).items():
        if path.endswith(".html"):
            found = Page(source)
            assert not found.all("style")
            assert not [e for e in found.elements if "style" in e.attributes]
            loaded = [e["src"] for e in found.elements if "src" in e.attributes]
            loaded += [e["href"] for e in found.all("link") if {"stylesheet", "icon"} & set(e["rel"].split())]
            assert all(re.fullmatch(r"(\.\./)*[a-z]+\.(css|js|svg)\?[0-9a-f]{8}", link) for link in loaded)


def test_entry_page_tells_its_date_its_rule_and_what_each_source_says() -> None:
    found = page("events/hostile/index.html")
    assert found.one("p", class_="date").text == "1 November 1991"
    assert "Observed: every year on 1 November" in found.source
    assert (found.one("dt").text, found.one("dd").text.strip()) == ("A report (A publisher, 2023)", "It says so.")


def test_entry_page_has_its_observances_with_their_weekdays_and_marks_those_that_are_over() -> None:
    found = page("events/black-january-1990/index.html").all("li", class_="h-event")
    assert [(e["class"].endswith(" over"), " ".join(e.text.split())) for e in found][1:3] == [
        (True, "Tuesday 20 January 2026 Black January 1990: 36th anniversary"),
        (False, "Wednesday 20 January 2027 Black January 1990: 37th anniversary"),
    ]


def test_an_occurrence_is_next_until_it_is_over() -> None:
    def first_next(now: dt.datetime) -> str:
        found = read(NIGHT, event(date="1990-12-25"))
        start = next(e for e in editions(found, revised(found, now=now), now) if e.path == "")
        (document, *_) = PAGE.render(start)
        return Page(b"".join(document.chunks).decode()).all("li", class_="h-event")[0].text

    assert "Friday 25 – Saturday 26 February 2028" in first_next(dt.datetime(2028, 2, 26, 19, 59, tzinfo=dt.UTC))
    assert "25 December 2028" in first_next(dt.datetime(2028, 2, 26, 20, 0, tzinfo=dt.UTC))


def test_background_entry_has_a_page_without_days_and_nothing_to_subscribe_to() -> None:
    found = page("events/school/index.html")
    assert "not observed: known only to the year" in found.source
    assert not found.all("section", id="subscribe")
    assert not [e for e in found.all("link", rel="alternate") if "events/school/" in e["href"]]
    assert "about" not in found.data  # a year has no first day


def test_pages_of_equal_calendars_are_equal_until_something_is_over() -> None:
    found = read(event(), NIGHT)

    def written(now: dt.datetime) -> list[bytes]:
        shown = revised(found, revised(found).memory, now)
        return [b"".join(d.chunks) for e in editions(found, shown, now) for d in PAGE.render(e)]

    assert written(NOW) == written(later(days=38))
    assert written(NOW) != written(later(days=61))


def test_month_pages_show_this_year_and_the_next_and_what_is_known_to_the_month() -> None:
    found = page("months/08/index.html", event(date="1990-08-20"), EMBASSY)
    assert [" ".join(e.text.split()) for e in found.all("h2")] == [
        "August 2026",
        "August 2027",
        "Known to the month alone",
    ]
    assert "August 1993" in found.source
    assert [e["id"] for e in found.all("li", class_="h-event")] == [
        "d2026-08-20-black-january-1990",
        "d2027-08-20-black-january-1990",
    ]


def test_what_a_calendar_file_left_out_is_said_on_its_page(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    workshop.write(event(), budget={"events": "3"})
    workshop.build()
    assert "4 days are left out of this calendar file" in workshop.files()["index.html"].decode()
    assert len(workshop.events()) == 3


def test_pages_without_a_calendar_of_their_own_lead_to_the_whole_one() -> None:
    for path in ("months/02/", "compose/", "corrections/", "events/school/"):
        links = page(f"{path}index.html").all("link", rel="alternate")
        assert "https://calfeed.example/calendar.ics" in {e["href"] for e in links if e["type"] == "text/calendar"}
        assert "https://calfeed.example/feed.atom" in {e["href"] for e in links if e["type"].endswith("atom+xml")}


def test_linked_data_names_no_day_that_is_disputed_or_inferred() -> None:
    inferred = [
        {"source": "report", "basis": "inferred", "says": {"en": "31st."}, "reasoning": {"en": "Counted."}}
    ]
    for keys in ({"disputed": {"en": "Some say the 19th."}}, {"claims": inferred}):
        found = page("events/black-january-1990/index.html", event(**keys))
        assert "about" not in found.data
    found = page("events/night/index.html", NIGHT)
    assert (found.data["about"]["startDate"], found.data["about"]["endDate"]) == ("1992-02-25", "1992-02-26")
    assert next(e["endDate"] for e in found.data["mentions"]) == "2027-02-26"
    assert not any("location" in e for e in found.data["mentions"])


def test_history_that_is_too_long_for_a_page_says_so() -> None:
    many = [event(f"e{n}", date="1990", observed="background") for n in range(1001)]
    found = page("index.html", event(), *many)
    assert "There are 1002 entries, too many for one page" in found.source
    assert found.addresses.count("./events.csv") == 2
