"""What may happen in a curator's life, in any order: edits, time that passes, and accidents."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.faults.curator import CATEGORIES, ZONE, Entry, Meaning
from tests.faults.life import Life
from tests.goals import Tally

IDS = tuple("abcdef")
DATES = tuple(
    map(
        dt.date.fromisoformat,
        ("1990-01-20", "1996-02-29", "1950-12-31", "2026-11-20", "2026-11-25", "2027-03-01", "2025-01-01"),
    )
)
ONE_OFFS = (dt.date(2026, 11, 25), dt.date(2027, 3, 1))
PICK = st.integers(0, 5)
PACES = ("none", "same", "second", "hour", "day", "day", "due", "due", "year", "leap")
PACE = st.sampled_from(PACES)
WORD = st.sampled_from(("Alpha", "Beta; gamma", "Delta, 'epsilon'"))
LANGUAGE = st.sampled_from(("en", "tr"))
MARKERS = ("ledger", ".current", "releases", "manifest", "status", "feed.atom", "calendar.ics", "state")


def shared_memory() -> str | None:
    """A folder without a disk, where there is one: fsync is tried elsewhere."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a folder of our own is made in it


class CuratorsLife(RuleBasedStateMachine):
    """A state machine: each rule is one thing that happens, mostly with a build after it."""

    def __init__(self, tally: Tally) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="calfeed-life-", dir=shared_memory()))
        (self.folder / "life").mkdir()
        self.life = Life(self.folder / "life", tally, Meaning({}))

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    # What shapes a step

    def entry(self, pick: int) -> Entry | None:
        """One of the entries that stand, if any do."""
        ids = list(self.life.meaning.entries)
        return self.life.meaning.entries[ids[pick % len(ids)]] if ids else None

    def put(self, entry: Entry, pace: str) -> None:
        """An entry becomes another; what its rule leaves out is not moved any more."""
        moved = {n: day for n, day in entry.moved.items() if replace(entry, moved={}).occurrence(n)}
        recurs = entry.observed in ("annual", "weekday")
        limits = entry if recurs else replace(entry, until=None, skipped=())
        self.life.meaning = self.life.meaning.with_entry(replace(limits, moved=moved if recurs else {}))
        self.go(pace)

    def go(self, pace: str, *, allow_removal: bool = False) -> None:
        """Time passes, and there is a build; or neither."""
        if pace == "none":
            return
        self.life.now = self.later(pace)
        self.life.publish(allow_removal=allow_removal)

    def later(self, pace: str) -> dt.datetime:
        now = self.life.now
        local = now.astimezone(ZONE)
        steps = {"same": 0, "second": 1, "hour": 3600, "day": 86400}
        if pace in steps:
            return now + dt.timedelta(seconds=steps[pace])
        if pace == "year":
            day = dt.date(local.year + 1, 1, 1)
        elif pace == "leap":
            day = dt.date(local.year + 4 - local.year % 4, 2, 29)
        else:
            found = [m.days[0] for each in self.life.expected(now).values() for m in each.values()]
            day = min([dt.date(local.year + 1, 1, 1), *(day for day in found if day > local.date())])
        return dt.datetime.combine(day, dt.time(0, 30), ZONE).astimezone(dt.UTC)

    # The beginning

    @initialize(dates=st.lists(st.sampled_from(DATES), min_size=4, max_size=5, unique=True), both=st.booleans())
    def begin(self, dates: list[dt.date], *, both: bool) -> None:
        for id_, date in zip(IDS, dates, strict=False):
            self.life.meaning = self.life.meaning.with_entry(fresh(id_, date))
        anchor = replace(fresh("anchor", dt.date(1980, 6, 1)), categories=CATEGORIES)
        languages = ("en", "tr") if both else ("en",)
        self.life.meaning = replace(self.life.meaning.with_entry(anchor), languages=languages)
        self.life.publish()
        self.life.keep_backup()

    # Edits

    @rule(pick=PICK, date=st.sampled_from(DATES), pace=PACE)
    def add(self, pick: int, date: dt.date, pace: str) -> None:
        if IDS[pick] in self.life.meaning.entries:
            return
        known = self.life.known.get(IDS[pick])
        self.put(known.entry if known else fresh(IDS[pick], date), pace)

    @rule(pick=PICK, date=st.sampled_from(DATES), pace=PACE)
    def add_with_another_date(self, pick: int, date: dt.date, pace: str) -> None:
        if IDS[pick] not in self.life.meaning.entries:
            self.put(fresh(IDS[pick], date), pace)

    @rule(pick=PICK, pace=PACE, removal=st.booleans())
    def withdraw(self, pick: int, pace: str, *, removal: bool) -> None:
        if len(self.life.meaning.entries) > 1 and (entry := self.entry(pick)):
            self.life.meaning = self.life.meaning.without(entry.id)
            self.go(pace, allow_removal=removal)

    @rule(pick=PICK, days=st.sampled_from((0, 0, 1, 365)), pace=PACE, why=st.booleans())
    def withdraw_explain_and_put_back(self, pick: int, days: int, pace: str, *, why: bool) -> None:
        """The whole of it, which chance alone seldom brings together; another date is refused."""
        entry = self.entry(pick)
        if entry is None or entry.id == "anchor":
            return
        self.life.publish()
        self.life.meaning = self.life.meaning.without(entry.id)
        self.go("second")
        if why and entry.id not in self.life.meaning.entries:
            self.note(entry.id, "It was another town.", withhold=False)
            self.go("day")
        date = entry.date + dt.timedelta(days=days) if entry.date else None
        self.put(replace(entry, date=date), pace)

    @rule(pick=PICK, word=WORD, language=LANGUAGE, pace=PACE)
    def retitle(self, pick: int, word: str, language: str, pace: str) -> None:
        if entry := self.entry(pick):
            self.put(replace(entry, title={**entry.title, language: f"{word} {entry.id}"}), pace)

    @rule(pick=PICK, word=WORD, language=LANGUAGE, pace=PACE)
    def redescribe(self, pick: int, word: str, language: str, pace: str) -> None:
        if entry := self.entry(pick):
            self.put(replace(entry, description={**entry.description, language: f"{word}.\n\nMore."}), pace)

    @rule(pick=PICK, days=st.sampled_from((-365, -40, -1, 1, 30, 366)), pace=PACE)
    def correct_date(self, pick: int, days: int, pace: str) -> None:
        if (entry := self.entry(pick)) and entry.date and entry.id != "anchor":
            date = entry.date + dt.timedelta(days=days)
            self.put(replace(entry, date=date, length=1 if is_end_of_february(date) else entry.length), pace)

    @rule(days=st.sampled_from((-370, 40, 370)), pace=PACE)
    def move_a_one_off_over_new_year(self, days: int, pace: str) -> None:
        for entry in self.life.meaning.entries.values():
            if entry.observed == "once" and entry.date:
                self.put(replace(entry, date=entry.date + dt.timedelta(days=days), length=1), pace)
                return

    @rule(
        pick=PICK,
        observed=st.sampled_from(("annual", "once", "background", "weekday")),
        pace=PACE,
        removal=st.booleans(),
    )
    def change_rule(self, pick: int, observed: str, pace: str, *, removal: bool) -> None:
        entry = self.entry(pick)
        if entry and entry.id != "anchor" and (entry.date or observed != "once"):
            self.put(replace(entry, observed=observed), "none")  # type: ignore[arg-type]
            self.go(pace, allow_removal=removal)

    @rule(pick=PICK, nth=st.integers(1, 5), month=st.integers(1, 12), pace=PACE)
    def change_weekday(self, pick: int, nth: int, month: int, pace: str) -> None:
        entry = self.entry(pick)
        if entry and not entry.date and entry.id != "anchor":
            self.put(replace(entry, nth=nth, day=dt.date(2000, month, 8)), pace)

    @rule(pick=PICK, pace=PACE)
    def change_length(self, pick: int, pace: str) -> None:
        entry = self.entry(pick)
        if entry and not is_end_of_february(entry.date or entry.day):
            self.put(replace(entry, length=3 - entry.length, night=False), pace)

    @rule(
        pick=PICK, years=st.integers(-1, 3), what=st.sampled_from(("until", "except", "moves", "free")), pace=PACE
    )
    def limit(self, pick: int, years: int, what: str, pace: str) -> None:
        entry = self.entry(pick)
        if entry is None or entry.observed not in ("annual", "weekday") or entry.id == "anchor":
            return
        year = self.life.now.astimezone(ZONE).year + years
        if what == "until":
            entry = replace(entry, until=year)
        elif what == "except":
            entry = replace(entry, skipped=tuple(sorted({*entry.skipped, year})))
        elif what == "moves":
            entry = replace(entry, moved={**entry.moved, year: dt.date(year, 5, 2 + years)})
        else:
            entry = replace(entry, until=None, skipped=(), moved={})
        self.put(entry, pace)

    @rule(
        pick=PICK,
        categories=st.sampled_from([("history",), ("people",), CATEGORIES]),
        pace=PACE,
        removal=st.booleans(),
    )
    def recategorise(self, pick: int, categories: tuple[str, ...], pace: str, *, removal: bool) -> None:
        if (entry := self.entry(pick)) and entry.id != "anchor":
            self.put(replace(entry, categories=categories), "none")
            self.go(pace, allow_removal=removal)

    @rule(
        pick=PICK,
        tone=st.sampled_from(("mourning", "neutral")),
        kind=st.sampled_from(("event", "death")),
        pace=PACE,
    )
    def change_tone_and_kind(self, pick: int, tone: str, kind: str, pace: str) -> None:
        if entry := self.entry(pick):
            self.put(replace(entry, tone=tone, kind=kind), pace)

    @rule(pick=PICK, word=WORD, source=st.sampled_from(("report", "letter")), language=LANGUAGE, pace=PACE)
    def change_claim(self, pick: int, word: str, source: str, language: str, pace: str) -> None:
        if entry := self.entry(pick):
            self.put(replace(entry, says={**entry.says, language: word}, source=source), pace)

    @rule(pick=PICK, word=st.one_of(st.none(), WORD), pace=PACE)
    def change_place(self, pick: int, word: str | None, pace: str) -> None:
        if entry := self.entry(pick):
            self.put(replace(entry, location={"en": word} if word else None), pace)

    @rule(word=WORD, pace=PACE)
    def retitle_the_calendar(self, word: str, pace: str) -> None:
        self.life.meaning = replace(self.life.meaning, title={"en": f"Days of {word}"})
        self.go(pace)

    @rule(slug=st.sampled_from(CATEGORIES), word=WORD, language=LANGUAGE, pace=PACE)
    def retitle_a_category(self, slug: str, word: str, language: str, pace: str) -> None:
        titles = self.life.meaning.categories
        titles = {**titles, slug: {**titles[slug], language: f"{slug} {word}"}}
        self.life.meaning = replace(self.life.meaning, categories=titles)
        self.go(pace)

    @rule(slug=st.sampled_from(CATEGORIES), color=st.sampled_from(("maroon", "navy")), pace=PACE)
    def recolour_a_category(self, slug: str, color: str, pace: str) -> None:
        self.life.meaning = replace(self.life.meaning, colors={**self.life.meaning.colors, slug: color})
        self.go(pace)

    @rule(key=st.sampled_from(("report", "letter")), word=WORD, pace=PACE)
    def retitle_a_source(self, key: str, word: str, pace: str) -> None:
        self.life.meaning = replace(self.life.meaning, sources={**self.life.meaning.sources, key: word})
        self.go(pace)

    @rule(pick=PICK, word=WORD, withhold=st.sampled_from((False, False, True)), pace=PACE)
    def explain(self, pick: int, word: str, pace: str, *, withhold: bool) -> None:
        ids = sorted(self.life.known)
        self.note(ids[pick % len(ids)], word, withhold=withhold)
        self.go(pace)

    def note(self, id_: str, word: str, *, withhold: bool) -> None:
        """The curator's word on a correction, one a day for each entry."""
        on, notes = str(self.life.now.astimezone(ZONE).date()), self.life.meaning.corrections
        if not any((note["id"], note["on"]) == (id_, on) for note in notes):
            note = {"id": id_, "on": on, "why": {"en": word}} | ({"withhold": "true"} if withhold else {})
            self.life.meaning = replace(self.life.meaning, corrections=(*notes, note))

    @precondition(lambda self: len(self.life.meaning.languages) == 1)
    @rule(pace=PACE)
    def add_a_language(self, pace: str) -> None:
        self.life.meaning = replace(self.life.meaning, languages=("en", "tr"))
        self.go(pace)

    @rule(days=st.integers(0, 9), pace=PACE)
    def give_notice(self, days: int, pace: str) -> None:
        self.life.meaning = replace(self.life.meaning, notice=days)
        self.go(pace)

    @rule(past=st.integers(0, 2), future=st.integers(1, 3), pace=PACE, removal=st.booleans())
    def change_window(self, past: int, future: int, pace: str, *, removal: bool) -> None:
        self.life.meaning = replace(self.life.meaning, window=(past, future))
        self.go(pace, allow_removal=removal)

    @rule(turn=st.integers(1, 4))
    def reorder(self, turn: int) -> None:
        self.life.publish()
        before = self.life.release
        entries = list(self.life.meaning.entries.items())
        self.life.meaning = replace(self.life.meaning, entries=dict([*entries[turn:], *entries[:turn]]))
        self.life.publish()
        names = (".ics", ".jcal", "feed.rss", "feed.atom", "feed.json")
        files = {path: data for path, data in before.files.items() if path.endswith(names)}
        assert files.items() <= self.life.release.files.items()

    @rule()
    def think_better_of_it(self) -> None:
        self.life.undo()

    # Time, and accidents

    @rule(pace=PACE)
    def wait(self, pace: str) -> None:
        self.go(pace)

    @rule(marker=st.sampled_from(MARKERS), number=st.integers(0, 6), pace=PACE)
    def crash(self, marker: str, number: int, pace: str) -> None:
        self.life.now = self.later("hour" if pace == "none" else pace)
        self.life.crash(marker, number)

    @rule(pace=PACE)
    def lose_state(self, pace: str) -> None:
        self.life.now = self.later("hour" if pace == "none" else pace)
        self.life.lose_state()

    @rule(pace=PACE)
    def lose_site(self, pace: str) -> None:
        self.life.now = self.later("hour" if pace == "none" else pace)
        self.life.lose_site()

    @rule()
    def rebuild_elsewhere(self) -> None:
        self.life.publish()
        self.life.rebuild_elsewhere()

    @rule()
    def keep_backup(self) -> None:
        self.life.keep_backup()

    @rule()
    def put_back_backup(self) -> None:
        self.life.put_back_backup()

    @rule(data=st.sampled_from((b"", b"version: [", b"\xff\xfe", b"events: []\n", b"<html>\n")))
    def break_file(self, data: bytes) -> None:
        self.life.break_file(data)

    @rule(years=st.sampled_from((-10, 10)))
    def set_clock_wrong(self, years: int) -> None:
        self.life.set_clock_wrong(years)

    @rule(minutes=st.integers(1, 600))
    def build_with_a_slow_clock(self, minutes: int) -> None:
        self.life.now = self.later("second")
        self.life.publish(behind=dt.timedelta(minutes=minutes))


def fresh(id_: str, date: dt.date) -> Entry:
    """An entry as it is written first: a one-off, a day every year, or one without a year of origin."""
    known = None if (date.month, date.day) == (1, 1) else date
    return Entry(
        id_,
        title={"en": f"Entry {id_}"},
        description={"en": f"What happened to {id_}."},
        date=known,
        day=date,
        observed="once" if date in ONE_OFFS else "annual",
        categories=("people",) if id_ in "bd" else ("history",),
    )


def is_end_of_february(date: dt.date) -> bool:
    """Two days there are one or two in other years."""
    return date.month == 2 and date.day >= 28
