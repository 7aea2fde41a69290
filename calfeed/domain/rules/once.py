"""A single event: a conference, a visit."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from calfeed.domain.edtf import Edtf
from calfeed.domain.rules.span import Span, must_be_a_civil_date, must_be_days, origin_ends
from calfeed.frozen import frozen

FIRST_SAFE_YEAR = 1970  # an earlier DTSTART breaks calendar clients


@frozen
class Once:
    """On its own day or days, and in no other year."""

    rule: ClassVar[str] = "once"

    def check(self, origin: Edtf | None) -> None:
        """Raise ValueProblem where rule and origin do not go together."""
        must_be_days(origin, self.rule)
        must_be_a_civil_date(origin)

    def years(self, first: dt.date, last: dt.date, origin: Edtf | None) -> range:  # noqa: ARG002
        """The origin's year, inside the window or not, if clients can show it: 1970 or later (C12)."""
        ends = origin_ends(origin)
        return range(ends[0].year, ends[0].year + 1) if ends and ends[0].year >= FIRST_SAFE_YEAR else range(0)

    def days_in(self, year: int, origin: Edtf | None) -> Span | None:
        """The days of the origin in its own year, None in every other."""
        ends = origin_ends(origin)
        if ends is None or ends[0].year != year:
            return None
        (first, last) = (end.bounds()[0] for end in ends)
        return Span(dt.date(*first), dt.date(*last) + dt.timedelta(days=1))

    def year_of(self, origin: Edtf) -> int | None:  # noqa: ARG002
        """A one-off has no anniversaries, so no year to count from."""
        return None
