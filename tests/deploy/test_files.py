"""nginx and Caddy serve a site that calfeed built, with the configurations that we ship."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support import REPOSITORY, calendar, event, yaml_of

from .servers import Server, file_server, path_of


@dataclass(frozen=True)
class Site:
    """A calendar that is built by the command itself, and built anew with another title."""

    folder: Path

    @property
    def current(self) -> Path:
        return self.folder / "site" / "current"

    def build(self, title: str) -> None:
        events = self.folder / "events.yaml"
        found = [event(title={"en": title}), event("second-1992", categories=["people"])]
        categories = {slug: {"title": {"en": slug}} for slug in ("history", "people")}
        events.write_bytes(yaml_of(calendar(*found, categories=categories, compose=[["people", "history"]])))
        command = [sys.executable, "-m", "calfeed", "build", str(events), "--quiet"]
        subprocess.run(command, cwd=REPOSITORY, check=True, timeout=120)

    def manifest(self) -> list[dict[str, Any]]:
        files: list[dict[str, Any]] = json.loads((self.current / "manifest.json").read_bytes())["files"]
        return files


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    found = Site(tmp_path_factory.mktemp("calendar"))
    found.build("The first title")
    return found


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def server(
    request: pytest.FixtureRequest, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    yield from file_server(request.param, site.folder / "site", tmp_path_factory.mktemp(request.param))


def test_every_published_file_has_the_type_and_the_bytes_of_the_manifest(server: Server, site: Site) -> None:
    for line in site.manifest():
        answer = server.ask(f"/{line['path']}")
        if line["path"].startswith("."):  # meant for whoever publishes, as .nojekyll is
            assert answer.status == 404
            continue
        assert (answer.status, answer.headers["content-type"]) == (200, line["media_type"]), line["path"]
        assert answer.body == (site.current / line["path"]).read_bytes()


@pytest.mark.parametrize("plus", ["+", "%2B", "%2b"])
def test_a_set_of_categories_is_found_however_its_plus_is_written(plus: str, server: Server, site: Site) -> None:
    answer = server.ask(f"/compose/history{plus}people/calendar.ics")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.body == (site.current / "compose/history+people/calendar.ics").read_bytes()


def test_manifest_and_json_feed_have_types_of_their_own(server: Server, site: Site) -> None:
    folder = site.current / "elsewhere"
    folder.mkdir(exist_ok=True)
    (folder / "feed.json").write_bytes(b"{}")
    assert server.ask("/manifest.json").headers["content-type"] == "application/json; charset=utf-8"
    assert server.ask("/elsewhere/feed.json").headers["content-type"] == "application/feed+json; charset=utf-8"


def test_folders_show_their_page(server: Server, site: Site) -> None:
    page = (site.current / "events/second-1992/index.html").read_bytes()
    assert server.ask("/events/second-1992/").body == page
    moved = server.ask("/events/second-1992")
    assert moved.status in {301, 308}
    assert path_of(moved.headers["location"]) == "/events/second-1992/"
    assert server.ask("/").headers["content-type"] == "text/html; charset=utf-8"


def test_unchanged_files_are_not_sent_twice(server: Server) -> None:
    first = server.ask("/calendar.ics").headers
    by_tag = server.ask("/calendar.ics", if_none_match=first["etag"])
    assert (by_tag.status, by_tag.body) == (304, b"")
    assert server.ask("/calendar.ics", if_modified_since=first["last-modified"]).status == 304


def test_the_tag_wins_over_the_time(server: Server) -> None:
    first = server.ask("/calendar.ics").headers
    answer = server.ask("/calendar.ics", if_none_match='"another"', if_modified_since=first["last-modified"])
    assert answer.status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/calendar.ics",
        "/calendar.jcal",
        "/feed.atom",
        "/events.json",
        "/events.csv",
        "/feeds.opml",
        "/sitemap.xml",
        "/",
    ],
)
def test_compressed_answers_have_a_tag_of_their_own(path: str, server: Server) -> None:
    plain, coded = server.ask(path), server.ask(path, accept_encoding="gzip")
    assert "content-encoding" not in plain.headers
    assert coded.headers["content-encoding"] == "gzip"
    assert gzip.decompress(coded.body) == plain.body
    assert coded.headers["etag"] != plain.headers["etag"]
    assert {answer.headers["vary"].lower() for answer in (plain, coded)} == {"accept-encoding"}
    again = server.ask(path, accept_encoding="gzip", if_none_match=coded.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_other_origins_may_read_and_caches_may_keep(server: Server) -> None:
    for path in ("/calendar.ics", "/feed.atom", "/events.json"):
        headers = server.ask(path, origin="https://elsewhere.example").headers
        assert headers["access-control-allow-origin"] == "*"
        assert headers["access-control-expose-headers"] == "ETag"
        assert headers["cache-control"] == "max-age=900, stale-if-error=604800"
        assert headers["x-content-type-options"] == "nosniff"


def test_pages_are_not_for_other_origins(server: Server) -> None:
    for path in ("/", "/index.html", "/events/second-1992/"):
        headers = server.ask(path, origin="https://elsewhere.example").headers
        assert not [name for name in headers if name.startswith("access-control-")]


@pytest.mark.parametrize("path", ["/nowhere", "/.hidden", "/calendar.ics"])
def test_who_reads_is_written_down_nowhere(server: Server, path: str) -> None:
    assert server.ask(path, source="127.0.0.9", user_agent="Reader/7").status in {200, 404}
    server.ask(path, "POST", source="127.0.0.9", user_agent="Reader/7")
    assert not re.search(r"127\.0\.0\.9|Reader/7", server.logged())


def test_pages_load_nothing_from_elsewhere(server: Server) -> None:
    for path in ("/", "/index.html", "/events/second-1992/"):
        headers = server.ask(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; ")
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "max-age=300, stale-if-error=604800"
    assert "content-security-policy" not in server.ask("/calendar.ics").headers


def test_other_origins_may_ask_conditionally(server: Server) -> None:
    answer = server.ask("/calendar.ics", "OPTIONS", origin="https://elsewhere.example")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in answer.headers["access-control-allow-headers"].split(", ")


def test_head_tells_the_same_without_a_body(server: Server) -> None:
    got, told = server.ask("/calendar.ics"), server.ask("/calendar.ics", "HEAD")
    assert (told.status, told.body) == (200, b"")
    same = ("etag", "last-modified", "content-type", "content-length", "cache-control", "vary")
    assert [told.headers.get(name) for name in same] == [got.headers.get(name) for name in same]


def test_nothing_but_the_release_can_be_read(server: Server, site: Site) -> None:
    (site.current / ".hidden").write_text("not for readers", encoding="utf-8")
    (site.current / "events" / ".hidden").write_text("not for readers", encoding="utf-8")
    assert (site.folder / "state" / "status.json").is_file()
    paths = (
        "/.hidden",
        "/events/.hidden",
        "/state/status.json",
        "/../state/status.json",
        "/%2e%2e/state/status.json",
    )
    assert {path: server.ask(path).status for path in paths if server.ask(path).status not in {400, 404}} == {}


def test_what_is_not_there_is_not_remembered(server: Server) -> None:
    answer = server.ask("/categories/none/calendar.ics")
    assert answer.status == 404
    assert "cache-control" not in answer.headers


def test_nothing_can_be_sent(server: Server) -> None:
    assert {server.ask("/calendar.ics", method).status for method in ("POST", "PUT", "DELETE")} == {405}


def test_a_new_release_shows_with_the_next_request(server: Server, site: Site) -> None:
    site.build("The first title")
    before = server.ask("/calendar.ics")
    assert b"The first title" in before.body
    site.build("A title of another length")
    after = server.ask("/calendar.ics", if_none_match=before.headers["etag"])
    assert after.status == 200
    assert b"A title of another length" in after.body
