"""Looks for what a reader stumbles over with atheris: libFuzzer, led by the code that an input runs through.

`python -m tests.faults.fuzz_reader TARGET CORPUS [-runs=N -seed=S …]` begins with the files of the target, keeps
in the folder CORPUS what led to new code, and ends at the first input that does not hold, its bytes in a file.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from random import Random
from typing import Any

atheris: Any = importlib.import_module("atheris")  # without types, and for some machines alone

with atheris.instrument_imports(include=["calfeed"]):
    targets = importlib.import_module("tests.faults.targets")


def main() -> None:
    """Never returns: libFuzzer leaves the process."""
    name, corpus, *arguments = sys.argv[1:]
    target, seeds = targets.TARGETS[name], targets.seeds_of(name)
    for number, seed in enumerate(seeds):
        Path(corpus, f"seed-{number}").write_bytes(seed)

    def mutated(data: bytes, size: int, seed: int) -> bytes:
        found: bytes = target.change(data, Random(seed), seeds, lambda d, _: atheris.Mutate(d, size))  # noqa: S311
        return found[:size]

    def read(data: bytes) -> None:
        targets.read_in_time(name, data)

    atheris.Setup([sys.argv[0], *arguments, corpus], read, custom_mutator=mutated)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
