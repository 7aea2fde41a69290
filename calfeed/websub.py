"""Tells a WebSub hub which feeds changed, so that readers who subscribed there have them within seconds.

W3C WebSub leaves open how a publisher tells its hub (§6); what hubs take is the form of PubSubHubbub:
`hub.mode=publish` with `hub.url`, once for every topic, and some want `hub.topic`. Nothing here can fail a build.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from calfeed import web
from calfeed.errors import shown


@dataclass(frozen=True)
class Told:
    """`untold` are the topics to try again at the next build, in their order; `why` says what went wrong first."""

    untold: tuple[str, ...] = ()
    why: str | None = None


def publish(hub: str, topics: Sequence[str], *, timeout: float = 10.0) -> Told:
    """Tell the hub that the content at these addresses changed, within three times `timeout` seconds.

    All of them go in one request; where the hub refuses that (4xx), each is told by itself. Raises nothing for
    what goes wrong at the hub or on the way to it.
    """
    wanted = tuple(dict.fromkeys(topics))
    if not wanted:
        return Told()
    until = time.monotonic() + 3 * timeout
    told = _tell(hub, wanted, timeout, until)
    if told.why is None or not told.refused or len(wanted) == 1:
        return Told(() if told.why is None else wanted, told.why)
    return _tell_each(hub, wanted, timeout, until)


@dataclass(frozen=True)
class _Outcome:
    """Of one request: why it failed, if it did, and whether it was refused, so that another form may succeed."""

    why: str | None = None
    refused: bool = False


def _tell_each(hub: str, topics: tuple[str, ...], timeout: float, until: float) -> Told:
    """One request for each topic; the rest is left when the hub does not answer any more."""
    untold: list[str] = []
    why = None
    for number, topic in enumerate(topics):
        outcome = _tell(hub, (topic,), timeout, until)
        if outcome.why is None:
            continue
        why = why or outcome.why
        if not outcome.refused:
            untold += topics[number:]
            break
        untold.append(topic)
    return Told(tuple(untold), why)


def _tell(hub: str, topics: tuple[str, ...], timeout: float, until: float) -> _Outcome:
    left = until - time.monotonic()
    if left <= 0:
        return _Outcome(f"{shown(hub)}: the hub takes too long")
    fields = [("hub.mode", "publish"), *(("hub.url", topic) for topic in topics)]
    if len(topics) == 1:
        fields.append(("hub.topic", topics[0]))  # several would do harm: a hub may take the first for all
    try:
        answer = web.post(hub, fields, timeout=min(timeout, left), patience=left)
    except web.WebProblem as problem:
        return _Outcome(str(problem))
    if answer.good:
        return _Outcome()
    refused = 400 <= answer.status < 500 and answer.status not in web.PASSING
    return _Outcome(f"{shown(hub)}: the hub answers {answer.status}", refused)
