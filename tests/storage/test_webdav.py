"""Publishing to a WebDAV folder (RFC 4918), on a server we did not write: one publisher, and no conditions."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from calfeed.asked import Places
from calfeed.build import Report
from calfeed.errors import BusyError, PublishError
from calfeed.storage import manifest
from tests.judges import WSGIDAV, require
from tests.support import NOW, Workshop, event, later

OTHER = event("other", date="1991-12-25")
TWO = {slug: {"title": {"en": slug}} for slug in ("history", "people")}
USER, PASSWORD = "curator", "a pass: word"


@dataclass
class Folder:
    """What the server keeps, where it is, and what it was asked; `refuses` says to what it answers 503."""

    path: Path
    url: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    refuses: Callable[[int], bool] = lambda _number: False

    def files(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.path)): path.read_bytes()
            for path in sorted(self.path.rglob("*"))
            if path.is_file()
        }


@contextmanager
def wsgidav(folder: Folder) -> Iterator[None]:
    """Serve a folder to one user until the block ends."""
    from cheroot.wsgi import Server  # noqa: PLC0415  # where it is not installed, `require` has skipped the test
    from wsgidav.wsgidav_app import WsgiDAVApp  # type: ignore[import-untyped]  # noqa: PLC0415

    inner = WsgiDAVApp(
        {
            "provider_mapping": {"/": str(folder.path.parent)},
            "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
            "simple_dc": {"user_mapping": {"*": {USER: {"password": PASSWORD}}}},
            "verbose": 0,
            "logging": {"enable": False},
        }
    )

    def outer(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        folder.asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        if folder.refuses(len(folder.asked)):
            start("503 Service Unavailable", [("Content-Length", "0")])
            return [b""]
        return inner(environ, start)

    server = Server(("127.0.0.1", 0), outer)
    server.prepare()
    folder.url = f"http://127.0.0.1:{server.bind_addr[1]}/{folder.path.name}"
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.stop()
        thread.join(10)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    require(WSGIDAV)
    folder = Folder(tmp_path / "served" / "calendar")
    folder.path.mkdir(parents=True)
    with wsgidav(folder):
        yield folder


@dataclass
class Shop(Workshop):
    """A workshop whose site is a WebDAV folder."""

    address: str = ""

    @property
    def places(self) -> Places:
        return Places(self.folder / "events.yaml", self.address, self.folder / "state")

    def publish(self, now: dt.datetime = NOW, **options: Any) -> Report:
        """A build by the user whom the server knows."""
        return self.build(now, webdav=(USER, PASSWORD), **options)


def shop(tmp_path: Path, name: str, folder: Folder, *events: Any) -> Shop:
    (tmp_path / name).mkdir()
    made = Shop(tmp_path / name, address=folder.url)
    made.write(*events)
    return made


def check_whole(files: dict[str, bytes]) -> None:
    lines = manifest.parse(files["manifest.json"])
    assert {line.path for line in lines} == files.keys() - {"manifest.json"}
    assert all(hashlib.sha256(files[line.path]).hexdigest() == line.sha256 for line in lines)


def test_folder_of_a_server_holds_the_bytes_of_a_folder_here(folder: Folder, tmp_path: Path) -> None:
    report = shop(tmp_path, "a", folder, event(), OTHER).publish()
    assert (report.outcome, report.stands) == ("published", folder.url)
    (tmp_path / "here").mkdir()
    here = Workshop(tmp_path / "here")
    here.write(event(), OTHER)
    here.build()
    assert folder.files() == here.files()


@pytest.mark.parametrize("plus", ["+", "%2B"])
def test_a_set_of_categories_is_found_however_its_plus_is_written(
    folder: Folder, tmp_path: Path, plus: str
) -> None:
    one = shop(tmp_path, "a", folder, event(), OTHER)
    one.write(compose=[["history"], ["history", "people"]], categories=TWO)
    one.write(event(), OTHER | {"categories": ["people"]})
    one.publish()
    check_whole(folder.files())
    asked = urllib.request.Request(f"{folder.url}/compose/history{plus}people/calendar.ics")  # noqa: S310
    asked.add_header("Authorization", "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode())
    with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310
        assert answer.read() == folder.files()["compose/history+people/calendar.ics"]


def test_quiet_build_writes_nothing_and_an_edit_only_what_it_changed(folder: Folder, tmp_path: Path) -> None:
    one = shop(tmp_path, "a", folder, event(), OTHER)
    one.publish()
    before = folder.files()
    folder.asked.clear()
    assert one.publish(later(hours=1)).outcome == "quiet"
    assert {method for method, _ in folder.asked} <= {"GET", "HEAD"}
    folder.asked.clear()
    one.write(event(), event("other", date="1991-12-25", description={"en": "In other words."}))
    assert one.publish(later(hours=2)).outcome == "published"
    after = folder.files()
    check_whole(after)
    written = [path.partition("/calendar/")[2] for method, path in folder.asked if method == "PUT"]
    assert {*written} == {path for path in after if after[path] != before.get(path)}
    assert (written[0], written[-1]) == ("ledger.json", "manifest.json")


def test_publication_cut_short_is_finished_by_the_next_build(folder: Folder, tmp_path: Path) -> None:
    one = shop(tmp_path, "a", folder, event(), OTHER)
    folder.refuses = lambda number: number > 30
    with pytest.raises(BusyError, match="503"):
        one.publish()
    folder.refuses = lambda _number: False
    assert one.publish(later(hours=1)).outcome == "published"
    check_whole(folder.files())
    assert one.publish(later(hours=2)).outcome == "quiet"


def test_removed_addresses_go(folder: Folder, tmp_path: Path) -> None:
    art = {"title": {"en": "Art"}, "color": "navy"}
    history = {"title": {"en": "History"}, "color": "maroon"}
    one = shop(tmp_path, "a", folder)
    one.write(event(categories=["history", "art"]), OTHER, categories={"history": history, "art": art})
    one.publish()
    one.write(event(), OTHER, categories={"history": history})
    one.publish(later(hours=1), allow_removal=True)
    check_whole(folder.files())


def test_wrong_password_is_refused_and_not_repeated(folder: Folder, tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="refuses the credentials") as caught:
        shop(tmp_path, "a", folder).build(NOW, webdav=(USER, "guessed"))
    assert "guessed" not in str(caught.value)
    assert folder.files() == {}


def test_folder_that_is_not_there_is_refused(folder: Folder, tmp_path: Path) -> None:
    one = shop(tmp_path, "a", folder)
    one.address = f"{folder.url}/not/made"
    with pytest.raises(PublishError, match="make that folder first"):
        one.publish()
