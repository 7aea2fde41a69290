"""The benchmark runs and prints what it says; how fast is no matter of tests."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.support import REPOSITORY


@pytest.mark.skipif(shutil.which("wrk") is None, reason="the load generator is not there")
def test_benchmark_prints_a_ratio_for_every_case() -> None:
    command = [sys.executable, str(REPOSITORY / "bench" / "serve.py"), "--events", "5", "--rounds", "1"]
    said = subprocess.run([*command, "--seconds", "1"], check=True, capture_output=True, text=True).stdout
    cases = [tuple(line.split()[:2]) for line in said.splitlines()[1:-1]]
    assert ("gzip", "calfeed") in cases
    assert ("304", "calfeed") in cases
    assert said.splitlines()[-1].startswith("memory of calfeed's server: ")
