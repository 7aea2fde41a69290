"""Days that are counted from Easter Sunday. The reckoning by python-dateutil."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from calfeed.domain.edtf import Edtf
from calfeed.domain.rules.annual import sure_year
from calfeed.domain.rules.span import Span, one_day
from calfeed.errors import ValueProblem
from calfeed.frozen import frozen

Church = Literal["western", "orthodox"]

FIRST_YEAR, LAST_EASTER = 1583, 4099  # the years for which the library states its method
_EARLIEST, _LATEST = -80, 220  # from 22 March back to 1 January, from 23 May on to 29 December


@frozen
class Easter:
    """`offset` days after Easter Sunday (before it, where negative; 0 is the Sunday itself) of `church`.

    `western` is reckoned by the Gregorian tables of 1582, `orthodox` by the Julian ones and given as a Gregorian
    day, as most Orthodox churches keep it (the Finnish one keeps the Western day). Every year from 1583 to 4099
    has its day, and it lies in that civil year; other years have none.
    """

    rule: ClassVar[str] = "easter"
    church: Church
    offset: int = 0

    def check(self, origin: Edtf | None) -> None:  # noqa: ARG002
        """Raise ValueProblem for a distance that could leave the civil year of its Easter."""
        if not _EARLIEST <= self.offset <= _LATEST:
            raise ValueProblem(
                f"{self.offset} days from Easter may lie in another year",
                f"offset is {_EARLIEST} to {_LATEST}, as in -2 for Good Friday",
            )

    def years(self, first: dt.date, last: dt.date, origin: Edtf | None) -> range:  # noqa: ARG002
        """Gregorian years that may touch the days from `first` to `last`."""
        return range(max(first.year, FIRST_YEAR), min(last.year, LAST_EASTER) + 1)

    def days_in(self, year: int, origin: Edtf | None) -> Span | None:  # noqa: ARG002
        """The one day of the Gregorian `year`, or None before 1583 and after 4099."""
        if not FIRST_YEAR <= year <= LAST_EASTER:
            return None
        from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter

        sunday = easter(year, EASTER_WESTERN if self.church == "western" else EASTER_ORTHODOX)
        return one_day(sunday + dt.timedelta(days=self.offset))

    def year_of(self, origin: Edtf) -> int | None:
        """The Gregorian year of the origin, None where it is not known to the year."""
        return sure_year(origin)
