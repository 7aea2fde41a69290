"""A large calendar entry by entry: a few hundred are read, revised, put into words and let go before the next.

What is left of an entry in memory are its days, its categories and where the rest of it stands: its lines in the
events file, its line of the ledger and its event of the calendar file, which wait on the disk. Whoever asks for
more has it read again, as a feed does for the few entries that it shows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from calfeed import reuse
from calfeed.deferred import let_go
from calfeed.domain.editions import whole
from calfeed.domain.memory import Record
from calfeed.domain.model import Calendar, Edition, Entry, Event, Occurrence, Octets
from calfeed.domain.occurrences import Days, in_order, occurrences_of, window_days
from calfeed.domain.revisions import Revised, Revising
from calfeed.domain.texts import forget
from calfeed.errors import CalfeedError
from calfeed.formats.vevent import vevent
from calfeed.frozen import frozen
from calfeed.job import Job
from calfeed.storage.kept import Keeping, Kept, kept_line
from calfeed.storage.ledger import Ledger
from calfeed.storage.lines import KNOWN, line_of
from calfeed.storage.records import record_of, record_values
from calfeed.storage.source.piecewise import Found
from calfeed.storage.spool import Scratch, Spool
from calfeed.storage.verify.calendars import Known

_TOGETHER = 200  # entries: to do one thing to many takes less than to do many things to one


class _Read(NamedTuple):
    """An entry, what is found of it where it may be kept, and how to read it again."""

    event: Event
    found: Found | None
    again: Callable[[], Event]


@dataclass(frozen=True)
class Passed:
    """What is found of the entries of a calendar, and what of it was written already.

    `written` has events as `Edition.once` does, `read` those that were read back, `lines` those of the ledger by
    id, `kept` those that are kept for the next build.
    """

    occurrences: tuple[Occurrence, ...]
    revised: Revised
    written: Mapping[str, Octets] = field(default_factory=dict)
    read: Known = field(default_factory=dict)
    lines: Mapping[str, bytes] = field(default_factory=dict)
    kept: Collection[bytes] = ()


class Entrywise:
    """The entries of a calendar, as they are read; `passed` tells what became of them.

    What is wrong with an entry is told at the end: what is wrong with the file comes first.
    """

    def __init__(self, job: Job, ledger: Ledger, keeping: Keeping | None, scratch: Scratch) -> None:
        self._job = job
        self._ledger = ledger
        self._keeping = keeping
        self._written = Spool(scratch)
        self._lines = Spool(scratch)
        self._again = partial(_read_again, self._lines)
        self._kept = Spool(scratch)
        self._pending: list[_Read] = []
        self._error: CalfeedError | None = None
        self._occurrences: list[Occurrence] = []
        self._standing: dict[str, Entry] = {}

    def begin(self, head: Calendar) -> None:
        """Begin a revision."""
        job, ledger = self._job, self._ledger
        self._head: Calendar = head
        self._edition: Edition = whole(head, job.now)
        self._window: Days = window_days(head, job.now)
        entries = self._keeping.entries.values() if self._keeping else ()
        ledger.known = {kept.id: kept.remembered() for kept in entries}
        self._trying(self._begin)

    def read(self, event: Event, found: Found | None, again: Callable[[], Event]) -> None:
        """Take an entry in; it is compiled, and let go, together with its neighbours."""
        self._pending.append(_Read(event, found, again))
        if len(self._pending) >= _TOGETHER:
            self._compile()

    def stands(self, event: Event, kept: Kept) -> None:
        """Take an entry as it was."""
        self._trying(partial(self._stands, event, kept))

    def passed(self) -> Passed:
        """What became of them; raises what any of them raised."""
        self._compile()
        if self._error:
            raise self._error
        standing = reuse.stood_before(self._job.target, self._keeping, self._standing, self._written)
        return Passed(
            in_order(self._occurrences),
            self._revising.revised(),
            {vevent.__name__: self._written},
            standing,
            _Lines(
                self._lines, self._ledger.lines, frozenset(e.occurrence.event.id for e in self._standing.values())
            ),
            self._kept.values(),
        )

    def _trying(self, step: Callable[[], None]) -> None:
        if self._error is None:
            try:
                step()
            except CalfeedError as error:
                self._error = error

    def _begin(self) -> None:
        memory, window, now = self._ledger.memory, self._window, self._job.now
        self._revising = Revising(self._head, memory=memory, window=window, now=now)

    def _compile(self) -> None:
        pending, self._pending = self._pending, []
        self._trying(partial(self._compiled, pending))
        for one in pending:
            let_go(one.event, ("id", "categories"), one.again)

    def _compiled(self, pending: Sequence[_Read]) -> None:
        head, resolved = self._head, []
        for one in pending:
            resolved.append(tuple(occurrences_of(head, one.event, self._window)))
            self._occurrences += resolved[-1]
        revised = [self._revising.event(one.event, found) for one, found in zip(pending, resolved, strict=True)]
        for _, entries in revised:
            for entry in entries:
                self._written[entry.occurrence.uid] = vevent(self._edition, entry)
        for (event, found, _), occurrences, (record, entries) in zip(pending, resolved, revised, strict=True):
            if found and (line := kept_line(head, found, occurrences, record, entries)):
                self._kept[event.id] = line
            forget(head, event, head.languages[0])
        for record, _ in revised:
            self._lines[record.id] = line_of(record_values(record))
            if not record.has_story:
                let_go(record, KNOWN, partial(self._again, record.id))

    def _stands(self, event: Event, kept: Kept) -> None:
        entries = kept.entries(self._head, event)
        self._revising.stands(kept.id, entries)
        self._occurrences += (entry.occurrence for entry in entries)
        self._standing.update((entry.occurrence.uid, entry) for entry in entries)
        self._kept.hold(kept.id, kept.line)


@frozen
class _Lines(Mapping[str, bytes]):
    """Lines of the ledger: those that were written now, and those of other `ids` as they stood there."""

    written: Spool
    stood: Mapping[str, bytes]
    ids: frozenset[str]

    def __getitem__(self, id_: str) -> bytes:
        if id_ in self.written:
            return self.written[id_]
        if id_ in self.ids:
            return self.stood[id_]
        raise KeyError(id_)

    def __iter__(self) -> Iterator[str]:
        return iter({*self.written, *self.ids})

    def __len__(self) -> int:
        return len({*self.written, *self.ids})


def _read_again(lines: Mapping[str, bytes], id_: str) -> Record:
    """A record from its line: it knows nothing of who let it go, so nothing goes round in a circle."""
    return record_of(json.loads(lines[id_]))
