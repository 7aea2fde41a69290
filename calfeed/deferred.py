"""Values that are read when somebody asks: of ten thousand entries that stand as they were, few are looked at."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar, cast

_T = TypeVar("_T")


def deferred(kind: type[_T], known: Mapping[str, object], read: Callable[[], _T]) -> _T:
    """A value of a dataclass of which only some fields are `known`; for any other the whole is read.

    What `read` gives must agree with what is known. From then on it is a plain value of its kind.
    """
    of: Any = kind
    found: _T = object.__new__(_deferring(of))
    vars(found).update(known, _read=read)
    return found


def let_go(value: Any, known: Iterable[str], read: Callable[[], object]) -> None:
    """Keep only the `known` fields of a value of a dataclass; for any other the whole is read again."""
    values, kind = vars(value), cast(Any, type(value))
    kept = {name: values[name] for name in known}
    values.clear()
    values.update(kept, _read=read)
    object.__setattr__(value, "__class__", _deferring(kind))


@cache
def _deferring(kind: Any) -> Any:
    """The class of what stands for such a value: what an instance does not know itself is found in its class."""
    unknown = {field.name: _Unknown(field.name, kind) for field in dataclasses.fields(kind)}
    return type(kind.__name__, (kind,), {**unknown, "__eq__": _is_equal, "__hash__": None})


class _Unknown:
    """A field that is not known yet."""

    def __init__(self, name: str, kind: type[Any]) -> None:
        self.name = name
        self.kind = kind

    def __get__(self, value: Any, _: type[Any]) -> Any:
        return getattr(_settled(value, self.kind), self.name)


def _is_equal(value: Any, other: object) -> bool:
    return bool(_settled(value, type(value).__base__) == other)


def _settled(value: Any, kind: Any) -> Any:
    """The value, which is what it stands for from now on."""
    values = vars(value)
    values.update(vars(values.pop("_read")()))
    object.__setattr__(value, "__class__", kind)
    return value
