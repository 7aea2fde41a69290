"""The memory on disk: what is damaged is refused, what is lost comes back from the release that stands."""

from __future__ import annotations

import datetime as dt
import errno
import fcntl
import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.domain.memory import Memory
from calfeed.errors import BusyError, LedgerError
from calfeed.storage.ledger import Ledger, open_ledger, parse_ledger, read_header, read_ledger
from calfeed.storage.status import read_status
from calfeed.storage.target import Folder
from tests.support import NOW, Values, Workshop, event, later, read, revised

PATH = Path("ledger.json")


def written(memory: Memory, ledger: Ledger | None = None) -> bytes:
    ledger = ledger or Ledger(PATH, None, None)
    return bytes(ledger.written(memory, version="0.2.0", inputs="abc", next_due=later(days=1)))


def memory() -> Memory:
    return revised(read(event(), event("other", date="1991-12-25"))).memory


def test_what_is_written_reads_back() -> None:
    header, found = parse_ledger(written(memory()), PATH)
    assert found == memory()
    assert (header.serial, header.records, header.next_due_at) == (1, 2, later(days=1))


def test_ledger_is_json_and_its_second_line_is_the_header() -> None:
    values = json.loads(written(memory()))
    assert values[0]["ledger"] == 2
    assert [record["id"] for record in values[1:]] == ["black-january-1990", "other"]
    assert json.loads(written(memory()).splitlines()[1].rstrip(b",")) == values[0]


def test_empty_memory_reads_back() -> None:
    empty = Memory("calfeed.example,2026", memory().window, {})
    assert parse_ledger(written(empty), PATH)[1] == empty


def test_serial_rises_with_the_records_and_only_then() -> None:
    header, found = parse_ledger(written(memory()), PATH)
    again = Ledger(PATH, header, None)
    assert parse_ledger(written(memory(), again), PATH)[0].serial == 1
    moved = revised(read(event(date="1990-02-02"), event("other", date="1991-12-25")), found, later(days=1)).memory
    assert parse_ledger(written(moved, again), PATH)[0].serial == 2


@given(st.integers(min_value=0), st.binary(max_size=3))
def test_a_ledger_that_was_cut_or_garbled_is_refused(at: int, other: bytes) -> None:
    whole = written(memory())
    at %= len(whole)
    for damaged in (whole[:at], whole[:at] + other + whole[at + len(other) :]):
        if damaged == whole:
            continue
        try:
            header, found = parse_ledger(damaged, PATH)
        except LedgerError as error:
            assert "ledger.json" in str(error)  # noqa: PT017 - it need not be raised: see below
        else:  # a digit of the header that nothing depends on yet, never a record
            assert found.records == memory().records
            assert header.sha256 == parse_ledger(whole, PATH)[0].sha256


@pytest.mark.parametrize("damaged", [b"", b"\0" * 4096, b"[]\n", b"<html>", b"[\n{}\n]\n"])
def test_what_is_no_ledger_is_refused_with_the_way_out(damaged: bytes, workshop: Workshop) -> None:
    workshop.build()
    path = workshop.places.state / "ledger.json"
    path.write_bytes(damaged)
    with pytest.raises(LedgerError, match="move it away, and the next build takes the copy"):
        workshop.build(later(hours=1))
    assert path.read_bytes() == damaged
    path.rename(path.with_suffix(".damaged"))
    assert workshop.build(later(hours=1)).restored_from == str(workshop.current / "ledger.json")


def test_ledger_of_a_newer_calfeed_is_refused(workshop: Workshop) -> None:
    workshop.build()
    path = workshop.places.state / "ledger.json"
    path.write_bytes(path.read_bytes().replace(b'{"ledger":2,', b'{"ledger":3,'))
    with pytest.raises(LedgerError, match="which is newer"):
        workshop.build(later(hours=1))


def test_lost_state_is_restored_exactly(workshop: Workshop) -> None:
    workshop.write(event(), event("other", date="1991-12-25"))
    workshop.build()
    workshop.write(event(date="1990-02-02"), event("other", date="1991-12-25", title={"en": "T"}))
    workshop.build(later(days=1))
    before, ledger = workshop.files(), (workshop.places.state / "ledger.json").read_bytes()
    for path in workshop.places.state.iterdir():
        path.unlink()
    report = workshop.build(later(days=2))
    assert report.outcome == "unchanged"
    assert report.restored_from == str(workshop.current / "ledger.json")
    assert workshop.files() == before
    assert (workshop.places.state / "ledger.json").read_bytes() == ledger


def test_release_without_a_ledger_is_not_started_afresh_in_silence(workshop: Workshop) -> None:
    workshop.build()
    (workshop.places.state / "ledger.json").unlink()
    (workshop.current / "ledger.json").unlink()
    with pytest.raises(LedgerError, match="--new-ledger"):
        workshop.build(later(hours=1))
    assert workshop.build(later(hours=1), new_ledger=True).outcome == "published"


def test_new_history_is_refused_where_the_old_one_can_be_read(workshop: Workshop) -> None:
    workshop.build()
    (workshop.places.state / "ledger.json").unlink()
    with pytest.raises(LedgerError, match=r"ledger of calfeed.example,2026 stands there.*leave out --new-ledger"):
        workshop.build(later(hours=1), new_ledger=True)


@pytest.mark.parametrize("lost", ["ledger", "release"])
def test_new_history_is_refused_where_a_newer_calfeed_keeps_the_old_one(lost: str, workshop: Workshop) -> None:
    workshop.build()
    paths = {"ledger": workshop.places.state / "ledger.json", "release": workshop.current / "ledger.json"}
    paths.pop(lost).unlink()
    (path,) = paths.values()
    newer = path.read_bytes().replace(b'{"ledger":2,', b'{"ledger":3,')
    path.write_bytes(newer)
    before = workshop.files()
    with pytest.raises(LedgerError, match="which is newer"):
        workshop.build(later(hours=1), new_ledger=True)
    assert (workshop.files(), path.read_bytes()) == (before, newer)


@pytest.mark.parametrize("key", ["serial", "next_due", "records"])
def test_header_with_a_value_of_another_kind_is_damage(key: str, workshop: Workshop) -> None:
    workshop.build()
    path = workshop.places.state / "ledger.json"
    lines = path.read_bytes().splitlines(keepends=True)
    header = json.loads(lines[1].rstrip(b",\n"))
    path.write_bytes(b"".join([lines[0], json.dumps({**header, key: "junk"}).encode() + b",\n", *lines[2:]]))
    with pytest.raises(LedgerError, match="the ledger is damaged"):
        workshop.build(later(hours=1))


def test_deep_nesting_in_a_ledger_is_damage(workshop: Workshop) -> None:
    workshop.build()
    (workshop.places.state / "ledger.json").write_bytes(b"[\n" + b"[" * 200_000 + b"\n]\n")
    with pytest.raises(LedgerError, match="the ledger is damaged"):
        workshop.build(later(hours=1))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("built", "2026-11-22T06:00:00"),
        ("untold_since", "junk"),
        ("next_up_on", 5),
        ("timezone", "Nowhere/Land"),
        ("untold", 5),
    ],
)
def test_status_with_a_value_of_another_kind_is_none(key: str, value: object, workshop: Workshop) -> None:
    workshop.build()
    path = workshop.places.state / "status.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), key: value}))
    assert read_status(workshop.places.state) is None
    assert workshop.build(later(hours=1)).outcome == "unchanged"


def test_older_backup_of_the_state_is_refused(workshop: Workshop) -> None:
    workshop.build()
    path = workshop.places.state / "ledger.json"
    backup = path.read_bytes()
    workshop.write(event(date="1990-02-02"))
    workshop.build(later(days=1))
    path.unlink()
    path.write_bytes(backup)
    with pytest.raises(LedgerError, match="serial 1 is not the ledger of the release that stands"):
        workshop.build(later(days=2))


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda data: data.replace(b'{"ledger":2,', b'{"ledger":3,'), r"current/ledger.json: .*which is newer"),
        (
            lambda data: data[:20],
            r"current/ledger.json: .*is damaged \(20 bytes\), .*a copy of .*state/ledger.json",
        ),
        (lambda _: b"[\n[]\n]\n", "is damaged"),
    ],
    ids=["newer", "cut", "none"],
)
def test_release_whose_ledger_cannot_be_read_is_not_overwritten_by_an_older_state(
    edit: Callable[[bytes], bytes], words: str, workshop: Workshop
) -> None:
    """As when calfeed was put back, with a state of its time, under a release that the newer one built."""
    workshop.build()
    standing = workshop.current / "ledger.json"
    standing.write_bytes(edit(standing.read_bytes()))
    workshop.write(event(date="1990-02-02"))
    before, mine = workshop.files(), (workshop.places.state / "ledger.json").read_bytes()
    for options in ({}, {"allow_removal": True}, {"dry_run": True}):
        with pytest.raises(LedgerError, match=words):
            workshop.build(later(days=1), **options)
    assert workshop.files() == before
    assert (workshop.places.state / "ledger.json").read_bytes() == mine


def test_previous_ledger_is_kept_beside_it(workshop: Workshop) -> None:
    workshop.build()
    first = (workshop.places.state / "ledger.json").read_bytes()
    workshop.write(event(date="1990-02-02"))
    workshop.build(later(days=1))
    assert (workshop.places.state / "ledger.previous.json").read_bytes() == first


def test_commit_after_one_that_failed_leaves_nothing_lying_about(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.build()
    workshop.write(event(title={"en": "Edited"}))
    with monkeypatch.context() as broken:
        broken.setattr("calfeed.storage.files.replace", _no_space)
        with pytest.raises(LedgerError):
            workshop.build(later(hours=1))
    workshop.build(later(hours=1))
    names = {path.name for path in workshop.places.state.iterdir()}
    assert names == {"ledger.json", "ledger.previous.json", "lock", "status.json"}


def test_ledger_that_cannot_be_held_against_the_new_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "ledger.json").mkdir()
    empty = Ledger(tmp_path / "ledger.json", None, None)
    found = empty.written(memory(), version="0", inputs="", next_due=NOW)
    with pytest.raises(LedgerError, match=r"ledger\.json: cannot be written: Is a directory"):
        empty.commit(found)


def _no_space(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_second_builder_leaves_while_the_first_is_at_work(workshop: Workshop) -> None:
    workshop.build()
    descriptor = os.open(workshop.places.state / "lock", os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(BusyError, match="another build is at work"):
            workshop.build(later(hours=1))
    finally:
        os.close(descriptor)
    assert workshop.build(later(hours=1)).outcome == "quiet"


def test_state_that_cannot_be_locked_is_told_with_its_path(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("calfeed.storage.ledger.fcntl.flock", refuse)
    with pytest.raises(LedgerError, match=r"lock: cannot be locked: No locks available; name a folder"):
        workshop.build()


def test_state_that_is_no_folder_is_told_with_its_path(workshop: Workshop) -> None:
    workshop.write()
    workshop.places.state.write_text("a file")
    with pytest.raises(LedgerError, match=r"state: .*; name a folder with --state"):
        workshop.build()


def test_header_is_none_where_nothing_readable_stands() -> None:
    for data in (b"", b"[", b"[\nnot json\n", b"[\n{}\n]\n", b"\0" * 64, written(memory())[:40]):
        assert read_header(data) is None
    assert read_header(written(memory())) == parse_ledger(written(memory()), PATH)[0]


def test_opening_gives_an_empty_ledger_for_a_first_build(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "state", Folder(tmp_path / "site")) as ledger:
        assert (ledger.header, ledger.memory) == (None, None)
    assert read_ledger(tmp_path / "state", Folder(tmp_path / "site")).memory is None


@pytest.mark.parametrize("name", [".ledger.json-4711", ".ledger.previous.json-4711", ".status.json-4711"])
def test_litter_of_an_interrupted_commit_is_removed_and_nothing_else(name: str, workshop: Workshop) -> None:
    workshop.build(NOW)
    litter, ours = workshop.places.state / name, workshop.places.state / ".gitignore"
    litter.write_text("half")
    ours.write_text("*")
    workshop.build(later(hours=1))
    assert not litter.exists()
    assert ours.exists()


def test_previous_ledger_is_copied_where_a_hard_link_is_refused(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.build()
    first = (workshop.places.state / "ledger.json").read_bytes()
    workshop.write(event(date="1990-02-02"))
    monkeypatch.setattr(Path, "hardlink_to", lambda *_: (_ for _ in ()).throw(PermissionError(1, "protected")))
    workshop.build(later(days=1))
    assert (workshop.places.state / "ledger.previous.json").read_bytes() == first


def test_previous_ledger_that_cannot_be_put_there_leaves_nothing(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.build()
    workshop.write(event(date="1990-02-02"))
    before, replace_ = sorted(workshop.places.state.iterdir()), Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if "previous" in target.name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return replace_(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(LedgerError, match=r"ledger\.json: cannot be written: No space left"):
        workshop.build(later(days=1))
    assert sorted(workshop.places.state.iterdir()) == before


def test_what_was_shown_and_corrected_reads_back() -> None:
    first = revised(read(event(), event("other", date="1991-12-25")))
    note = {"id": "other", "on": "2026-11-23", "why": {"en": "A letter."}, "withhold": "true"}
    edited = event(date="1990-01-19", location={"en": "Baku"}, title={"en": "“Ü” \\ 'א'"})
    second = revised(read(edited, corrections=[note]), first.memory, later(days=1))
    third = revised(read(edited, event("other", date="1991-12-25")), second.memory, later(days=2))
    for found in (second.memory, third.memory):
        assert any(record.corrections for record in found.records.values())
        assert parse_ledger(written(found), PATH)[1] == found


FORMAT_1 = """\
{"id":"black-january-1990","date":"1990-01-20","sequence":3,"created":"2026-11-01T06:00:00Z",\
"items_since":"2026-10-25","wordings":{"en":["2026-11-02T06:00:00Z","0123456789abcdef0123456789abcdef"]},\
"days":{"2025":["2025-01-20","2025-01-21"],"2026":["2026-01-20","2026-01-21"]},\
"published":{"2026":"2026-01-19T20:00:00Z"},"withdrawn":null},
{"id":"gone","date":"1990-02-20","sequence":0,"created":"2026-11-01T06:00:00Z",\
"items_since":"2026-10-25","wordings":{"en":["2026-11-01T06:00:00Z","0123456789abcdef0123456789abcdef"]},\
"days":{"2026":["2026-02-20","2026-02-21"]},"published":{},"withdrawn":"2026-11-03T06:00:00Z"}
"""
HEADER_1 = """\
{"ledger":1,"calfeed":"0.1.0","serial":7,"inputs":"abc","next_due":"2026-12-31T20:00:00Z",\
"authority":"calfeed.example,2026","window":["2025-01-01","2026-12-31"],"records":2,"sha256":"%s"},
"""


def test_ledger_of_the_first_format_is_read_and_the_next_build_only_remembers() -> None:
    header = HEADER_1 % hashlib.sha256(FORMAT_1.encode()).hexdigest()
    old_header, old = parse_ledger(f"[\n{header}{FORMAT_1}]\n".encode(), PATH)
    record = old.records["black-january-1990"]
    assert (record.sequence, record.shown, record.corrections) == (3, None, ())
    now = dt.datetime(2026, 11, 22, 6, tzinfo=dt.UTC)
    calendar = read(event(title={"en": "Another title"}), window={"past": "1", "future": "1"})
    again = revised(calendar, old, now).memory
    assert again.records["black-january-1990"].sequence == 3
    assert again.records["black-january-1990"].corrections == ()
    assert replace(again.records["gone"], gone={}) == old.records["gone"]
    new_header, found = parse_ledger(written(again, Ledger(PATH, old_header, None)), PATH)
    assert (new_header.ledger, new_header.serial, found) == (2, 8, again)
    shown = found.records["black-january-1990"].shown
    assert shown is not None
    assert shown.title == {"en": "Another title"}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b'"what":"tone"', b'"what":"tune"'),
        (b'"sequence":0', b'"sequence":Infinity'),
        (b'"created":"2026-11-22T06:00:00Z"', b'"created":"0001-01-01T00:00:00+14:00"'),
        (b'"id":"black-january-1990"', b'"id":["black-january-1990"]'),
    ],
)
def test_value_that_nobody_wrote_is_damage_though_the_digest_fit(right: bytes, wrong: bytes) -> None:
    first = revised(read(event()))
    found = written(revised(read(event(tone="mourning")), first.memory, later(days=1)).memory)
    assert right in found
    lines = found.replace(right, wrong).splitlines(keepends=True)
    header = json.loads(lines[1].rstrip(b",\n"))
    header["sha256"] = hashlib.sha256(b"".join(lines[2:-1])).hexdigest()
    with pytest.raises(LedgerError, match="the ledger is damaged"):
        parse_ledger(b"".join([lines[0], json.dumps(header).encode() + b",\n", *lines[2:]]), PATH)


def test_header_with_an_instant_before_the_first_in_utc_is_none() -> None:
    found = re.sub(rb'"next_due":"[^"]*"', b'"next_due":"0001-01-01T00:00:00+14:00"', written(memory()))
    assert read_header(found) is None
    with pytest.raises(LedgerError, match="the ledger is damaged"):
        parse_ledger(found, PATH)


def test_newer_ledger_names_its_calfeed_in_a_line_without_controls() -> None:
    hostile = b'"calfeed":"9\\u001b[2J\\n' + b"9" * 500 + b'"'
    found = written(memory()).replace(b'"calfeed":"0.2.0"', hostile)
    with pytest.raises(LedgerError, match="which is newer") as caught:
        parse_ledger(found.replace(b'"ledger":2', b'"ledger":9'), PATH)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


def doctored(ledger: bytes, change: Callable[[Values], object]) -> bytes:
    """A ledger whose first record is changed, with the digest that belongs to it."""
    lines = ledger.splitlines(keepends=True)
    record = json.loads(lines[2].rstrip(b",\n"))
    change(record)
    lines[2] = json.dumps(record).encode() + (b",\n" if len(lines) > 4 else b"\n")
    header = json.loads(lines[1].rstrip(b",\n"))
    header["sha256"] = hashlib.sha256(b"".join(lines[2:-1])).hexdigest()
    return b"".join([lines[0], json.dumps(header).encode() + b",\n", *lines[2:]])


def amended(**amendment: object) -> Values:
    return {"corrections": [{"at": "2026-11-22T06:00:00Z", "amendments": [amendment]}]}


@pytest.mark.parametrize(
    "change",
    [
        *({"id": id_} for id_ in ("../../x", "/etc/x", "a/b", "", "a\nb", "A", "a" * 65, 7)),
        *({"sequence": number} for number in (-1, 2**31, 10**30, "1", 1.5)),
        {"wordings": {"../en": ["2026-11-22T06:00:00Z", "x"]}},
        {"date": 7},
        *({"shown": {"url": url}} for url in ("javascript:alert(1)", "https://example.org/ x", 'http://a"b')),
        *(
            {"shown": {"title": {"en": text}}}
            for text in ("a\r\nMETHOD:CANCEL", "\0", "\ufffe", "\ud800", "\u202e")
        ),
        *({"shown": {"title": text}} for text in ("text", ["en"], {"en": 5}, {"en": None}, {"<b>": "x"})),
        *({"shown": {"categories": slugs}} for slugs in (["../x"], "history", [5])),
        {"shown": {"subjects": ["\x1b[2J"]}},
        {"shown": {"tone": "evil"}},
        {"shown": {"claims": [{"source": "../x", "basis": "stated", "says": {"en": "x"}}]}},
        {"shown": {"claims": [{"source": "x", "basis": "evil", "says": {"en": "x"}}]}},
        amended(what="url", before="javascript:alert(1)", after="https://example.org/"),
        amended(what="title", language="en", before="a\0b", after="b"),
        amended(what="title", language="en", before=5, after="b"),
        amended(what="categories", before="a", after="b", own="en"),
        {"withheld": [5]},
    ],
    ids=repr,
)
def test_ledger_that_only_a_stranger_can_have_written_is_damage(change: Values) -> None:
    whole = written(memory())
    assert parse_ledger(doctored(whole, dict), PATH)[1] == memory()

    def put(record: Values) -> None:
        record.update({**change, "shown": {**record["shown"], **change.get("shown", {})}})

    with pytest.raises(LedgerError, match="the ledger is damaged"):
        parse_ledger(doctored(whole, put), PATH)
