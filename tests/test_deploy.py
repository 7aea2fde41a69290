"""The ways to run calfeed that we ship are accepted by the programs that will read them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.judges import HADOLINT, SHELLCHECK, SYSTEMD, program, require

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
SERVICES = ("calfeed.service", "calfeed-run.service")
MOST_EXPOSED = 1.0  # of 10, as `systemd-analyze security` counts; reliability figure G14
SCRIPTS = ("run", ".ci/run", "requirements/compile")


def ask(*command: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SYSTEMD_COLORS": "0", "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=ROOT, timeout=60, check=False
    )


def commands() -> dict[str, list[str]]:
    """The arguments that each way of running gives to calfeed."""
    found = {}
    for name in SERVICES:
        unit = (DEPLOY / "systemd" / name).read_text(encoding="utf-8")
        found[name] = re.findall(r"^ExecStart=/opt/calfeed/run (.*)$", unit, re.MULTILINE)[0].split()
    cron = (DEPLOY / "cron" / "calfeed").read_text(encoding="utf-8")
    found["cron"] = re.findall(r" /opt/calfeed/run (.*)$", cron, re.MULTILINE)[0].split()
    dockerfile = (DEPLOY / "docker" / "Dockerfile").read_text(encoding="utf-8")
    found["container"] = re.findall(r'"([^"]*)"', re.findall(r"^CMD (.*)$", dockerfile, re.MULTILINE)[0])
    health = re.findall(r"^    CMD (.*)$", dockerfile, re.MULTILINE)[0]
    found["health check"] = re.findall(r'"([^"]*)"', health)[4:]
    return found


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, with the path of a program that is there on this machine."""
    for unit in (DEPLOY / "systemd").glob("*.[st][ei]*"):
        text = unit.read_text(encoding="utf-8").replace("/opt/calfeed/run", "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", [*SERVICES, "calfeed.timer"])
def test_systemd_reads_each_unit_without_a_word(name: str, units: Path) -> None:
    require(SYSTEMD)
    # It ends with 0 even for a key it does not know, so whatever it says is a fault.
    done = ask("systemd-analyze", "verify", units / name)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("name", SERVICES)
def test_services_are_hardened(name: str, units: Path) -> None:
    require(SYSTEMD)
    limit = f"--threshold={int(MOST_EXPOSED * 10)}"
    done = ask("systemd-analyze", "security", "--offline=true", "--no-pager", limit, units / name)
    assert done.returncode == 0, done.stdout


def test_both_services_have_the_same_limits() -> None:
    texts = [(DEPLOY / "systemd" / name).read_text(encoding="utf-8") for name in SERVICES]
    limits = [re.findall(r"^User=.*?(?=\n\n|\Z)", text, re.MULTILINE | re.DOTALL)[0].rstrip() for text in texts]
    assert limits[0] == limits[1]


def test_cron_file_is_one_that_cron_accepts() -> None:
    (file,) = (path for path in (DEPLOY / "cron").iterdir() if path.name != "README.md")
    assert re.fullmatch(r"[A-Za-z0-9_-]+", file.name)  # cron passes over any other name in silence
    text = file.read_text(encoding="utf-8")
    assert text.endswith("\n")  # a last line without an end is not run
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if line.startswith("PATH=")]
    jobs = [line.split() for line in lines if not re.match(r"[A-Z]+=", line)]
    assert jobs
    for *when, user, path in (job[:7] for job in jobs):
        assert all(re.fullmatch(r"[0-9*/,-]+", field) for field in when)
        assert user == "calfeed"
        assert path.startswith("/")
    assert "%" not in text  # cron would make a line break of it


def test_dockerfile_passes_hadolint() -> None:
    require(HADOLINT)
    done = ask(program("hadolint") or "", DEPLOY / "docker" / "Dockerfile")
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_pass_shellcheck(script: str) -> None:
    require(SHELLCHECK)
    done = ask(program("shellcheck") or "", ROOT / script)
    assert (done.returncode, done.stdout) == (0, "")
    assert os.access(ROOT / script, os.X_OK)


@pytest.mark.parametrize("way", commands())
def test_calfeed_knows_the_words_of(way: str) -> None:
    # Options are looked up before --help is obeyed, so a word that calfeed does not know ends with 2.
    done = ask(sys.executable, "-m", "calfeed", *commands()[way], "--help")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("name", "extra"), [("main", None), ("dev", "dev")])
def test_lists_hold_what_pyproject_asks_for(name: str, extra: str | None) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(project["optional-dependencies"][extra] if extra else [])]
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", text, re.MULTILINE))
    wrong = [
        line
        for line in asked
        if (wanted := Requirement(line)).name.lower() not in listed
        or not wanted.specifier.contains(listed[wanted.name.lower()])
    ]
    assert wrong == [], "run requirements/compile"


def test_both_lists_hold_the_same_versions() -> None:
    texts = [(ROOT / "requirements" / name).read_text(encoding="utf-8") for name in ("main.txt", "dev.txt")]
    main, dev = (set(re.findall(r"^[a-z0-9-]+==[^ ;]+", text, re.MULTILINE)) for text in texts)
    assert main <= dev
