"""The first floor: what the world reads. Each format is a value; `FORMATS` is a literal list.

Pages come last: they say what the budget left out of the calendar beside them.
"""

from __future__ import annotations

from calfeed.domain.model import Format
from calfeed.formats import (
    corrections,
    data,
    html,
    icalendar,
    jsonfeed,
    menu,
    opml,
    sitemap,
    spreadsheet,
    syndication,
)

PAGE = html.PAGE
FORMATS: tuple[Format, ...] = (
    icalendar.ICALENDAR,
    icalendar.ALARMS,
    icalendar.JCAL,
    syndication.RSS,
    syndication.ATOM,
    jsonfeed.JSON_FEED,
    corrections.CORRECTIONS,
    data.EVENTS_JSON,
    menu.MENU,
    spreadsheet.EVENTS_CSV,
    opml.FEEDS_OPML,
    sitemap.SITEMAP,
    PAGE,
)

# A set of categories is a calendar to subscribe to and nothing else: there are more sets than anybody reads of.
COMPOSED: tuple[Format, ...] = (icalendar.ICALENDAR,)
