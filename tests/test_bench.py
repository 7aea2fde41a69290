"""The benchmark runs and prints what it says; how fast is no matter of tests."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.support import REPOSITORY


def test_benchmark_prints_a_ratio_for_every_case() -> None:
    command = [sys.executable, str(REPOSITORY / "bench" / "build.py"), "--events", "5", "--rounds", "1"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert [line.split()[0] for line in said[1:]] == ["naive", "cold", "edited", "quiet"]
    assert said[1].split()[2] == "1.0000"


def test_polling_prints_the_share_of_304_for_every_program() -> None:
    command = [sys.executable, str(REPOSITORY / "bench" / "polling.py"), "--days", "3"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    said = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    assert "| Google (12 h) | 6 | 83.33% |" in said
    assert "| any, without validators (12 h) | 6 | 0.00% |" in said
    assert "| 100,000,000 |" in said
