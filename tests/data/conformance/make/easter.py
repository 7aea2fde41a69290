"""easter.json: Western and Orthodox Easter by integer formulas, and two programs asked the same."""
# mypy: ignore-errors
# ruff: noqa: E501 (comments of the data are sentences)

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
from pathlib import Path

from common import MADE, ordinal, write
from julian import julian_day

YEARS = range(1900, 2101)
NCAL = os.environ.get("NCAL", "ncal")
NODE = """
import * as easter from "date-easter";
import { version } from "./common.mjs";
const { easter: western, orthodoxEaster } = easter.default ?? easter;
const days = [];
for (let year = 1900; year <= 2100; year++) days.push([western(year).toString(), orthodoxEaster(year).toString()]);
process.stdout.write(JSON.stringify([version("date-easter"), days]));
"""


def western(year: int) -> dt.date:
    """Reckon by Butcher's rule (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return dt.date(year, month, day + 1)


def orthodox(year: int) -> dt.date:
    """Reckon the Julian Easter (Meeus, same chapter), as a Gregorian day."""
    a, b, c = year % 4, year % 7, year % 19
    d = (19 * c + 15) % 30
    e = (2 * a + 4 * b - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    return ordinal(julian_day(year, month, day + 1))


def ncal(option: str, year: int) -> dt.date:
    """Ask Debian's ncal."""
    environment = {**os.environ, "LC_ALL": "C"}
    command = [NCAL, option, str(year)]
    said = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    month, day, short = map(int, said.strip().split("/"))
    if short != year % 100:
        raise ValueError(said)
    return dt.date(year, month, day)


def main() -> None:
    """Write the file."""
    command = ["node", "--input-type=module", "-e", NODE]
    here = Path(__file__).parent
    answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=here).stdout
    name, rows = json.loads(answer)
    npm = dict(zip(YEARS, rows, strict=True))
    days, disputed = {}, {}
    for year in YEARS:
        own = (western(year), orthodox(year))
        said = {
            "formula": [day.isoformat() for day in own],
            "ncal": [ncal("-e", year).isoformat(), ncal("-o", year).isoformat()],
            name: [dt.date(*map(int, day.split("-"))).isoformat() for day in npm[year]],
        }
        if len({tuple(pair) for pair in said.values()}) == 1:
            days[str(year)] = said["formula"]
        else:
            disputed[str(year)] = said
    write(
        "easter.json",
        {
            "origin": {
                "program": "integer formulas in make/easter.py (Butcher's rule and the Julian rule, Meeus chapter 8)",
                "call": "western(year), orthodox(year)",
                "range": f"{YEARS[0]} to {YEARS[-1]}",
                "made": MADE,
                "checked_against": {
                    "ncal": "ncal 12.1.8 (Debian), ncal -e YEAR and ncal -o YEAR",
                    "date-easter": f"{name} (npm), easter(year) and orthodoxEaster(year)",
                },
            },
            "comment": [
                "days: year -> [Western Easter, Orthodox Easter], both as Gregorian days.",
                "Orthodox here is the Julian Easter; the Finnish Orthodox Church keeps the Western day.",
                "Both fall on one day in "
                + ", ".join(year for year, pair in days.items() if len(set(pair)) == 1)
                + ".",
            ],
            "agreement": f"{len(days)} of {len(YEARS)} years equal in all three",
            "disputed": disputed,
            "days": days,
        },
    )


if __name__ == "__main__":
    main()
