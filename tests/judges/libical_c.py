"""libical by its C interface: GNOME and KDE read calendars with it."""

from __future__ import annotations

import ctypes
import ctypes.util
import datetime as dt
import functools
from typing import TYPE_CHECKING, Any

from .shapes import Complaint, ReadEvent, complaining, utc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ANY_COMPONENT = 1
_LIBICAL_SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "icalparser_parse_string": (ctypes.c_void_p, [ctypes.c_char_p]),
    "icalrestriction_check": (ctypes.c_int, [ctypes.c_void_p]),
    "icalerror_set_errors_are_fatal": (None, [ctypes.c_int]),
    "icalcomponent_free": (None, [ctypes.c_void_p]),
    "icalcomponent_isa": (ctypes.c_int, [ctypes.c_void_p]),
    "icalcomponent_string_to_kind": (ctypes.c_int, [ctypes.c_char_p]),
    "icalcomponent_get_first_component": (ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]),
    "icalcomponent_get_next_component": (ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]),
    "icalcomponent_get_first_property": (ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]),
    "icalcomponent_get_next_property": (ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]),
    "icalcomponent_get_uid": (ctypes.c_char_p, [ctypes.c_void_p]),
    "icalcomponent_get_summary": (ctypes.c_char_p, [ctypes.c_void_p]),
    "icalcomponent_get_description": (ctypes.c_char_p, [ctypes.c_void_p]),
    "icalcomponent_get_sequence": (ctypes.c_int, [ctypes.c_void_p]),
    "icalproperty_string_to_kind": (ctypes.c_int, [ctypes.c_char_p]),
    "icalproperty_get_value_as_string": (ctypes.c_char_p, [ctypes.c_void_p]),
}


def libical(path: Path) -> list[ReadEvent]:
    """libical: GNOME and KDE. Marks what it cannot read, and knows what may stand where (RFC 5546)."""
    library = _libical()
    calendar = library.icalparser_parse_string(path.read_bytes())
    if not calendar:
        raise Complaint("libical: no component in it")
    try:
        if library.icalcomponent_isa(calendar) != library.icalcomponent_string_to_kind(b"VCALENDAR"):
            raise Complaint("libical: not one VCALENDAR")
        allowed = library.icalrestriction_check(calendar)  # puts its reasons among the errors
        errors = list(_libical_errors(library, calendar))
        if errors or not allowed:
            raise Complaint(f"libical: {'; '.join(errors) or 'the restrictions of RFC 5546 are broken'}")
        vevent = library.icalcomponent_string_to_kind(b"VEVENT")
        with complaining("libical"):  # it takes 30 February as it comes, Python does not
            return [_libical_event(library, event) for event in _libical_components(library, calendar, vevent)]
    finally:
        library.icalcomponent_free(calendar)


def libical_missing() -> str | None:
    """How to get the library, if it is not there."""
    try:
        _libical()
    except OSError:
        return "libical.so.3 not found: apt install libical3, or brew install libical"
    return None


@functools.cache
def _libical() -> ctypes.CDLL:
    """The library with the signatures of what we call; OSError if it is not there."""
    names = ("libical.so.3", "libical.3.dylib", ctypes.util.find_library("ical"))
    failure = OSError("libical not found")
    for name in filter(None, names):
        try:
            library = ctypes.CDLL(name)
        except OSError as error:
            failure = error
            continue
        for function, (result, arguments) in _LIBICAL_SIGNATURES.items():
            getattr(library, function).restype = result
            getattr(library, function).argtypes = arguments
        library.icalerror_set_errors_are_fatal(0)
        return library
    raise failure


def _libical_components(library: ctypes.CDLL, parent: int, kind: int) -> Iterator[int]:
    component = library.icalcomponent_get_first_component(parent, kind)
    while component:
        yield component
        component = library.icalcomponent_get_next_component(parent, kind)


def _libical_values(library: ctypes.CDLL, component: int, name: bytes) -> Iterator[str]:
    kind = library.icalproperty_string_to_kind(name)
    found = library.icalcomponent_get_first_property(component, kind)
    while found:
        yield (library.icalproperty_get_value_as_string(found) or b"").decode()
        found = library.icalcomponent_get_next_property(component, kind)


def _libical_errors(library: ctypes.CDLL, component: int) -> Iterator[str]:
    yield from _libical_values(library, component, b"X-LIC-ERROR")
    for child in _libical_components(library, component, _ANY_COMPONENT):
        yield from _libical_errors(library, child)


def _libical_event(library: ctypes.CDLL, event: int) -> ReadEvent:
    def text(name: str) -> str:
        value: bytes = getattr(library, f"icalcomponent_get_{name}")(event) or b""
        return value.decode()

    def moment(name: bytes) -> dt.date | None:
        return next((_basic_moment(value) for value in _libical_values(library, event, name)), None)

    start, stamp = moment(b"DTSTART"), moment(b"DTSTAMP")
    if start is None:
        raise Complaint(f"libical: {text('uid')} has no DTSTART")
    return ReadEvent(
        uid=text("uid"),
        start=start,
        end=moment(b"DTEND"),
        summary=text("summary"),
        description=text("description"),
        sequence=library.icalcomponent_get_sequence(event),
        dtstamp=None if stamp is None else utc(stamp),
    )


def _basic_moment(value: str) -> dt.date:
    """20270528 or 20270528T120000Z, the two forms of RFC 5545 §3.3.4 and §3.3.5 that we write."""
    return dt.datetime.fromisoformat(value) if "T" in value else dt.date.fromisoformat(value)
