"""What is known, but not to a day: on the page and in events.json, never in the calendar."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from calfeed.domain.edtf import Edtf
from calfeed.domain.rules.span import Span
from calfeed.frozen import frozen


@frozen
class Background:
    """No day in any year. A month or a year is never turned into its first day."""

    rule: ClassVar[str] = "background"

    def check(self, origin: Edtf | None) -> None:
        """Every origin will do, none as well."""

    def years(self, first: dt.date, last: dt.date, origin: Edtf | None) -> range:  # noqa: ARG002
        """No year at all."""
        return range(0)

    def days_in(self, year: int, origin: Edtf | None) -> Span | None:  # noqa: ARG002
        """None, in every year."""
        return None

    def year_of(self, origin: Edtf) -> int | None:  # noqa: ARG002
        """None: nothing is counted."""
        return None
