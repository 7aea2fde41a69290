"""Makes catalogues to measure with: as many entries as asked for, the same ones for the same seed.

    python bench/catalogue.py 10000 > events.yaml
    python bench/catalogue.py --edit events.yaml

An entry has a title, two paragraphs of text that is not ASCII, a day in a year from 1800 on, which comes
round every year until 2026, two categories of twelve and two claims with a source each: the shape of entries of
the real calendar, with words that mean nothing. It is written in YAML's block style, as curators write.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
from collections.abc import Iterator
from pathlib import Path

CATEGORIES = tuple(f"subject-{letter}" for letter in "abcdefghijkl")
SOURCES = tuple(f"source-{number}" for number in range(1, 9))
_LETTERS = "aəbcçdeəfgğhxıijkqlmnoöpqrsşiuütuvyzaeiouəıöü"
_START = dt.date(1800, 1, 1)

HEAD = """\
version: 1
title: {{en: Məsələn}}
description: {{en: Made for measuring.}}
url: https://calfeed.example/
authority: calfeed.example,2026
timezone: Asia/Baku
languages: [en]
window: {{past: 0, future: 1}}
feed_items: 50
budget: {{events: 999999999, bytes: 999999999}}
categories:
{categories}sources:
{sources}events:
"""


def lines(number: int, *, seed: int = 1) -> Iterator[str]:
    """The file, piece by piece."""
    chance = random.Random(seed)  # noqa: S311 - nothing here is a secret
    words = ["".join(chance.choices(_LETTERS, k=chance.randint(2, 11))) for _ in range(3000)]
    yield HEAD.format(
        categories="".join(f"  {slug}: {{title: {{en: {slug.title()}}}}}\n" for slug in CATEGORIES),
        sources="".join(
            f"  {key}: {{title: {key.title()}, publisher: Nəşriyyat, published: 1998-05}}\n" for key in SOURCES
        ),
    )
    for index in range(number):
        yield _entry(index, chance, words)


def edited(text: str, share: float = 0.01) -> str:
    """The same catalogue with another word in the texts of so many of its entries, evenly spread."""
    head, *entries = text.split("  - id: ")
    step = max(1, round(1 / share))
    for place in range(0, len(entries), step):
        entries[place] = entries[place].replace("\n      en: |-\n", "\n      en: |-\n        Düzəliş. ", 1)
    return "  - id: ".join([head, *entries])


def _entry(index: int, chance: random.Random, words: list[str]) -> str:
    day = _START + dt.timedelta(days=chance.randrange(80_000))
    if (day.month, day.day) == (2, 29):
        day += dt.timedelta(days=1)

    def text(number: int) -> str:
        return " ".join(chance.choices(words, k=number)).capitalize() + "."

    said = "".join(
        f"      - source: {key}\n        basis: stated\n        says: {{en: {text(12)}}}\n"
        for key in chance.sample(SOURCES, 2)
    )
    return (
        f"  - id: entry-{index}\n"
        f"    title: {{en: {text(3)[:-1]}}}\n"
        f"    description:\n      en: |-\n        {text(25)}\n\n        {text(25)}\n"
        f"    date: {day}\n"
        "    observed: {rule: annual, until: 2026}\n"
        f"    categories: [{', '.join(sorted(chance.sample(CATEGORIES, 2)))}]\n"
        f"    claims:\n{said}"
    )


def main() -> None:
    """Print a catalogue, or edit one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("entries", type=int, nargs="?", default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--edit", type=Path, metavar="FILE", help="change one in a hundred of its entries instead")
    arguments = parser.parse_args()
    if arguments.edit:
        arguments.edit.write_text(edited(arguments.edit.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        sys.stdout.writelines(lines(arguments.entries, seed=arguments.seed))


if __name__ == "__main__":
    main()
