"""The hub is told of what changed, in time, whatever it does; and one that we did not write tells its readers."""

from __future__ import annotations

import hashlib
import hmac
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from calfeed import __version__, web
from calfeed.domain.model import Edition
from calfeed.formats.syndication import render_atom, render_rss
from calfeed.websub import Told, publish
from tests.judges import Program, require
from tests.judges.links import feedparser_links
from tests.judges.programs import python_missing
from tests.loopback import Asked, Reply, Server, closed_port, in_turn, serving
from tests.support import REPOSITORY, edition, event, read

ATOM, RSS = "https://calfeed.example/feed.atom", "https://calfeed.example/feed.rss"
TOPICS = (ATOM, RSS)
ACCEPTED = Reply(202)
HUB = Program("flask-websub", python_missing("flask_websub"))


def test_topics_go_in_one_form() -> None:
    with serving(in_turn(ACCEPTED)) as hub:
        assert publish(hub.url, [ATOM, RSS, ATOM]) == Told()
    (asked,) = hub.asked
    assert asked.method == "POST"
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert asked.headers["User-Agent"] == f"calfeed/{__version__}"
    assert asked.form == [("hub.mode", "publish"), ("hub.url", ATOM), ("hub.url", RSS)]


def test_one_topic_goes_under_both_names_that_hubs_know() -> None:
    with serving(in_turn(ACCEPTED)) as hub:
        assert publish(hub.url, [ATOM]) == Told()
    assert hub.asked[0].form == [("hub.mode", "publish"), ("hub.url", ATOM), ("hub.topic", ATOM)]


def test_without_topics_nobody_is_asked() -> None:
    with serving(in_turn(ACCEPTED)) as hub:
        assert publish(hub.url, []) == Told()
    assert hub.asked == []


@pytest.mark.parametrize("status", [200, 202, 204])
def test_every_success_counts(status: int) -> None:
    with serving(in_turn(Reply(status))) as hub:
        assert publish(hub.url, TOPICS) == Told()


def test_hub_that_is_down_is_told_another_day() -> None:
    hub = closed_port()
    assert publish(hub, TOPICS, timeout=0.2) == Told(TOPICS, f"{hub}: it cannot be reached")


def test_hub_in_trouble_is_asked_again() -> None:
    with serving(in_turn(Reply(500), ACCEPTED)) as hub:
        assert publish(hub.url, TOPICS) == Told()
    assert len(hub.asked) == 2
    assert hub.asked[0].body == hub.asked[1].body


def test_hub_that_stays_in_trouble_is_left_after_three_attempts() -> None:
    with serving(in_turn(Reply(502))) as hub:
        assert publish(hub.url, TOPICS) == Told(TOPICS, f"{hub.url}: the hub answers 502")
    assert len(hub.asked) == 3


def test_hub_that_says_when_to_come_back_is_not_pressed() -> None:
    with serving(in_turn(Reply(503, headers={"Retry-After": "3600"}))) as hub:
        assert publish(hub.url, TOPICS).untold == TOPICS
    assert len(hub.asked) == 1


def silence(server: Server) -> Iterator[bytes]:
    """No byte until the test is over."""
    server.over.wait()
    yield b""


def test_hub_that_hangs_is_waited_for_no_longer_than_promised() -> None:
    with serving(lambda _: Reply(body=silence(hub), raw=True)) as hub:
        started = time.monotonic()
        told = publish(hub.url, TOPICS, timeout=0.2)
        assert time.monotonic() - started < 2
    assert told == Told(TOPICS, f"{hub.url}: it is silent for 0.2 seconds")


def test_hub_that_answers_a_letter_at_a_time_is_waited_for_no_longer_than_promised() -> None:
    def drip() -> Iterator[bytes]:
        yield b"HTTP/1.1 202 "
        while not hub.over.wait(0.02):
            yield b"A"

    with serving(lambda _: Reply(body=drip(), raw=True)) as hub:
        started = time.monotonic()
        told = publish(hub.url, TOPICS, timeout=0.3)
        assert time.monotonic() - started < 2
        assert told == Told(TOPICS, f"{hub.url}: there is no whole answer within 0.9 seconds")


def test_hub_that_refuses_several_topics_is_told_of_each() -> None:
    """flask-websub is such a one: it wants `hub.topic`, and takes the first of several for all of them."""

    def answer(asked: Asked) -> Reply:
        return ACCEPTED if "hub.topic" in dict(asked.form) else Reply(400)

    with serving(answer) as hub:
        assert publish(hub.url, TOPICS) == Told()
    assert [[value for name, value in asked.form if name == "hub.url"] for asked in hub.asked] == [
        [ATOM, RSS],
        [ATOM],
        [RSS],
    ]


def told_in(asked: Asked) -> list[str]:
    return [value for name, value in asked.form if name == "hub.url"]


MANY = tuple(f"https://calfeed.example/events/e{number:03}/feed.atom" for number in range(250))


def test_many_topics_go_a_hundred_at_a_time_in_their_order() -> None:
    with serving(in_turn(ACCEPTED)) as hub:
        assert publish(hub.url, MANY) == Told()
    assert [told_in(asked) for asked in hub.asked] == [[*MANY[:100]], [*MANY[100:200]], [*MANY[200:]]]


def test_hub_that_bounds_the_body_gets_halves_until_they_fit() -> None:
    taken: list[str] = []

    def answer(asked: Asked) -> Reply:
        if len(asked.body) > 3000:
            return Reply(413)
        taken.extend(told_in(asked))
        return ACCEPTED

    with serving(answer) as hub:
        assert publish(hub.url, MANY) == Told()
    assert taken == [*MANY]
    assert len(hub.asked) < 30


def test_one_topic_among_many_that_is_refused_keeps_no_other_from_being_told() -> None:
    with serving(lambda asked: Reply(404) if MANY[42] in told_in(asked) else ACCEPTED) as hub:
        assert publish(hub.url, MANY) == Told((MANY[42],), f"{hub.url}: the hub answers 404")


def test_halving_ends_with_the_time_and_the_rest_stays_untold() -> None:
    def slow(_: Asked) -> Reply:
        hub.over.wait(0.1)
        return Reply(400)

    with serving(slow) as hub:
        started = time.monotonic()
        told = publish(hub.url, MANY, timeout=0.2)
        assert time.monotonic() - started < 2
        assert told.untold == MANY


def test_only_the_topic_that_is_refused_stays_untold() -> None:
    with serving(lambda asked: Reply(404) if ("hub.url", RSS) in asked.form else ACCEPTED) as hub:
        assert publish(hub.url, TOPICS) == Told((RSS,), f"{hub.url}: the hub answers 404")


def test_rest_is_left_when_the_hub_stops_answering() -> None:
    topics = (*TOPICS, "https://calfeed.example/az/feed.atom")
    stuck = Reply(503, headers={"Retry-After": "60"})
    with serving(in_turn(Reply(400), ACCEPTED, stuck)) as hub:
        assert publish(hub.url, topics) == Told(topics[2:], f"{hub.url}: the hub answers 503")
    assert len(hub.asked) == 3


def test_hub_that_asks_for_fewer_requests_gets_no_more() -> None:
    with serving(in_turn(Reply(429, headers={"Retry-After": "60"}))) as hub:
        assert publish(hub.url, TOPICS) == Told(TOPICS, f"{hub.url}: the hub answers 429")
    assert len(hub.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_form_follows_a_hub_that_moved(status: int) -> None:
    with serving(lambda a: ACCEPTED if a.path == "/new" else Reply(status, headers={"Location": "/new"})) as hub:
        assert publish(hub.url, TOPICS) == Told()
    assert [(asked.method, asked.path) for asked in hub.asked] == [("POST", "/"), ("POST", "/new")]
    assert hub.asked[0].body == hub.asked[1].body


def test_redirect_in_a_circle_ends() -> None:
    with serving(in_turn(Reply(307, headers={"Location": "/"}))) as hub:
        assert publish(hub.url, TOPICS) == Told(TOPICS, f"{hub.url}: sends us elsewhere more than 5 times")
    assert len(hub.asked) == web.MAX_REDIRECTS + 1


def test_answer_without_end_is_not_read() -> None:
    endless = iter(lambda: b"x" * 65536, b"")
    with serving(lambda _: Reply(500, body=endless, headers={"Retry-After": "1"})) as hub:
        assert publish(hub.url, TOPICS) == Told(TOPICS, f"{hub.url}: the hub answers 500")


def test_reason_holds_no_secret_of_the_address() -> None:
    with serving(in_turn(Reply(403))) as hub:
        told = publish(f"{hub.url}push?token=geheim", [ATOM])
    assert told == Told((ATOM,), f"{hub.url}push: the hub answers 403")


@contextmanager
def running_hub(folder: Path) -> Iterator[str]:
    """flask-websub in a process of its own."""
    program = [sys.executable, "-m", "tests.judges.websub_hub", str(folder)]
    with (
        (folder / "hub.log").open("w") as log,
        subprocess.Popen(program, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address, (folder / "hub.log").read_text()
            yield address
        finally:
            process.terminate()


RENDER = {"/feed.atom": render_atom, "/feed.rss": render_rss}


class Place:
    """A site that publishes feeds, and a reader that subscribed to them, at one address."""

    def __init__(self) -> None:
        self.feeds: dict[str, bytes] = {}
        self.delivered: dict[str, Asked] = {}
        self.hub = ""

    def publish(self, shown: Edition) -> None:
        for path, render in RENDER.items():
            (document,) = render(shown)
            self.feeds[path] = b"".join(document.chunks)

    def __call__(self, asked: Asked) -> Reply:
        path, _, query = asked.path.partition("?")
        if asked.method == "GET" and path in self.feeds:
            link = f'<{self.hub}>; rel="hub", <http://{asked.headers["Host"]}{path}>; rel="self"'
            return Reply(body=self.feeds[path], headers={"Link": link, "Content-Type": "application/xml"})
        if asked.method == "GET":  # the hub asks whether the subscription is meant
            challenge = dict(Asked("", "", {}, query.encode()).form)["hub.challenge"]
            return Reply(body=challenge.encode())
        self.delivered[path.removeprefix("/reader")] = asked
        return Reply(204)


def subscribe(server: Server, feed: Path, bytes_: bytes, callback: str) -> str:
    """What a reader does: look for the hub and the topic in the feed, and subscribe with a secret."""
    feed.write_bytes(bytes_)
    links = dict(reversed(feedparser_links(feed)))
    form = [
        ("hub.mode", "subscribe"),
        ("hub.topic", links["self"]),
        ("hub.callback", server.url + callback),
        ("hub.secret", "geheim"),
    ]
    assert web.post(links["hub"], form).status == 202
    return links["self"]


def test_subscribers_of_a_real_hub_get_the_new_feed_signed(tmp_path: Path) -> None:
    require(HUB)
    place = Place()
    with running_hub(tmp_path) as place.hub, serving(place) as server:
        addresses = {"hub": place.hub, "url": server.url}
        place.publish(edition(read(event(), **addresses)))
        topics = [
            subscribe(server, tmp_path / f"feed{number}", place.feeds[path], f"reader{path}")
            for number, path in enumerate(RENDER)
        ]
        assert topics == [f"{server.url}feed.atom", f"{server.url}feed.rss"]
        place.publish(edition(read(event(), event("second", date="1991-11-01"), **addresses)))
        assert publish(place.hub, topics) == Told()
        assert set(place.delivered) == set(RENDER)
        for path, asked in place.delivered.items():
            assert asked.body == place.feeds[path]
            assert b":second/" in asked.body
            digest = hmac.new(b"geheim", asked.body, hashlib.sha512).hexdigest()
            assert asked.headers["X-Hub-Signature"] == f"sha512={digest}"
