"""What a log says: readable lines or JSON, and never a control character of somebody else's."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from calfeed.cli.logs import log_to_stderr
from calfeed.cli.systemd import notifier

log = logging.getLogger("calfeed.test")


@pytest.fixture(autouse=True)
def _fresh_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers.clear()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def begin(format_: str = "text", *, quiet: bool = False) -> None:
    logging.getLogger().handlers.clear()  # pytest's own, which come after the fixtures
    log_to_stderr(format_, quiet=quiet)


def test_text_log_has_instant_level_and_message(capsys: pytest.CaptureFixture[str]) -> None:
    begin()
    log.info("published to %s", "site/current")
    (line,) = capsys.readouterr().err.splitlines()
    at, level, message = line.split(" ", 2)
    assert (at.endswith("+00:00"), level, message) == (True, "INFO", "published to site/current")


def test_control_characters_are_escaped_in_both_formats(capsys: pytest.CaptureFixture[str]) -> None:
    for format_ in ("text", "json"):
        begin(format_)
        log.warning("title \x1b[2J\nforged INFO line\r\x00 \x9b \u202e end – Ağdam")
        (line,) = capsys.readouterr().err.splitlines()
        assert not any(character in line for character in "\x1b\x00\r\x9b\u202e")
    assert json.loads(line)["message"].startswith("title \x1b[2J\nforged")


def test_json_log_is_one_object_a_line_with_the_traceback_inside(capsys: pytest.CaptureFixture[str]) -> None:
    begin("json")
    try:
        int("a bug")
    except ValueError:
        log.exception("the tick failed")
    (line,) = capsys.readouterr().err.splitlines()
    values = json.loads(line)
    assert (values["level"], values["message"]) == ("error", "the tick failed")
    assert "ValueError: invalid literal" in values["exception"]


def test_quiet_log_leaves_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    begin(quiet=True)
    log.info("nothing")
    log.warning("something")
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("abstract", [False, True])
def test_service_manager_is_told_by_datagram(abstract: bool, tmp_path: Path) -> None:
    address = "@calfeed-test" + tmp_path.name if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address.replace("@", "\0", 1) if abstract else address)
        notifier({"NOTIFY_SOCKET": address})("READY=1")
        assert manager.recv(64) == b"READY=1"
    notifier({"NOTIFY_SOCKET": address})("READY=1")  # nobody listens any more: no harm


def test_nobody_is_told_where_nobody_listens() -> None:
    notifier({})("READY=1")
    notifier({"NOTIFY_SOCKET": "vsock:2:1234"})("READY=1")
