"""What is answered to whom, over a real socket."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import http.client
import logging
import os
import resource
from pathlib import Path

import pytest

from tests.serve.support import FILES, NOW, Server, publish, show, wait_until

VISIBLE = {path: data for path, data in FILES.items() if not path.startswith(".")}


def tag(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()}"'


def test_f51_the_tag_is_the_digest_of_the_very_bytes(server: Server) -> None:
    plain = server.ask("/calendar.ics")
    packed = server.ask("/calendar.ics", Accept_Encoding="gzip")
    assert plain.fields["etag"] == tag(plain.body) == tag(FILES["calendar.ics"])
    assert packed.fields["etag"] == tag(packed.body)
    assert packed.fields["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == FILES["calendar.ics"]
    assert plain.fields["vary"] == packed.fields["vary"] == "Accept-Encoding"


def test_f51_equal_size_and_mtime_is_no_304_when_the_content_changed(server: Server) -> None:
    before = server.ask("/calendar.ics")
    changed = FILES["calendar.ics"].replace(b"one of many", b"two of many")
    publish(server.site, {**FILES, "calendar.ics": changed})
    conditional = {"If-None-Match": before.fields["etag"], "If-Modified-Since": before.fields["last-modified"]}
    wait_until(lambda: server.ask("/calendar.ics").body == changed)
    assert server.ask("/calendar.ics", **conditional).status == 200
    server.now += dt.timedelta(seconds=5)
    wait_until(lambda: "last-modified" in server.ask("/calendar.ics").fields)
    assert server.ask("/calendar.ics", If_Modified_Since=before.fields["last-modified"]).status == 200


def test_f51_last_modified_never_goes_back_on_a_roll_back(server: Server) -> None:
    old = Path(server.site / "current").readlink().name
    later = NOW + dt.timedelta(hours=1)
    server.now = NOW + dt.timedelta(hours=3)
    publish(server.site, {**FILES, "feed.rss": b"<rss/>" * 99}, at=later)
    wait_until(lambda: server.ask("/feed.rss").fields.get("last-modified") == "Sun, 22 Nov 2026 07:00:00 GMT")
    show(server.site, old, at=later + dt.timedelta(minutes=1))
    wait_until(lambda: server.ask("/feed.rss").body == FILES["feed.rss"])
    assert server.ask("/feed.rss").fields["last-modified"] == "Sun, 22 Nov 2026 07:01:00 GMT"


def test_f51_a_roll_back_by_hand_is_seen_after_a_restart_too(site: Path) -> None:
    old = (site / "current").readlink().name
    publish(site, {**FILES, "feed.rss": b"<rss/>" * 99}, at=NOW + dt.timedelta(hours=1))
    show(site, old, at=NOW + dt.timedelta(hours=2))
    with Server(site, site, now=NOW + dt.timedelta(hours=3)).running() as server:
        assert server.ask("/feed.rss").fields["last-modified"] == "Sun, 22 Nov 2026 08:00:00 GMT"


def test_last_modified_is_never_later_than_date(server: Server) -> None:
    server.now = NOW - dt.timedelta(seconds=1)
    wait_until(lambda: server.ask("/healthz").fields["date"] == "Sun, 22 Nov 2026 05:59:59 GMT")
    assert "last-modified" not in server.ask("/feed.rss").fields
    assert server.ask("/feed.rss", If_Modified_Since="Sun, 22 Nov 2026 06:00:00 GMT").status == 200


@pytest.mark.parametrize("path", sorted(VISIBLE))
def test_f53_media_types_are_those_of_the_manifest(server: Server, path: str) -> None:
    found = server.ask("/" + path)
    wanted = {
        "ics": "text/calendar; charset=utf-8",
        "rss": "application/rss+xml; charset=utf-8",
        "json": "application/json",
        "html": "text/html; charset=utf-8",
        "png": "image/png",
    }
    assert found.status == 200
    assert found.body == FILES[path]
    assert found.fields["content-type"] == wanted[path.rpartition(".")[2]]
    assert found.fields["x-content-type-options"] == "nosniff"


def test_c31_equal_content_is_a_304_without_body_that_carries_what_caches_need(server: Server) -> None:
    first = server.ask("/calendar.ics", Accept_Encoding="gzip")
    again = server.ask("/calendar.ics", Accept_Encoding="gzip", If_None_Match=first.fields["etag"])
    assert (again.status, again.body) == (304, b"")
    assert "content-length" not in again.fields
    shared = ("etag", "cache-control", "vary", "date", "last-modified", "access-control-allow-origin")
    assert {name: again.fields[name] for name in shared} == {name: first.fields[name] for name in shared}


def test_c31_gzip_is_the_same_bytes_after_a_restart(site: Path) -> None:
    found = []
    for _ in range(2):
        with Server(site, site).running() as server:
            found.append(server.ask("/calendar.ics", Accept_Encoding="gzip").body)
    assert found[0] == found[1]


def test_c32_if_none_match_wins_over_if_modified_since(server: Server) -> None:
    date = server.ask("/calendar.ics").fields["last-modified"]
    assert server.ask("/calendar.ics", If_Modified_Since=date).status == 304
    assert server.ask("/calendar.ics", If_Modified_Since=date, If_None_Match='"old"').status == 200


def test_c32_the_tag_of_the_plain_bytes_is_known_to_who_accepts_gzip(server: Server) -> None:
    plain = server.ask("/calendar.ics").fields["etag"]
    found = server.ask("/calendar.ics", Accept_Encoding="gzip", If_None_Match=plain)
    assert (found.status, found.fields["etag"]) == (304, plain)
    refused = server.ask("/calendar.ics", Accept_Encoding="gzip, identity;q=0", If_None_Match=plain)
    assert refused.status == 200


def test_c32_the_tag_of_gzip_is_no_304_for_who_wants_plain_bytes(server: Server) -> None:
    packed = server.ask("/calendar.ics", Accept_Encoding="gzip").fields["etag"]
    assert server.ask("/calendar.ics", If_None_Match=packed).status == 200


def test_c33_feeds_may_be_read_from_other_origins_and_pages_are_closed(server: Server) -> None:
    feed, page = server.ask("/calendar.ics"), server.ask("/")
    assert feed.fields["access-control-allow-origin"] == "*"
    assert feed.fields["access-control-expose-headers"] == "ETag"
    assert "content-security-policy" not in feed.fields
    assert "access-control-allow-origin" not in page.fields
    assert "default-src 'none'" in page.fields["content-security-policy"]
    assert page.fields["referrer-policy"] == "no-referrer"


def test_c33_a_preflight_is_answered(server: Server) -> None:
    found = server.ask("/calendar.ics", "OPTIONS", Origin="https://a.example", Access_Control_Request_Method="GET")
    assert (found.status, found.fields["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert found.fields["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in found.fields["access-control-allow-headers"]
    assert int(found.fields["access-control-max-age"]) > 0
    assert "access-control-allow-methods" not in server.ask("*", "OPTIONS").fields


def test_the_subscription_is_no_download_and_names_no_software_version(server: Server) -> None:
    fields = server.ask("/calendar.ics").fields
    assert "content-disposition" not in fields
    assert "server" not in fields


def test_pages_are_fresh_for_less_long_than_feeds(server: Server) -> None:
    assert server.ask("/").fields["cache-control"] == "max-age=300, stale-if-error=604800"
    assert server.ask("/feed.rss").fields["cache-control"] == "max-age=900, stale-if-error=604800"


def test_small_and_packed_things_are_not_packed_again(server: Server) -> None:
    tiny = server.ask("/tiny.json", Accept_Encoding="gzip")
    assert (tiny.body, tiny.fields.get("content-encoding")) == (b"{}", None)
    assert tiny.fields["vary"] == "Accept-Encoding"
    picture = server.ask("/picture.png", Accept_Encoding="gzip")
    assert "vary" not in picture.fields
    assert "content-encoding" not in picture.fields


@pytest.mark.parametrize("accept", ["", "gzip"])
@pytest.mark.parametrize("target", ["/", "/calendar.ics", "/healthz", "/nowhere", "/categories/khojaly"])
def test_f55_head_has_the_header_of_get(server: Server, target: str, accept: str) -> None:
    got = server.ask(target, Accept_Encoding=accept)
    head = server.ask(target, "HEAD", Accept_Encoding=accept)
    assert (head.status, head.fields, head.body) == (got.status, got.fields, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "CONNECT"])
def test_f55_other_methods_are_405_with_allow(server: Server, method: str) -> None:
    target = "a.example:443" if method == "CONNECT" else "/calendar.ics"
    found = server.ask(target, method)
    assert (found.status, found.fields["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert found.fields["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "target",
    [
        "/nowhere", "/calendar.ics/", "/calendar.icsx", "//", "//calendar.ics", "/../etc/passwd", "/..",
        "/./feed.rss", "/%2e%2e/etc/passwd", "/categories/../calendar.ics", "/%2Fcalendar.ics",
        "/categories%2Fkhojaly/calendar.ics", "/calendar.ics%00", "/%00", "/..%5c", "/a\\b", "/.current-1",
        "/.git/config", "/.nojekyll", "/%252e%252e/x", "/%C3%28", "/Calendar.ics", "/categories", "/categories/",
        "/releases/", "/current/", "/etc/passwd",
    ],
)  # fmt: skip
def test_f56_only_what_the_manifest_lists_exists(server: Server, target: str) -> None:
    found = server.ask(target)
    assert (found.status, found.body) == (404, b"404 Not Found\n")
    assert found.fields["cache-control"] == "no-store"
    assert found.fields["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "target",
    [
        "/calendar.ics?x=1",
        "/calendar%2Eics",
        "/%63alendar.ics",
        "http://elsewhere.example/calendar.ics?y",
        "/calendar.ics?a=%zz",
    ],
)
def test_f56_queries_escapes_and_absolute_targets_lead_to_the_file(server: Server, target: str) -> None:
    assert server.ask(target).body == FILES["calendar.ics"]


def test_f56_a_folder_is_its_index_and_its_name_without_slash_leads_there(server: Server) -> None:
    assert server.ask("/categories/khojaly/").body == FILES["categories/khojaly/index.html"]
    found = server.ask("/categories/khojaly?from=mail")
    assert (found.status, found.fields["location"]) == (308, "khojaly/")


def test_f56_the_manifest_itself_is_published(server: Server) -> None:
    found = server.ask("/manifest.json")
    assert (found.status, found.fields["content-type"]) == (200, "application/json; charset=utf-8")
    assert found.fields["etag"] == tag(found.body)


def test_f56_conditions_that_fail_are_412(server: Server) -> None:
    assert server.ask("/calendar.ics", If_Match='"old"').status == 412
    assert server.ask("/calendar.ics", If_Match="*").status == 200
    assert server.ask("/calendar.ics", If_Unmodified_Since="Sun, 22 Nov 2020 06:00:00 GMT").status == 412


def test_f56_a_range_is_cut_from_the_selected_representation(server: Server) -> None:
    whole = server.ask("/calendar.ics", Accept_Encoding="gzip")
    part = server.ask("/calendar.ics", Accept_Encoding="gzip", Range="bytes=2-9")
    assert (part.status, part.body) == (206, whole.body[2:10])
    assert part.fields["content-range"] == f"bytes 2-9/{len(whole.body)}"
    assert part.fields["etag"] == whole.fields["etag"]
    assert server.ask("/calendar.ics", Range="bytes=-5").body == FILES["calendar.ics"][-5:]


def test_f56_ranges_that_cannot_be_had(server: Server) -> None:
    size = len(FILES["calendar.ics"])
    found = server.ask("/calendar.ics", Range=f"bytes={size}-")
    assert (found.status, found.fields["content-range"]) == (416, f"bytes */{size}")
    assert server.ask("/calendar.ics", Range="bytes=0-1,5-6").status == 200
    assert server.ask("/calendar.ics", Range="bytes=0-1", If_Range='"old"').status == 200
    assert server.ask("/calendar.ics", "HEAD", Range="bytes=0-1").status == 200


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For", "Forwarded", "Via"])
def test_f57_what_is_forwarded_changes_nothing(server: Server, name: str) -> None:
    plain = server.ask("/categories/khojaly")
    assert server.ask("/categories/khojaly", **{name: "evil.example"}).head == plain.head


def test_f57_the_host_changes_nothing(server: Server) -> None:
    client = server.client()
    client.say(b"GET /categories/khojaly HTTP/1.1\r\nHost: evil.example\r\n\r\n")
    assert client.hear().head == server.ask("/categories/khojaly").head


def test_f58_before_the_first_release_only_health_is_answered(tmp_path: Path) -> None:
    with Server(tmp_path / "site", tmp_path).running() as server:
        assert server.ask("/healthz").status == 200
        assert server.ask("/readyz").status == 503
        assert server.ask("/metrics").status == 200
        found = server.ask("/calendar.ics")
        assert (found.status, found.fields["retry-after"]) == (503, "5")
        publish(tmp_path / "site", FILES)
        wait_until(lambda: server.ask("/calendar.ics").status == 200)
        assert server.ask("/readyz").status == 200


def test_f58_an_old_release_is_ready_and_a_broken_one_is_not_taken_up(server: Server) -> None:
    server.now += dt.timedelta(days=400)
    name = publish(server.site, {**FILES, "extra.json": b"[]"})
    wait_until(lambda: server.ask("/extra.json").status == 200)
    broken = publish(server.site, {**FILES, "more.json": b"[1]"})
    (server.site / "releases" / broken / "feed.rss").unlink()
    show(server.site, name)
    show(server.site, broken)
    assert server.ask("/readyz").status == 200
    assert server.ask("/feed.rss").body == FILES["feed.rss"]


def test_a_release_that_is_not_whole_is_logged_once_and_the_old_one_stays(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "calfeed"):
        broken = publish(server.site.parent / "other", {**FILES, "more.json": b"[1]"})
        (server.site.parent / "other/releases" / broken / "feed.rss").write_bytes(b"cut")
        (server.site.parent / "other/releases" / broken).rename(server.site / "releases" / broken)
        show(server.site, broken)
        wait_until(lambda: "cannot be served" in caplog.text)
        for _ in range(3):
            assert server.ask("/feed.rss").body == FILES["feed.rss"]
            wait_until(lambda: server.loop._next_look <= server.loop.monotonic())
    assert caplog.text.count("cannot be served") == 1


def test_a_file_that_is_not_what_the_manifest_says_is_never_sent(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    publish(tmp_path, FILES, broken="calendar.ics")
    with Server(tmp_path, tmp_path).running() as server:
        for accept in ("", "gzip", ""):
            assert server.ask("/calendar.ics", Accept_Encoding=accept).status == 500
        assert server.ask("/feed.rss").status == 200
    assert caplog.text.count("calendar.ics: not what the manifest says") == 1


def test_the_next_release_is_told_of_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    publish(tmp_path, FILES, broken="calendar.ics")
    with Server(tmp_path, tmp_path).running() as server:
        assert server.ask("/calendar.ics").status == 500
        publish(tmp_path, {**FILES, "tiny.json": b"{ }"}, broken="calendar.ics")
        wait_until(lambda: server.ask("/tiny.json").body == b"{ }")
        assert server.ask("/calendar.ics").status == 500
    assert caplog.text.count("calendar.ics: not what the manifest says") == 2


def test_without_descriptors_a_file_is_503_and_nobody_calls_it_damaged(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    client = server.client()
    assert client.ask("/healthz").status == 200
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (1, hard))
        found = [client.ask("/calendar.ics") for _ in range(3)]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert {(answer.status, answer.fields["retry-after"]) for answer in found} == {(503, "5")}
    assert client.ask("/calendar.ics").status == 200
    assert caplog.text.count("cannot be opened") == 1
    assert "manifest" not in caplog.text


def test_a_mended_file_is_served_again(tmp_path: Path) -> None:
    name = publish(tmp_path, FILES, broken="calendar.ics")
    with Server(tmp_path, tmp_path).running() as server:
        assert server.ask("/calendar.ics").status == 500
        (tmp_path / "new").write_bytes(FILES["calendar.ics"])
        (tmp_path / "new").replace(tmp_path / "releases" / name / "calendar.ics")
        assert server.ask("/calendar.ics").status == 200


def test_a_symbolic_link_in_a_release_is_not_followed(site: Path) -> None:
    (site / "secret").write_bytes(FILES["feed.rss"])
    feed = (site / "current/feed.rss").resolve()
    feed.unlink()
    feed.symlink_to(site / "secret")
    with Server(site, site).running() as server:
        assert server.ask("/feed.rss").status in (500, 503)


def test_long_files_are_sent_whole_plain_packed_and_in_parts(tmp_path: Path) -> None:
    long = b"".join(b"LINE %d\r\n" % number for number in range(150_000))
    publish(tmp_path, {**FILES, "long.ics": long})
    with Server(tmp_path, tmp_path).running() as server:
        plain = server.ask("/long.ics")
        packed = server.ask("/long.ics", Accept_Encoding="gzip")
        part = server.ask("/long.ics", Range="bytes=1000000-1000099")
        assert plain.body == gzip.decompress(packed.body) == long
        assert packed.fields["etag"] == tag(packed.body)
        assert (part.status, part.body) == (206, long[1_000_000:1_000_100])
        assert server.ask("/long.ics", "HEAD").fields["content-length"] == str(len(long))
        os.truncate(tmp_path / "current/long.ics", 1000)
        assert server.ask("/long.ics").status == 500


def test_http_client_reads_it_all_on_one_connection(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    for path, data in VISIBLE.items():
        connection.request("GET", "/" + path)
        response = connection.getresponse()
        assert (response.status, response.read()) == (200, data)
    connection.close()


def test_the_access_log_says_what_was_published_and_never_who_asked(
    site: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "calfeed"), Server(site, site, access_log=True).running() as server:
        server.ask("/calendar.ics?token=secret", User_Agent="Agent", Referer="https://a.example/", Cookie="c=1")
        server.ask("/made-up-path")
    lines = [record.getMessage() for record in caplog.records]
    assert f"GET /calendar.ics 200 {len(FILES['calendar.ics'])}" in lines
    assert "GET - 404 14" in lines
    assert not any(word in caplog.text for word in ("secret", "Agent", "a.example", "made-up", "127.0.0.1", "c=1"))


def test_there_is_no_access_log_by_default(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        server.ask("/calendar.ics")
    assert caplog.text == ""
