"""Frozen dataclasses that take little to make: a program makes them anew at each start, and there are many.

`dataclasses.dataclass(frozen=True)` compiles six functions for each of them, which takes half a millisecond. Here
it compiles `__init__` alone; the others are the same for all. That nobody assigns to a field is for the type
checker to see: without a guard at run time an instance, too, is made in less than half the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[_T]) -> type[_T]:
    """A dataclass whose instances stay as they are made: equal where all fields are, and keys of mappings."""
    made: Any = dataclass(eq=False, repr=False)(cls)
    values = attrgetter(*[field.name for field in fields(made) if field.compare] or ["__class__"])

    def is_equal(one: object, other: object) -> bool:
        return values(one) == values(other) if one.__class__ is other.__class__ else NotImplemented

    def hashed(one: object) -> int:
        return hash(values(one))

    made.__eq__, made.__hash__, made.__repr__ = is_equal, hashed, _told
    return cls


def _told(one: Any) -> str:
    shown = (f"{field.name}={getattr(one, field.name)!r}" for field in fields(one) if field.repr)
    return f"{type(one).__qualname__}({', '.join(shown)})"
