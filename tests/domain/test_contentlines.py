"""Content lines: folded between what readers see as one, taken apart again, and their escapes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import vText

from calfeed.domain.contentlines import escaped, fold, folded_lines, unescaped, unfolded

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=300)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_folding_loses_nothing(text: str) -> None:
    folded = fold([f"SUMMARY:{text}"])
    assert folded.replace(b"\r\n ", b"") == f"SUMMARY:{text}\r\n".encode()
    assert all(len(line) <= 75 for line in folded.split(b"\r\n"))


@pytest.mark.parametrize(
    "cluster",
    ["👩‍👩‍👧‍👦", "🇦🇿", "שָׁ", "e\u0301\u0323", "👍🏽", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "\\n", "\\,"],
    ids=lambda c: c.encode("unicode_escape").decode(),
)
def test_folding_keeps_what_readers_see_as_one_together(cluster: str) -> None:
    for offset in range(70):
        line = "X:" + "a" * offset + cluster * 12
        pieces = fold([line]).removesuffix(b"\r\n").split(b"\r\n ")
        assert "".join(piece.decode() for piece in pieces) == line
        assert all(re.fullmatch(f"(X:a*)?({re.escape(cluster)})*", piece.decode()) for piece in pieces), offset


def test_flags_are_kept_apart_from_each_other() -> None:
    line = "X:" + "🇦🇿" * 20
    pieces = fold([line]).removesuffix(b"\r\n").split(b"\r\n ")
    assert len(pieces) > 2
    assert all(len(piece.decode().removeprefix("X:")) % 2 == 0 for piece in pieces)


@given(st.lists(TEXT.map(lambda text: "X:" + text.replace("\n", ""))))
def test_lines_come_out_of_a_file_as_they_went_in(lines: list[str]) -> None:
    found = folded_lines(fold(["BEGIN:X", *lines]))
    assert b"".join(line + b"\r\n" for line in found) == fold(["BEGIN:X", *lines])
    assert list(map(unfolded, found)) == ["BEGIN:X", *lines]


@given(TEXT | st.text(alphabet="\\;,n \n", max_size=12))
def test_texts_are_escaped_as_a_program_that_we_did_not_write_does_it(text: str) -> None:
    if "\\N" not in text:  # which that program takes for a line break
        assert escaped(text) == vText(text).to_ical().decode()
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r"])
def test_every_line_break_is_one_escape(break_: str) -> None:
    assert escaped(f"a{break_}b") == "a\\nb"
    assert unescaped("a\\nb\\Nc") == "a\nb\nc"
