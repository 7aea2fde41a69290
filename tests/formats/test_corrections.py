"""The feed of corrections: each change once, in its order, in the words of its readers, and nothing withheld."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calfeed.domain.corrections import ToldCorrection, corrections_of
from calfeed.domain.editions import editions
from calfeed.domain.memory import Memory
from calfeed.domain.model import Calendar, Edition
from calfeed.domain.revisions import Revised
from calfeed.formats.corrections import render
from calfeed.storage.ledger import Ledger, parse_ledger
from tests.judges import FEED_JUDGES, Judge, ReadItem, require
from tests.support import NOW, Values, Workshop, calendar, event, later, read, revised, verify

A = "{http://www.w3.org/2005/Atom}"
OTHER = event("other", date="1991-12-25")
LETTER = {
    "report": {"title": "A report"},
    "letter": {"title": "A letter", "publisher": "The town", "published": "1990"},
}
NOTE = {
    "id": "black-january-1990",
    "on": "2026-11-23",
    "why": {"en": "The letter is older & <b>better</b>.", "az": "Məktub daha köhnədir."},
    "source": "letter",
}


def lives(*states: Values, path: str = "", now: dt.datetime | None = None) -> Edition:
    """The edition of a path after builds a day apart; each state is a whole events.yaml."""
    memory: Memory | None = None
    for day, state in enumerate(states):
        found = read(*state["events"], **{key: value for key, value in state.items() if key != "events"})
        result = revised(found, memory, later(days=day))
        memory = parse_ledger(ledger(result.memory), "ledger.json")[1]
    return next(e for e in editions(found, result, now or later(days=len(states))) if e.path == path)


def ledger(memory: Memory) -> bytes:
    return bytes(Ledger(Path("ledger.json"), None, None).written(memory, version="0", inputs="", next_due=NOW))


def state(*events: Values, **keys: object) -> Values:
    return {**calendar(*events, OTHER, sources=LETTER), **keys}


def feed(shown: Edition) -> bytes:
    (document,) = render(shown)
    return b"".join(document.chunks)


def contents(shown: Edition) -> list[str]:
    return [content.text or "" for content in ET.fromstring(feed(shown)).iter(f"{A}content")]


EDITED = event(
    title={"en": "R&D <b>bold</b> ]]> {{ 7*7 }}"},
    date="1990-01-19/1990-01-20",
    night="true",
    tone="mourning",
    description={"en": '<script>alert(1)</script> & ]]> "quoted"\nsecond line'},
)
HISTORY = (state(event()), state(EDITED, corrections=[NOTE]), state(corrections=[NOTE]))


@pytest.mark.parametrize("judge", FEED_JUDGES, ids=lambda judge: judge.name)
def test_readers_find_what_was_changed_newest_first(judge: Judge[ReadItem], tmp_path: Path) -> None:
    require(judge)
    path = tmp_path / "feed.atom"
    path.write_bytes(feed(lives(*HISTORY)))
    withdrawn, corrected = judge.read(path)
    assert withdrawn.title == "R&D <b>bold</b> ]]> {{ 7*7 }}: withdrawn"
    assert corrected.title == "R&D <b>bold</b> ]]> {{ 7*7 }}: corrected"
    assert corrected.id == "tag:calfeed.example,2026:corrections/black-january-1990/20261123T060000Z"
    assert (corrected.published, corrected.updated) == (later(days=1), later(days=1))
    assert corrected.link == "https://calfeed.example/events/black-january-1990/"


def test_content_tells_before_and_now_in_words_and_the_reason_with_its_source() -> None:
    withdrawn, corrected = contents(lives(*HISTORY))
    assert withdrawn == (
        "<p>This entry was withdrawn on Tuesday 24 November 2026. It has left the common calendars and feeds.</p>"
    )
    told = corrected.removesuffix("</p>").split("</p>")
    assert told[0].startswith("<p><strong>Days</strong><br>Before: <del>Monday 20 January 2025; Tuesday 20")
    assert told[1:] == [
        "<p><strong>Title</strong><br>Before: <del>Black January 1990</del><br>"
        "Now: <ins>R&amp;D &lt;b&gt;bold&lt;/b&gt; ]]&gt; {{ 7*7 }}</ins>",
        "<p><strong>Date</strong><br>Before: <del>20 January 1990</del><br>"
        "Now: <ins>the night of 19–20 January 1990</ins>",
        "<p><strong>Description</strong><br>"
        "Before: <del>What happened, in the words of the curator of black-january-1990.</del><br>"
        "Now: <ins>&lt;script&gt;alert(1)&lt;/script&gt; &amp; ]]&gt; &quot;quoted&quot;<br>second line</ins>",
        "<p><strong>How it is kept</strong><br>Before: <del>neutral</del><br>Now: <ins>mourning</ins>",
        "<p><strong>Why:</strong> The letter is older &amp; &lt;b&gt;better&lt;/b&gt;. "
        "– A letter (The town, 1990)",
    ]


def test_claims_are_told_with_their_source_and_rules_in_words() -> None:
    claim = {"source": "letter", "basis": "stated", "says": {"en": "It says so."}, "date": "1990-01-20"}
    report = {"source": "report", "basis": "stated", "says": {"en": "It says so."}}
    rule = {"rule": "annual", "until": "2040"}
    (told,) = contents(
        lives(
            state(event()),
            state(
                event(claims=[claim, report], observed=rule, categories=["history", "army"]), categories=CATEGORIES
            ),
        )
    )
    assert (
        "<strong>Observed</strong><br>Before: <del>every year on 20 January</del><br>"
        "Now: <ins>every year on 20 January, until 2040</ins>"
    ) in told
    assert "<strong>What a source says – A letter (The town, 1990)</strong><br>Now: <ins>It says so.</ins>" in told
    assert "<strong>Date given by a source – A letter (The town, 1990)</strong><br>Now: <ins>20 Jan" in told
    assert "<strong>Subjects</strong><br>Before: <del>History</del><br>Now: <ins>The army, History</ins>" in told


CATEGORIES = {"history": {"title": {"en": "History"}}, "army": {"title": {"en": "The army"}}}


def test_each_language_has_its_own_feed_in_its_own_words() -> None:
    both = {"languages": ["en", "az", "he"]}
    before = event(title={"en": "Black January", "az": "Qara yanvar"})
    english = event(title={"en": "January", "az": "Qara yanvar"})
    azeri = event(title={"en": "January", "az": "20 Yanvar"})
    states = [state(e, **both) for e in (before, english)] + [state(azeri, corrections=[NOTE], **both)]
    assert [c.at for c in corrections_of(lives(*states))] == [later(days=1)]
    assert [c.at for c in corrections_of(lives(*states, path="az/"))] == [later(days=2)]
    (told,) = contents(lives(*states, path="az/"))
    assert told == (
        "<p><strong>Başlıq</strong><br>Əvvəl: <del>Qara yanvar</del><br>İndi: <ins>20 Yanvar</ins></p>"
        "<p><strong>Səbəb:</strong> Məktub daha köhnədir. – A letter (The town, 1990-cı il)</p>"
    )
    (hebrew,) = contents(lives(*states, path="he/"))
    assert '<p dir="rtl"><strong>כותרת</strong><br>קודם: (באנגלית) <span lang="en" dir="ltr"><del>Black' in hebrew
    ids = {ET.fromstring(feed(lives(*states, path=p))).findtext(f"{A}id") for p in ("", "az/", "he/")}
    assert ids == {f"tag:calfeed.example,2026:corrections{tag}" for tag in ("", ":az", ":he")}


def test_readers_of_a_translation_are_told_of_what_was_wrong_before_it_is_mended() -> None:
    """A change that the curator gave a reason for is told in the first language's words, once."""
    both = {"languages": ["en", "az"]}
    before = state(event(title={"en": "613 dead", "az": "613 ölü"}), **both)
    wrong = state(event(title={"en": "614 dead", "az": "613 ölü"}), **both)
    assert contents(lives(before, wrong, path="az/")) == []
    (told,) = contents(lives(before, {**wrong, "corrections": [NOTE]}, path="az/"))
    assert "<del>613 dead</del>" in told
    assert 'lang="en"' in told
    mended = state(event(title={"en": "614 dead", "az": "614 ölü"}), corrections=[NOTE], **both)
    newest, _ = contents(lives(before, {**wrong, "corrections": [NOTE]}, mended, path="az/"))
    assert "<ins>614 ölü</ins>" in newest


def test_note_that_came_later_moves_the_entry_up_and_keeps_its_identity() -> None:
    other = state(event(title={"en": "B"}), title={"en": "Days"})
    edited = {**other, "events": [event(title={"en": "B"}), OTHER | {"tone": "mourning"}]}
    noted = {**edited, "corrections": [NOTE]}
    before, after = lives(state(event()), other, edited), lives(state(event()), other, edited, noted)
    assert [c.event for c in corrections_of(before)] == ["other", "black-january-1990"]
    found = corrections_of(after)
    assert [c.event for c in found] == ["black-january-1990", "other"]
    assert (found[0].uid, found[0].at) == (corrections_of(before)[1].uid, later(days=1))
    assert found[0].updated == later(days=3)


def test_date_of_the_feed_does_not_fall_though_the_clock_went_back_a_little() -> None:
    first = revised(read(event(), OTHER))
    changed = read(event(tone="mourning"), OTHER)
    second = revised(changed, first.memory, later(minutes=-1))
    shown = next(editions(changed, second, later(minutes=-1)))
    assert [correction.updated for correction in corrections_of(shown)] == [later(minutes=-1)]
    assert ET.fromstring(feed(shown)).findtext(f"{A}updated") == "2026-11-22T06:00:00+00:00"


def test_first_build_has_a_feed_without_entries_that_can_be_followed(tmp_path: Path) -> None:
    shown = lives(state(event(), hub="https://hub.example/"))
    found = ET.fromstring(feed(shown))
    assert found.findtext(f"{A}updated") == "2026-11-22T06:00:00+00:00"
    assert found.findtext(f"{A}title") == "Days, kept; by us: corrections"
    assert {link.get("rel"): link.get("href") for link in found.findall(f"{A}link")} == {
        "self": "https://calfeed.example/corrections/feed.atom",
        "alternate": "https://calfeed.example/corrections/",
        "hub": "https://hub.example/",
    }
    verify("corrections/feed.atom", feed(shown), None)
    path = tmp_path / "feed.atom"
    path.write_bytes(feed(shown))
    for judge in FEED_JUDGES:
        if judge.missing() is None:
            assert judge.read(path) == []


def test_only_the_newest_corrections_are_kept() -> None:
    states = [state(event(title={"en": str(number)}), feed_items="2") for number in range(5)]
    shown = lives(*states)
    assert [entry.findtext(f"{A}title") for entry in ET.fromstring(feed(shown)).iter(f"{A}entry")] == [
        "4: corrected",
        "4: corrected",
    ]
    assert len(corrections_of(shown)) == 4


def test_corrections_over_the_budget_are_left_out_with_a_warning() -> None:
    texts = ["x" * 3000, "y" * 3000] * 4
    states = [state(event(description={"en": text}), budget={"events": "10", "bytes": "20000"}) for text in texts]
    (document,) = render(lives(*states))
    assert len(b"".join(document.chunks)) <= 20000
    assert document.warnings == (
        "corrections/feed.atom: 5 of 7 items are over the budget and left out; lower `feed_items`",
    )


def test_event_and_category_tell_of_their_own_corrections_alone() -> None:
    categories = {"history": {"title": {"en": "History"}}, "past": {"title": {"en": "Past"}}}
    past = OTHER | {"categories": ["past"]}
    states = [
        {**calendar(event(title={"en": title}), past | {"tone": tone}), "categories": categories}
        for title, tone in (("A", "neutral"), ("B", "mourning"))
    ]
    found = {path: {c.event for c in corrections_of(lives(*states, path=path))} for path in PATHS}
    assert list(found.values()) == [{"black-january-1990", "other"}, {"other"}, {"black-january-1990"}, {"other"}]


PATHS = ("", "categories/past/", "events/black-january-1990/", "events/other/")


def test_line_that_calfeed_has_no_words_for_stands_for_itself() -> None:
    before = event(categories=["history", "gone"])
    states = [
        state(before, categories={"history": {"title": {"en": "H"}}, "gone": {"title": {"en": "Gone"}}}),
        state(event(), categories={"history": {"title": {"en": "H"}}}),
    ]
    assert "Before: <del>gone history</del><br>Now: <ins>H</ins>" in contents(lives(*states))[0]


# Withheld

NAME = "Zvezdana Qoriqova"
WITHHELD = [{"id": "visit", "on": "2026-11-24", "why": {"en": "A name was not ours to tell."}, "withhold": "true"}]


def visit(name: str) -> Values:
    return event(
        "visit",
        title={"en": f"A visit by {name}", "az": f"{name} gəlir"},
        description={"en": f"{name} came."},
        location={"en": f"House of {name}"},
        claims=[{"source": "report", "basis": "stated", "says": {"en": f"It names {name}."}}],
    )


@pytest.mark.parametrize("end", ["edited", "withdrawn"])
def test_withheld_words_are_nowhere_in_the_release(end: str, workshop: Workshop) -> None:
    workshop.write(event(), visit("somebody"), languages=["en", "az"])
    workshop.build()
    workshop.write(event(), visit(NAME))
    workshop.build(later(days=1))
    assert any(NAME.encode() in data for data in workshop.files().values())
    workshop.write(event(), *([visit("nobody")] if end == "edited" else []), corrections=WITHHELD)
    workshop.build(later(days=2))
    found = [name for name, data in workshop.files().items() if NAME.encode() in data or b"Qoriqova" in data]
    assert found == []
    told = workshop.files()["corrections/feed.atom"].decode()
    assert "A name was not ours to tell." in told
    assert "Before: not repeated" in told
    if end == "withdrawn":
        (last,) = workshop.events("events/visit/calendar.ics").values()
        assert last.summary == "visit (withdrawn) 2026"


# The law: whatever is edited, and in whichever order

STEP = st.fixed_dictionaries(
    {
        "there": st.booleans() | st.just(True),
        "title": st.sampled_from(["A", "B"]),
        "az": st.sampled_from([None, "C", "D"]),
        "tone": st.sampled_from(["neutral", "mourning"]),
        "location": st.sampled_from([None, "Baku"]),
        "note": st.booleans(),
        "withhold": st.booleans(),
    }
)
ORDER = ["withdrawn", "restored", "title", "location", "tone"]
LANGUAGES = st.sampled_from([["en", "az"], ["en", "az", "he"], ["en"]])


def events_of(step: Values) -> list[Values]:
    if not step["there"]:
        return []
    title = {"en": step["title"], **({"az": step["az"]} if step["az"] else {})}
    location = {"en": step["location"]} if step["location"] else None
    return [event(title=title, tone=step["tone"], location=location)]


def differences(before: Values, now: Values, language: str) -> list[str]:
    found = []
    own = language == "az" and before["az"] and now["az"]
    if (before["az"] != now["az"]) if own else (before["title"] != now["title"]):
        found.append("title")
    found += ["location"] if before["location"] != now["location"] else []
    return found + (["tone"] if before["tone"] != now["tone"] else [])


def expected(steps: list[Values], language: str) -> list[tuple[dt.datetime, list[str]]]:
    """What a reader was told, by a model that knows nothing of ledgers."""
    found, last, there, heeded, forgotten = [], None, False, False, False
    for day, step in enumerate(steps):
        told: list[str] = []
        heeded = heeded or (step["note"] and step["withhold"])
        if step["there"]:
            told = [] if there or last is None else ["restored"]
            told += differences(last, step, language) if last is not None and not forgotten else []
            last, forgotten = step, False
        elif there:
            told = ["withdrawn"]
        there = step["there"]
        forgotten = forgotten or (heeded and not there)
        found += [(later(days=day), told)] if told else []
    return found


def noted(day: int, step: Values) -> Values:
    on, why = f"2027-01-{day + 1:02}", {"en": "So."}
    return {"id": "black-january-1990", "on": on, "why": why, "withhold": step["withhold"]}


def documents(found: Calendar, result: Revised) -> dict[str, bytes]:
    """What is published of the corrections, by path."""
    whole = [e for e in editions(found, result, later(days=9)) if e.selection.kind == "all"]
    return {document.path: b"".join(document.chunks) for e in whole for document in render(e)}


def seen(corrections: tuple[ToldCorrection, ...]) -> list[tuple[dt.datetime, list[str]]]:
    return sorted((c.at, [str(a.what) for a in c.amendments]) for c in corrections if c.amendments)


@settings(max_examples=150, deadline=None)
@given(st.lists(STEP, min_size=1, max_size=7))
def test_feed_tells_every_change_once_and_equal_states_are_equal_bytes(steps: list[Values]) -> None:
    memory: Memory | None = None
    log: list[Values] = []
    for day, step in enumerate(steps):
        if step["note"]:
            log.append(noted(day, step))
        found = read(*events_of(step), OTHER, languages=["en", "az"], corrections=list(log))
        result = revised(found, memory, later(days=day))
        again = revised(found, result.memory, later(days=day, hours=3))
        assert ledger(again.memory) == ledger(result.memory)
        assert documents(found, again) == documents(found, result)
        memory = parse_ledger(ledger(result.memory), "ledger.json")[1]
        assert memory == result.memory
    shown = {e.language: e for e in editions(found, result, later(days=9)) if e.selection.kind == "all"}
    assert seen(corrections_of(shown["en"])) == expected(steps, "en")
    azeri = corrections_of(shown["az"])
    own = dict(expected(steps, "az"))
    assert own.keys() <= {c.at for c in azeri}
    for correction in (c for c in azeri if c.amendments):
        told = [str(a.what) for a in correction.amendments]
        more = ["title"] if correction.notes and "title" not in own.get(correction.at, []) else []
        assert told in (own.get(correction.at), sorted([*more, *own.get(correction.at, [])], key=ORDER.index))
    known = "black-january-1990" in memory.records if memory else False
    stamps = [c.uid for c in corrections_of(shown["en"])]
    assert len(set(stamps)) == len(stamps)
    used = (
        [on for c in memory.records["black-january-1990"].corrections for on in c.notes]
        if memory and known
        else []
    )
    assert len(used) == len(set(used)) == (len(log) if known else 0)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(STEP, LANGUAGES), min_size=2, max_size=7))
def test_words_that_were_withheld_are_told_only_while_they_stand(steps: list[tuple[Values, list[str]]]) -> None:
    """Whatever stood when such a note came is in no feed and no ledger once it is gone, in any language."""
    memory: Memory | None = None
    log: list[Values] = []
    stood: set[str] = set()
    withheld: set[str] = set()
    known = False
    for day, (step, languages) in enumerate(steps):
        if step["note"]:
            log.append(noted(day, step))
        now = {f"Secret {step[key]}{key}" for key in ("title", "az") if step["there"] and step[key]}
        now = {text for text in now if "az" in languages or not text.endswith("az")}
        known = known or step["there"]
        if known and step["note"] and step["withhold"]:
            withheld |= stood | now
        secret = {**step, "title": f"Secret {step['title']}title", "az": step["az"] and f"Secret {step['az']}az"}
        found = read(*events_of(secret), OTHER, languages=languages, corrections=list(log))
        result = revised(found, memory, later(days=day))
        memory = parse_ledger(ledger(result.memory), "ledger.json")[1]
        told = [ledger(memory), *documents(found, result).values()]
        assert not [text for text in withheld - now if any(text.encode() in data for data in told)]
        stood = now or stood
