"""A frozen class is what the standard library's would be, but for the guard."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace
from typing import Any, ClassVar

import pytest

from calfeed.frozen import frozen


def made(decorator: Any) -> tuple[Any, Any]:
    """A class with fields of every kind, and one without any."""

    @decorator
    class Point:
        kind: ClassVar[str] = "point"
        x: int
        y: tuple[int, ...] = ()
        names: dict[str, str] = field(default_factory=dict, compare=False)
        hidden: str = field(default="", repr=False)
        dark: bool = field(default=False, kw_only=True)

    @decorator
    class Nothing:
        kind: ClassVar[str] = "nothing"

    return Point, Nothing


OURS, STANDARD = made(frozen), made(dataclass(frozen=True))


def seen(point: Any, nothing: Any) -> list[object]:
    """What such classes do."""
    values = [point(1), point(1, (), {"a": "b"}), point(x=1, y=(2,)), point(1, hidden="s"), point(1, dark=True)]
    values += [replace(values[0], y=(2,)), nothing(), nothing()]
    return [
        [[one == other for other in [*values, 1, None]] for one in values],
        [[hash(one) == hash(other) for other in values[:6]] for one in values[:6]],
        hash(values[6]) == hash(values[7]),
        list(map(repr, values)),
        list(map(asdict, values)),
        [[each.name for each in fields(kind)] for kind in (point, nothing)],
        [kind.__match_args__ for kind in (point, nothing)],
    ]


def test_it_does_what_the_standard_one_does() -> None:
    assert seen(*OURS) == seen(*STANDARD)


def test_equal_values_of_two_classes_are_not_equal() -> None:
    other, _ = made(frozen)
    assert OURS[0](1) != other(1)
    assert OURS[0](1) == OURS[0](1)


def test_what_cannot_be_hashed_is_no_key() -> None:
    for point, _ in (OURS, STANDARD):
        with pytest.raises(TypeError, match="unhashable"):
            hash(point(1, []))


def test_only_the_standard_one_stands_guard() -> None:
    with pytest.raises(FrozenInstanceError):
        STANDARD[0](1).x = 2
