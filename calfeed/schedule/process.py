"""A build in a process of its own: one that hangs can be ended, and nothing leaks over years."""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from calfeed.asked import Options, Places
from calfeed.storage.status import write_failure

log = logging.getLogger("calfeed")

BUILD_LIMIT = 600.0  # seconds after which a build is taken to hang
KILL_LIMIT = 10.0  # seconds in which a build that is killed is gone, unless nothing can end it

# The build itself notes these in status.json: success, and every CalfeedError but 75; a place that is busy or away
# is no failure of ours, and is tried again.
_NOTED_BY_THE_BUILD = (0, 65, 66, 73, 74, 75, 77)


@dataclass
class BuildProcess:
    """Runs `command` one at a time, each in its own process, and ends the one that hangs.

    `ending` says that we were told to stop, `stopped` that this cut a build off.
    """

    command: list[str]
    state: Path
    clock: Callable[[], dt.datetime]
    limit: float = BUILD_LIMIT
    child: subprocess.Popen[str] | None = None
    codes: Counter[int] = field(default_factory=Counter)
    ending: bool = False
    stopped: bool = False

    def __call__(self) -> int:
        """Build once and give the exit code; what the build says goes to the log."""
        self.child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own arguments
            self.command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="backslashreplace",
            start_new_session=True,
        )
        if self.ending:  # told to stop while it was started, and before there was a child to wait for
            self.stopped = True
            _kill(self.child)
        said = self._said(self.child)
        code, self.child = self.child.poll(), None
        code = -signal.SIGKILL if code is None else code
        self.codes[code] += 1
        if self.stopped:
            return code  # by us, and no fault of its own
        for line in said.splitlines():
            log.log(logging.ERROR if code else logging.INFO, "%s", line)
        if code not in _NOTED_BY_THE_BUILD:
            log.error("the build ended with %d", code)
            write_failure(self.state, self.clock(), f"the build ended with {code}")
        return code

    def _said(self, child: subprocess.Popen[str]) -> str:
        """What a build says until it ends, or is ended with whatever it started: that may hold its output open."""
        try:
            return child.communicate(timeout=self.limit)[0]
        except subprocess.TimeoutExpired:
            _kill(child)
            log.error("the build took more than %g s and was ended", self.limit)  # noqa: TRY400
        try:
            return child.communicate(timeout=KILL_LIMIT)[0]
        except subprocess.TimeoutExpired:  # asleep in the kernel, on a disk that is gone
            log.error("the build cannot be ended; it is left alone")  # noqa: TRY400
            if child.stdout is not None:
                child.stdout.close()
            return ""

    def stop(self, seconds: float) -> None:
        """Let a build that is under way finish, for so long; ended halfway it leaves the old release up."""
        self.ending = True
        child = self.child
        if child is None:
            return
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            log.warning("stopping in the middle of a build; what stands is whole")
            self.stopped = True
            _kill(child)


def _kill(child: subprocess.Popen[str]) -> None:
    """End a build and all that it started, which is a process group of its own."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def build_command(places: Places, options: Options) -> list[str]:
    """The build as a command line."""
    safe = ["-P"] if sys.flags.safe_path else []  # as we were started: no module out of the folder we stand in
    command = [sys.executable, *safe, "-m", "calfeed", "build", str(places.events)]
    command += ["--site", str(places.site), "--state", str(places.state)]
    command += ["--larger", str(options.larger)] if options.larger > 1 else []
    return command + (["--url", options.url] if options.url else [])
