"""The real calendar in a browser, at the widths at which its columns change."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.browser.driver import Screen, visiting
from tests.serve.support import Server
from tests.support import NOW, REPOSITORY, Workshop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the real calendar."""
    workshop = Workshop(tmp_path_factory.mktemp("real"))
    shutil.copy(REPOSITORY / "events.yaml", workshop.folder)
    shutil.copytree(REPOSITORY / "translations", workshop.folder / "translations")
    workshop.build(NOW)
    with Server(workshop.site, workshop.folder / "serve").running() as server:
        yield f"http://127.0.0.1:{server.port}/"


@pytest.mark.parametrize("width", [360, 780, 1024, 1280])
@pytest.mark.parametrize("path", ["", "ru/"])
def test_titles_have_room_at_every_width(path: str, width: int, origin: str, browser: Browser) -> None:
    """A column that is squeezed to nothing is seen by no checker."""
    with visiting(browser, origin, screen=Screen(width, 800)) as reader:
        page = reader.open(path).page
        assert reader.sideways() == 0
        heights = page.eval_on_selector_all(
            ".entries li > a", "titles => titles.map(title => title.getBoundingClientRect().height)"
        )
        assert len(heights) == 98
        assert max(heights) < 5 * 30  # lines
