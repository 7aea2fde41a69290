"""What `calfeed run` holds while it waits, and what `calfeed serve` holds with a large calendar published.

python bench/idle.py [--entries 1000]
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from bench import catalogue  # noqa: E402 - run by its path
from bench.measuring import CALFEED, Row, real_calendar, tell_asked  # noqa: E402

_TRIES = 1200  # tenths of a second


def rows(entries: int) -> Iterator[Row]:
    """The goals of whoever waits, in MB of resident memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        real_calendar(folder)
        yield Row("P8", "`calfeed run` waits, real calendar: MB", "30", 30, [_resident(["run"], folder)], 1)
        shutil.rmtree(folder / "translations")
        text = "".join(catalogue.lines(entries))
        (folder / "events.yaml").write_text(text, encoding="utf-8")
        for made in ("site", "state"):
            shutil.rmtree(folder / made)
        serving = [_resident(["serve", "--port", "0"], folder)]
        yield Row(
            "P7", f"`calfeed serve` waits, {entries:,} entries and all their pages: MB", "40", 40, serving, 1
        )


def _resident(command: Sequence[str], folder: Path) -> float:
    """The memory of a process that has built once and waits, in MB."""
    process = subprocess.Popen(  # noqa: S603
        [*CALFEED, *command, "--quiet"], cwd=folder, env={"PYTHONPATH": str(REPOSITORY)}, stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(_TRIES):
            if (folder / "state" / "status.json").exists():
                break
            time.sleep(0.1)
        else:
            raise SystemExit("nothing was built")
        time.sleep(3)  # the child that built ends, and what follows its release is read
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    tell_asked(rows, __doc__, entries=1000)
