"""The life of one calendar: edits, days that pass, builds, refusals and accidents, with all subscribers watching.

What must follow from each build is worked out here from what the curator means (`curator`) and from what was
promised; what subscribers see is looked at by `tests.subscribers`. Calfeed is only asked to build.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from calfeed.build import Report
from calfeed.errors import CalfeedError, LedgerError, RefusedError, SourceError
from calfeed.storage import kept
from tests.faults.curator import CATEGORIES, ZONE, Days, Meaning, Meant
from tests.faults.killed import killed
from tests.faults.remembered import Known, Remembered, comes_back_otherwise, days_of
from tests.faults.seen import check_days, check_due, check_early, check_untouched
from tests.goals import Tally
from tests.subscribers.calendars import Conditional
from tests.subscribers.noticed import Noticed, notice
from tests.subscribers.street import Release, Street
from tests.support import NOW, Workshop, at_once


@dataclass
class Life:
    """A calendar in a folder. `remembered` is what the ledger in the state holds, `released` that of the release.

    `tried` are the meanings that builds which were cut off may have stamped since the last release.
    """

    folder: Path
    tally: Tally
    meaning: Meaning
    now: dt.datetime = NOW
    remembered: Remembered | None = None
    released: Remembered | None = None
    street: Street = field(default_factory=Street)
    tried: list[Remembered] = field(default_factory=list)
    backup: Remembered | None = None

    def __post_init__(self) -> None:
        self.workshop = Workshop(self.folder)

    @property
    def release(self) -> Release:
        """What stands, as subscribers saw it last."""
        assert self.street.stands
        return self.street.stands

    @property
    def known(self) -> Mapping[str, Known]:
        """What the ledger knows of every entry."""
        return self.remembered.known if self.remembered else {}

    # What the curator does

    def publish(self, *, allow_removal: bool = False, behind: dt.timedelta = dt.timedelta(0)) -> None:
        """Write the file and build, `behind` by the clock; what has to be refused is refused, and then undone."""
        self.write()
        reasons = self.refusals(self.now - behind)
        if reasons - ({"addresses", "removal"} if allow_removal else set()):
            self.refused(RefusedError, self.now - behind)
            self.undo()
            return
        self.build(self.now - behind, allow_removal=allow_removal)
        if "addresses" in reasons:
            self.street.forget({path for path in self.street.addresses if path.startswith(("categ", "compose/"))})
        self.look(self.now - behind)
        self.is_quiet(self.now - behind)

    def write(self) -> None:
        """The events file says what is meant."""
        self.workshop.write(**self.meaning.values())

    def undo(self) -> None:
        """Back to what was built last."""
        if self.remembered:
            self.meaning = self.remembered.meaning
            self.write()

    def build(self, now: dt.datetime, *, allow_removal: bool = False, folder: Path | None = None) -> Report:
        """Build once, here or in a copy; a calendar may rest for years, so the clock is allowed.

        Whether entries are compiled one by one, from what was kept, or all at once is a matter of time and memory.
        """
        self.tally.add(1)
        if folder:
            return Workshop(folder).build(now, allow_clock=True, allow_removal=allow_removal)
        with self._cold() as cold:
            report = self.workshop.build(now, allow_clock=True, allow_removal=allow_removal)
            with at_once():
                same = cold.build(now, allow_clock=True, allow_removal=allow_removal)
            releases = [shop.current.readlink() for shop in (cold, self.workshop)]
            notice("a cold build made another release", unless=releases[0] == releases[1])
            notice("a cold build told of other changes", unless=report.changes == same.changes)
        return report

    @contextmanager
    def _cold(self) -> Iterator[Workshop]:
        """A copy in which nothing is kept."""
        folder = self.folder.with_name("cold")
        shutil.copytree(self.folder, folder, symlinks=True)
        (folder / "state" / kept.NAME).unlink(missing_ok=True)
        try:
            yield Workshop(folder)
        finally:
            shutil.rmtree(folder)

    def is_quiet(self, now: dt.datetime) -> None:
        """Building the same once more looks and finds nothing to do."""
        before = self.workshop.current.readlink()
        report = self.workshop.build(now, allow_clock=True)
        notice("a second build of the same changed something", unless=self.workshop.current.readlink() == before)
        notice(f"a second build of the same was {report.outcome}", unless=report.outcome in ("quiet", "unchanged"))

    # What has to be refused

    def refusals(self, now: dt.datetime) -> set[str]:
        """Why a build of what is meant now has to be refused."""
        days = self.expected(now)
        return set(self._refusals(days)) | (set() if any(days.values()) else {"empty"})

    def _refusals(self, days: Mapping[str, Mapping[int, Meant]]) -> Iterator[str]:
        known = self.known
        for id_, entry in self.meaning.entries.items():
            if id_ in known and known[id_].gone and comes_back_otherwise(known[id_], entry, days[id_]):
                yield "another date"
        live = [id_ for id_, each in known.items() if not each.gone]
        gone = [id_ for id_ in live if id_ not in self.meaning.entries]
        with_days = [id_ for id_ in live if known[id_].days]
        empty = [id_ for id_ in with_days if not days.get(id_)]
        if any(len(lost) >= 3 and len(lost) * 5 > len(had) for lost, had in ((gone, live), (empty, with_days))):
            yield "removal"
        for slug in CATEGORIES:
            filled = any(days[id_] and slug in entry.categories for id_, entry in self.meaning.entries.items())
            if f"categories/{slug}/calendar.ics" in self.street.addresses and not filled:
                yield "addresses"

    def refused(self, error: type[CalfeedError], now: dt.datetime, *, allow_clock: bool = True) -> None:
        """A build is refused, and nothing changes for readers and in the memory."""
        before = self._everything()
        self.tally.add(1)
        try:
            report = self.workshop.build(now, allow_clock=allow_clock)
        except error:
            notice("a build that was refused changed something", unless=self._everything() == before)
        else:
            raise Noticed(f"no {error.__name__}, but {report.outcome}")

    def _everything(self) -> tuple[object, ...]:
        link = self.workshop.current.readlink() if self.workshop.current.is_symlink() else None
        memory = {
            path.name: path.read_bytes() for path in self.workshop.places.state.glob("*") if path.name != "lock"
        }
        return link, self.workshop.files() if link else None, memory

    # What subscribers have to see

    def expected(self, now: dt.datetime) -> dict[str, dict[int, Meant]]:
        """The days of every entry by n; that of a one-off is what it was."""
        window = self.meaning.days_of_window(now.astimezone(ZONE).date())
        return {id_: days_of(entry, self.known.get(id_), window) for id_, entry in self.meaning.entries.items()}

    def look(self, built: dt.datetime) -> None:
        """Everybody polls the release that was just made, and it has to be what the curator means."""
        bases = [self.released, *self.tried] if self.released else []
        late = self.tried or built < self.now
        since = min([built, *(base.at for base in self.tried)]) if late else None
        before = self.street.stands
        release = self.street.poll(self.workshop.current, self.now, self.meaning.languages, since=since)
        shown = check_days(release, self.meaning, self.expected(built), self.known)
        check_early(before, release, [self.meaning, *(base.meaning for base in self.tried)], self.now)
        if before and bases:
            for language in self.meaning.languages:
                check_untouched(before, release, self.meaning, bases, language)
            check_due(before, release, self.meaning, bases, built)
        self.settle(built, shown)
        self.released, self.tried = self.remembered, []

    def settle(self, built: dt.datetime, shown: Mapping[str, Mapping[int, Days]]) -> None:
        """The ledger holds this now."""
        known = {id_: replace(each, gone=id_ not in self.meaning.entries) for id_, each in self.known.items()}
        for id_, entry in self.meaning.entries.items():
            known[id_] = Known(entry, shown[id_])
        at = max(built, self.remembered.at) if self.remembered else built  # a slow clock stamps nothing anew
        self.remembered = Remembered(self.meaning, at, known)

    # Accidents

    def crash(self, marker: str, number: int) -> None:
        """A build is killed when it changes the file system for the `number`-th time at a path with a marker.

        Ten minutes later another build brings everything in order, and gives the bytes of an undisturbed life.
        """
        self.write()
        if self.refusals(self.now):
            self.undo()
            return
        twin = self.folder.with_name(f"{self.folder.name}-twin")
        shutil.copytree(self.folder, twin, symlinks=True)
        before = self._marks()
        self.tally.add(1)
        killed(lambda: self.workshop.build(self.now, allow_clock=True), marker, number)
        ledger, shown = (new != old for new, old in zip(self._marks(), before, strict=True))
        if ledger or shown:
            self.build(self.now, folder=twin)
        if shown:
            self.look(self.now)
        elif ledger:
            self._stamped()
        self.now += dt.timedelta(minutes=10)
        self.build(self.now)
        self.build(self.now, folder=twin)
        same = self.workshop.files() == Workshop(twin).files()
        shutil.rmtree(twin)
        notice(
            f"a build that was killed at {marker} {number} left other bytes than an undisturbed one", unless=same
        )
        self.look(self.now)

    def _stamped(self) -> None:
        """What was killed had written its ledger, and readers see the release before."""
        days = self.expected(self.now)
        self.settle(self.now, {id_: {n: m.days for n, m in found.items()} for id_, found in days.items()})
        assert self.remembered
        self.tried.append(self.remembered)

    def _marks(self) -> tuple[object, object]:
        ledger = self.workshop.places.state / "ledger.json"
        link = self.workshop.current
        return ledger.read_bytes() if ledger.exists() else None, link.readlink() if link.is_symlink() else None

    def lose_state(self) -> None:
        """The memory is gone, and taken from the release."""
        shutil.rmtree(self.workshop.places.state)
        self.remembered = self.released
        self.publish()

    def lose_site(self) -> None:
        """The site is gone, and built again from the memory; servers know no dates any more."""
        shutil.rmtree(self.workshop.site)
        for household in self.street.households.values():
            for subscription in household:
                if isinstance(subscription.program, Conditional):
                    subscription.program.modified = 0
        self.publish()

    def rebuild_elsewhere(self) -> None:
        """Another machine with the same memory and file makes the same bytes."""
        twin = self.folder.with_name(f"{self.folder.name}-twin")
        twin.mkdir()
        (twin / "state").mkdir()
        shutil.copy(self.workshop.places.state / "ledger.json", twin / "state")
        shutil.copy(self.workshop.places.events, twin)
        self.build(self.now, folder=twin)
        same = Workshop(twin).files() == self.workshop.files()
        shutil.rmtree(twin)
        notice("the same file and memory gave other bytes", unless=same)

    def keep_backup(self) -> None:
        """Somebody copies the state."""
        shutil.rmtree(self.folder / "backup", ignore_errors=True)
        shutil.copytree(self.workshop.places.state, self.folder / "backup")
        self.backup = self.remembered

    def put_back_backup(self) -> None:
        """Somebody puts it back: it is refused where it is older than what stands, and goes on working else."""
        if not self.backup:
            return
        state = self.workshop.places.state
        shutil.rmtree(state)
        shutil.copytree(self.folder / "backup", state)
        ours, theirs = (_header(path / "ledger.json") for path in (state, self.workshop.current))
        if ours["serial"] > theirs["serial"] or ours["sha256"] == theirs["sha256"]:
            self.remembered = self.backup if ours["sha256"] != theirs["sha256"] else self.released
        else:
            self.refused(LedgerError, self.now)
            shutil.rmtree(state)
            self.remembered = self.released
        self.publish()

    def break_file(self, data: bytes) -> None:
        """The file is none for a moment."""
        self.workshop.places.events.write_bytes(data)
        self.refused(SourceError, self.now)
        self.write()

    def set_clock_wrong(self, years: int) -> None:
        """The clock of the machine is years away."""
        self.write()
        self.refused(RefusedError, self.now + dt.timedelta(days=365 * years), allow_clock=False)


def _header(path: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(path.read_bytes())[0]
    return found
