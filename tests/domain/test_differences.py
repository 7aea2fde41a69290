"""What changed between two wordings of a text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from calfeed.domain.differences import Piece, differences

BEFORE = "On the night of 25 February the town was taken, and people who tried to flee were killed."
TEXTS = st.lists(st.sampled_from(["a", "bb", "ccc", "dddd", "e\nf"]), max_size=30).map(" ".join)
BLANKS = st.text(" \n\t", max_size=3)


def test_only_the_words_that_changed_are_marked() -> None:
    after = BEFORE.replace("tried to flee", "fled")
    assert differences(BEFORE, after) == (
        (
            Piece("On the night of 25 February the town was taken, and people who", changed=False),
            Piece(" tried to flee", changed=True),
            Piece(" were killed.", changed=False),
        ),
        (
            Piece("On the night of 25 February the town was taken, and people who", changed=False),
            Piece(" fled", changed=True),
            Piece(" were killed.", changed=False),
        ),
    )


def test_short_texts_and_texts_that_share_little_change_as_a_whole() -> None:
    assert differences("Black January", "Black February") == (
        (Piece("Black January", changed=True),),
        (Piece("Black February", changed=True),),
    )
    other = "Somebody wrote an entirely new paragraph here with nothing left."
    assert differences(BEFORE, other)[1] == (Piece(other, changed=True),)


PADDED = st.tuples(BLANKS, TEXTS, BLANKS).map("".join)


@given(PADDED, PADDED)
def test_pieces_put_together_are_the_texts(before: str, after: str) -> None:
    removed, added = differences(before, after)
    assert "".join(piece.text for piece in removed) == before
    assert "".join(piece.text for piece in added) == after
