"""Fixtures that many tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import Workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """An empty folder to build a calendar in."""
    return Workshop(tmp_path)
