"""What each release held, and what readers say they saw, held against it.

Readers note what they see and go on; whether it was right is told when the release is known that it came from,
since a reader may be faster than whoever tells of the release.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

ABSENT = ""  # in the place of a digest: at this path there was nothing
SOON = 20  # releases after which whatever was seen has been told of


@dataclass
class Chronicle:
    """Which content stood where, and in which releases; they are numbered from 0 as they came."""

    latest: int = -1
    numbers: dict[str, int] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)
    spans: dict[str, dict[str, list[tuple[int, int]]]] = field(default_factory=dict)

    def add(self, name: str, files: dict[str, str]) -> None:
        """A release: its name, and the digest of each of its files."""
        self.latest += 1
        self.numbers[name] = self.latest
        for path in {*self.spans, *files}:
            new = path not in self.spans
            known = self.spans.setdefault(path, {ABSENT: [(0, self.latest - 1)]} if new and self.latest else {})
            spans = known.setdefault(files.get(path, ABSENT), [])
            if spans and spans[-1][1] == self.latest - 1:
                spans[-1] = spans[-1][0], self.latest
            else:
                spans.append((self.latest, self.latest))

    def earliest(self, path: str, digest: str, after: int) -> int | None:
        """The first release, from that number on, in which this stood there."""
        spans = self.spans.get(path, {}).get(digest, ())
        return next((max(first, after) for first, last in spans if last >= after), None)

    def forget(self, before: int) -> None:
        """Keep no content that went before that release: everybody has seen a later one."""
        for path, known in self.spans.items():
            self.spans[path] = {digest: spans for digest, spans in known.items() if spans[-1][1] >= before}


@dataclass
class Trail:
    """What one reader saw, in its order: each thing whole, and none of a release before the last one it saw."""

    name: str
    newest: int = 0
    judged: int = 0
    wrong: list[str] = field(default_factory=list)
    seen: deque[tuple[str, str, int]] = field(default_factory=deque)
    latest: int = -1

    def saw(self, path: str, digest: str) -> None:
        """Note what was seen."""
        self.seen.append((path, digest, self.latest))

    def complain(self, why: str) -> None:
        """Note what can only be wrong."""
        if len(self.wrong) < 20:
            self.wrong.append(f"{self.name}: {why}")

    def judge(self, chronicle: Chronicle, *, final: bool = False) -> None:
        """Hold what was seen against what is known; what may be of a release to come waits for it."""
        self.latest = chronicle.latest
        while self.seen:
            path, digest, at = self.seen[0]
            number = chronicle.earliest(path, digest, self.newest)
            if number is None and not final and chronicle.latest < at + SOON:
                return
            self.seen.popleft()
            self.judged += 1
            if number is None:
                self.complain(f"{path}: {digest[:12] or 'nothing'} is of no release from {self.newest} on")
            else:
                self.newest = number
