"""What a subscriber notices is said in a sentence, and fails the test."""

from __future__ import annotations


class Noticed(AssertionError):
    """A subscriber was shown something wrong; the text says what, as they would."""


def notice(sentence: str, *, unless: bool) -> None:
    """Complain, unless all is well."""
    if not unless:
        raise Noticed(sentence)
