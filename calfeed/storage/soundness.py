"""Whether a record of the ledger can be calfeed's own: every value of the kind and form that a record holds.

A ledger may come from a published site or a bucket (`--restore-from`, `s3://`), where others may have written.
What it holds is shown to readers and names files, so it keeps the bounds that the reader of events.yaml sets; a
digest beside it says only that nothing was lost on the way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias, get_args

from calfeed.domain.model import Basis, EventKind, Tone, What

MAX_SEQUENCE = 2**31 - 1  # RFC 5545 §3.3.8

_Check: TypeAlias = Callable[[Any], bool]
_ID = re.compile("[a-z0-9][a-z0-9-]{0,63}")
_LANGUAGE = re.compile("[a-z]{2,3}")
_ADDRESS = re.compile(r"https?://[!#-;=?-\[\]_a-z~]+")
_UNFIT = re.compile(  # what neither XML nor a content line can carry, or no reader would see (F24-26)
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def check_record(values: Mapping[str, Any]) -> None:
    """Raise ValueError, LookupError, TypeError or AttributeError for values that are no record's."""
    _keep(values, _RECORD)
    _keep(values.get("shown") or {}, _SHOWN)
    for claim in (values.get("shown") or {}).get("claims", ()):
        _keep(claim, _CLAIM)
    for correction in values.get("corrections", ()):
        for amendment in correction.get("amendments", ()):
            _keep(amendment, _AMENDMENT)
            if amendment["what"] == "url":
                _keep(amendment, {"before": _is_address, "after": _is_address})


def _keep(values: Mapping[str, Any], checks: Mapping[str, _Check]) -> None:
    for key, holds in checks.items():
        if key in values and values[key] is not None and not holds(values[key]):
            raise ValueError(f"{key} is not what calfeed writes there")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not _UNFIT.search(value)


def _is_texts(value: object) -> bool:
    """A text by language."""
    return isinstance(value, dict) and all(_LANGUAGE.fullmatch(key) and _is_text(value[key]) for key in value)


def _is_wordings(value: object) -> bool:
    return isinstance(value, dict) and all(
        _LANGUAGE.fullmatch(key) and isinstance(pair, list) and all(map(_is_text, pair))
        for key, pair in value.items()
    )


def _is_address(value: object) -> bool:
    return isinstance(value, str) and _ADDRESS.fullmatch(value) is not None


def _is_id(value: object) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _is_sequence(value: object) -> bool:
    return isinstance(value, int) and 0 <= value <= MAX_SEQUENCE


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _list_of(holds: _Check) -> _Check:
    return lambda value: isinstance(value, list) and all(map(holds, value))


def _one_of(words: Collection[str]) -> _Check:
    return lambda value: isinstance(value, str) and value in words


_RECORD: dict[str, _Check] = {
    "id": _is_id,
    "date": _is_text,
    "sequence": _is_sequence,
    "wordings": _is_wordings,
    "gone": _is_wordings,
    "withheld": _list_of(_is_text),
}
_SHOWN: dict[str, _Check] = {
    **dict.fromkeys(("title", "description", "location", "disputed"), _is_texts),
    **dict.fromkeys(("observed", "date"), _is_text),
    "categories": _list_of(_is_id),
    "subjects": _list_of(_is_text),
    "night": _is_flag,
    "url": _is_address,
    "tone": _one_of(get_args(Tone)),
    "kind": _one_of(get_args(EventKind)),
}
_CLAIM: dict[str, _Check] = {
    "source": _is_id,
    "basis": _one_of(get_args(Basis)),
    **dict.fromkeys(("says", "reasoning"), _is_texts),
    **dict.fromkeys(("date", "heading"), _is_text),
}
_AMENDMENT: dict[str, _Check] = {
    "what": _one_of(get_args(What)),
    **dict.fromkeys(("language", "before", "after"), _is_text),
    "source": _is_id,
    "own": _list_of(_is_text),
    "withheld": _is_flag,
}
