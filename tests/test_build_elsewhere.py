"""What a build asks of the world outside: a hub that hears of changes, a published site that remembers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from calfeed.errors import BusyError, LedgerError, RefusedError
from calfeed.schedule import is_due
from calfeed.storage.status import read_status
from tests.loopback import Asked, Reply, in_turn, serving
from tests.support import Workshop, event, later

FEEDS = ("feed.rss", "feed.atom", "categories/history/feed.rss", "categories/history/feed.atom")
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
    others = ("categories/others/feed.rss", "categories/others/feed.atom")
    assert topics(first) == addresses(*FEEDS, *others)
    assert topics(second) == addresses("feed.rss", "feed.atom", *others)
    assert untold(workshop) == set()


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
    with serving(in_turn(Reply(400), Reply(400), Reply(400), Reply(400), Reply(400), Reply(202))) as hub:
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


def published(workshop: Workshop) -> Callable[[Asked], Reply]:
    """A web server over the release that stands."""
    files = workshop.files()
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


def test_restored_machine_guards_the_published_addresses(workshop: Workshop, runner: Workshop) -> None:
    workshop.build()
    with serving(published(workshop)) as site:
        runner.write(event(categories=["others"]), categories={"others": BOTH["others"]})
        with pytest.raises(RefusedError, match="published addresses would go: categories/history"):
            runner.build(later(days=1), restore_from=site.url)
    assert not runner.current.exists()


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
