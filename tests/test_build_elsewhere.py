"""What a build asks of the world outside: a hub that hears of changes, a published site that remembers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import pytest

from calfeed.errors import BusyError, LedgerError, RefusedError
from calfeed.schedule.keeper import is_due
from calfeed.storage.status import read_status
from tests.loopback import Asked, Reply, in_turn, serving
from tests.support import Workshop, event, later

FEEDS = (
    "corrections/feed.atom",
    *(
        folder + file
        for folder in ("", "categories/history/", "events/black-january-1990/")
        for file in ("feed.rss", "feed.atom", "feed.json")
    ),
)
OTHER = event("other", date="1991-12-25", categories=["others"])
BOTH = {name: {"title": {"en": name.title()}} for name in ("history", "others")}


def topics(asked: Asked) -> set[str]:
    return {value for name, value in asked.form if name == "hub.url"}


def addresses(*paths: str) -> set[str]:
    return {f"https://calfeed.example/{path}" for path in paths}


def untold(workshop: Workshop) -> set[str]:
    status = read_status(workshop.places.state)
    assert status is not None
    return set(status.untold)


def test_hub_hears_of_every_feed_whose_bytes_changed_and_of_no_other(workshop: Workshop) -> None:
    with serving(in_turn(Reply(202))) as hub:
        workshop.write(event(), OTHER, categories=BOTH, hub=hub.url)
        workshop.build()
        workshop.build(later(hours=1))  # quiet: nobody is told
        workshop.write(event(), OTHER | {"title": {"en": "Other words"}})
        assert workshop.build(later(hours=2)).warnings == ()
        first, second = hub.asked
    others = {
        folder + file
        for folder in ("categories/others/", "events/other/")
        for file in ("feed.rss", "feed.atom", "feed.json")
    }
    assert topics(first) == addresses(*FEEDS, *others)
    assert topics(second) == addresses("feed.rss", "feed.atom", "feed.json", "corrections/feed.atom", *others)
    assert untold(workshop) == set()


def test_feeds_of_most_readers_are_told_first_in_every_language(workshop: Workshop) -> None:
    workshop.write(event(), OTHER, categories=BOTH, languages=["en", "az"])
    with serving(in_turn(Reply(202))) as hub:
        workshop.write(hub=hub.url)
        workshop.build()
    told = [value for name, value in hub.asked[0].form if name == "hub.url"]
    kinds = [next((k for k in ("categories", "corrections", "events") if f"/{k}/" in topic), "") for topic in told]
    assert [kind for kind, _ in groupby(kinds)] == ["", "categories", "corrections", "events"]
    assert sum("/az/" in topic for topic in told) == len(told) / 2


def test_hub_is_told_when_readers_can_see_the_change(workshop: Workshop) -> None:
    seen = []

    def answer(_: Asked) -> Reply:
        seen.append(b"Told" in (workshop.current / "feed.atom").read_bytes())
        return Reply(202)

    with serving(answer) as hub:
        workshop.write(event(title={"en": "Told"}), hub=hub.url)
        workshop.build()
    assert seen == [True]


def test_hub_that_is_down_fails_no_build_and_is_told_by_the_next_one(workshop: Workshop) -> None:
    with serving(in_turn(*[Reply(400)] * (2 * len(FEEDS) - 1), Reply(202))) as hub:
        workshop.write(event(), hub=hub.url)
        report = workshop.build()
        assert report.outcome == "published"
        assert "400" in " ".join(report.warnings)
        assert untold(workshop) == addresses(*FEEDS)
        status = read_status(workshop.places.state)
        assert is_due(status, later(minutes=15))  # the schedule does not wait for tomorrow
        assert workshop.build(later(minutes=15)).outcome == "quiet"
        assert untold(workshop) == set()
        assert topics(hub.asked[-1]) == addresses(*FEEDS)


def test_hub_that_stays_away_is_given_up_after_a_day(workshop: Workshop) -> None:
    with serving(in_turn(Reply(400))) as hub:
        workshop.write(event(), hub=hub.url)
        workshop.build()
        workshop.build(later(hours=23))
        assert untold(workshop)
        asked = len(hub.asked)
        assert workshop.build(later(hours=25)).warnings == ()
        assert len(hub.asked) == asked
    assert untold(workshop) == set()


def test_another_hub_hears_nothing_of_what_the_old_one_missed(workshop: Workshop) -> None:
    with serving(in_turn(Reply(400))) as old, serving(in_turn(Reply(202))) as new:
        workshop.write(hub=old.url)
        workshop.build()
        workshop.write(hub=new.url)
        workshop.build(later(hours=1))
        assert topics(new.asked[0]) == addresses(*FEEDS)  # the feeds name another hub: they changed
    assert untold(workshop) == set()


def test_hub_hears_of_a_change_although_the_process_ended_right_after_it(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(in_turn(Reply(202))) as hub:
        workshop.write(event(), hub=hub.url)
        workshop.build()
        workshop.write(event(title={"en": "Other words"}), hub=hub.url)
        with monkeypatch.context() as patch:
            patch.setattr("calfeed.compiling.following", dying)
            with pytest.raises(KeyboardInterrupt):
                workshop.build(later(hours=1))
        workshop.build(later(hours=2))
    assert len(hub.asked) == 2
    assert topics(hub.asked[1]) == addresses(*FEEDS)


@contextmanager
def dying(*_: object) -> Iterator[None]:
    """The process ends after the swap, where the status of the new release would be put in place."""
    yield
    raise KeyboardInterrupt


def published(workshop: Workshop) -> Callable[[Asked], Reply]:
    """A web server over the release that stands."""
    return over(workshop.files())


def over(files: dict[str, bytes]) -> Callable[[Asked], Reply]:
    """A web server over these files."""
    return lambda asked: Reply(200, files[asked.path[1:]]) if asked.path[1:] in files else Reply(404)


@pytest.fixture
def runner(tmp_path: Path) -> Workshop:
    """Another machine, which has nothing but the events file."""
    (tmp_path / "runner").mkdir()
    return Workshop(tmp_path / "runner")


def test_machine_without_memory_goes_on_from_the_published_site(workshop: Workshop, runner: Workshop) -> None:
    workshop.write(event(), OTHER, categories=BOTH)
    workshop.build()
    moved = event(date="1990-01-19")
    with serving(published(workshop)) as site:
        runner.write(moved, OTHER, categories=BOTH)
        report = runner.build(later(days=1), restore_from=site.url)
    workshop.write(moved, OTHER)
    workshop.build(later(days=1))
    assert report.restored_from == site.url
    assert runner.files() == workshop.files()
    assert {e.sequence for e in runner.events().values()} == {0, 1}


@pytest.mark.goal(
    "G12", "guards refuse a wrong clock, an empty result, removals, renamed ids and addresses, and name them"
)
def test_restored_machine_guards_the_published_addresses(workshop: Workshop, runner: Workshop) -> None:
    workshop.build()
    with serving(published(workshop)) as site:
        runner.write(event(categories=["others"]), categories={"others": BOTH["others"]})
        with pytest.raises(RefusedError, match="published addresses would go: categories/history"):
            runner.build(later(days=1), restore_from=site.url)
    assert not runner.current.exists()


def test_old_state_is_held_against_the_published_site(workshop: Workshop, runner: Workshop) -> None:
    """A cached or restored state folder must not take revisions back that subscribers have seen."""
    runner.build()
    workshop.write(event())
    workshop.build()
    workshop.write(event(date="1990-01-19"))
    workshop.build(later(days=1))
    shutil.rmtree(runner.site)
    with serving(published(workshop)) as site, pytest.raises(LedgerError, match="serial 1 is not the ledger of"):
        runner.build(later(days=2), restore_from=site.url)


def test_new_history_is_refused_where_the_published_site_remembers(workshop: Workshop, runner: Workshop) -> None:
    workshop.build()
    runner.write()
    with serving(published(workshop)) as site, pytest.raises(LedgerError, match="leave out --new-ledger"):
        runner.build(later(days=1), restore_from=site.url, new_ledger=True)


def test_secrets_in_an_address_are_not_repeated(runner: Workshop) -> None:
    with serving(in_turn(Reply(404))) as site:
        runner.write()
        with pytest.raises(LedgerError) as refused:
            runner.build(restore_from=f"{site.url}?token=SECRET")
    assert "SECRET" not in str(refused.value)


@pytest.mark.goal(
    "G12", "guards refuse a wrong clock, an empty result, removals, renamed ids and addresses, and name them"
)
def test_manifest_with_hostile_paths_is_told_without_control_characters(
    workshop: Workshop, runner: Workshop
) -> None:
    workshop.build()
    files = workshop.files()
    listed = json.loads(files["manifest.json"])
    listed["files"].append({**listed["files"][0], "path": "evil\x1b]0;x\x07.html"})
    files["manifest.json"] = json.dumps(listed).encode()
    runner.write()
    with serving(over(files)) as site, pytest.raises(RefusedError) as refused:
        runner.build(later(days=1), restore_from=site.url)
    assert str(refused.value).isprintable()


def test_nothing_published_yet_is_not_taken_for_a_first_build(runner: Workshop) -> None:
    with serving(in_turn(Reply(404))) as site:
        runner.write()
        with pytest.raises(LedgerError, match=r"nothing is published there.*--new-ledger"):
            runner.build(restore_from=site.url)
        assert runner.build(restore_from=site.url, new_ledger=True).outcome == "published"


def test_site_in_trouble_is_not_taken_for_an_empty_one(runner: Workshop) -> None:
    with serving(in_turn(Reply(503))) as site:
        runner.write()
        with pytest.raises(BusyError, match="503"):
            runner.build(restore_from=site.url)
    assert not runner.current.exists()


def test_machine_that_remembers_asks_nobody(workshop: Workshop) -> None:
    workshop.build()
    with serving(in_turn(Reply(500))) as site:
        assert workshop.build(later(days=80), restore_from=site.url).outcome == "published"
        assert site.asked == []
