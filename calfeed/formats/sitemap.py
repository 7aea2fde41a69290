"""sitemap.xml (https://www.sitemaps.org/protocol.html): the pages of a language for search engines; robots.txt.

Each page names itself in every language (`hreflang`), with the first language for readers of none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from calfeed.domain.addresses import event_paths, in_every_language, page_paths
from calfeed.domain.instants import rfc3339
from calfeed.domain.model import Calendar, Document, Edition, Format

MAX_ADDRESSES = 50_000  # of the protocol, for one file
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)
_END = "</urlset>\n"


def render(edition: Edition) -> Iterator[Document]:
    """The map of one language; with the first one's, `robots.txt` where the calendar has a host of its own."""
    if edition.selection.kind != "all":
        return
    path, pages = edition.path + SITEMAP.filename, list(_pages(edition))
    written = (_HEAD, *pages[:MAX_ADDRESSES], _END)
    yield Document(
        path, SITEMAP.media_type, tuple(part.encode() for part in written), warnings=_over(path, len(pages))
    )
    if not edition.language_path and urlsplit(edition.calendar.url).path == "/":
        yield Document("robots.txt", "text/plain; charset=utf-8", (_robots(edition.calendar).encode(),))


def _over(path: str, pages: int) -> tuple[str, ...]:
    if pages <= MAX_ADDRESSES:
        return ()
    return (f"{path}: {pages - MAX_ADDRESSES} of {pages} pages are more than a sitemap may hold, and left out",)


def _pages(edition: Edition) -> Iterator[str]:
    """The start page first and the entries last, so that what is over the limit is an entry."""
    for path in page_paths(edition):
        yield _page(edition, path)
    for path, event in event_paths(edition).items():
        yield _page(edition, path, rfc3339(edition.revisions[event.id].last_modified[edition.language]))


def _page(edition: Edition, path: str, modified: str = "") -> str:
    lines = [f"<loc>{escape(edition.url(path))}</loc>"]
    lines += [f"<lastmod>{modified}</lastmod>"] if modified else []
    alternates = in_every_language(edition, path)
    if len(alternates) > 1:
        lines += [_alternate(*alternate) for alternate in (*alternates, ("x-default", alternates[0][1]))]
    return "<url>\n" + "".join(f" {line}\n" for line in lines) + "</url>\n"


def _alternate(tag: str, address: str) -> str:
    return f'<xhtml:link rel="alternate" hreflang="{tag}" href={quoteattr(address)}/>'


def _robots(calendar: Calendar) -> str:
    """Everybody may read everything (RFC 9309), and finds the maps."""
    maps = [calendar.url + calendar.language_path(tag) + SITEMAP.filename for tag in calendar.languages]
    return "\n".join(["User-agent: *", "Allow: /", "", *(f"Sitemap: {address}" for address in maps), ""])


SITEMAP = Format("Sitemap", "sitemap.xml", "application/xml; charset=utf-8", render)
