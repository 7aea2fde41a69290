"""The long part of a build: everything from the bytes of the events file to the release that readers see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from calfeed import __version__, reuse
from calfeed.domain.editions import editions
from calfeed.domain.guards import guard_empty, guard_removal
from calfeed.domain.model import Calendar, Document, Edition, Format, Occurrence
from calfeed.domain.occurrences import civil_day, midnight, next_due, resolve_occurrences, window_days
from calfeed.domain.revisions import Revised, revise
from calfeed.domain.texts import summary
from calfeed.entrywise import Entrywise, Passed
from calfeed.errors import RefusedError
from calfeed.formats import COMPOSED, FORMATS, PAGE
from calfeed.job import Job, Report
from calfeed.storage import kept
from calfeed.storage.ledger import NAME as LEDGER_NAME
from calfeed.storage.ledger import Header, Ledger
from calfeed.storage.manifest import Line, Release, Whole, guard_paths
from calfeed.storage.source import Reading, read_calendar
from calfeed.storage.spool import Scratch
from calfeed.storage.status import Status, following, write_status
from calfeed.storage.verify import NO_JEKYLL

_FEWER = ("categories", "corrections", "events")  # folders whose feeds fewer and fewer people read


def publish(job: Job, ledger: Ledger) -> Report:
    """Compile and publish; raises as `build` does."""
    with Scratch(job.places.state) as scratch:
        return _publish(job, ledger, _resolve(job, ledger, scratch))


def _publish(job: Job, ledger: Ledger, compiled: _Compiled) -> Report:
    _guard_removal(job, ledger, compiled)
    passed = compiled.passed
    written = ledger.written(
        compiled.revised.memory,
        version=__version__,
        inputs=job.inputs,
        next_due=compiled.next_due,
        lines=passed.lines,
    )
    documents: Iterable[Document] = _documents(compiled, job, written)
    if job.options.verify:
        from calfeed.storage.verify.strangers import read_by_strangers  # noqa: PLC0415 - icalendar

        documents = read_by_strangers(documents)
    known = job.target.known()
    allowed = job.options.allow_removal
    with job.target.staged(documents, known, allow_removal=allowed, read=passed.read) as release:
        job.target.claim(written)
        ledger.commit(written)
        status = _status(compiled, job.now, Whole(release.digest, job.target.stamp(release)))
        status = _with_untold(status, compiled.reading.calendar, _changed_feeds(known, release), job.last)
        _note_untold(job, status)
        with following(job.places.state, status):
            shown = job.target.activate(release)
            _keep(job, compiled, written.header, release)
    return Report(
        outcome="published" if shown else "unchanged",
        stands=job.target.name,
        status=status,
        changes=compiled.revised.changes,
        problems=compiled.reading.warnings,
        warnings=(*compiled.revised.warnings, *release.warnings),
        restored_from=ledger.restored_from,
    )


def _changed_feeds(known: Iterable[Line], release: Release) -> list[str]:
    """The paths of the feeds whose bytes are other than before."""
    before = {line.path: line.sha256 for line in known}
    feeds = [line for line in release.manifest if line.path.endswith((".rss", ".atom", "feed.json"))]
    return [line.path for line in feeds if before.get(line.path) != line.sha256]


def _readers(path: str) -> int:
    """The place of a feed among others: whole calendars, categories, corrections, entries; in any language."""
    return next((_FEWER.index(name) + 1 for name in path.split("/") if name in _FEWER), 0)


def _with_untold(status: Status, calendar: Calendar, changed: list[str], last: Status | None) -> Status:
    """The status with what the hub has to be told: the feeds that changed now, and those it missed before.

    Those that most people read come first: a hub takes its time, and has no more than so much.
    """
    if not calendar.hub:
        return status
    missed = last.untold if last and last.hub == calendar.hub else ()
    known = dict.fromkeys((*missed, *(calendar.url + path for path in changed)))
    topics = tuple(sorted(known, key=lambda topic: _readers(topic.removeprefix(calendar.url))))
    return replace(status, hub=calendar.hub, untold=topics, untold_since=status.built if topics else None)


def _note_untold(job: Job, status: Status) -> None:
    """Add it to the status before this one: the process may end before there is a new one."""
    if job.last and status.untold:
        noted = replace(job.last, hub=status.hub, untold=status.untold, untold_since=status.untold_since)
        write_status(job.places.state, noted)


def rehearse(job: Job, ledger: Ledger) -> Report:
    """What a build would change; nothing is written."""
    with Scratch() as scratch:
        return _rehearse(job, ledger, _resolve(job, ledger, scratch))


def _rehearse(job: Job, ledger: Ledger, compiled: _Compiled) -> Report:
    paths = [document.path for document in _documents(compiled, job, ())]
    refused = None
    try:
        _guard_removal(job, ledger, compiled)
        guard_paths(job.target.known(), paths, allow_removal=job.options.allow_removal)
    except RefusedError as error:
        refused = error  # what would change is what the curator has to see now
    return Report(
        outcome="dry-run",
        stands=job.target.name,
        status=_status(compiled, job.now, Whole("", None)),
        changes=compiled.revised.changes,
        problems=compiled.reading.warnings,
        warnings=compiled.revised.warnings,
        restored_from=ledger.restored_from,
        refused=refused,
    )


@dataclass(frozen=True)
class _Compiled:
    """An events file, resolved and held against the memory."""

    reading: Reading
    passed: Passed
    next_due: dt.datetime
    next_up: tuple[dt.date, str] | None

    @property
    def revised(self) -> Revised:
        return self.passed.revised


def _resolve(job: Job, ledger: Ledger, scratch: Scratch) -> _Compiled:
    keeping = None if ledger.restored_from else reuse.kept(job.places.state, ledger.header, job.now)
    entrywise = Entrywise(job, ledger, keeping, scratch)
    reading = read_calendar(
        job.data,
        file=str(job.places.events),
        url=job.options.url,
        translations=job.translations,
        kept=keeping,
        each=entrywise,
        larger=job.options.larger,
    )
    passed = entrywise.passed() if reading.head else _at_once(reading.calendar, job, ledger)
    guard_empty(passed.revised)
    calendar, occurrences = reading.calendar, passed.occurrences
    at, up = next_due(calendar, occurrences, job.now), _next_up(calendar, occurrences, job.now)
    return _Compiled(reading, passed, at, up)


def _at_once(calendar: Calendar, job: Job, ledger: Ledger) -> Passed:
    """Resolve and revise all entries of a calendar that is not large."""
    window = window_days(calendar, job.now)
    occurrences = resolve_occurrences(calendar, window)
    return Passed(occurrences, revise(calendar, occurrences, memory=ledger.memory, window=window, now=job.now))


def _keep(job: Job, compiled: _Compiled, ledger: Header, release: Release) -> None:
    """Keep for the next build what was found of each entry; few are read faster than that is worth."""
    reading = compiled.reading
    if reading.head:
        zone, year = reading.calendar.timezone.key, civil_day(reading.calendar, job.now).year
        header = kept.Header(__version__, reading.head, ledger.sha256, release.digest, zone, year)
        kept.write_kept(job.places.state, header, compiled.passed.kept)


def _guard_removal(job: Job, ledger: Ledger, compiled: _Compiled) -> None:
    if not job.options.allow_removal:
        guard_removal(ledger.memory, compiled.revised)


def _next_up(
    calendar: Calendar, occurrences: tuple[Occurrence, ...], now: dt.datetime
) -> tuple[dt.date, str] | None:
    """The day and the titles of what is observed next, None where the window holds nothing more."""
    to_come = [o for o in occurrences if midnight(calendar, o.dtstart) > now]
    if not to_come:
        return None
    day = to_come[0].dtstart
    titles = [summary(calendar, o, calendar.languages[0]) for o in to_come if o.dtstart == day]
    return day, "; ".join(titles)


def _documents(compiled: _Compiled, job: Job, ledger: Iterable[bytes]) -> Iterator[Document]:
    formats = tuple(f for f in FORMATS if not job.options.only or f.filename in job.options.only)
    for edition in editions(
        compiled.reading.calendar,
        compiled.revised,
        job.now,
        events=PAGE in formats,
        written=compiled.passed.written,
    ):
        yield from _rendered(edition, formats)
    yield Document(NO_JEKYLL, "text/plain; charset=utf-8", (b"",))
    yield Document(LEDGER_NAME, "application/json; charset=utf-8", ledger)


def _rendered(edition: Edition, formats: tuple[Format, ...]) -> Iterator[Document]:
    """Every document of an edition; each format is told what those before it had to leave out."""
    for format_ in COMPOSED if edition.selection.kind == "composed" else formats:
        for document in format_.render(edition):
            if document.omitted > edition.omitted:
                edition = replace(edition, omitted=document.omitted)
            yield document


def _status(compiled: _Compiled, now: dt.datetime, release: Whole) -> Status:
    calendar = compiled.reading.calendar
    return Status(
        built=now.isoformat(timespec="seconds"),
        day=civil_day(calendar, now).isoformat(),
        timezone=calendar.timezone.key,
        release=release.digest,
        stamp=release.stamp,
        events=len(calendar.events),
        occurrences=len(compiled.revised.entries),
        next_due=compiled.next_due.isoformat(timespec="seconds"),
        next_up_on=compiled.next_up[0].isoformat() if compiled.next_up else None,
        next_up=compiled.next_up[1] if compiled.next_up else None,
    )
