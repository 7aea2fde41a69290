"""feeds.opml: every feed of a language in one list, for a reader to import (OPML 2.0, http://opml.org/spec2.opml)."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from calfeed.domain.addresses import (
    category_url,
    files_of_calendar,
    files_of_category,
    files_of_event,
)
from calfeed.domain.model import Document, Edition, Format
from calfeed.domain.wording import LANGUAGES


def render(edition: Edition) -> Iterator[Document]:
    """The list of the whole calendar in one language."""
    if edition.selection.kind != "all":
        return
    opml = ET.Element("opml", version="2.0")
    _head(edition, ET.SubElement(opml, "head"))
    _body(edition, ET.SubElement(opml, "body"))
    ET.indent(opml)
    written = ET.tostring(opml, encoding="utf-8", xml_declaration=True) + b"\n"
    yield Document(edition.path + FEEDS_OPML.filename, FEEDS_OPML.media_type, (written,))


def _head(edition: Edition, head: ET.Element) -> None:
    """No instant is the clock's: they are those of all entries, gone or not (RFC 822, four digits of year)."""
    revisions = [edition.revisions[event.id] for event in edition.events]
    stamps = [r.last_modified[edition.language] for r in revisions]
    stamps += [gone.on for gone in edition.withdrawn]
    stamps += [correction.updated for told in edition.corrections.values() for correction in told]
    ET.SubElement(head, "title").text = edition.name.text
    ET.SubElement(head, "dateCreated").text = format_datetime(min(r.created for r in edition.revisions.values()))
    ET.SubElement(head, "dateModified").text = format_datetime(max(stamps))
    ET.SubElement(head, "ownerName").text = edition.name.text
    ET.SubElement(head, "docs").text = "http://opml.org/spec2.opml"


def _body(edition: Edition, body: ET.Element) -> None:
    """The whole calendar, a group of subjects and one of entries that have a day, then the corrections."""
    words, whole = LANGUAGES[edition.language], files_of_calendar(edition)
    with_days = {entry.occurrence.event.id for entry in edition.entries}
    _feed(edition, body, edition.name.text, xml=whole["rss"], html=edition.url())
    subjects = _group(body, words.page["categories"])
    for category in edition.choices:
        title, files = edition.text(category.title), files_of_category(edition, category)
        _feed(edition, subjects, title, xml=files["rss"], html=category_url(edition, category))
    entries = _group(body, words.labels["entries"])
    for event in edition.events:
        if event.id in with_days:
            title, files = edition.text(event.title), files_of_event(edition, event)
            _feed(edition, entries, title, xml=files["rss"], html=edition.event_url(event))
    _feed(edition, body, words.page["corrections"], xml=whole["corrections"], html=edition.url("corrections/"))


def _group(within: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(within, "outline", text=name, title=name)


def _feed(edition: Edition, within: ET.Element, title: str, *, xml: str, html: str) -> None:
    """One subscription; Atom has no `version`, since the standard has no word for it."""
    outline = ET.SubElement(within, "outline", text=title, title=title, type="rss", xmlUrl=xml, htmlUrl=html)
    outline.set("language", edition.language)
    if xml.endswith(".rss"):
        outline.set("version", "RSS2")


FEEDS_OPML = Format("OPML 2.0", "feeds.opml", "text/x-opml; charset=utf-8", render)
