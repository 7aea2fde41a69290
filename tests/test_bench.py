"""The benchmark runs and prints what it says; how fast is no matter of tests."""

from __future__ import annotations

import subprocess
import sys

from tests.support import REPOSITORY


def test_benchmark_prints_a_ratio_for_every_case() -> None:
    command = [sys.executable, str(REPOSITORY / "bench" / "build.py"), "--events", "5", "--rounds", "1"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert [line.split()[0] for line in said[1:]] == ["naive", "cold", "edited", "quiet"]
    assert said[1].split()[2] == "1.0000"
