"""axe-core: whether a page that a browser shows can be used by everyone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .node import HERE
from .shapes import Complaint

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE_CORE = HERE / "node_modules" / "axe-core" / "axe.min.js"


def axe(page: Page) -> list[str]:
    """Complain of what breaks a rule of axe-core on the page as it is shown now; the rules it could not decide.

    Size, colours and language are the page's own: ask again for each of them.
    """
    page.evaluate(AXE_CORE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    assert found["passes"], "axe-core looked at nothing"
    if found["violations"]:
        raise Complaint("\n".join(map(_told, found["violations"])))
    return [rule["id"] for rule in found["incomplete"] if not all(map(_in_picture, rule["nodes"]))]


def _in_picture(node: dict[str, Any]) -> bool:
    """Text of an SVG, of which axe-core cannot tell what lies behind it."""
    return str(node["html"]).startswith("<text ")


def _told(rule: dict[str, Any]) -> str:
    places = [" ".join(map(str, node["target"])) for node in rule["nodes"]]
    return f"axe-core: {rule['id']}: {rule['help']}: {', '.join(places[:5])} ({len(places)})"
