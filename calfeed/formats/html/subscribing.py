"""Links with which programs subscribe to a calendar, as clients.md has them (C4, C22)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

import segno
from markupsafe import Markup

from calfeed.domain.model import Edition


@dataclass(frozen=True)
class Ways:
    """The ways to subscribe to a calendar file below an edition; false where the edition has none."""

    edition: Edition
    file: str = "calendar.ics"

    def __bool__(self) -> bool:
        found = self.edition.choices if self.edition.selection.kind == "all" else self.edition.entries
        return bool(found)

    @cached_property
    def address(self) -> str:
        """What is copied into any program: ASCII, without a query, for ever the same."""
        return self.edition.url(self.file)

    @cached_property
    def webcal(self) -> str:
        """Apple Calendar, Thunderbird and Outlook for Windows take it over from a browser."""
        return _with_scheme("webcal", self.address)

    @property
    def google(self) -> str:
        """Which scheme works has changed over the years, so the curator may choose (`google_link`)."""
        wanted = _with_scheme(self.edition.calendar.google_link, self.address)
        return f"https://calendar.google.com/calendar/r?cid={quote(wanted, safe='')}"

    @property
    def outlook(self) -> str:
        """Outlook.com, for private accounts."""
        return self._microsoft("outlook.live.com")

    @property
    def office(self) -> str:
        """Microsoft 365, for accounts of firms and schools."""
        return self._microsoft("outlook.office.com")

    def _microsoft(self, host: str) -> str:
        address, name = quote(self.address, safe=""), quote(self.edition.name.text, safe="")
        return f"https://{host}/calendar/0/addfromweb?url={address}&name={name}"


def _with_scheme(scheme: str, address: str) -> str:
    return f"{scheme}:{address.partition(':')[2]}"


def qr_code(text: str) -> Markup:
    """A QR code as SVG without colours of its own: the style sheet has them."""
    code = segno.make(text, error="m", micro=False)
    return Markup(  # noqa: S704 - segno draws lines and nothing else
        code.svg_inline(border=2, omitsize=True, svgclass=None, lineclass="qr").replace(' stroke="#000"', "")
    )
