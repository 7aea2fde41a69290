"""`calfeed init`: a calendar to start from, which builds at once."""

from __future__ import annotations

import importlib
import json
import zipfile
from pathlib import Path

import pytest

from calfeed.cli import main
from calfeed.storage.source.schema import schema
from calfeed.storage.starter import starter
from tests.support import NOW, REPOSITORY


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit_:
        main([*map(str, arguments)])
    found = capsys.readouterr()
    return int(exit_.value.code or 0), found.out, found.err


def test_new_calendar_checks_builds_and_has_an_agenda(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new" / "calendar"
    events = folder / "events.yaml"
    code, out, errors = said(capsys, "init", folder)
    assert (code, errors) == (0, "")
    assert out.splitlines()[:2] == [f"wrote {events}", f"wrote {folder / 'events.schema.json'}"]
    assert out.splitlines()[-3:] == [f"  calfeed {command} {events}" for command in ("check", "build", "upcoming")]
    assert said(capsys, "check", events) == (0, "", f"{events}: 4 events, no errors\n")
    code, out, errors = said(capsys, "build", events, "--now", NOW.isoformat())
    assert (code, errors) == (0, "")
    assert "4 events, 21 occurrences in the calendar" in out
    assert (folder / "site" / "current" / "calendar.ics").exists()
    assert (
        "First people on the Moon: 58th anniversary"
        in said(capsys, "upcoming", events, "--days", 365, "--now", NOW.isoformat())[1]
    )
    assert said(capsys, "explain", "moon-landing-1969", events)[0] == 0


def test_first_line_leads_editors_to_the_schema_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "init", tmp_path)
    first = (tmp_path / "events.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=events.schema.json"
    assert json.loads((tmp_path / "events.schema.json").read_text()) == schema()


def test_current_folder_is_taken_where_none_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said(capsys, "init", "--quiet") == (0, "", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["events.schema.json", "events.yaml"]


@pytest.mark.parametrize("name", ["events.yaml", "events.schema.json"])
def test_nothing_is_overwritten_and_nothing_half_written(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text("mine")
    code, out, errors = said(capsys, "init", tmp_path)
    assert (code, out) == (73, "")
    assert errors == f"calfeed: {tmp_path / name} stands already and is left as it is; name another folder\n"
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    code, _, errors = said(capsys, "init", tmp_path / "file" / "below")
    assert code == 73
    assert errors.endswith("name a folder that can be written\n")


def test_wheel_holds_the_starter(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="hatchling builds the wheel, and is not installed")
    builder = importlib.import_module("hatchling.builders.wheel").WheelBuilder(str(REPOSITORY))
    (wheel,) = builder.build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(wheel) as opened:
        assert opened.read("calfeed/storage/starter.yaml") == starter()["events.yaml"]
