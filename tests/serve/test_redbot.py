"""REDbot judges what `calfeed serve` answers: caching, validators, ranges, content negotiation (RFC 9110, 9111).

REDbot asks for each address several times: plain, compressed, a part of it, and with either validator. Nothing
it says may be BAD, and each of its warnings needs a reason here.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.judges import REDBOT, require
from tests.loopback import Asked, Reply, serving
from tests.serve.support import wait_until
from tests.support import REPOSITORY

FILES = {
    "": "text/html",
    "events/black-january-1990/": "text/html",
    "calendar.ics": "text/calendar",
    "categories/khojaly/calendar.ics": "text/calendar",
    "compose/holocaust+khojaly/calendar.ics": "text/calendar",
    "feed.rss": "application/rss+xml",
    "feed.atom": "application/atom+xml",
    "events.json": "application/json",
    "manifest.json": "application/json",
}
OTHERS = {
    "GET events/black-january-1990": 308,
    "GET compose/khojaly+holocaust/calendar.ics": 308,
    "GET compose/khojaly+nothing/calendar.ics": 404,
    "GET nothing-is-here": 404,
    "GET healthz": 200,
    "GET readyz": 200,
    "GET metrics": 200,
    "HEAD calendar.ics": 200,
    "OPTIONS calendar.ics": 204,
    "POST calendar.ics": 405,
}
SUPPORTED = {
    "CL_CORRECT",
    "CONNEG_GZIP_GOOD",
    "DATE_CORRECT",
    "FRESHNESS_FRESH",
    "IMS_304",
    "INM_304",
    "RANGE_CORRECT",
}
JUDGE = """
import configparser, json, sys
import thor
from redbot.resource import HttpResource

settings = configparser.ConfigParser()
settings.read_dict({"redbot": {"enable_local_access": "True"}})
waiting, found = [], {}

def told(notes):
    for note in notes:
        yield [type(note).__name__, note.level.name, str(note.summary)]
        yield from told(note.subnotes)

def judge(line):
    method, url = line.split(" ")
    resource = HttpResource(settings["redbot"])
    resource.set_request(url, method=method)

    @thor.events.on(resource)
    def check_done():
        asked = [resource, *resource.subreqs.values()]
        found[line] = {
            "status": resource.response.status_code,
            "errors": [str(one.fetch_error) for one in asked if one.fetch_error],
            "notes": [note for one in asked for note in told(one.response.notes)],
        }
        waiting.remove(resource)
        if not waiting:
            thor.stop()

    waiting.append(resource)
    return resource

for resource in [judge(line) for line in sys.argv[1:]]:
    resource.check()
if waiting:
    thor.run()
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Verdict:
    """What REDbot found at one address: `notes` by name, each with its level and its summary."""

    status: int
    errors: list[str]
    notes: dict[str, tuple[str, str]]

    def of(self, level: str) -> dict[str, str]:
        """The notes of one level, with what they say."""
        return {name: summary for name, (found, summary) in self.notes.items() if found == level}


def judged(base: str, *asked: str) -> dict[str, Verdict]:
    """What REDbot says of each `METHOD path` below the address; one process asks them all."""
    lines = {what.replace(" ", " " + base, 1): what for what in asked}
    command = [sys.executable, "-c", JUDGE, *lines]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60, env={})
    return {
        lines[line]: Verdict(
            found["status"], found["errors"], {name: (level, words) for name, level, words in found["notes"]}
        )
        for line, found in json.loads(said.stdout).items()
    }


@contextmanager
def calfeed_serves(folder: Path) -> Iterator[str]:
    """`calfeed serve` as a person starts it, over the real calendar; gives its address once it has published."""
    (folder / "events.yaml").write_bytes((REPOSITORY / "events.yaml").read_bytes())
    command = [sys.executable, "-m", "calfeed", "serve", str(folder / "events.yaml"), "--port", "0"]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=REPOSITORY) as process,
    ):
        assert process.stdout is not None
        try:
            base = process.stdout.readline().strip()
            wait_until(lambda: asked(base, "readyz").status == 200, 30)
            yield base
        finally:
            process.terminate()
    assert process.returncode == 0, (folder / "log").read_text()


def asked(base: str, path: str) -> http.client.HTTPResponse:
    """One answer, read by Python's own client."""
    where = urlsplit(base)
    assert where.hostname is not None
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=10)
    try:
        connection.request("GET", where.path + path)
        answer = connection.getresponse()
        answer.read()
        return answer
    finally:
        connection.close()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `calfeed serve` listens."""
    require(REDBOT)
    with calfeed_serves(tmp_path_factory.mktemp("redbot")) as address:
        yield address


@pytest.fixture(scope="module")
def verdicts(base: str) -> dict[str, Verdict]:
    """All that REDbot says."""
    return judged(base, *(f"GET {path}" for path in FILES), *OTHERS)


def test_every_address_was_judged_and_answered_as_it_should(verdicts: dict[str, Verdict]) -> None:
    found = {what: verdict.status for what, verdict in verdicts.items()}
    assert found == {**{f"GET {path}": 200 for path in FILES}, **OTHERS}
    assert {what: verdict.errors for what, verdict in verdicts.items() if verdict.errors} == {}


def test_redbot_finds_nothing_bad(verdicts: dict[str, Verdict]) -> None:
    assert {what: verdict.of("BAD") for what, verdict in verdicts.items() if verdict.of("BAD")} == {}


def test_redbot_warns_of_nothing(verdicts: dict[str, Verdict]) -> None:
    warnings = {name: words for verdict in verdicts.values() for name, words in verdict.of("WARN").items()}
    assert warnings == {}


@pytest.mark.parametrize("path", FILES)
def test_validators_ranges_and_compression_work_for_every_kind_of_file(
    verdicts: dict[str, Verdict], path: str
) -> None:
    assert set(verdicts[f"GET {path}"].of("GOOD")) >= SUPPORTED


@pytest.mark.parametrize("path", FILES)
def test_the_media_type_is_that_of_the_format(base: str, path: str) -> None:
    assert asked(base, path).headers.get_content_type() == FILES[path]


def test_what_is_not_published_is_not_stored_by_caches(verdicts: dict[str, Verdict]) -> None:
    for what in ("GET nothing-is-here", "GET healthz", "GET readyz", "GET metrics", "POST calendar.ics"):
        assert "STORE_NO_STORE" in verdicts[what].notes


def test_no_script_but_the_sites_own_may_run(base: str) -> None:
    policy = asked(base, "").headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert not [name for name, sources in directives.items() if "unsafe" in sources]
    assert directives["script-src"] == "'self'"


def test_redbot_does_complain_where_there_is_reason_to() -> None:
    require(REDBOT)

    def careless(what: Asked) -> Reply:
        """Promises ranges, compression and validators, and gets every one of them wrong."""
        fields = {"ETag": '"same"', "Accept-Ranges": "bytes", "Content-Type": "text/calendar"}
        if "Range" in what.headers:
            return Reply(206, b"other bytes", {**fields, "Content-Range": "bytes 0-10/40"})
        return Reply(200, b"forty bytes of a calendar, more or less ", fields)

    with serving(careless) as server:
        (verdict,) = judged(server.url, "GET calendar.ics").values()
    assert "RANGE_INCORRECT" in verdict.of("BAD")
    assert not set(verdict.of("GOOD")) >= SUPPORTED
