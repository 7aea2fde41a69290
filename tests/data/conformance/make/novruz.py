"""novruz.json: 1 Farvardin by ICU and by the equinox, and the March equinox in UTC and in Baku."""

# mypy: ignore-errors
# ruff: noqa: E501 (comments of the data are sentences)
from __future__ import annotations

import datetime as dt
import json
import subprocess
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo, reset_tzpath

import ephem
from common import MADE, write

HERE = Path(__file__).parent
YEARS = range(1900, 2101)
EQUINOXES = range(1950, 2051)
TEHRAN = dt.timezone(dt.timedelta(hours=3, minutes=30))
reset_tzpath(to=())  # PyPI's tzdata, whose version is known, not the system's
BAKU = ZoneInfo("Asia/Baku")
CLOSE = dt.timedelta(minutes=5)
NODE = """
import * as Astronomy from "astronomy-engine";
import { version } from "./common.mjs";
const { Seasons } = Astronomy.default ?? Astronomy;
const found = [];
for (let year = 1900; year <= 2100; year++) found.push(Seasons(year).mar_equinox.date.toISOString());
process.stdout.write(JSON.stringify([version("astronomy-engine"), found]));
"""


def node(*arguments: str) -> list:
    """Run Node beside this script."""
    return json.loads(
        subprocess.run(["node", *arguments], check=True, capture_output=True, text=True, cwd=HERE).stdout
    )


def minute(instant: dt.datetime) -> dt.datetime:
    """Round to the nearest minute."""
    return (instant + dt.timedelta(seconds=30)).replace(second=0, microsecond=0)


def new_year(equinox: dt.datetime) -> dt.date:
    """Reckon 1 Farvardin: the day of the equinox if it comes before noon of Tehran's time, else the next."""
    local = equinox.astimezone(TEHRAN)
    return local.date() + dt.timedelta(days=local.hour >= 12)


icu_name, rows = node("icu.mjs", "persian", "1900-01-01", "2100-12-31")
icu = {int(day[:4]): day for _, month, day in rows if month == 1}
engine_name, instants = node("--input-type=module", "-e", NODE)
engine = {year: dt.datetime.fromisoformat(text) for year, text in zip(YEARS, instants, strict=True)}
equinox = {year: ephem.next_vernal_equinox(f"{year}/3/1").datetime().replace(tzinfo=dt.UTC) for year in YEARS}

days, disputed, close, utc, baku = {}, {}, {}, {}, {}
apart = {year: abs((equinox[year] - engine[year]).total_seconds()) for year in YEARS}
for year in YEARS:
    said = {
        "icu": icu[year],
        "ephem": new_year(equinox[year]).isoformat(),
        "astronomy-engine": new_year(engine[year]).isoformat(),
    }
    local = equinox[year].astimezone(TEHRAN)
    margin = local - local.replace(hour=12, minute=0, second=0, microsecond=0)
    if abs(margin) < 3 * CLOSE:
        close[str(year)] = f"{margin.total_seconds() / 60:+.1f} minutes from noon"
    if len(set(said.values())) == 1:
        days[str(year)] = said["icu"]
    else:
        disputed[str(year)] = said
near_midnight = []
for year in EQUINOXES:
    exact = equinox[year]
    utc[str(year)] = minute(exact).strftime("%Y-%m-%dT%H:%MZ")
    baku[str(year)] = exact.astimezone(BAKU).date().isoformat()
    if (exact - CLOSE).astimezone(BAKU).date() != (exact + CLOSE).astimezone(BAKU).date():
        near_midnight.append(year)

write(
    "novruz.json",
    {
        "origin": {
            "program": f"{icu_name}; ephem {ephem.__version__} (PyPI)",
            "call": "Intl.DateTimeFormat('en-u-ca-persian'); ephem.next_vernal_equinox('YEAR/3/1')",
            "range": f"1 Farvardin {YEARS[0]} to {YEARS[-1]}; equinox {EQUINOXES[0]} to {EQUINOXES[-1]}",
            "made": MADE,
            "checked_against": {"astronomy-engine": f"{engine_name} (npm), Seasons(year).mar_equinox"},
            "time zones": f"tzdata {version('tzdata')} (PyPI)",
        },
        "comment": [
            "farvardin: Gregorian year -> civil day of 1 Farvardin in Iran, where ICU's Persian calendar and the equinox by both astronomical packages agree; else under disputed.",
            "Rule: the day whose noon (12:00 at UTC+3:30, the meridian 52.5 E) follows the equinox. Iran's calendar is law since 1925 (AP 1304); before that the days are reckoned backwards.",
            "equinox_utc: to the minute, by ephem; equinox_baku: its day by the clocks of Asia/Baku.",
            "In Azerbaijan the days off (20 to 24 March in recent years) do not move with the equinox.",
            "The two astronomical packages lie up to a minute apart (see agreement), so allow one; where a few minutes could change a day, see the members close_to_….",
            "Instants from about 2030 on depend on how the Earth's rotation is foreseen (Delta T); programs may come to differ more.",
        ],
        "agreement": {
            "farvardin": f"{len(days)} of {len(YEARS)} years equal in all three",
            "equinox, greatest distance in seconds": {
                f"{years[0]} to {years[-1]}": round(max(apart[year] for year in years), 1)
                for years in (EQUINOXES, YEARS)
            },
        },
        "close_to_noon_in_tehran": close,
        "close_to_midnight_in_baku": near_midnight,
        "disputed": disputed,
        "farvardin": days,
        "equinox_utc": utc,
        "equinox_baku": baku,
    },
)
