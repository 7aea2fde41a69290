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


def test_polling_prints_the_share_of_304_for_every_program() -> None:
    command = [sys.executable, str(REPOSITORY / "bench" / "polling.py"), "--days", "3"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    said = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    assert "| Google (12 h) | 6 | 83.33% |" in said
    assert "| any, without validators (12 h) | 6 | 0.00% |" in said
    assert "| 100,000,000 |" in said
