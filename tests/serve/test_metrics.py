"""What is counted, read back by the reader that Prometheus itself publishes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from calfeed.serve import metrics
from calfeed.storage.status import Status, write_status
from tests.serve.support import NOW, Server

parser = pytest.importorskip("prometheus_client.parser")

STATUS = Status(
    built="2026-11-22T05:00:00+00:00",
    day="2026-11-22",
    timezone="Asia/Baku",
    release="abc",
    events=12,
    occurrences=84,
    next_due="2026-12-24T20:00:00+00:00",
    next_up_on=None,
    next_up=None,
)


def samples(server: Server) -> dict[str, float]:
    """Every sample by its name and labels, as the independent reader reads it."""
    found = {}
    for family in parser.text_string_to_metric_families(server.ask("/metrics").body.decode()):
        assert family.documentation
        for sample in family.samples:
            found[sample.name + "".join(f"|{key}={value}" for key, value in sample.labels.items())] = sample.value
    return found


def test_f58_the_metrics_say_when_the_last_good_build_was(site: Path) -> None:
    state = site.parent / "state"
    state.mkdir()
    write_status(state, STATUS)
    with Server(site, state, builds={0: 3, 65: 1}).running() as server:
        found = samples(server)
        assert found["calfeed_last_good_build_timestamp_seconds"] == NOW.timestamp() - 3600
        assert found["calfeed_next_due_timestamp_seconds"] == STATUS.next_due_at.timestamp()
        assert found["calfeed_build_failed"] == 0
        assert (found["calfeed_events"], found["calfeed_occurrences"]) == (12, 84)
        assert (found["calfeed_builds_total|code=0"], found["calfeed_builds_total|code=65"]) == (3, 1)
        release = (site / "current").readlink().name
        assert found[f"calfeed_release_info|release={release}"] == 1
        assert found["calfeed_release_loaded_timestamp_seconds"] == NOW.timestamp()


def test_f58_without_status_and_release_the_metrics_say_so(tmp_path: Path) -> None:
    with Server(tmp_path / "site", tmp_path).running() as server:
        found = samples(server)
        assert found["calfeed_release_loaded"] == 0
        assert "calfeed_last_good_build_timestamp_seconds" not in found


def test_requests_are_counted_by_status_and_by_nothing_else(server: Server) -> None:
    server.ask("/feed.rss")
    server.ask("/a-path-made-up")
    server.ask("/feed.rss", "POST")
    found = samples(server)
    counted = {name: value for name, value in found.items() if "requests" in name}
    assert counted == {f"calfeed_http_requests_total|code={code}": 1 for code in (200, 404, 405)}
    assert found["calfeed_http_connections"] == 1
    assert found["calfeed_http_sent_bytes_total"] > 500
    assert "made-up" not in server.ask("/metrics").body.decode()


def test_the_process_is_measured_under_the_usual_names(server: Server) -> None:
    found = samples(server)
    assert found["process_resident_memory_bytes"] > 1_000_000
    assert found["process_open_fds"] > 3
    assert found["process_start_time_seconds"] == NOW.timestamp()


def test_of_the_process_whatever_can_be_had_is_shown(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "self").mkdir()
    (tmp_path / "self/statm").write_text("100 7 3 1 0 9 0")  # no /proc/stat, as under ProcSubset=pid
    monkeypatch.setattr(metrics, "_PROC", tmp_path)
    found = samples(server)
    assert found["process_resident_memory_bytes"] == 7 * os.sysconf("SC_PAGE_SIZE")
    assert found["process_start_time_seconds"] == NOW.timestamp()
    assert "process_open_fds" not in found


@pytest.mark.parametrize(
    "status", [b"[" * 100_000, json.dumps({**STATUS.__dict__, "built": "0001-01-01T00:00+01:00"})]
)
def test_a_hostile_status_takes_no_figure_away_but_its_own(site: Path, status: bytes | str) -> None:
    (site / "status.json").write_bytes(status if isinstance(status, bytes) else status.encode())
    with Server(site, site).running() as server:
        assert samples(server)["calfeed_release_loaded"] == 1


def test_operating_pages_are_never_stored(server: Server) -> None:
    for path in ("/metrics", "/healthz", "/readyz"):
        found = server.ask(path)
        assert (found.status, found.fields["cache-control"]) == (200, "no-store")
    assert server.ask("/metrics").fields["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
