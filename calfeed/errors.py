"""What can go wrong, as one tree, and how a problem is told.

    CalfeedError                 exit code
    ├── SourceError                 65   events.yaml holds errors (all of them, in `problems`)
    ├── SourceMissing               66   there is no such file, or it cannot be read
    ├── ServeError                  69   nothing can be bound to the address that was asked for
    ├── PublishError                73   the site cannot be written, or what was written does not read back
    ├── LedgerError                 74   the memory of what was published is damaged, too new or missing
    │   └── NewerLedger                  a newer calfeed wrote it, and nothing may be put in its place
    ├── OutputError                 74   what was asked for cannot be written to standard output
    ├── BusyError                   75   another build holds the lock; try later
    ├── RefusedError                77   a guard: the result would take something away from subscribers
    └── ValueProblem                 –   one value is wrong; `storage.source` gives it its place

Anything else is a bug and keeps its traceback.
"""

from __future__ import annotations

from calfeed.frozen import frozen


@frozen
class Location:
    """A place in a file; line and column count from 1, 0 stands for 'the file as a whole'."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def __lt__(self, other: Location) -> bool:
        return (self.file, self.line, self.column) < (other.file, other.line, other.column)


@frozen
class Problem:
    """One sentence about one place, and the way out."""

    location: Location
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.location}: {self.message}" + (f"; {self.hint}" if self.hint else "")


class CalfeedError(Exception):
    """Whatever calfeed expects to go wrong; `exit_code` follows sysexits.h."""

    exit_code = 70


class SourceError(CalfeedError):
    """The events file holds errors; `problems` has every one of them in file order."""

    exit_code = 65

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class SourceMissing(CalfeedError):
    """There is no events file, or it cannot be opened."""

    exit_code = 66


class ServeError(CalfeedError):
    """The server cannot listen there; the message names the address and the cause."""

    exit_code = 69


class ScheduleError(CalfeedError):
    """The site is no longer kept built: a thread of ours died, or waits for what never comes."""

    exit_code = 70


class PublishError(CalfeedError):
    """The release could not be written or does not read back as it should."""

    exit_code = 73


class LedgerError(CalfeedError):
    """The ledger is damaged, from a newer calfeed, or missing where it must not be."""

    exit_code = 74


class NewerLedger(LedgerError):
    """A newer calfeed wrote the ledger: it is whole, and only this calfeed cannot read it."""


class OutputError(CalfeedError):
    """Standard output cannot be written; whatever was to be published is published."""

    exit_code = 74


class BusyError(CalfeedError):
    """Somebody else is building; nothing was done."""

    exit_code = 75


class RefusedError(CalfeedError):
    """A guard held the build back; the message says what would be lost and how to allow it."""

    exit_code = 77


class ValueProblem(CalfeedError):
    """One value cannot be understood: `message` says what, `hint` the way out."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def shown(address: str) -> str:
    """An address as it may stand in a message: without user, password, query, fragment and controls."""
    scheme, slashes, rest = address.partition("://") if "://" in address else ("", "", address)
    place, slash, path = rest.partition("/")
    if "@" in rest and ("@" in place or ":" in place):  # a password may hold a slash or a question mark
        return printable(f"{scheme}{slashes}…{_bare(rest.rpartition('@')[2])}")
    return printable(scheme + slashes + _bare(place + slash + path))


def _bare(rest: str) -> str:
    return rest.partition("#")[0].partition("?")[0]


def printable(text: str) -> str:
    """A text of somebody else's in one line, its control characters as escapes: a terminal obeys them."""
    return "".join(letter if letter.isprintable() or letter == "\xa0" else repr(letter)[1:-1] for letter in text)
