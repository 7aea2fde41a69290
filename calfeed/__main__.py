"""`python -m calfeed`, and the command `calfeed`."""

from __future__ import annotations

import signal
import sys

_LONG_RUNNING = (["run"], ["serve"])


def main() -> None:
    """Run the command line.

    The handlers come before the imports: as PID 1 of a container a process without one never hears of SIGTERM.
    Whatever runs until it is told to stop ends well by that; a build that is cut off has not been done. SIGHUP is
    another look; before there is anything to look at, it is nothing.

    What loads and what a short command makes holds no cycles, and looking for them is a tenth of its work.
    """
    long_running = sys.argv[1:2] in _LONG_RUNNING

    def leave(number: int, _: object) -> None:
        sys.exit(0 if long_running else 128 + number)  # as a shell tells it

    signal.signal(signal.SIGTERM, leave)
    if long_running:
        signal.signal(signal.SIGINT, leave)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    else:
        from calfeed.collecting import never_collect  # noqa: PLC0415 - see above

        never_collect()
    from calfeed.cli import main as command_line  # noqa: PLC0415 - see above

    command_line()


if __name__ == "__main__":
    main()
