"""The documents say what the program does: every key, rule, option, exit code and command of the README."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from calfeed.cli import cli
from calfeed.domain.rules import RULES
from calfeed.domain.rules.hebrew import MONTHS
from calfeed.errors import CalfeedError
from calfeed.formats import FORMATS
from calfeed.storage.files import MAX_BYTES
from calfeed.storage.source import MAX_EVENTS, read_calendar, shapes, values
from calfeed.storage.source.nodes import MAX_DEPTH
from tests.support import REPOSITORY

DOCS = sorted(
    [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md"), *(REPOSITORY / "deploy").rglob("*.md")]
)
EVENTS_YAML = (REPOSITORY / "docs" / "events-yaml.md").read_text()
OPERATING = (REPOSITORY / "docs" / "operating.md").read_text()
README = (REPOSITORY / "README.md").read_text()


@pytest.mark.parametrize(
    "shape",
    [
        shapes.CalendarShape,
        shapes.SourceShape,
        shapes.CategoryShape,
        shapes.EventShape,
        shapes.ClaimShape,
        shapes.RefusedShape,
        shapes.CorrectionShape,
        shapes.WindowShape,
        shapes.BudgetShape,
    ],
    ids=lambda shape: shape.__name__,
)
def test_every_key_is_documented(shape: type[shapes.Shape]) -> None:
    for key in shape.model_fields:
        assert f"`{key}`" in EVENTS_YAML, key


def test_every_rule_and_its_keys_are_documented() -> None:
    for rule in RULES:
        assert f"`{rule.rule}`" in EVENTS_YAML or f"rule: {rule.rule}," in EVENTS_YAML, rule.rule
        for field in dataclasses.fields(rule):
            assert re.search(rf"\b{field.name}: |`{field.name}`", EVENTS_YAML), (rule.rule, field.name)
    assert all(month in EVENTS_YAML for month in MONTHS)


def test_example_of_the_documentation_is_a_calendar() -> None:
    example, corrections, translation = re.findall(r"```yaml\n(.*?)```", EVENTS_YAML, re.DOTALL)
    assert "language: az" in translation
    reading = read_calendar((example + corrections).encode(), file="example.yaml")
    assert reading.warnings == ()
    assert [note.id for note in reading.calendar.corrections] == ["fire-1903"]
    assert [event.id for event in reading.calendar.events] == ["fire-1903"]


def test_every_format_is_documented() -> None:
    for format_ in FORMATS:
        assert format_.filename in README + (REPOSITORY / "ARCHITECTURE.md").read_text(), format_.name


def test_every_command_is_in_the_readme_and_every_guarding_option_explained() -> None:
    for name, command in cli.commands.items():
        arguments = [option for option in command.params if isinstance(option, click.Argument)]
        names = [a.make_metavar(click.Context(command)) for a in arguments]
        assert f"`{' '.join(['calfeed', name, *names])}`" in README, name
        for option in command.params:
            if isinstance(option, click.Option) and any(
                o.startswith("--allow") or o == "--new-ledger" for o in option.opts
            ):
                assert option.opts[0] in OPERATING, option.opts


def test_every_exit_code_is_explained() -> None:
    codes = {error.exit_code for error in CalfeedError.__subclasses__()} - {70}
    for code in {0, 1, 2, *codes}:
        assert f"| {code} |" in OPERATING, code


def test_limits_are_those_of_the_code() -> None:
    assert f"{MAX_BYTES // 1024**2} MiB, {MAX_EVENTS:,} events, {MAX_DEPTH} levels" in EVENTS_YAML
    assert f"titles of {values.MAX_TITLE} and texts of {values.MAX_TEXT:,} characters" in EVENTS_YAML


@pytest.mark.parametrize("document", DOCS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text()):
        if not target.startswith("https://"):
            assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_tests_that_documents_name_exist(document: Path) -> None:
    for target in re.findall(
        r"`((?:tests|docs|calfeed|deploy|requirements|storage|bench)/[\w./-]*)`", document.read_text()
    ):
        assert (REPOSITORY / target).exists() or (REPOSITORY / "calfeed" / target).exists(), target


def test_first_command_of_the_readme_publishes_and_says_where(tmp_path: Path) -> None:
    """`./run` is `python -m calfeed build` in the checkout; here on a copy, so that the checkout stays clean."""
    (tmp_path / "events.yaml").write_bytes((REPOSITORY / "events.yaml").read_bytes())
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    found = subprocess.run(
        [sys.executable, "-m", "calfeed", "build"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "published to site/current" in found.stdout
    assert re.search(r"\d+ events, \d+ occurrences in the calendar\nnext due: ", found.stdout)
    for name in ("calendar.ics", "feed.rss", "feed.atom", "events.json", "index.html"):
        assert (tmp_path / "site" / "current" / name).stat().st_size > 1000
