"""Texts in further languages: a file each, with the fingerprint of what was translated."""

from __future__ import annotations

import json
import textwrap
from typing import Any

import pytest

from calfeed.cli import main
from calfeed.errors import RefusedError, SourceError, SourceMissing
from calfeed.storage.source import Reading, read_calendar
from calfeed.storage.source.translations import fingerprint
from tests.support import Workshop, calendar, event, later, yaml_of

CLAIM = {"source": "report", "basis": "stated", "says": {"en": "It says so."}}
PLACES = [
    "title",
    "description",
    "categories/history",
    "events/black-january-1990/title",
    "events/black-january-1990/description",
    "events/black-january-1990/claims/report/1/says",
]


def book(language: str = "he", **texts: tuple[str, str]) -> dict[str, bytes]:
    """A translations file; `texts` are (original, translation) by place, with `__` for the slash."""
    values = {
        "version": "1",
        "language": language,
        "texts": {
            place.replace("__", "/").replace("_", "-"): {"of": fingerprint(of), "text": text}
            for place, (of, text) in texts.items()
        },
    }
    return {f"translations/{language}.yaml": json.dumps(values, ensure_ascii=False, indent=1).encode()}


def read(translations: dict[str, bytes], *events: Any, **keys: Any) -> Reading:
    values = calendar(*events, **{"languages": ["en", "he"], **keys})
    return read_calendar(yaml_of(values), file="events.yaml", translations=translations)


def states(reading: Reading) -> dict[str, str]:
    return {translation.place: translation.state for translation in reading.translations}


def problems(translations: dict[str, bytes]) -> str:
    with pytest.raises(SourceError) as refused:
        read(translations)
    return "\n".join(map(str, refused.value.problems))


def test_every_text_has_a_place_of_its_own() -> None:
    assert list(states(read({}))) == PLACES


def test_translation_stands_in_the_calendar() -> None:
    reading = read(book(title=("Days, kept; by us", "ימים")))
    assert reading.calendar.title == {"en": "Days, kept; by us", "he": "ימים"}
    assert states(reading)["title"] == "current"


def test_translation_of_another_text_is_shown_and_told_to_be_outdated() -> None:
    reading = read(book(title=("Other words", "ימים")))
    assert reading.calendar.title["he"] == "ימים"
    assert states(reading)["title"] == "outdated"
    assert 'translations into "he": 5 missing, 1 outdated' in str(reading.warnings[0])


def test_text_that_was_only_wrapped_anew_is_the_same() -> None:
    assert fingerprint("Two  words\n and e\u0301") == fingerprint("Two words and \u00e9")
    assert fingerprint("Two words") != fingerprint("Two words.")


def test_claims_keep_their_translations_when_another_one_is_put_before() -> None:
    texts = book(events__black_january_1990__claims__report__1__says=("It says so.", "כך"))
    before = CLAIM | {"says": {"en": "Something else."}}
    claim_before, claim = read(texts, event(claims=[before, CLAIM])).calendar.events[0].claims
    assert claim.says == {"en": "It says so.", "he": "כך"}
    assert claim_before.says == {"en": "Something else."}


def test_claim_never_speaks_with_the_words_of_another() -> None:
    texts = book(
        events__black_january_1990__claims__report__1__says=("First.", "א"),
        events__black_january_1990__claims__report__2__says=("Second.", "ב"),
    )
    (left,) = read(texts, event(claims=[CLAIM | {"says": {"en": "Second!"}}])).calendar.events[0].claims
    assert left.says == {"en": "Second!"}


def test_text_is_found_again_when_its_id_is_another_and_check_says_where() -> None:
    reading = read(book(events__older__title=("Black January 1990", "ינואר השחור")))
    assert reading.calendar.events[0].title["he"] == "ינואר השחור"
    assert "its text stands at events/black-january-1990/title now" in str(reading.warnings)


def test_title_is_not_taken_for_a_category_of_the_same_words() -> None:
    reading = read(book(categories__history=("History", "היסטוריה")), title={"en": "History"})
    assert "he" not in reading.calendar.title


def test_text_that_is_left_empty_is_missing() -> None:
    reading = read(book(title=("Days, kept; by us", "")))
    assert states(reading)["title"] == "missing"


@pytest.mark.parametrize("wrong", ["version: 2\nlanguage: he\ntexts: {}", "language: he\ntexts: {}"])
def test_version_is_looked_at(wrong: str) -> None:
    assert "the version is not 1" in problems({"translations/he.yaml": wrong.encode()})


@pytest.mark.parametrize("texts", ["texts: []", "texts:", "texts: nothing", ""])
def test_file_without_texts_is_a_mistake(texts: str) -> None:
    said = problems({"translations/he.yaml": f"version: 1\nlanguage: he\n{texts}\n".encode()})
    assert "there are no texts" in said


def test_mistakes_of_every_file_are_told_at_once() -> None:
    said = problems({"translations/az.yaml": b"version: [", "translations/he.yaml": b"version: 2"})
    assert "translations/az.yaml" in said
    assert "translations/he.yaml" in said


def test_folder_that_cannot_be_listed_fails_the_build_and_hidden_files_are_none(workshop: Workshop) -> None:
    workshop.write(languages=["en", "he"])
    folder = workshop.folder / "translations"
    folder.mkdir()
    (folder / ".#he.yaml").symlink_to("nowhere")
    (folder / "._he.yaml").write_bytes(b"\0")
    workshop.build()
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.write_text("a file")
    with pytest.raises(SourceMissing, match="translations: Not a directory"):
        workshop.build(later(hours=1))


def test_template_is_the_whole_file_and_reads_back(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    workshop.write(languages=["en", "he"])
    place = workshop.folder / "translations" / "he.yaml"
    place.parent.mkdir()
    texts = book(title=("Days, kept; by us", 'ימים: "א"'), description=("Another text", "ישן"))
    place.write_bytes(*texts.values())
    with pytest.raises(SystemExit) as done:
        main(["translations", str(workshop.places.events), "--lang", "he", "--template"])
    template = capsys.readouterr().out
    assert not done.value.code
    before = read_calendar(
        workshop.places.events.read_bytes(), file="events.yaml", translations={"he.yaml": place.read_bytes()}
    )
    after = read_calendar(
        workshop.places.events.read_bytes(), file="events.yaml", translations={"he.yaml": template.encode()}
    )
    assert after.calendar == before.calendar
    assert states(after) == states(before)
    assert "outdated" in states(after).values()


def test_text_in_the_events_file_goes_before() -> None:
    reading = read(book(title=("Other", "מן הקובץ")), title={"en": "Days", "he": "מכאן"})
    assert reading.calendar.title["he"] == "מכאן"
    assert states(reading)["title"] == "current"


def test_what_is_said_of_a_translation_names_its_own_file_and_line() -> None:
    said = problems(book(events__black_january_1990__title=("Black January 1990", "א" * 200)))
    assert said.startswith("translations/he.yaml:")


def test_mistakes_are_told_with_their_places() -> None:
    wrong = textwrap.dedent(
        """
        version: 1
        language: az
        autor: somebody
        texts:
          title: {of: 0123456789ab}
          description: {of: abc, text: a}
        """
    ).encode()
    said = problems({"translations/he.yaml": wrong})
    assert 'translations/he.yaml:4:1: "autor" is not a key of translations' in said
    assert 'translations/he.yaml:3:11: the language is not that of the file name, "he"' in said
    assert "translations/he.yaml:6:3: a translation has the keys of and text" in said
    assert "translations/he.yaml:7:21: this is no fingerprint" in said


@pytest.mark.parametrize("data", [b"", b"[]", b"<html>", b"version: [", b"\xff", b"texts: {a: &x 1}"])
def test_file_that_is_none_is_refused(data: bytes) -> None:
    assert "translations/he.yaml" in problems({"translations/he.yaml": data})


def test_leftovers_and_languages_that_are_not_listed_are_warned_of() -> None:
    texts = book(events__gone__title=("Gone", "נעלם")) | book("tr", title=("Days", "Günler"))
    said = "\n".join(map(str, read(texts).warnings))
    assert 'no text has the place "events/gone/title"' in said
    assert '"tr" is not among the further languages' in said


def test_edit_of_a_translation_is_built_and_moves_its_language_alone(workshop: Workshop) -> None:
    workshop.write(languages=["en", "he"])
    folder = workshop.folder / "translations"
    folder.mkdir()
    place = folder / "he.yaml"
    place.write_bytes(*book(events__black_january_1990__title=("Black January 1990", "ינואר השחור")).values())
    workshop.build()
    assert workshop.build(later(hours=1)).outcome == "quiet"
    english, uids = workshop.files()["calendar.ics"], set(workshop.events("he/calendar.ics"))
    place.write_bytes(*book(events__black_january_1990__title=("Black January 1990", "ינואר שחור")).values())
    assert workshop.build(later(hours=2)).outcome == "published"
    assert workshop.files()["calendar.ics"] == english
    assert set(workshop.events("he/calendar.ics")) == uids
    assert all("ינואר שחור" in e.summary for e in workshop.events("he/calendar.ics").values())


@pytest.mark.goal("G12", "a file of translations that was cut off or lost")
@pytest.mark.parametrize("left", [None, 0, 3])
def test_file_of_translations_that_was_cut_off_takes_no_language_away(
    left: int | None, workshop: Workshop
) -> None:
    texts = {f"events__e{number}__title": (f"E{number}", f"יום {number}") for number in range(6)}
    place = workshop.folder / "translations" / "he.yaml"
    place.parent.mkdir()
    place.write_bytes(*book("he", **texts).values())
    workshop.write(*(event(f"e{number}") for number in range(6)), languages=["en", "he"])
    workshop.build()
    before = workshop.files()
    if left is None:
        place.unlink()
    else:
        place.write_bytes(*book("he", **dict(list(texts.items())[:left])).values())
    gone = 6 - (left or 0)
    with pytest.raises(RefusedError, match=f'{gone} of 6 events would lose texts in "he": e{left or 0}, '):
        workshop.build(later(hours=1))
    assert workshop.build(later(hours=1), dry_run=True).refused
    assert workshop.files() == before
    assert workshop.build(later(hours=1), allow_removal=True).outcome == "published"


def test_source_without_a_title_of_its_own_is_cited_in_the_language_of_the_reader(workshop: Workshop) -> None:
    report = {"title": "A report", "cited": {"en": "Common knowledge", "he": "ידע כללי"}}
    workshop.write(languages=["en", "he", "ru"], sources={"report": report})
    workshop.build()
    for folder, words in (("", "Common knowledge"), ("he/", "ידע כללי"), ("ru/", "Common knowledge")):
        assert words in workshop.files()[f"{folder}calendar.ics"].replace(b"\r\n ", b"").decode(), folder


def test_reason_of_a_correction_is_translated_by_its_entry_and_day() -> None:
    corrections = [{"id": "gone", "on": "2026-12-01", "why": {"en": "A letter."}}]
    texts = book(corrections__gone__2026_12_01__why=("A letter.", "מכתב"))
    reading = read(texts, corrections=corrections)
    assert reading.calendar.corrections[0].why == {"en": "A letter.", "he": "מכתב"}
    assert states(reading)["corrections/gone/2026-12-01/why"] == "current"
