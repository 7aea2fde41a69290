"""The benchmark runs and prints what it says; how fast is no matter of tests."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.support import REPOSITORY


def test_build_and_start_print_a_row_for_every_goal() -> None:
    for script, options, goals in (
        ("build.py", ["--entries", "20", "--rounds", "1"], ["P1", "P1", "P2", "P3"]),
        ("growth.py", ["--entries", "20"], ["P4", "P4", "P4", "P4"]),
        ("start.py", ["--rounds", "1"], ["P5", "P6", "P6", "P6"]),
    ):
        command = [sys.executable, str(REPOSITORY / "bench" / script), *options]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
        assert [line.split()[1] for line in said[2:]] == goals


def test_peers_are_in_the_table_where_they_are_there_and_named_below_it_where_not() -> None:
    command = [sys.executable, str(REPOSITORY / "bench" / "peers.py"), "--entries", "5", "--rounds", "1"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    table, told = said.split("\n\n5 all-day events; ")
    names = [line.split()[1] for line in table.splitlines()[2:]]
    assert names[:2] == ["icalendar", "calfeed"]
    remarks = [line.partition(": ") for line in told.splitlines()[1:]]
    assert all(remark.startswith(("not found", "does not run")) for _, _, remark in remarks)  # all wrote 5 events
    absent = [name for name, _, _ in remarks]
    peers = ["icalendar", "calfeed", "ics", "vobject", "ical.js", "ical-generator", "@hebcal/icalendar"]
    assert sorted(names + absent) == sorted(peers)


def test_polling_prints_the_share_of_304_for_every_program() -> None:
    command = [sys.executable, str(REPOSITORY / "bench" / "polling.py"), "--days", "3"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    said = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    assert "| Google (12 h) | 6 | 83.33% |" in said
    assert "| any, without validators (12 h) | 6 | 0.00% |" in said
    assert "| 100,000,000 |" in said
