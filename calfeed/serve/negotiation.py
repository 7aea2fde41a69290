"""What a client already has and what it accepts: RFC 9110 §§8.8, 12.5.3, 13 and 14 as pure functions.

Entity tags are bytes with their quotes; instants are seconds since 1970; no clock, no socket, no file.
"""

from __future__ import annotations

import calendar
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

_TAG = re.compile(rb'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_WEIGHT = re.compile(rb"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_RANGE = re.compile(rb"bytes[ \t]*=[ \t]*([0-9]*)[ \t]*-[ \t]*([0-9]*)[ \t]*", re.IGNORECASE)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CLOCK = r"(?P<h>[0-9]{2}):(?P<m>[0-9]{2}):(?P<s>[0-9]{2})"
_DATES = tuple(
    re.compile(form)
    for form in (
        rf"[A-Z][a-z]{{2}}, (?P<day>[0-9]{{2}}) (?P<month>[A-Z][a-z]{{2}}) (?P<year>[0-9]{{4}}) {_CLOCK} GMT",
        rf"[A-Z][a-z]+day, (?P<day>[0-9]{{2}})-(?P<month>[A-Z][a-z]{{2}})-(?P<year>[0-9]{{2}}) {_CLOCK} GMT",
        rf"[A-Z][a-z]{{2}} (?P<month>[A-Z][a-z]{{2}}) (?P<day>[ 0-9][0-9]) {_CLOCK} (?P<year>[0-9]{{4}})",
    )
)


@dataclass(frozen=True, slots=True)
class Codings:
    """Whether gzip is to be preferred, and whether the plain bytes would do as well."""

    gzip: bool
    identity: bool


@dataclass(frozen=True, slots=True)
class Validators:
    """The selected representation: its tag, that of the plain bytes where they would do, and its instant."""

    tag: bytes
    plain: bytes | None = None
    modified: int | None = None


class Verdict(Enum):
    """What the conditions of a request come to (RFC 9110 §13.2.2)."""

    PROCEED = "proceed"
    NOT_MODIFIED = "not modified"
    FAILED = "failed"


def codings(accept_encoding: bytes | None) -> Codings:
    """Read Accept-Encoding; without it the plain bytes are sent (RFC 9110 §12.5.3). Bad weights count as 0."""
    weights: dict[bytes, float] = {}
    for item in (accept_encoding or b"").lower().split(b","):
        name, *parameters = (part.strip() for part in item.split(b";"))
        if name:
            weights[b"gzip" if name == b"x-gzip" else name] = _weight(parameters)
    others = weights.get(b"*", 0.0)
    gzip = weights.get(b"gzip", others)
    identity = weights.get(b"identity", 0.0 if weights.get(b"*") == 0 else None)
    return Codings(gzip > 0 and gzip >= (identity or 0.0), identity is None or identity > 0)


def _weight(parameters: list[bytes]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition(b"=")
        if name.strip() == b"q":
            value = value.strip()
            return float(value) if _WEIGHT.fullmatch(value) else 0.0
    return 1.0


def names_weakly(listed: bytes, tag: bytes) -> bool:
    """Whether a list of tags holds this one, by the weak comparison (RFC 9110 §8.8.3.2)."""
    return listed.strip() == b"*" or any(found[1] == tag for found in _TAG.findall(listed))


def names_strongly(listed: bytes, tag: bytes) -> bool:
    """Whether a list of tags holds this one and does not call it weak."""
    return listed.strip() == b"*" or any(found == (b"", tag) for found in _TAG.findall(listed))


def weigh(fields: Mapping[bytes, bytes], have: Validators) -> tuple[Verdict, bytes]:
    """Take the conditions of a GET or HEAD in the order of RFC 9110 §13.2.2; also the tag the answer carries."""
    if_match = fields.get(b"if-match")
    if if_match is not None:
        if not names_strongly(if_match, have.tag):
            return Verdict.FAILED, have.tag
    elif _changed_since(fields.get(b"if-unmodified-since"), have) is True:
        return Verdict.FAILED, have.tag
    if_none_match = fields.get(b"if-none-match")
    if if_none_match is not None:
        for tag in (have.tag, have.plain):
            if tag is not None and names_weakly(if_none_match, tag):
                return Verdict.NOT_MODIFIED, tag
    elif _changed_since(fields.get(b"if-modified-since"), have) is False:
        return Verdict.NOT_MODIFIED, have.tag
    return Verdict.PROCEED, have.tag


def _changed_since(value: bytes | None, have: Validators) -> bool | None:
    """None where nobody can tell: no such field, no date in it, or nothing to hold against it."""
    instant = None if value is None else http_date(value)
    return None if instant is None or have.modified is None else have.modified > instant


def byte_range(fields: Mapping[bytes, bytes], have: Validators, size: int) -> tuple[int, int] | None:
    """The one range that is asked for, as [start, end); None where the whole is to be sent.

    An empty range means that it cannot be satisfied (416). Several ranges, other units and a range of other
    bytes than the client has (If-Range, RFC 9110 §13.1.5) get the whole.
    """
    found = _RANGE.fullmatch(fields.get(b"range", b"").strip())
    if found is None or not (found[1] or found[2]) or not _same(fields.get(b"if-range"), have):
        return None
    if not found[1]:  # the last so many bytes
        return max(0, size - _number(found[2])), size
    start, last = _number(found[1]), _number(found[2] or b"%d" % size)
    if found[2] and last < start:
        return None
    return (start, min(last + 1, size)) if start < size else (size, size)


def _number(digits: bytes) -> int:
    return int(digits) if len(digits) <= 18 else 10**18  # more than any file has


def _same(if_range: bytes | None, have: Validators) -> bool:
    if if_range is None:
        return True
    if b'"' in if_range:
        return if_range.strip() == have.tag
    return have.modified is not None and http_date(if_range) == have.modified


def http_date(value: bytes) -> int | None:
    """An HTTP-date in any of its three forms (RFC 9110 §5.6.7) as seconds since 1970; None if it is none.

    Years of two digits are taken as 1970 to 2069: the form died before they could mean anything else.
    """
    text = value.strip().decode("latin-1")
    found = next((match for form in _DATES if (match := form.fullmatch(text))), None)
    if found is None or found["month"] not in _MONTHS:
        return None
    year = int(found["year"])
    year += 0 if len(found["year"]) == 4 else 1900 if year >= 70 else 2000
    month, day = _MONTHS.index(found["month"]) + 1, int(found["day"])
    if year < 1 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    hour, minute, second = int(found["h"]), int(found["m"]), int(found["s"])
    if hour > 23 or minute > 59 or second > 60:
        return None
    return calendar.timegm((year, month, day, hour, minute, second))


def written_date(instant: int) -> bytes:
    """An instant as IMF-fixdate (RFC 9110 §5.6.7), whatever the locale."""
    at = time.gmtime(instant)
    return (
        f"{_DAYS[at.tm_wday]}, {at.tm_mday:02} {_MONTHS[at.tm_mon - 1]} {at.tm_year:04} "
        f"{at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02} GMT"
    ).encode("ascii")
