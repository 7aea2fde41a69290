"""Commands, exit codes and words, as a shell sees them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from calfeed.cli import cli, main
from tests.goals import Tally, spread
from tests.support import NOW, REPOSITORY, Workshop, event, later, yaml_of

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the workshop's events file; exit code, output, errors."""
    workshop.write()

    def run(command: str, *arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as exit_:
            main([command, str(workshop.places.events), *map(str, arguments)])
        said = capsys.readouterr()
        return int(exit_.value.code or 0), said.out, said.err

    return run


def test_build_says_where_how_much_and_what_is_next(run: Run, workshop: Workshop) -> None:
    code, said, errors = run("build", "--now", NOW.isoformat())
    assert (code, errors) == (0, "")
    assert said == (
        f"published to {workshop.current}\n"
        "  add: black-january-1990\n"
        "1 event, 7 occurrences in the calendar\n"
        "next due: 2027-01-20, Black January 1990: 37th anniversary\n"
    )


def test_dry_run_lists_what_would_change_before_it_says_that_it_would_be_refused(
    run: Run, workshop: Workshop
) -> None:
    run("build")
    edited = event(categories=["renamed"], title={"en": "Other words"})
    workshop.write(edited, categories={"renamed": {"title": {"en": "History"}}})
    code, out, err = run("build", "--dry-run")
    assert code == 77
    assert "reword: black-january-1990" in out
    assert "published addresses would go" in err


def test_quiet_build_says_nothing(run: Run) -> None:
    assert run("build", "--quiet", "--now", NOW.isoformat()) == (0, "", "")


def test_build_as_json(run: Run) -> None:
    code, said, _ = run("build", "--json", "--now", NOW.isoformat())
    values = json.loads(said)
    assert (code, values["outcome"], values["status"]["events"]) == (0, "published", 1)
    assert values["changes"] == [{"what": "added", "id": "black-january-1990", "detail": ""}]


def test_site_and_state_go_where_they_are_told(run: Run, workshop: Workshop) -> None:
    run("build", "--site", workshop.folder / "w", "--state", workshop.folder / "m", "--now", NOW.isoformat())
    assert (workshop.folder / "w" / "current" / "calendar.ics").exists()
    assert (workshop.folder / "m" / "ledger.json").exists()
    assert not (workshop.folder / "site").exists()


@pytest.mark.parametrize(
    ("spoil", "code", "words"),
    [
        (lambda w: w.places.events.write_text("version: 1\n"), 65, 'the calendar has no "title"'),
        (lambda w: w.places.events.unlink(), 66, "No such file"),
        (lambda w: (w.current / "manifest.json").write_text("x"), 73, "nobody can tell"),
        (lambda w: (w.places.state / "ledger.json").write_text("x"), 74, "the ledger is damaged"),
        (lambda w: w.write(event(date="1990", observed="background")), 77, "never published"),
    ],
    ids=["65", "66", "73", "74", "77"],
)
def test_exit_codes(
    spoil: Callable[[Workshop], object], code: int, words: str, run: Run, workshop: Workshop
) -> None:
    run("build", "--now", NOW.isoformat())
    spoil(workshop)
    found, said, errors = run("build", "--now", later(days=1).isoformat())
    assert (found, said) == (code, "")
    assert words in errors
    assert "Traceback" not in errors


def test_failure_shows_in_status_until_a_build_is_good_again(run: Run, workshop: Workshop) -> None:
    run("build", "--now", NOW.isoformat())
    workshop.places.events.write_text("version: 1\n")
    run("build", "--now", later(hours=1).isoformat())
    code, said, _ = run("status", "--now", later(hours=2).isoformat())
    assert code == 0
    assert "failed since     2026-11-22T07:00:00+00:00" in said
    workshop.write()
    run("build", "--now", later(hours=3).isoformat())
    assert "failed" not in run("status", "--now", later(hours=3).isoformat())[1]


def test_full_disk_does_not_hide_what_failed(
    run: Run, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("build", "--now", NOW.isoformat())
    workshop.places.events.write_text("version: 1\n")
    monkeypatch.setattr(
        "calfeed.storage.files.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    code, _, errors = run("build", "--now", later(hours=1).isoformat())
    assert code == 65
    assert 'the calendar has no "title"' in errors


def test_status_is_stale_after_26_hours(run: Run) -> None:
    assert run("status")[0] == 1
    run("build", "--now", NOW.isoformat())
    code, said, _ = run("status", "--now", later(hours=26).isoformat())
    assert code == 0
    assert said.splitlines()[0] == "last good build  2026-11-22 10:00 Asia/Baku"
    code, said, _ = run("status", "--json", "--now", later(hours=26, seconds=1).isoformat())
    assert (code, json.loads(said)["stale"]) == (1, True)


@pytest.mark.goal("G17", "calfeed status, minute by minute for 28 hours: stale after 26")
def test_status_is_stale_from_the_minute_on(run: Run, tally: Tally, *, thorough: bool) -> None:
    run("build", "--now", NOW.isoformat())
    for minute in spread(range(28 * 60 + 1), 57, thorough=thorough):
        with tally.point(f"minute {minute}"):
            assert run("status", "--now", later(minutes=minute).isoformat())[0] == int(minute > 26 * 60)


def test_check_prints_problems_one_a_line(run: Run, workshop: Workshop) -> None:
    workshop.write(event(date="1990-02-30"), event("second", titel={"en": "T"}))
    code, said, errors = run("check")
    assert code == 65
    assert len(said.splitlines()) == 2
    assert "that month has 28 days" in said
    assert 'did you mean "title"?' in said
    assert errors.endswith(": 2 errors\n")


def test_check_passes_with_warnings(run: Run, workshop: Workshop) -> None:
    workshop.write(event(title={"en": "A title " * 10}))
    code, said, _ = run("check")
    assert code == 0
    assert "warning: a title over 60 characters is cut on telephones" in said


def test_upcoming_is_an_agenda_in_the_calendars_zone(run: Run, workshop: Workshop) -> None:
    workshop.write(event(), event("khojaly-1992", date="1992-02-25/1992-02-26", night="true"))
    _, said, _ = run("upcoming", "--days", 100, "--now", NOW.isoformat())
    assert said == (
        "2027-01-20  Black January 1990: 37th anniversary  Wednesday 20 January 2027\n"
        "2027-02-25  Khojaly 1992: 35th anniversary        Thursday 25 – Friday 26 February 2027\n"
    )
    assert run("upcoming", "--from", "2027-02-26", "--days", 1)[1].startswith("2027-02-25  Khojaly")
    assert "nothing between" in run("upcoming", "--from", "2027-02-27", "--days", 1)[2]


def test_upcoming_as_json(run: Run) -> None:
    _, said, _ = run("upcoming", "--from", "2027-01-01", "--days", 30, "--json")
    (found,) = json.loads(said)
    assert (found["dtstart"], found["dtend"], found["ordinal"]) == ("2027-01-20", "2027-01-21", 37)


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "--now", "2027-01-20"],
        ["build", "--now", "yesterday"],
        ["build", "--nonsense"],
        ["upcoming", "--from", "20 January"],
        ["upcoming", "--days", "0"],
        ["nonsense"],
        ["build", "--site", "ftp://user:secret@host/folder"],
        ["build", "--site", "https://user:secret@host/folder"],
        ["build", "--site", "s3://"],
        ["build", "--site", "s3://bucket/a?sig=secret"],
        ["build", "--site", "s3://bucket", "--restore-from", "https://calfeed.example/"],
        ["build", "--site", ""],
        ["build", "--site", "s3:/bucket/a"],
        ["build", "--site", "http://[bad"],
        ["build", "--restore-from", ""],
        ["build", "--restore-from", "calfeed.example"],
        ["build", "--restore-from", "file:///etc"],
        ["build", "--restore-from", "https://calfeed.example/?token=secret"],
        ["serve", "--site", "s3://bucket"],
        ["serve", "--port", "65536"],
        ["run", "--log-format", "xml"],
    ],
    ids=" ".join,
)
def test_usage_errors_exit_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert "secret" not in said


def test_unknown_language_is_a_usage_error(run: Run) -> None:
    code, _, errors = run("upcoming", "--lang", "az")
    assert code == 2
    assert "az is not one of en" in errors


@pytest.mark.parametrize("command", ["--help", "--version", *(f"{name} --help" for name in sorted(cli.commands))])
def test_help_is_quick_because_it_imports_no_library(command: str) -> None:
    code = (
        "import sys; from calfeed.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "heavy = {'icalendar', 'feedgen', 'pydantic', 'jinja2', 'apscheduler', 'yaml', 'pyluach', 'hijridate',\n"
        "         'dateutil', 'urllib3', 'obstore', 'httptools', 'uvloop', 'asyncio'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or None)"
    )
    subprocess.run([sys.executable, "-c", code, *command.split()], check=True, capture_output=True, cwd=REPOSITORY)


def test_quiet_day_imports_neither_pydantic_nor_the_formats(run: Run, workshop: Workshop) -> None:
    run("build", "--now", NOW.isoformat())
    code = (
        "import sys; from calfeed.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "heavy = {'icalendar', 'feedgen', 'pydantic', 'jinja2', 'yaml', 'urllib3', 'obstore', 'apscheduler'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or None)"
    )
    command = ["build", str(workshop.places.events), "--now", later(hours=1).isoformat()]
    subprocess.run([sys.executable, "-c", code, *command], check=True, capture_output=True, cwd=REPOSITORY)


def test_check_loads_what_it_reads_with_and_no_more() -> None:
    code = (
        "import sys; from calfeed.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "heavy = {'pydantic', 'pyluach', 'hijridate', 'dateutil', 'shutil', 'json',\n"
        "         'calfeed.compose', 'calfeed.storage.kept', 'calfeed.domain.memory',\n"
        "         'calfeed.domain.edtf.hints', 'calfeed.domain.wording.dates'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or None)"
    )
    command = ["check", "--quiet", "events.yaml"]
    subprocess.run([sys.executable, "-c", code, *command], check=True, capture_output=True, cwd=REPOSITORY)


@pytest.mark.parametrize(
    ("command", "collects"), [("check", False), ("build", False), ("run", True), ("serve", True)]
)
def test_only_what_goes_on_looks_for_cycles(command: str, collects: bool) -> None:
    code = (
        "import gc, sys; from calfeed.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(gc.isenabled())"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, command, "--help"], check=True, capture_output=True, text=True, cwd=REPOSITORY
    )
    assert found.stdout.splitlines()[-1] == str(collects)


def test_importing_calfeed_does_nothing(tmp_path: Path) -> None:
    code = "import sys, calfeed; sys.exit(len([m for m in sys.modules if m.startswith('calfeed')]) - 1)"
    subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(REPOSITORY)}
    )


def test_piping_into_a_reader_that_leaves_is_no_error(workshop: Workshop) -> None:
    workshop.places.events.write_bytes(yaml_of(workshop.values))
    command = f"{sys.executable} -m calfeed upcoming {workshop.places.events} --days 36525 | head -n 1"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    found = subprocess.run(command, shell=True, capture_output=True, text=True, check=True, env=environment)  # noqa: S602
    assert found.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "code"), [(["upcoming"], 74), (["build", "--json"], 74), (["check"], 0), (["build", "-q"], 0)]
)
def test_output_that_cannot_be_written_is_told_without_a_traceback(
    arguments: list[str], code: int, workshop: Workshop
) -> None:
    workshop.places.events.write_bytes(yaml_of(workshop.values))
    command = [sys.executable, "-m", "calfeed", *arguments, str(workshop.places.events)]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with Path("/dev/full").open("w") as full:
        found = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=environment
        )
    told = "calfeed: standard output: cannot be written: No space left on device\n"
    assert (found.returncode, found.stderr.endswith(told)) == (code, code == 74)
    assert workshop.current.exists() == ("build" in arguments)
    with Path("/dev/full").open("w") as full:
        deaf = subprocess.run(command, stdout=full, stderr=full, check=False, env=environment)
    assert deaf.returncode == code


@pytest.mark.parametrize(
    ("was", "becomes"),
    [('"Asia/Baku"', '"Nowhere/Land"'), ('"2026-11-22T06', '"someday'), ("{", "["), ('"day"', '"dya"')],
)
def test_garbled_status_is_no_status_and_the_next_build_mends_it(
    was: str, becomes: str, run: Run, workshop: Workshop
) -> None:
    run("build", "--now", NOW.isoformat())
    path = workshop.places.state / "status.json"
    path.write_text(path.read_text().replace(was, becomes, 1))
    assert run("status")[0] == 1
    assert run("build", "--now", later(hours=1).isoformat())[0] == 0
    assert run("status", "--now", later(hours=1).isoformat())[0] == 0


def test_a_file_that_is_too_large_is_read_where_larger_ones_are_allowed(run: Run, workshop: Workshop) -> None:
    with workshop.places.events.open("ab") as file:
        file.write(
            b"# A comment that goes on and on, line after line, in a file that nobody wrote by hand.\n" * 130_000
        )
    code, said, _ = run("check")
    assert code == 65
    assert "more than 10,485,760 bytes; split it, or allow it with --larger 2" in said
    assert run("check", "--larger", "2")[0] == 0
    assert run("build", "--larger", "2", "--now", NOW.isoformat())[0] == 0
    assert run("upcoming", "--larger", "2", "--now", NOW.isoformat())[0] == 0


def test_how_large_a_file_may_be_stands_in_the_environment_too(
    run: Run, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with workshop.places.events.open("ab") as file:
        file.write(b"#" * 11_000_000)
    monkeypatch.setenv("CALFEED_LARGER", "2")
    assert run("check")[0] == 0
