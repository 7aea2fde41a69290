"""The memory of what was published: `state/ledger.json`, a copy in every release, one writer at a time.

A JSON array with one element a line: the header first, then one record for each event, so that a quiet day
reads one line and a diff reads well. A record holds what readers were last shown, as the curator wrote it, and
what was corrected; one of format 1 holds neither, and is read as one of which nothing more is known. The header
carries the digest of the records; what is cut, garbled or from a newer calfeed is refused and never overwritten.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from calfeed.domain.instants import instant, rfc3339
from calfeed.errors import BusyError, LedgerError, NewerLedger, printable
from calfeed.storage import files
from calfeed.storage.damage import GARBLED, telling_damage
from calfeed.storage.lines import Records, line_of

if TYPE_CHECKING:
    from calfeed.domain.memory import Memory

FORMAT = 2  # 1 remembered neither what readers were shown nor what was corrected
NAME = "ledger.json"
_BEGIN, _END = b"[\n", b"]\n"
_WRITTEN = (NAME, "ledger.previous.json", "status.json", "kept.json")


@dataclass(frozen=True)
class Header:
    """What a quiet day needs to know: `inputs` is the digest of everything that was compiled.

    `serial` rises by one whenever the records change, so an old copy is told from the newest.
    """

    ledger: int
    calfeed: str
    serial: int
    inputs: str
    next_due: str
    authority: str
    window: tuple[str, str]
    records: int
    sha256: str

    @property
    def next_due_at(self) -> dt.datetime:
        """When the output changes by itself."""
        return instant(self.next_due)


@dataclass(frozen=True)
class InOrder:
    """Lines in the order of these ids, as often as they are asked for: those that were made, and those known."""

    ids: tuple[str, ...]
    made: Mapping[str, bytes]
    known: Mapping[str, bytes]

    def __iter__(self) -> Iterator[bytes]:
        return (self.made[id_] if id_ in self.made else self.known[id_] for id_ in self.ids)


@dataclass(frozen=True)
class Written:
    """The octets of a ledger, piece by piece, as often as they are asked for."""

    header: Header
    lines: Iterable[bytes]

    def __iter__(self) -> Iterator[bytes]:
        yield b"[\n" + line_of(asdict(self.header))
        for line in self.lines:
            yield b",\n" + line
        yield b"\n]\n"

    def __bytes__(self) -> bytes:
        return b"".join(self)

    @property
    def sha256(self) -> str:
        """Their digest, in hexadecimal."""
        found = hashlib.sha256()
        for chunk in self:
            found.update(chunk)
        return found.hexdigest()


@dataclass
class Ledger:
    """The opened ledger: what it remembers, and where a new memory is committed; others may write a shared one.

    `records` stay as they were read until somebody asks for the memory: a quiet day never does. `known` is what is
    known of some of them, by id, without reading them; where it is given, all of them are let go until they are
    looked at.
    """

    path: Path
    header: Header | None
    records: Records | None
    restored_from: str | None = None
    shared: bool = False
    known: Mapping[str, Mapping[str, object]] | None = None

    @cached_property
    def memory(self) -> Memory | None:
        """What was published before; raises LedgerError where a record is not as it was written."""
        return self.records.memory(self.known) if self.records else None

    @property
    def lines(self) -> Mapping[str, bytes]:
        """The lines of the records by their ids."""
        return self.records.lines if self.records else {}

    def written(
        self,
        memory: Memory,
        *,
        version: str,
        inputs: str,
        next_due: dt.datetime,
        lines: Mapping[str, bytes] | None = None,
    ) -> Written:
        """A ledger with this memory, of which some lines are known by id; equal memories keep their serial."""
        from calfeed.storage.records import record_values  # noqa: PLC0415 - a quiet day needs none of it

        known = lines or {}
        made = {id_: line_of(record_values(r)) for id_, r in memory.records.items() if id_ not in known}
        ordered = InOrder(tuple(memory.records), made, known)
        digest = _digest(ordered)
        window = (memory.window[0].isoformat(), memory.window[1].isoformat())
        serial = self.header.serial if self.header else 0
        if self.header is None or (self.header.sha256, self.header.window) != (digest, window):
            serial += 1
        header = Header(
            ledger=FORMAT,
            calfeed=version,
            serial=serial,
            inputs=inputs,
            next_due=rfc3339(next_due),
            authority=memory.authority,
            window=window,
            records=len(memory.records),
            sha256=digest,
        )
        return Written(header, ordered)

    def commit(self, written: Written) -> None:
        """Make `written` the ledger, in one step; the one before is kept beside it."""
        try:
            if self.path.exists() and files.sha256(self.path) == written.sha256:
                return
            files.keep_previous(self.path)
            files.replace(self.path, written)
        except OSError as error:
            raise LedgerError(f"{self.path}: cannot be written: {error.strerror}") from error


@dataclass(frozen=True)
class Standing:
    """The ledger that stands beside what readers see; `name` tells where, `head` is how it begins.

    `shared` says that several machines may publish there: then it is the ledger, and ours only a copy. The whole
    is read when somebody asks: mostly its header is all that there is to look at.
    """

    name: str
    head: bytes
    size: int
    read: Callable[[], bytes]
    shared: bool = False

    @classmethod
    def of(cls, name: str, data: bytes, *, shared: bool = False) -> Standing:
        """One that was read already."""
        return cls(name, data, len(data), lambda: data, shared)


class Beside(Protocol):
    """What the ledger asks of the place where releases are published."""

    def ledger(self) -> Standing | None:
        """The ledger that stands there."""

    def forgotten(self) -> str | None:
        """What stands there although its ledger is gone, None where a first build may begin."""


@contextmanager
def open_ledger(state: Path, beside: Beside, *, new: bool = False) -> Iterator[Ledger]:
    """Lock the state and read the ledger; where it is lost, take it from the release that stands.

    Raises BusyError when somebody else holds the lock; LedgerError as `read_ledger` does, and when the state
    folder cannot be used.
    """
    try:
        files.make_folder(state)
        descriptor = os.open(state / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, files.FILE_MODE)
    except OSError as error:
        raise LedgerError(f"{error.filename or state}: {error.strerror}; name a folder with --state") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(f"{state / 'lock'}: another build is at work; try again when it is done") from None
        except OSError as error:  # ENOLCK, as on a network's file system whose locks do not work
            raise LedgerError(
                f"{state / 'lock'}: cannot be locked: {error.strerror}; name a folder on another disk with --state"
            ) from error
        _remove_litter(state)
        yield read_ledger(state, beside, new=new)
    finally:
        os.close(descriptor)


def _remove_litter(state: Path) -> None:
    try:
        for name in _WRITTEN:
            files.remove_litter(state, f".{name}-")
    except OSError as error:
        raise LedgerError(f"{error.filename or state}: {error.strerror}; name a folder with --state") from error


def read_ledger(state: Path, beside: Beside, *, new: bool = False) -> Ledger:
    """The ledger of a state folder, or the one beside what readers see, or an empty one for a first build.

    Raises LedgerError when it is damaged, newer than this calfeed, or older than the release it belongs to,
    and when a release stands that has none (unless `new`). A new history is for where the old one is lost: with
    `new` it raises LedgerError where a ledger stands that can be read, by this calfeed or by a newer one.
    """
    path = state / NAME
    local = _bytes(path) if path.exists() else None
    standing = beside.ledger()
    if new and standing:
        _check_lost(standing)
    if standing and standing.shared and not new:
        header, read = _checked(standing.read(), standing.name)
        _check_not_put_back(header, standing.name, path)
        return Ledger(path, header, read, shared=True)
    if local is not None:
        header, read = _checked(local, path)
        _check_not_older(header, path, standing)
        return Ledger(path, header, read)
    if standing and not new:
        header, read = _checked(standing.read(), standing.name)
        return Ledger(path, header, read, restored_from=standing.name)
    if (forgotten := beside.forgotten()) and not new:
        raise LedgerError(
            f"{forgotten}, and there is no ledger in it nor in {state}; restore {path} from a backup, "
            f"or begin a new history with --new-ledger: every SEQUENCE starts at 0"
        )
    return Ledger(path, None, None)


def read_header(data: bytes) -> Header | None:
    """The header of a ledger, None where it cannot be read; looks at no more than two lines."""
    try:
        return _first_line(data, NAME)
    except (*GARBLED, LedgerError):
        return None


def _first_line(data: bytes, name: str) -> Header:
    """The header; raises LedgerError where a newer calfeed wrote it, or whatever parsing raises."""
    return _header(json.loads(_second_line(data)), name)


def _second_line(data: bytes) -> bytes:
    return data[: data.index(b"\n", 2)].split(b"\n", 1)[1].rstrip(b",")


def _check_lost(standing: Standing) -> None:
    """Nobody begins a new history where the old one is at hand, be it another calendar's or a newer calfeed's."""
    try:
        header, _ = parse_ledger(standing.read(), standing.name)
    except NewerLedger:
        raise
    except LedgerError:
        return
    raise LedgerError(
        f"{standing.name}: the ledger of {header.authority} stands there and can be read, so nothing is lost; "
        f"leave out --new-ledger, or name another place to publish to"
    )


def _check_not_older(header: Header, path: Path, standing: Standing | None) -> None:
    """A restored backup must not take SEQUENCE numbers back that subscribers have seen.

    What stands and cannot be read may hold any: a newer calfeed wrote it, or nobody knows what it was.
    """
    if standing is None:
        return
    theirs = _standing_header(path, standing)
    if header.serial > theirs.serial or header.sha256 == theirs.sha256:
        return
    raise LedgerError(
        f"{path}: serial {header.serial} is not the ledger of the release that stands (serial "
        f"{theirs.serial}); move it away, and the next build takes the one in {standing.name}"
    )


def _standing_header(path: Path, standing: Standing) -> Header:
    try:
        return _first_line(standing.head, standing.name)
    except GARBLED as error:
        raise LedgerError(
            f"{standing.name}: the ledger of the release that stands is damaged ({standing.size:,} bytes), "
            f"so nobody can tell whether {path} is older; put the one of this release in its place, from a backup "
            f"or, if no other was restored since, a copy of {path}"
        ) from error


def _check_not_put_back(header: Header, name: str, path: Path) -> None:
    """Nor must a bucket that somebody put back to an older state.

    A copy that a newer calfeed left here says as much: what it published has been put back to what is older. One
    that is damaged says nothing, and is replaced: the ledger is the one in the bucket.
    """
    ours = _copy_header(path)
    if ours is None or ours.serial <= header.serial:
        return
    raise LedgerError(
        f"{name}: serial {header.serial} is older than the copy that was kept here (serial "
        f"{ours.serial}); if somebody put an older state back there, put {path} in its place; if the copy belongs "
        f"to another place to publish to, give each a --state of its own"
    )


def _copy_header(path: Path) -> Header | None:
    """The header of our copy, None where there is none or nothing to read in it; raises NewerLedger."""
    try:
        return _first_line(_bytes(path), str(path)) if path.exists() else None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def parse_ledger(data: bytes, path: Path | str) -> tuple[Header, Memory]:
    """Read a ledger; raises LedgerError with the way out when anything in it is not as it was written."""
    header, records = _checked(data, path)
    return header, records.memory(None)


def _checked(data: bytes, path: Path | str) -> tuple[Header, Records]:
    """The header of a ledger whose records are those that it was written with, and these."""
    with telling_damage(len(data), path):
        header = _header(json.loads(_second_line(data)), path)
        start, end = data.index(b"\n", 2) + 1, len(data) - len(_END)
        digest = hashlib.sha256(memoryview(data)[start : max(start, end)])
        if not data.startswith(_BEGIN) or not data.endswith(b"\n" + _END) or digest.hexdigest() != header.sha256:
            raise ValueError("the digest of the records is another")
    return header, Records(data, start, end, header.authority, header.window, path)


def _header(values: Mapping[str, Any], path: Path | str) -> Header:
    if values["ledger"] > FORMAT:
        newer = printable(str(values.get("calfeed")))[:40]
        raise NewerLedger(
            f"{path}: written by calfeed {newer}, which is newer; use that one or a later one, or "
            f"put back site and state of one moment before it built anything"
        )
    header = Header(**values)
    if not all(isinstance(values[key], int) for key in ("serial", "records")):
        raise TypeError("serial and records are numbers")
    _ = header.next_due_at
    return replace(header, window=(header.window[0], header.window[1]))


def _digest(lines: Iterable[bytes]) -> str:
    """The digest of the records as they will stand below the header."""
    found, between = hashlib.sha256(), b""
    for line in lines:
        found.update(between)
        found.update(line)
        between = b",\n"
    found.update(b"\n" if between else b"")
    return found.hexdigest()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LedgerError(f"{path}: {error.strerror}") from error
