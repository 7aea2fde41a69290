"""A record of the memory as JSON values, and back: one line of the ledger.

Records of format 1 have neither `shown` nor `corrections`: of them nothing more is known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from calfeed.domain.instants import instant, rfc3339
from calfeed.domain.memory import Record, Shown, ShownClaim, Wording
from calfeed.domain.model import Amendment, Correction
from calfeed.domain.occurrences import Days
from calfeed.storage.soundness import check_record


def record_values(record: Record) -> dict[str, Any]:
    """A record as JSON values, its members always in the same order."""
    return {
        "id": record.id,
        "date": record.date,
        "sequence": record.sequence,
        "created": rfc3339(record.created),
        "items_since": record.items_since.isoformat(),
        "wordings": _wording_values(record.wordings),
        "days": _days_values(record.days),
        "published": {str(n): rfc3339(at) for n, at in record.published.items()},
        "withdrawn": rfc3339(record.withdrawn) if record.withdrawn else None,
        "shown": _shown_values(record.shown) if record.shown else None,
        "corrections": [_correction_values(correction) for correction in record.corrections],
        **_filled(
            {
                "withheld": list(record.withheld),
                "heeded": [day.isoformat() for day in record.heeded],
                "gone": _wording_values(record.gone),
                "ended": _days_values(record.ended),
                "left": {slug: rfc3339(at) for slug, at in record.left.items()},
                "seen": _days_values(record.seen),
            }
        ),
    }


def _days_values(days: Mapping[int, Days]) -> dict[str, list[str]]:
    return {str(n): [day.isoformat() for day in span] for n, span in days.items()}


def _wording_values(wordings: Mapping[str, Wording]) -> dict[str, list[str]]:
    return {language: [rfc3339(w.last_modified), w.fingerprint] for language, w in wordings.items()}


def _shown_values(shown: Shown) -> dict[str, Any]:
    return _filled({**vars(shown), "claims": [_filled(vars(claim)) for claim in shown.claims]})


def _correction_values(correction: Correction) -> dict[str, Any]:
    return _filled(
        {
            "at": rfc3339(correction.at),
            "amendments": [_filled(vars(amendment)) for amendment in correction.amendments],
            "notes": [day.isoformat() for day in correction.notes],
            "noted": rfc3339(correction.noted) if correction.noted else None,
        }
    )


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """The members that say something: what is empty or false is left out, to keep the lines short."""
    return {key: value for key, value in values.items() if value}


def record_of(values: Mapping[str, Any]) -> Record:
    """The record of such values; raises ValueError, LookupError, TypeError or AttributeError for others."""
    check_record(values)
    return Record(
        id=values["id"],
        date=values["date"],
        sequence=int(values["sequence"]),
        created=instant(values["created"]),
        items_since=dt.date.fromisoformat(values["items_since"]),
        wordings=_wordings(values["wordings"]),
        days=_days(values["days"]),
        published={int(n): instant(at) for n, at in values["published"].items()},
        withdrawn=instant(values["withdrawn"]) if values["withdrawn"] else None,
        shown=_shown(values["shown"]) if values.get("shown") else None,
        corrections=tuple(_correction(correction) for correction in values.get("corrections", ())),
        withheld=tuple(values.get("withheld", ())),
        heeded=tuple(dt.date.fromisoformat(day) for day in values.get("heeded", ())),
        gone=_wordings(values.get("gone", {})),
        ended=_days(values.get("ended", {})),
        left={slug: instant(at) for slug, at in values.get("left", {}).items()},
        seen=_days(values.get("seen", {})),
    )


def _wordings(values: Mapping[str, Any]) -> dict[str, Wording]:
    return {language: Wording(instant(at), print_) for language, (at, print_) in values.items()}


def _shown(values: Mapping[str, Any]) -> Shown:
    claims = tuple(ShownClaim(**claim) for claim in values.get("claims", ()))
    lists = {key: tuple(values.get(key, ())) for key in ("categories", "subjects")}
    return Shown(**{**values, **lists, "claims": claims})


def _correction(values: Mapping[str, Any]) -> Correction:
    return Correction(
        at=instant(values["at"]),
        amendments=tuple(_amendment(amendment) for amendment in values.get("amendments", ())),
        notes=tuple(dt.date.fromisoformat(day) for day in values.get("notes", ())),
        noted=instant(values["noted"]) if "noted" in values else None,
    )


def _amendment(values: Mapping[str, Any]) -> Amendment:
    return Amendment(**{**values, "own": tuple(values.get("own", ()))})


def _days(values: Mapping[str, Any]) -> dict[int, Days]:
    return {int(n): (dt.date.fromisoformat(a), dt.date.fromisoformat(b)) for n, (a, b) in values.items()}
