"""events.csv: a row for each occurrence, and nothing in it that a spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re

import pytest

from calfeed.domain.model import Calendar, Edition
from calfeed.formats.spreadsheet import COLUMNS, render
from tests.support import REPOSITORY, edition, event, read, uid, verify

NIGHT = event("khojaly-1992", date="1992-02-25/1992-02-26", night="true", tone="mourning")
SCHOOL = event("school", date="1901?", observed="background", location={"en": "Baku, Azerbaijan"})
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "＋1", "'=1", "''+1"]


def written(shown: Edition) -> bytes:
    (document,) = render(shown)
    return b"".join(document.chunks)


def rows(calendar: Calendar, path: str = "") -> list[dict[str, str]]:
    text = written(edition(calendar, path=path)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def undone(cell: str) -> str:
    """As docs/formats.md tells programs."""
    return cell[1:] if re.match("^'+[=+\\-@＝＋－＠\\t\\r\\n]", cell) else cell


def test_it_is_what_excel_takes_for_utf8_and_rfc_4180_for_a_table() -> None:
    data = written(edition(read(event(title={"en": "Qara Yanvar, ə"}))))
    assert data.startswith(b"\xef\xbb\xbfuid,id,title,first_day,last_day,ordinal,date,date_in_words,observed,")
    assert data.count(b"\r\n") == data.count(b"\n") == 8
    assert 'Qara Yanvar, ə: 35th anniversary"'.encode() in data


def test_a_row_is_an_occurrence_and_its_last_day_is_its_last() -> None:
    night = next(row for row in rows(read(NIGHT)) if row["first_day"] == "2027-02-25")
    assert night == {
        "uid": uid("khojaly-1992", 2027),
        "id": "khojaly-1992",
        "title": "Khojaly 1992: 35th anniversary",
        "first_day": "2027-02-25",
        "last_day": "2027-02-26",
        "ordinal": "35",
        "date": "1992-02-25/1992-02-26",
        "date_in_words": "the night of 25–26 February 1992",
        "observed": "annual",
        "observed_in_words": "every year on 25–26 February",
        "categories": "history",
        "subjects": "History",
        "location": "",
        "tone": "mourning",
        "description": "What happened, in the words of the curator of khojaly-1992.",
        "disputed": "",
        "sources": "A report (A publisher, 2023)",
        "url": "https://calfeed.example/events/khojaly-1992/",
        "sequence": "0",
        "last_modified": "2026-11-22T06:00:00Z",
    }


def test_entries_without_a_day_come_last_and_have_none() -> None:
    found = rows(read(SCHOOL, event(), event("other", date="1902", observed="background")))
    assert [row["id"] for row in found] == ["black-january-1990"] * 7 + ["school", "other"]
    assert [found[-2][name] for name in ("uid", "first_day", "last_day", "ordinal")] == ["", "", "", ""]
    assert (found[-2]["title"], found[-2]["date_in_words"]) == ("School", "1901 (uncertain)")
    assert found[-2]["location"] == "Baku, Azerbaijan"


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula_and_every_text_can_be_had_back(formula: str) -> None:
    hostile = event(title={"en": formula}, description={"en": formula}, location={"en": formula})
    (row, *_) = rows(read(hostile, title={"en": formula}))
    assert row["description"] == f"'{formula}"
    for name in ("title", "description", "location"):
        assert row[name][0] == "'"
        assert undone(row[name]).startswith(formula)


def test_years_before_christ_stay_text() -> None:
    (*_, row) = rows(read(event(), event("ides", date="-0043-03-15", observed="background")))
    assert (row["date"], undone(row["date"])) == ("'-0043-03-15", "-0043-03-15")


def test_an_apostrophe_before_a_word_is_left_alone() -> None:
    assert rows(read(event(title={"en": "’Tis 'quoted'"})))[0]["title"] == "’Tis 'quoted': 35th anniversary"
    assert rows(read(event(title={"en": "'Tis so"})))[0]["title"] == "'Tis so: 35th anniversary"


def test_line_breaks_quotes_and_commas_stay_in_their_cell() -> None:
    told = 'One, "two";\n\nthree'
    assert {row["description"] for row in rows(read(event(description={"en": told})))} == {told}


def test_every_column_is_documented_and_named_once() -> None:
    explained = (REPOSITORY / "docs" / "formats.md").read_text(encoding="utf-8")
    assert len(set(COLUMNS)) == len(COLUMNS)
    for name in COLUMNS:
        assert f"`{name}`" in explained, name


def test_only_the_whole_calendar_has_a_table_in_each_language() -> None:
    calendar = read(event(), languages=["en", "he"])
    assert list(render(edition(calendar, path="categories/history/"))) == []
    (document,) = render(edition(calendar, path="he/"))
    assert document.path == "he/events.csv"
    assert document.media_type == "text/csv; charset=utf-8; header=present"
    verify(document.path, b"".join(document.chunks), document.entries)
