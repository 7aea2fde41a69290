"""`python -m calfeed`, and the command `calfeed`."""

from __future__ import annotations

import signal
import sys

_ENDED_BY_SIGTERM = 128 + signal.SIGTERM  # as a shell tells it


def main() -> None:
    """Run the command line.

    The handler comes before the imports: as PID 1 of a container a process without one never hears of SIGTERM.
    Whatever runs until it is told to stop ends well by that; a build that is cut off has not been done.
    """
    code = 0 if sys.argv[1:2] in (["run"], ["serve"]) else _ENDED_BY_SIGTERM

    def leave(*_: object) -> None:
        sys.exit(code)

    signal.signal(signal.SIGTERM, leave)
    from calfeed.cli import main as command_line  # noqa: PLC0415 - see above

    command_line()


if __name__ == "__main__":
    main()
