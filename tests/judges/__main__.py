"""`python -m tests.judges`: one line for each judge or program that is missing, saying how to get it."""

import os
import sys
from typing import Any

from . import JUDGES, PROGRAMS, Judge, Program


def main() -> int:
    """Print what is missing; 1 if something is and CALFEED_JUDGES=required."""
    everything: list[Judge[Any] | Program] = [*JUDGES, *PROGRAMS]
    lines = [f"{wanted.name}: {reason}" for wanted in everything if (reason := wanted.missing())]
    required = os.environ.get("CALFEED_JUDGES") == "required"
    for line in lines:
        sys.stdout.write(f"{line}{'' if required else ' (its tests are skipped)'}\n")
    return int(required and bool(lines))


sys.exit(main())
