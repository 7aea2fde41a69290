"""events.json: every entry with its claims, as its schema has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from calfeed.domain.editions import editions
from calfeed.domain.model import Calendar
from calfeed.errors import SourceError
from calfeed.formats.data import render, schema
from calfeed.storage.files import read_translations
from calfeed.storage.source import read_calendar
from tests.judges import JSON_SCHEMA, Complaint, require
from tests.judges.schemas import held_against
from tests.support import NOW, REPOSITORY, edition, event, read, revised

HOSTILE = ["=1+1", "]]></script>", '"\\u0000', "null", "a\nb", "שָׁ\u200f", "👩‍👩‍👧", "{{7*7}}", "'"]
TEXTS = st.sampled_from(HOSTILE) | st.text('aə"\\<&;,=+-@ ', min_size=1, max_size=30).filter(str.strip)
RICH = event(
    "rich",
    title={"en": "Rich", "he": "עשיר"},
    kind="founding",
    day_itself="true",
    date="1977-02-25/1977-02-26",
    night="true",
    location={"en": "Khojaly"},
    url="https://elsewhere.example/rich",
    disputed={"en": "They differ."},
    claims=[
        {
            "source": "known",
            "heading": "A piece",
            "basis": "inferred",
            "date": "1992",
            "says": {"en": "So."},
            "reasoning": {"en": "Hence."},
        },
        {"source": "report", "basis": "stated", "says": {"en": "It says so."}},
    ],
)
SOURCES = {
    "report": {"title": "A report", "publisher": "A publisher", "published": "2023"},
    "known": {"title": "Known", "url": "https://known.example/", "note": {"en": "N."}, "cited": {"en": "All"}},
}


def documents(calendar: Calendar) -> Iterator[dict[str, Any]]:
    """events.json of every language."""
    for found in editions(calendar, revised(calendar), NOW):
        if found.selection.kind == "all":
            yield json.loads(b"".join(next(iter(render(found))).chunks))


def rich() -> Calendar:
    """Two languages, of which the second lacks much, and a value for every member there is but `withdrawn`."""
    categories = {"history": {"title": {"en": "History"}, "color": "maroon"}, "empty": {"title": {"en": "Empty"}}}
    return read(
        RICH,
        event("school", date="1901", observed="background"),
        languages=["en", "he"],
        categories=categories,
        sources=SOURCES,
    )


def closed(node: Any) -> Any:
    """A schema that lets no member stand that it does not name."""
    if isinstance(node, list):
        return [closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    found = {name: closed(value) for name, value in node.items()}
    return {**found, "additionalProperties": False} if isinstance(node.get("properties"), dict) else found


CLOSED = closed(schema("https://calfeed.example/"))


def check(found: dict[str, Any], against: dict[str, Any] = CLOSED) -> None:
    validator = Draft202012Validator(against, format_checker=Draft202012Validator.FORMAT_CHECKER)
    validator.validate(found)


def members(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(members, node))
    return set(node).union(*map(members, node.values())) if isinstance(node, dict) else set()


def described(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every member that the schema names, and what it says of it."""
    if isinstance(node, list):
        for item in node:
            yield from described(item)
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield from node["properties"].items()
        for value in node.values():
            yield from described(value)


def test_the_schema_is_one_and_describes_every_member() -> None:
    Draft202012Validator.check_schema(CLOSED)
    assert CLOSED["$id"] == "https://calfeed.example/events.schema.json"
    assert CLOSED["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for name, member in described(CLOSED):
        assert len(member["description"]) > 5, name


def test_the_documentation_explains_every_member() -> None:
    explained = (REPOSITORY / "docs" / "formats.md").read_text(encoding="utf-8")
    for name, _ in described(CLOSED):
        assert f"`{name}`" in explained, name


def test_every_member_of_the_schema_is_written_and_no_other() -> None:
    found = list(documents(rich()))
    for each in found:
        check(each)
    assert {name for name, _ in described(CLOSED)} - {"on"} <= members(found)


def test_a_misspelt_missing_or_empty_member_is_no_valid_data() -> None:
    (good, _) = documents(rich())
    for bad in (
        {**good, "titel": "x"},
        {name: value for name, value in good.items() if name != "events"},
        {**good, "timezone": None},
        {**good, "events": [{**good["events"][0], "occurences": []}]},
    ):
        assert not Draft202012Validator(CLOSED).is_valid(bad)


def test_further_members_may_come() -> None:
    (good, _) = documents(rich())
    check({**good, "novelty": 1}, schema("https://calfeed.example/"))


def test_the_real_calendar_is_as_the_schema_has_it_in_every_language() -> None:
    file = REPOSITORY / "events.yaml"
    calendar = read_calendar(file.read_bytes(), file="events.yaml", translations=read_translations(file)).calendar
    found = list(documents(calendar))
    assert [each["language"] for each in found] == list(calendar.languages)
    for each in found:
        check(each)
        assert "untranslated" not in members(each)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, min_size=5, max_size=5), st.sampled_from(["1990-01-20", "1901", "-0043-03-15", "1992-08"]))
def test_hostile_texts_stay_texts(texts: list[str], date: str) -> None:
    title, description, location, says, name = texts
    observed = "annual" if date == "1990-01-20" else "background"
    told = event(
        title={"en": title},
        description={"en": description},
        location={"en": location},
        date=date,
        observed=observed,
        claims=[{"source": "report", "basis": "stated", "says": {"en": says}}],
    )
    try:
        calendar = read(told, title={"en": name})
    except SourceError:
        reject()
    for each in documents(calendar):
        check(each)
        assert each["events"][0]["claims"][0]["says"] == says.strip()


def test_a_second_program_reads_the_schema_and_the_data_so(tmp_path: Path) -> None:
    require(JSON_SCHEMA)
    (tmp_path / "schema.json").write_text(json.dumps(CLOSED), encoding="utf-8")
    paths = [tmp_path / f"{language}.json" for language in ("en", "he")]
    for path, found in zip(paths, documents(rich()), strict=True):
        path.write_text(json.dumps(found), encoding="utf-8")
    held_against(tmp_path / "schema.json", paths)
    paths[0].write_text(paths[0].read_text(encoding="utf-8").replace('"tone"', '"tune"'), encoding="utf-8")
    with pytest.raises(Complaint, match="tune"):
        held_against(tmp_path / "schema.json", paths)


def test_the_schema_is_published_once_beside_the_first_language() -> None:
    calendar = rich()
    found = [document.path for each in editions(calendar, revised(calendar), NOW) for document in render(each)]
    assert found == ["events.json", "events.schema.json", "he/events.json"]
    (document,) = [d for d in render(edition(calendar)) if d.path == "events.schema.json"]
    written = json.loads(b"".join(document.chunks))
    first, *_ = documents(calendar)
    assert first["$schema"] == written["$id"] == "https://calfeed.example/events.schema.json"
    check(first, written)


def test_what_has_no_translation_is_named_where_it_stands() -> None:
    _, found = documents(rich())
    entry = found["events"][0]
    assert found["untranslated"] == ["title", "description"]
    assert [category["untranslated"] for category in found["categories"]] == [["title"], ["title"]]
    assert entry["untranslated"] == ["description", "location", "disputed"]
    assert entry["claims"][0]["untranslated"] == ["says", "reasoning"]
    assert entry["claims"][0]["source"]["untranslated"] == ["citation", "note"]
    assert "untranslated" not in entry["claims"][1]["source"]


def test_only_what_has_a_day_has_calendars_and_feeds() -> None:
    _, found = documents(rich())
    history, empty = found["categories"]
    assert history["url"] == "https://calfeed.example/he/categories/history/"
    assert history["addresses"]["jcal"] == "https://calfeed.example/he/categories/history/calendar.jcal"
    assert history["color"] == {"name": "maroon", "hex": "#800000"}
    assert empty.keys() == {"slug", "title", "untranslated"}
    with_days, without = found["events"]
    assert with_days["addresses"]["rss"] == "https://calfeed.example/he/events/rich/feed.rss"
    assert "addresses" not in without


def data(*events: dict[str, Any]) -> dict[str, Any]:
    document, _ = render(edition(read(*events)))
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
        "source": {
            "key": "report",
            "title": "A report",
            "publisher": "A publisher",
            "published": "2023",
            "citation": "A report (A publisher, 2023)",
        },
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
    for document in render(edition(read(event(), refused=refused))):
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
