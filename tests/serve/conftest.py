"""Fixtures: a site with a release, and a server over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serve.support import FILES, Server, publish


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site in which one release stands."""
    publish(tmp_path / "site", FILES)
    return tmp_path / "site"


@pytest.fixture
def server(site: Path) -> Iterator[Server]:
    """A server over that site."""
    with Server(site, site.parent / "state").running() as running:
        yield running
