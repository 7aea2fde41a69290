"""Tells a WebSub hub which feeds changed, so that readers who subscribed there have them within seconds.

W3C WebSub leaves open how a publisher tells its hub (§6); what hubs take is the form of PubSubHubbub:
`hub.mode=publish` with `hub.url`, once for every topic, and some want `hub.topic`. Nothing here can fail a build.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain

from calfeed import web
from calfeed.errors import shown
from calfeed.frozen import frozen

BATCH = 100  # topics in one request: hubs bound the body of one, and do not say where


@frozen
class Told:
    """`untold` are the topics to try again at the next build, in their order; `why` says what went wrong first."""

    untold: tuple[str, ...] = ()
    why: str | None = None


def publish(hub: str, topics: Sequence[str], *, timeout: float = 10.0) -> Told:
    """Tell the hub that the content at these addresses changed, within three times `timeout` seconds.

    They go in their order, `BATCH` in a request at most; a request that the hub refuses (4xx) is halved, down to
    single topics. Raises nothing for what goes wrong at the hub or on the way to it.
    """
    wanted = tuple(dict.fromkeys(topics))
    until = time.monotonic() + 3 * timeout
    untold: list[str] = []
    why = None
    rest = deque(_batched(wanted))
    while rest:
        batch = rest.popleft()
        outcome = _tell(hub, batch, timeout, until)
        if outcome.why is None:
            continue
        if outcome.refused and len(batch) > 1:
            half = (len(batch) + 1) // 2
            rest.extendleft((batch[half:], batch[:half]))  # the one that is given last stands first
            continue
        why = why or outcome.why
        untold += batch
        if not outcome.refused:  # it does not answer any more
            untold += chain.from_iterable(rest)
            break
    return Told(tuple(untold), why)


def _batched(topics: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The topics in their order, `BATCH` at a time."""
    for start in range(0, len(topics), BATCH):
        yield tuple(topics[start : start + BATCH])


@frozen
class _Outcome:
    """Of one request: why it failed, if it did, and whether it was refused, so that another form may succeed."""

    why: str | None = None
    refused: bool = False


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
