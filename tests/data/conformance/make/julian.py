"""julian.json: the Gregorian day of the first of every Julian month, by Julian Day Numbers and by the JDK."""
# mypy: ignore-errors
# ruff: noqa: E501 (comments of the data are sentences)

from __future__ import annotations

import subprocess
from pathlib import Path

from common import MADE, ordinal, write

YEARS = range(1500, 2101)


def julian_day(year: int, month: int, day: int) -> int:
    """Reckon the Julian Day Number of a day of the Julian calendar; the year begins in March."""
    shift = (14 - month) // 12
    y, m = year + 4800 - shift, month + 12 * shift - 3
    return day + (153 * m + 2) // 5 + 365 * y + y // 4 - 32083


def main() -> None:
    """Write the file."""
    command = ["java", str(Path(__file__).parent / "Jdk.java"), "julian", str(YEARS[0]), str(YEARS[-1])]
    name, *lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    jdk = {(int(year), int(month)): day for year, month, day in map(str.split, lines)}
    months, disputed = {}, {}
    for year in YEARS:
        firsts = [ordinal(julian_day(year, month, 1)).isoformat() for month in range(1, 13)]
        months[str(year)] = firsts
        for month, own in enumerate(firsts, 1):
            if jdk[year, month] != own:
                disputed[f"{year}-{month:02}"] = {"formula": own, "jdk": jdk[year, month]}
    write(
        "julian.json",
        {
            "origin": {
                "program": "integer formula in make/julian.py (Julian Day Number)",
                "call": "julian_day(year, month, day)",
                "range": f"Julian years {YEARS[0]} to {YEARS[-1]}",
                "made": MADE,
                "checked_against": {
                    "jdk": f"{name}, java.util.GregorianCalendar with the Gregorian change set to the end of time"
                },
            },
            "comment": [
                "months: Julian year -> Gregorian days (ISO, proleptic before 15 October 1582) of the first of the months 1 to 12.",
                "leap_days: the Gregorian days of 29 February of the Julian leap years; they exist in 1700, 1800, 1900 and 2100 too.",
                "year_ends: the Gregorian days of the Julian 31 December.",
                "The Julian year begins on 1 January here. Russia's and England's older years began on other days.",
                "The calendars are 9 days apart on 1 February 1500, 10 from 1 March 1500, 11 from 1 March 1700, 12 from 1 March 1800, 13 from 1 March 1900 and 14 from 1 March 2100 (Julian days).",
            ],
            "agreement": f"{12 * len(YEARS) - len(disputed)} of {12 * len(YEARS)} months equal",
            "disputed": disputed,
            "months": months,
            "leap_days": {
                str(year): ordinal(julian_day(year, 2, 29)).isoformat() for year in YEARS if year % 4 == 0
            },
            "year_ends": {str(year): ordinal(julian_day(year, 12, 31)).isoformat() for year in YEARS},
        },
    )


if __name__ == "__main__":
    main()
