"""The one path, top to bottom: read → resolve → revise → render → publish.

A pure function with a memory: equal events, ledger and `now` give equal bytes, and a later `now` before the
next due instant changes nothing. A build that fails or is refused commits nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from calfeed.asked import Options, Places
from calfeed.collecting import uncollected
from calfeed.domain.guards import guard_clock
from calfeed.job import Job, Report
from calfeed.storage.files import read_events, read_translations
from calfeed.storage.ledger import Header, Ledger, open_ledger, read_header, read_ledger
from calfeed.storage.manifest import Whole
from calfeed.storage.status import Status, read_status, write_status
from calfeed.storage.target import Folder

if TYPE_CHECKING:
    from calfeed.storage.target import Target

__all__ = ["Report", "build"]


def build(places: Places, now: dt.datetime, options: Options | None = None) -> Report:
    """Compile and publish once; `now` is aware.

    Raises a CalfeedError, with nothing changed for readers: SourceError, SourceMissing, PublishError,
    LedgerError, BusyError or RefusedError. A dry run tells of a removal that would be refused in its report.
    """
    options = options or Options()
    target = _target(places, options)
    data = read_events(places.events, larger=options.larger)
    translations = read_translations(places.events, larger=options.larger)
    job = Job(places, target, now.astimezone(dt.UTC), options, data, translations)
    with uncollected():
        if job.options.dry_run:
            return _rehearse(job)
        report = _build(job)
    told = _tell_hub(places.state, report.status)  # when others may build again: a silent hub takes its time
    return replace(report, warnings=(*report.warnings, *told))


def _build(job: Job) -> Report:
    with open_ledger(job.places.state, job.target, new=job.options.new_ledger) as ledger:
        _check_clock(job, ledger)
        quiet = _quiet(job, ledger)
        if quiet is not None:
            write_status(job.places.state, quiet)
            return Report("quiet", job.target.name, quiet)
        from calfeed.compiling import publish  # the rest of calfeed: a quiet day needs none of it

        return publish(job, ledger)


def _rehearse(job: Job) -> Report:
    """What a build would change; nothing is written and nothing is locked."""
    from calfeed.compiling import rehearse

    ledger = read_ledger(job.places.state, job.target, new=job.options.new_ledger)
    _check_clock(job, ledger)
    return rehearse(job, ledger)


def _target(places: Places, options: Options) -> Target:
    if isinstance(places.site, Path):
        if options.restore_from is None:
            return Folder(places.site)
        from calfeed.storage.remote import published  # urllib3

        return Folder(places.site, options.restore_from, published)
    from calfeed.storage.bucket import open_bucket  # obstore

    return open_bucket(places.site, places.state, webdav=options.webdav)


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


def _check_clock(job: Job, ledger: Ledger) -> None:
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


def _stands(job: Job, status: Status, header: Header) -> bool:
    """Whether readers see what was published last, in files that nobody touched since."""
    if job.target.whole() != Whole(status.release, status.stamp):
        return False
    standing = job.target.ledger()
    if standing is None or read_header(standing.head) != header:
        return False
    return not job.options.verify or job.target.is_proven()


def _quiet(job: Job, ledger: Ledger) -> Status | None:
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
