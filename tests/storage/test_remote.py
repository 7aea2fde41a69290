"""The memory comes back from the published site, whole and of one release, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping

import pytest

from calfeed.errors import BusyError, CalfeedError, LedgerError
from calfeed.storage import manifest
from calfeed.storage.remote import Remote, published
from tests.loopback import Asked, Reply, closed_port, serving

Files = Mapping[str, bytes]


def release_of(ledger: bytes) -> Files:
    """The two files of a release with this ledger."""
    lines = [line("ledger.json", ledger), line("calendar.ics", b"BEGIN:VCALENDAR", events=1)]
    return {"ledger.json": ledger, "manifest.json": manifest.written(lines)}


def line(path: str, data: bytes, events: int | None = None) -> manifest.Line:
    """What a manifest says of a file."""
    return manifest.Line(path, "application/json", len(data), hashlib.sha256(data).hexdigest(), events)


@pytest.fixture
def release() -> Files:
    return release_of(b"[\n" + b'{"id":"one"}\n' * 20_000 + b"]\n")


@pytest.fixture
def other() -> Files:
    return release_of(b'[\n{"id":"another"}\n]\n')


def site(files: Files, below: str = "/") -> Callable[[Asked], Reply]:
    """A server of these files that knows no others."""

    def answer(asked: Asked) -> Reply:
        found = files.get(asked.path.removeprefix(below))
        return Reply(404, b"<!doctype html>not here") if found is None else Reply(body=found)

    return answer


def fault(answer: Callable[[Asked], Reply]) -> CalfeedError:
    """The error with which reading such a site ends, without waiting."""
    with serving(answer) as server, pytest.raises(CalfeedError) as caught:
        published(server.url, pauses=(0.0, 0.0))
    assert str(caught.value).startswith(server.url)
    return caught.value


def test_ledger_and_manifest_come_back_as_they_were_published(release: Files) -> None:
    with serving(site(release)) as server:
        assert published(server.url) == Remote(release["ledger.json"], manifest.parse(release["manifest.json"]))


@pytest.mark.parametrize("slash", ["", "/"])
def test_site_may_lie_in_a_folder(release: Files, slash: str) -> None:
    with serving(site(release, below="/days/")) as server:
        assert published(f"{server.url}days{slash}") is not None


@pytest.mark.parametrize("status", [404, 410])
def test_place_where_nothing_was_published_has_no_memory(status: int) -> None:
    with serving(lambda _: Reply(status)) as server:
        assert published(server.url) is None
    assert [asked.path for asked in server.asked] == ["/manifest.json", "/ledger.json"]


@pytest.mark.parametrize("lost", ["ledger.json", "manifest.json"])
def test_one_of_the_two_alone_is_no_first_build(release: Files, lost: str) -> None:
    error = fault(site({name: data for name, data in release.items() if name != lost}))
    assert error.exit_code == LedgerError.exit_code
    assert f"no {lost}" in str(error)
    assert "try again later, or restore the state from a backup" in str(error)


def test_ledger_of_another_release_is_not_taken(release: Files, other: Files) -> None:
    error = fault(site({**release, "ledger.json": other["ledger.json"]}))
    assert error.exit_code == LedgerError.exit_code
    assert "is not the one that manifest.json names; two releases are mixed there" in str(error)


def test_release_that_is_being_uploaded_is_waited_for(release: Files, other: Files) -> None:
    views = [{**release, "ledger.json": other["ledger.json"]}, {"ledger.json": other["ledger.json"]}, other]

    def answer(asked: Asked) -> Reply:
        return site(views[min((len(server.asked) - 1) // 2, 2)])(asked)

    with serving(answer) as server:
        found = published(server.url, pauses=(0.0, 0.0))
    assert found == Remote(other["ledger.json"], manifest.parse(other["manifest.json"]))
    assert len(server.asked) == 6


def test_cut_ledger_is_not_taken(release: Files) -> None:
    error = fault(site({**release, "ledger.json": release["ledger.json"][:-20]}))
    assert error.exit_code == LedgerError.exit_code


def test_manifest_that_names_no_ledger_is_not_taken(release: Files) -> None:
    lines = [line for line in manifest.parse(release["manifest.json"]) if line.path != "ledger.json"]
    assert isinstance(fault(site({**release, "manifest.json": manifest.written(lines)})), LedgerError)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"files": [{}]}', b"<!doctype html><title>Start</title>"])
def test_page_in_the_place_of_a_file_is_told(release: Files, data: bytes) -> None:
    error = fault(site({**release, "manifest.json": data}))
    assert error.exit_code == LedgerError.exit_code
    assert "not a manifest that calfeed wrote" in str(error)


@pytest.mark.parametrize("status", [429, 500, 503, 507])
def test_server_in_trouble_is_asked_another_time(status: int) -> None:
    error = fault(lambda _: Reply(status, headers={"Retry-After": "60"}))
    assert isinstance(error, BusyError)
    assert f"the server answers {status}; try again later" in str(error)


@pytest.mark.parametrize("status", [400, 401, 403, 451, 204, 304])
def test_any_other_answer_is_no_first_build(status: int) -> None:
    error = fault(lambda _: Reply(status))
    assert error.exit_code == LedgerError.exit_code
    assert f"the server answers {status}, so nobody can tell what was published" in str(error)


def test_site_that_cannot_be_reached_is_asked_another_time() -> None:
    with pytest.raises(BusyError, match="it cannot be reached; try again later"):
        published(closed_port())


def test_site_that_hangs_is_asked_another_time() -> None:
    def silence() -> Iterator[bytes]:
        server.over.wait()
        yield b""

    with serving(lambda _: Reply(body=silence(), raw=True)) as server, pytest.raises(BusyError) as caught:
        published(server.url, timeout=0.1)
    assert str(caught.value) == f"{server.url}manifest.json: it is silent for 0.1 seconds; try again later"


def test_answer_that_breaks_off_is_asked_for_another_time(release: Files) -> None:
    cut = Reply(body=release["ledger.json"][:-20], headers={"Content-Length": str(len(release["ledger.json"]))})
    error = fault(lambda asked: cut if asked.path == "/ledger.json" else site(release)(asked))
    assert isinstance(error, BusyError)


def test_redirect_in_a_circle_is_told_with_the_way_out() -> None:
    error = fault(lambda asked: Reply(302, headers={"Location": asked.path}))
    assert error.exit_code == LedgerError.exit_code
    assert "sends us elsewhere more than 5 times; name the address under which the site is published" in str(error)


def test_password_in_the_address_is_not_repeated() -> None:
    with pytest.raises(LedgerError) as caught:
        published("https://me:geheim@calfeed.example/")
    assert "geheim" not in str(caught.value)
