"""Withheld words: in whichever order note, edit and withdrawal come, no published file and no ledger has them."""

from __future__ import annotations

import pytest

from tests.support import Values, Workshop, event, later

NAME = "Zvezdana Qoriqova"
OTHER = event("other", date="1991-12-25")
LANGUAGES = ["en", "tr"]
Build = tuple[Values | None, list[Values]]


def note(on: str = "2026-11-25", **keys: object) -> Values:
    return {"id": "visit", "on": on, "why": {"en": "A name was not ours to tell."}, "withhold": True, **keys}


def visit(name: str, tr: str | None = "kimse") -> Values:
    """An event that says a name wherever it has words, and in Turkish that one or nothing."""

    def said(text: str) -> Values:
        return {"en": text.format(name), **({"tr": "tr " + text.format(tr)} if tr else {})}

    claim = {
        "source": "report",
        "basis": "inferred",
        "says": said("It names {}."),
        "reasoning": said("As {} says."),
    }
    return event(
        "visit",
        title=said("A visit by {}"),
        description=said("{} came."),
        location=said("House of {}"),
        disputed=said("Whether {} came."),
        url=f"https://example.org/{name.replace(' ', '-')}",
        claims=[claim | {"heading": name}],
    )


PLAIN, AHEAD, NOW, LATE = note("2026-11-20", withhold=False), note("2026-11-21"), note(), note("2026-11-30")
CLEAN, NAMED, AGAIN = visit("somebody"), visit(NAME), visit(f"{NAME} again")
TURKISH = visit("somebody", NAME)
SEQUENCES: dict[str, list[Build]] = {
    "in the same edit": [(CLEAN, []), (NAMED, []), (CLEAN, [NOW])],
    "named from the beginning": [(NAMED, []), (CLEAN, [NOW])],
    "named several times": [(NAMED, []), (AGAIN, []), (CLEAN, []), (NAMED, []), (visit("nobody"), [NOW])],
    "note late": [(NAMED, []), (CLEAN, []), (CLEAN, [LATE])],
    "note later than another edit": [(NAMED, []), (CLEAN, []), (visit("nobody"), []), (visit("nobody"), [LATE])],
    "note that withholds only later": [
        (CLEAN, []),
        (NAMED, [PLAIN]),
        (CLEAN, [PLAIN]),
        (CLEAN, [PLAIN | {"withhold": True}]),
    ],
    "note joins an older correction, edit later": [(CLEAN, []), (NAMED, []), (NAMED, [AHEAD]), (CLEAN, [AHEAD])],
    "note joins an older correction, then withdrawn": [
        (NAMED, []),
        (NAMED | {"tone": "mourning"}, []),
        (NAMED | {"tone": "mourning"}, [AHEAD]),
        (None, [AHEAD]),
    ],
    "note alone, then withdrawn": [(NAMED, []), (NAMED, [AHEAD]), (None, [AHEAD])],
    "in the first build, edit later": [(NAMED, [AHEAD]), (CLEAN, [AHEAD])],
    "in a translation that goes with the note": [
        (visit("somebody", "kimse"), []),
        (TURKISH, []),
        (visit("somebody", None), [NOW]),
    ],
    "in a translation that goes before the note": [
        (visit("somebody", "kimse"), []),
        (TURKISH, []),
        (visit("somebody", None), []),
        (visit("somebody", None), [LATE]),
    ],
    "in a translation that goes after the note": [
        (visit("somebody", "kimse"), []),
        (TURKISH, []),
        (TURKISH, [AHEAD]),
        (visit("somebody", None), [AHEAD]),
    ],
    "in a translation that is mended a build later": [
        (CLEAN, []),
        (visit(NAME, NAME), []),
        (visit("nobody", NAME), [NOW]),
        (visit("nobody"), [NOW]),
    ],
    "two notes before the edit, the first withholds": [
        (NAMED, []),
        (NAMED, [AHEAD]),
        (NAMED, [AHEAD, note(withhold=False)]),
        (CLEAN, [AHEAD, note(withhold=False)]),
    ],
    "other edits in between": [
        (NAMED, []),
        (NAMED, [AHEAD]),
        (NAMED | {"tone": "mourning"}, [AHEAD]),
        (NAMED | {"kind": "death"}, [AHEAD]),
        (CLEAN, [AHEAD]),
    ],
    "withdrawn with the note": [(NAMED, []), (None, [NOW])],
    "withdrawn, then the note": [(NAMED, []), (None, []), (None, [LATE])],
    "withdrawn with a plain note, then withheld": [(NAMED, []), (None, [PLAIN]), (None, [PLAIN, LATE])],
    "withdrawn with a plain note that withholds later": [
        (NAMED, []),
        (None, [PLAIN]),
        (None, [PLAIN | {"withhold": True}]),
    ],
    "withdrawn and restored without the name": [(NAMED, []), (None, []), (CLEAN, [LATE])],
    "withheld, withdrawn and restored without the name": [(NAMED, []), (None, [NOW]), (CLEAN, [NOW])],
    "withheld, put back by mistake and mended": [(NAMED, []), (CLEAN, [NOW]), (NAMED, [NOW]), (CLEAN, [NOW])],
    "note taken out of the log again": [(NAMED, []), (NAMED, [AHEAD]), (NAMED, []), (CLEAN, [])],
}


def told(workshop: Workshop) -> list[str]:
    """The files of the release, and the ledger, that say the name."""
    files = {**workshop.files(), "state": (workshop.places.state / "ledger.json").read_bytes()}
    words = [form.encode() for form in (NAME, NAME.replace(" ", "-"), *NAME.split())]
    return [path for path, data in files.items() if any(word in data for word in words)]


def live(workshop: Workshop, builds: list[Build]) -> None:
    for day, (state, log) in enumerate(builds):
        events = [OTHER] if state is None else [state, OTHER]
        workshop.write(*events, corrections=log, languages=LANGUAGES)
        workshop.build(later(days=day))


@pytest.mark.parametrize("builds", SEQUENCES.values(), ids=SEQUENCES)
def test_withheld_name_is_nowhere(builds: list[Build], workshop: Workshop) -> None:
    live(workshop, builds)
    assert told(workshop) == []


def test_name_is_found_where_it_is_not_withheld(workshop: Workshop) -> None:
    live(workshop, [(NAMED, []), (CLEAN, [PLAIN])])
    assert {"corrections/feed.atom", "tr/corrections/feed.atom", "ledger.json", "state"} <= set(told(workshop))


def test_name_is_nowhere_once_the_language_is_gone(workshop: Workshop) -> None:
    live(workshop, [(CLEAN, []), (TURKISH, [])])
    workshop.write(CLEAN, OTHER, corrections=[NOW], languages=["en"])
    workshop.build(later(days=2), allow_removal=True)
    assert told(workshop) == []
