"""The first floor: what the world reads. Each format is a value; `FORMATS` is a literal list."""

from __future__ import annotations

from calfeed.domain.model import Format
from calfeed.formats import data, html, icalendar, syndication

FORMATS: tuple[Format, ...] = (
    icalendar.ICALENDAR,
    syndication.RSS,
    syndication.ATOM,
    data.EVENTS_JSON,
    html.PAGE,
)
