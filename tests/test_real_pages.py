"""The pages that are really published: the checkers of HTML have nothing to say of them, not even a hint."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.judges import HTML_VALIDATE, NU_HTML, require
from tests.judges.pages import html_validate, nu_html
from tests.support import NOW, REPOSITORY, Workshop


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real calendar, published once."""
    workshop = Workshop(tmp_path_factory.mktemp("pages"))
    shutil.copy(REPOSITORY / "events.yaml", workshop.folder)
    shutil.copytree(REPOSITORY / "translations", workshop.folder / "translations")
    workshop.build(NOW)
    return workshop.current.resolve()


def test_nu_html_checker_has_nothing_to_say(site: Path, *, thorough: bool) -> None:
    require(NU_HTML)
    paths = [path for path in published(site, thorough=thorough) if path.suffix in (".html", ".css", ".svg")]
    assert len(paths) > 200
    nu_html(paths)


def test_html_validate_has_nothing_to_say(site: Path, *, thorough: bool) -> None:
    require(HTML_VALIDATE)
    paths = [path for path in published(site, thorough=thorough) if path.suffix == ".html"]
    assert len(paths) > 200
    html_validate(paths)


def published(site: Path, *, thorough: bool) -> list[Path]:
    """Every file; by day those of two languages, one for each direction, since the templates are one."""
    other = () if thorough else ("az", "ru")
    return [path for path in site.rglob("*") if path.relative_to(site).parts[0] not in other]
