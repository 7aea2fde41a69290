"""systemd reads the units without a word, they give up what they can, and differ in nothing by accident."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.judges import SYSTEMD, require

from .shipped import DEPLOY, SERVICES, USER_SERVICE, ask, read

MOST_EXPOSED = 1.0  # of 10, as `systemd-analyze security` counts; reliability figure G14
MOST_EXPOSED_USER = 5.4  # a user's manager can limit neither capabilities nor addresses
NETWORK = ("IPAddressAllow=", "PrivateNetwork=", "RestrictAddressFamilies=")  # where the services may differ


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, with the path of a program that is there on this machine."""
    for unit in (DEPLOY / "systemd").rglob("*.[st][ei]*"):
        text = re.sub(r"=\S*/calfeed/run", "=/bin/true", unit.read_text(encoding="utf-8"))
        copy = tmp_path / unit.relative_to(DEPLOY / "systemd")
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(text, encoding="utf-8")
    return tmp_path


def told(name: str, start: str = "[Service]") -> list[str]:
    """What a unit says of its service from a line on, line by line, without comments."""
    text = read("systemd", name)
    section = text[text.index(start) :].split("\n\n[Install]")[0]
    return [line for line in section.splitlines() if re.match(r"[A-Z]", line)]


@pytest.mark.parametrize("name", [*SERVICES, "calfeed.timer"])
def test_systemd_reads_each_unit_without_a_word(name: str, units: Path) -> None:
    require(SYSTEMD)
    # It ends with 0 even for a key it does not know, so whatever it says is a fault.
    done = ask("systemd-analyze", "verify", units / name)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_users_systemd_reads_its_unit_without_a_word(units: Path) -> None:
    require(SYSTEMD)
    done = ask("systemd-analyze", "--user", "verify", units / USER_SERVICE, XDG_RUNTIME_DIR=str(units))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.goal("G14", "exposure of each unit at or under 1.0 of 10, as systemd-analyze security counts")
@pytest.mark.parametrize("name", SERVICES)
def test_services_are_hardened(name: str, units: Path) -> None:
    require(SYSTEMD)
    limit = f"--threshold={int(MOST_EXPOSED * 10)}"
    done = ask("systemd-analyze", "security", "--offline=true", "--no-pager", limit, units / name)
    assert done.returncode == 0, done.stdout


def test_the_users_service_is_as_hardened_as_it_can_be(units: Path) -> None:
    require(SYSTEMD)
    limit = f"--threshold={int(MOST_EXPOSED_USER * 10)}"
    command = ("systemd-analyze", "--user", "security", "--offline=true", "--no-pager", limit)
    done = ask(*command, units / USER_SERVICE, XDG_RUNTIME_DIR=str(units))
    assert done.returncode == 0, done.stdout


def test_all_services_have_the_same_limits_but_for_the_network() -> None:
    limits = [[line for line in told(name, "User=") if not line.startswith(NETWORK)] for name in SERVICES]
    assert limits[0] == limits[1] == limits[2]


@pytest.mark.parametrize("name", ["calfeed.service", "calfeed-run.service"])
def test_services_that_serve_nothing_have_no_network(name: str) -> None:
    assert {"PrivateNetwork=yes", "IPAddressDeny=any"} <= set(told(name))
    assert not re.search("AF_INET|IPAddressAllow", read("systemd", name))


def test_the_server_answers_its_own_machine_alone() -> None:
    assert {"IPAddressAllow=localhost", "IPAddressDeny=any"} <= set(told("calfeed-serve.service"))


@pytest.mark.parametrize("name", ["calfeed-run.service", "calfeed-serve.service", USER_SERVICE])
def test_services_that_stay_are_watched(name: str) -> None:
    keys = dict(line.split("=", 1) for line in told(name))
    assert (keys["Type"], keys["Restart"]) == ("notify", "on-failure")
    assert "WatchdogSec" in keys
    assert "AF_UNIX" in keys["RestrictAddressFamilies"]  # without it, systemd would never hear of them
    assert int(keys["TimeoutStopSec"]) > 10  # what calfeed may take to leave


def test_the_way_there_leaves_nothing_where_the_service_cannot_look() -> None:
    text = read("systemd", "README.md")
    assert "ProtectHome=yes" in told("calfeed-serve.service")
    assert re.search(r"^UV_PYTHON_INSTALL_DIR=/opt/\S+ /opt/calfeed/run --version ", text, re.MULTILINE)
    assert "install -m 0644 events.yaml /etc/calfeed/" in text
    assert "install -m 0644 translations/* /etc/calfeed/translations/" in text
