"""The one path, top to bottom: read → resolve → revise → render → publish.

A pure function with a memory: equal events, ledger and `now` give equal bytes, and a later `now` before the
next due instant changes nothing. A build that fails or is refused commits nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from calfeed import __version__, reuse
from calfeed.asked import Options, Places
from calfeed.collecting import uncollected
from calfeed.domain.editions import editions
from calfeed.domain.guards import guard_clock, guard_empty, guard_removal
from calfeed.domain.model import Calendar, Document, Edition, Format, Occurrence
from calfeed.domain.occurrences import civil_day, midnight, next_due, resolve_occurrences, window_days
from calfeed.domain.revisions import Change, Revised, revise
from calfeed.domain.texts import summary
from calfeed.errors import Problem, RefusedError
from calfeed.reuse import Belongs, Reused
from calfeed.storage.files import read_events, read_translations
from calfeed.storage.ledger import NAME as LEDGER_NAME
from calfeed.storage.ledger import Header, Ledger, open_ledger, read_header, read_ledger
from calfeed.storage.manifest import Line, Release, Whole, guard_paths
from calfeed.storage.status import Status, following, read_status, write_status
from calfeed.storage.target import Folder, Target
from calfeed.storage.verify import NO_JEKYLL

if TYPE_CHECKING:
    from calfeed.storage.source import Reading

_FEWER = ("categories", "corrections", "events")  # folders whose feeds fewer and fewer people read


@dataclass(frozen=True)
class Report:
    """What a build did: `quiet` looked and found nothing to do, `unchanged` compiled the same bytes.

    `stands` is what readers see, as operators know it; `refused` is why the build itself would be refused, where a
    dry run found that.
    """

    outcome: Literal["quiet", "unchanged", "published", "dry-run"]
    stands: str
    status: Status
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()
    restored_from: str | None = None
    refused: RefusedError | None = None


def build(places: Places, now: dt.datetime, options: Options | None = None) -> Report:
    """Compile and publish once; `now` is aware.

    Raises a CalfeedError, with nothing changed for readers: SourceError, SourceMissing, PublishError,
    LedgerError, BusyError or RefusedError. A dry run tells of a removal that would be refused in its report.
    """
    options = options or Options()
    target = _target(places, options)
    data, translations = read_events(places.events), read_translations(places.events)
    job = _Job(places, target, now.astimezone(dt.UTC), options, data, translations)
    with uncollected():
        if job.options.dry_run:
            return _rehearse(job)
        report = _build(job)
    told = _tell_hub(places.state, report.status)  # when others may build again: a silent hub takes its time
    return replace(report, warnings=(*report.warnings, *told))


def _build(job: _Job) -> Report:
    with open_ledger(job.places.state, job.target, new=job.options.new_ledger) as ledger:
        _check_clock(job, ledger)
        quiet = _quiet(job, ledger)
        if quiet is not None:
            write_status(job.places.state, quiet)
            return Report("quiet", job.target.name, quiet)
        return _compile(job, ledger)


@dataclass(frozen=True)
class _Job:
    """What one build is asked to do."""

    places: Places
    target: Target
    now: dt.datetime
    options: Options
    data: bytes
    translations: dict[str, bytes]

    @cached_property
    def last(self) -> Status | None:
        """The status that the build before left, read once; first asked for under the lock."""
        return read_status(self.places.state)

    @cached_property
    def inputs(self) -> str:
        """The digest of everything that is compiled: events, translations, the address, and this version."""
        files = [self.data]
        for name, data in self.translations.items():
            files += [Path(name).name.encode(), data]
        parts = (*(hashlib.sha256(file).hexdigest() for file in files), self.options.url or "", __version__)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _target(places: Places, options: Options) -> Target:
    if isinstance(places.site, Path):
        if options.restore_from is None:
            return Folder(places.site)
        from calfeed.storage.remote import published  # urllib3

        return Folder(places.site, options.restore_from, published)
    from calfeed.storage.bucket import open_bucket  # obstore

    return open_bucket(places.site, places.state, webdav=options.webdav)


def _compile(job: _Job, ledger: Ledger) -> Report:
    compiled = _resolve(job, ledger)
    _guard_removal(job, ledger, compiled)
    written = ledger.written(
        compiled.revised.memory, version=__version__, inputs=job.inputs, next_due=compiled.next_due
    )
    documents = _documents(compiled, job, written)
    known = job.target.known()
    allowed = job.options.allow_removal
    with job.target.staged(documents, known, allow_removal=allowed, read=compiled.reused.read) as release:
        job.target.claim(written)
        ledger.commit(written)
        status = _status(compiled, job.now, Whole(release.digest, job.target.stamp(release)))
        status = _with_untold(status, compiled.reading.calendar, _changed_feeds(known, release), job.last)
        _note_untold(job, status)
        with following(job.places.state, status):
            shown = job.target.activate(release)
        _keep(job, compiled, written, release)
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


def _note_untold(job: _Job, status: Status) -> None:
    """Add it to the status before this one: the process may end before there is a new one."""
    if job.last and status.untold:
        noted = replace(job.last, hub=status.hub, untold=status.untold, untold_since=status.untold_since)
        write_status(job.places.state, noted)


def _tell_hub(state: Path, status: Status) -> tuple[str, ...]:
    """Tell the hub what it has not been told, and note what remains; a warning where something does.

    Whatever happens here, the release is published and readers will poll it.
    """
    if not status.hub or not status.untold:
        return ()
    from calfeed.websub import publish  # urllib3

    told = publish(status.hub, status.untold)
    now = read_status(state) or status
    untold = set(told.untold)
    write_status(state, replace(now, untold=tuple(topic for topic in now.untold if topic in untold)))
    return (f"{told.why}; the next build tells it again",) if told.untold else ()


def _rehearse(job: _Job) -> Report:
    """What a build would change; nothing is written and nothing is locked."""
    ledger = read_ledger(job.places.state, job.target, new=job.options.new_ledger)
    _check_clock(job, ledger)
    compiled = _resolve(job, ledger)
    paths = [document.path for document in _documents(compiled, job, b"")]
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
    occurrences: tuple[Occurrence, ...]
    revised: Revised
    reused: Reused
    next_due: dt.datetime
    next_up: tuple[dt.date, str] | None


def _resolve(job: _Job, ledger: Ledger) -> _Compiled:
    from calfeed.storage.source import read_calendar  # pydantic: a quiet day needs none of it

    keeping = None if ledger.restored_from else reuse.kept(job.places.state, ledger.header, job.now)
    reading = read_calendar(
        job.data, file=str(job.places.events), url=job.options.url, translations=job.translations, kept=keeping
    )
    calendar = reading.calendar
    kept = {e.id: reading.kept[e.id].entries(calendar, e) for e in calendar.events if e.id in reading.kept}
    ledger.known = {id_: known.remembered(calendar.languages[0]) for id_, known in reading.kept.items()}
    window = window_days(calendar, job.now)
    occurrences = resolve_occurrences(calendar, window, kept)
    revised = revise(calendar, occurrences, memory=ledger.memory, window=window, now=job.now, kept=kept)
    guard_empty(revised)
    at, up = next_due(calendar, occurrences, job.now), _next_up(calendar, occurrences, job.now)
    return _Compiled(reading, occurrences, revised, reuse.stood_before(job.target, keeping, kept), at, up)


def _keep(job: _Job, compiled: _Compiled, written: bytes, release: Release) -> None:
    """Keep for the next build what was found of each entry."""
    header, year = read_header(written), civil_day(compiled.reading.calendar, job.now).year
    if header is not None:
        belongs = Belongs(header.sha256, release.digest, year)
        reuse.keep(job.places.state, compiled.reading, compiled.revised, compiled.occurrences, belongs)


def _guard_removal(job: _Job, ledger: Ledger, compiled: _Compiled) -> None:
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


def _documents(compiled: _Compiled, job: _Job, ledger: bytes) -> Iterator[Document]:
    from calfeed.formats import FORMATS, PAGE  # icalendar, feedgen, jinja2: a quiet day needs none of them

    formats = tuple(f for f in FORMATS if not job.options.only or f.filename in job.options.only)
    for edition in editions(
        compiled.reading.calendar,
        compiled.revised,
        job.now,
        events=PAGE in formats,
        written=compiled.reused.written,
    ):
        yield from _rendered(edition, formats)
    yield Document(NO_JEKYLL, "text/plain; charset=utf-8", (b"",))
    yield Document(LEDGER_NAME, "application/json; charset=utf-8", (ledger,))


def _rendered(edition: Edition, formats: tuple[Format, ...]) -> Iterator[Document]:
    """Every document of an edition; each format is told what those before it had to leave out."""
    from calfeed.formats import COMPOSED

    for format_ in COMPOSED if edition.selection.kind == "composed" else formats:
        for document in format_.render(edition):
            edition = replace(edition, omitted=max(edition.omitted, document.omitted))
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


def _check_clock(job: _Job, ledger: Ledger) -> None:
    """Hold the clock against the last good build here; where that is not known, or others may have built since,
    against the newest stamp.
    """
    status = job.last
    known = [status.built_at] if status else []
    if (ledger.shared or not status) and ledger.memory:
        known += [newest] if (newest := ledger.memory.newest()) else []
    last = max(known, default=None)
    if not job.options.allow_clock:
        guard_clock(job.now, last)


def _stands(job: _Job, status: Status, header: Header) -> bool:
    """Whether readers see what was published last, in files that nobody touched since."""
    if job.target.whole() != Whole(status.release, status.stamp):
        return False
    standing = job.target.ledger()
    if standing is None or read_header(standing.data) != header:
        return False
    return not job.options.verify or job.target.is_proven()


def _quiet(job: _Job, ledger: Ledger) -> Status | None:
    """The status of a day on which nothing is due, nothing was edited and everything still stands."""
    status, header = job.last, ledger.header
    if status is None or header is None or ledger.restored_from or header.inputs != job.inputs:
        return None
    if not status.built_at <= job.now < header.next_due_at:
        return None
    if not _stands(job, status, header):
        return None
    day = job.now.astimezone(ZoneInfo(status.timezone)).date().isoformat()
    if status.next_up_on is not None and status.next_up_on <= day:
        return None  # nothing is due, as with a notice long given, but another day is the next one now
    now = job.now.isoformat(timespec="seconds")
    untold = status.untold if status.is_worth_telling(job.now) else ()
    return replace(status, built=now, day=day, failed=None, error=None, untold=untold)
