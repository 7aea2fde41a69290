"""Fixtures that many tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from tests.support import Workshop

pytest_plugins = ("tests.goals",)

# No database of examples: tests write nowhere but into their own folders, and pass on a read-only checkout.
settings.register_profile("calfeed", database=None)
settings.load_profile("calfeed")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """An empty folder to build a calendar in."""
    return Workshop(tmp_path)
