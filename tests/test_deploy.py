"""The ways to run calfeed that we ship are accepted by the programs that will read them."""

from __future__ import annotations

import os
import re
import sys
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.deploy.shipped import DEPLOY, ROOT, ask, commands, read
from tests.judges import SHELLCHECK, program, require

SCRIPTS = ("run", ".ci/run", "requirements/compile")


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


def test_every_way_of_running_is_in_the_table() -> None:
    folders = sorted(path.name for path in DEPLOY.iterdir() if path.is_dir())
    assert [name for name in folders if f"({name}/)" not in read("README.md")] == []
    assert [name for name in folders if not (DEPLOY / name / "README.md").is_file()] == []


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
