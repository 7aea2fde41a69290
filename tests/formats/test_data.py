"""events.json: every entry with its claims."""

from __future__ import annotations

import json
from typing import Any

from calfeed.formats.data import render
from tests.support import edition, event, read


def data(*events: dict[str, Any]) -> dict[str, Any]:
    (document,) = render(edition(read(*events)))
    found: dict[str, Any] = json.loads(b"".join(document.chunks))
    return found


def test_background_entries_are_there_without_a_day() -> None:
    (found,) = [
        e
        for e in data(event(), event("school", date="1901", observed="background"))["events"]
        if e["id"] == "school"
    ]
    assert (found["date"], found["date_in_words"], found["occurrences"]) == ("1901", "1901", [])
    assert found["observed_in_words"] == "not observed: known only to the year"


def test_every_claim_stands_with_its_source_basis_and_reasoning() -> None:
    claims = [
        {"source": "report", "basis": "stated", "date": "1990-01-20", "says": {"en": "The 20th."}},
        {
            "source": "report",
            "heading": "A piece",
            "basis": "inferred",
            "date": "1990",
            "says": {"en": "A year."},
            "reasoning": {"en": "From the anniversary it names."},
        },
    ]
    (found,) = data(event(claims=claims, disputed={"en": "They differ."}))["events"]
    assert found["disputed"] == "They differ."
    assert found["claims"][0] == {
        "source": {"key": "report", "title": "A report", "publisher": "A publisher", "published": "2023"},
        "basis": "stated",
        "date": "1990-01-20",
        "says": "The 20th.",
    }
    assert found["claims"][1]["heading"] == "A piece"
    assert found["claims"][1]["reasoning"] == "From the anniversary it names."


def test_occurrences_carry_day_ordinal_and_first_publication() -> None:
    (found,) = data(event())["events"]
    assert found["occurrences"][2] == {
        "uid": "tag:calfeed.example,2026:black-january-1990/2027",
        "title": "Black January 1990: 37th anniversary",
        "dtstart": "2027-01-20",
        "dtend": "2027-01-21",
        "ordinal": 37,
    }
    assert found["occurrences"][1]["first_published"] == "2026-01-19T20:00:00Z"


def test_refused_events_are_in_no_output() -> None:
    refused = [{"what": "A secret of the curators", "source": "report", "why": "no date"}]
    found = edition(read(event(), refused=refused))
    (document,) = render(found)
    assert b"secret of the curators" not in b"".join(document.chunks)


def test_every_entry_says_where_it_belongs() -> None:
    found = data(
        event(),
        event("embassy", date="1993-08", observed="background"),
        event("summer", date="2021-22?", observed="background"),
        event("school", date="1901", observed="background"),
        event("seen", date="1990-02-02", observed="background"),
        event("either", date="[1667,1668]", observed="background"),
    )["events"]
    assert {e["id"]: e["placement"] for e in found} == {
        "black-january-1990": "day",
        "embassy": "month",
        "summer": "month",
        "school": "background",
        "seen": "background",
        "either": "background",
    }
