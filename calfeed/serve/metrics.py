"""What the server counts, as text that Prometheus reads (text exposition format 0.0.4).

No label holds a path, an address or a user agent. Ages are worked out by whoever reads the instants.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from calfeed.serve.snapshot import Snapshot
from calfeed.storage.status import Status

_PROC = Path("/proc")


@dataclass
class Tally:
    """Counted since the start, which was at `started` (seconds since 1970); `answers` by status code."""

    answers: Counter[int] = field(default_factory=Counter)
    sent: int = 0
    connections: int = 0
    evicted: int = 0
    timed_out: int = 0
    started: float = 0.0


def exposition(
    tally: Tally, snapshot: Snapshot | None, status: Status | None, builds: Mapping[int, int], *, alive: bool
) -> bytes:
    """The whole page; what is not known is left out. `alive` says that the site is kept built."""
    blocks = [
        _block("calfeed_http_requests_total", "counter", "Answers by status code.", _by("code", tally.answers)),
        _single("calfeed_http_sent_bytes_total", "counter", "Bytes written to clients.", tally.sent),
        _single("calfeed_http_connections", "gauge", "Open connections.", tally.connections),
        _single("calfeed_http_connections_evicted_total", "counter", "Those that made room.", tally.evicted),
        _single("calfeed_http_connections_timed_out_total", "counter", "Ended by a time-out.", tally.timed_out),
        _block("calfeed_builds_total", "counter", "Builds by exit code.", _by("code", builds)),
        _single("calfeed_scheduler_alive", "gauge", "1 while the site is kept built.", int(alive)),
        _single("calfeed_release_loaded", "gauge", "1 while a release is served.", int(snapshot is not None)),
    ]
    if snapshot is not None:
        info = [(f'{{release="{_escaped(Path(snapshot.target).name)}"}}', 1)]
        blocks.append(_block("calfeed_release_info", "gauge", "The release that is served.", info))
        blocks.append(
            _single("calfeed_release_loaded_timestamp_seconds", "gauge", "When it was loaded.", snapshot.loaded)
        )
    blocks.append(
        _single("calfeed_build_failed", "gauge", "1 when the last build failed.", _failed(status, builds))
    )
    if status is not None:
        blocks += _of_status(status)
    return "".join(blocks + _of_process(tally.started)).encode()


def _failed(status: Status | None, builds: Mapping[int, int]) -> int:
    """Before the first good build there is no status to tell; then any build that ended has failed."""
    return int(any(builds.values()) if status is None else status.failed is not None)


def _of_status(status: Status) -> list[str]:
    good, due = status.built_at.timestamp(), status.next_due_at.timestamp()
    return [
        _single("calfeed_last_good_build_timestamp_seconds", "gauge", "The last good build, quiet or not.", good),
        _single("calfeed_next_due_timestamp_seconds", "gauge", "When the output changes next by itself.", due),
        _single("calfeed_events", "gauge", "Events in the last good build.", status.events),
        _single("calfeed_occurrences", "gauge", "Occurrences in the last good build.", status.occurrences),
    ]


def _of_process(started: float) -> list[str]:
    """This process, under the names that every client library uses; without /proc the start alone."""
    blocks = [_single("process_start_time_seconds", "gauge", "When the process began.", started)]
    with suppress(OSError):
        pages = int((_PROC / "self/statm").read_text().split()[1])
        resident = pages * os.sysconf("SC_PAGE_SIZE")
        blocks.append(_single("process_resident_memory_bytes", "gauge", "Memory in use.", resident))
    with suppress(OSError):
        descriptors = len(os.listdir(_PROC / "self/fd"))  # noqa: PTH208 - only their number is wanted
        blocks.append(_single("process_open_fds", "gauge", "Open descriptors.", descriptors))
    return blocks


def _by(label: str, counted: Mapping[int, int]) -> list[tuple[str, float]]:
    return [(f'{{{label}="{key}"}}', counted[key]) for key in sorted(counted)]


def _single(name: str, kind: str, words: str, value: float) -> str:
    return _block(name, kind, words, [("", value)])


def _block(name: str, kind: str, words: str, samples: Iterable[tuple[str, float]]) -> str:
    lines = "".join(f"{name}{labels} {value}\n" for labels, value in samples)
    return f"# HELP {name} {words}\n# TYPE {name} {kind}\n{lines}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
