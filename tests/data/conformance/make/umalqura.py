"""islamic_umalqura.json: where three transcriptions of the Umm al-Qura table agree, and where they do not."""

# mypy: ignore-errors
# ruff: noqa: E501 (comments of the data are sentences)
from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import ephem
from common import MADE, write

os.environ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"
import dotnetcore2
import pythonnet

YEARS = range(1400, 1501)
MONTHS = [(year, month) for year in YEARS for month in range(1, 13)]
RULE_SINCE = 1423
HERE = Path(__file__).parent


def dotnet() -> dict[tuple[int, int], str]:
    """Ask .NET's UmAlQuraCalendar."""
    root = Path(dotnetcore2.__file__).parent / "bin"
    framework = {
        "name": "Microsoft.NETCore.App",
        "version": next((root / "shared" / "Microsoft.NETCore.App").iterdir()).name,
    }
    config = Path(tempfile.mkdtemp()) / "runtimeconfig.json"
    config.write_text(json.dumps({"runtimeOptions": {"tfm": "netcoreapp3.1", "framework": framework}}))
    pythonnet.load("coreclr", runtime_config=str(config), dotnet_root=str(root))
    import clr  # noqa: F401, PLC0415 (makes the next import possible)
    from System.Globalization import UmAlQuraCalendar  # noqa: PLC0415

    calendar = UmAlQuraCalendar()
    days = {month: calendar.ToDateTime(*month, 1, 0, 0, 0, 0) for month in MONTHS}
    return {month: f"{day.Year:04}-{day.Month:02}-{day.Day:02}" for month, day in days.items()}


def jdk() -> tuple[str, dict[tuple[int, int], str]]:
    """Ask the JDK's HijrahChronology."""
    command = ["java", str(HERE / "Jdk.java"), "umalqura", str(YEARS[0]), str(YEARS[-1])]
    name, *lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return name, {(int(y), int(m)): day for y, m, day in map(str.split, lines)}


def node(script: str, *arguments: str) -> list | dict:
    """Run one of the Node scripts beside this one."""
    command = ["node", str(HERE / script), *arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def by_rule(near: str) -> str:
    """Reckon the month near a day: after the evening at Mecca with conjunction, then sunset, then moonset."""
    late = dt.date.fromisoformat(near) + dt.timedelta(days=3)
    conjunction = ephem.previous_new_moon(ephem.Date(late.isoformat().replace("-", "/")))
    evening = conjunction.datetime().date() - dt.timedelta(days=1)
    while True:
        mecca = ephem.Observer()
        mecca.lat, mecca.lon = "21.4225", "39.8262"
        mecca.date = ephem.Date(dt.datetime.combine(evening, dt.time(9)))
        sunset, moonset = mecca.next_setting(ephem.Sun()), mecca.next_setting(ephem.Moon())
        lag = float(moonset) - float(sunset)
        if conjunction < sunset and 0 < lag < 0.5:
            return (evening + dt.timedelta(days=1)).isoformat()
        evening += dt.timedelta(days=1)


packages = {name: {(y, m): day for y, m, day in rows} for name, rows in node("hijri.mjs").items()}
gent_name, core_name = packages
jdk_name, jdk_days = jdk()
icu_name, icu_rows = node("icu.mjs", "islamic-umalqura", "1979-11-01", "2077-12-31")
icu_days = {(y, m): day for y, m, day in icu_rows}
sources = {"dotnet": dotnet(), "van-gent": packages[gent_name], "jdk": jdk_days, "icu": icu_days}

months: dict[str, list[str | None]] = {}
disputed: dict[str, dict[str, list[str]]] = {}
score: dict[str, Counter[str]] = {}
PERIODS = {"1400-1419": range(1400, 1420), "1420-1450": range(1420, 1451), "1451-1500": range(1451, 1501)}
rule_differs: dict[str, dict[str, str]] = {}
for year, month in MONTHS:
    said: dict[str, list[str]] = {}
    for source, table in sources.items():
        said.setdefault(table[year, month], []).append(source)
    period = next(name for name, years in PERIODS.items() if year in years)
    count = score.setdefault(period, Counter())
    count["months"] += 1
    count["all agree"] += len(said) == 1
    for one, other in [("dotnet", "van-gent"), ("jdk", "icu"), ("dotnet", "jdk"), ("van-gent", "jdk")]:
        count[f"{one} = {other}"] += sources[one][year, month] == sources[other][year, month]
    count["dotnet = @umalqura/core"] += sources["dotnet"][year, month] == packages[core_name][year, month]
    if year >= RULE_SINCE:
        rule = by_rule(sources["dotnet"][year, month])
        count["reckoned by the rule"] += 1
        for source in ("dotnet", "van-gent", "jdk"):
            count[f"{source} = rule"] += rule == sources[source][year, month]
        if len(said) > 1:
            said.setdefault(rule, []).append("rule")
        elif rule not in said:
            rule_differs[f"{year}-{month:02}"] = {"tables": next(iter(said)), "rule": rule}
    months.setdefault(str(year), []).append(next(iter(said)) if len(said) == 1 else None)
    if len(said) > 1:
        disputed[f"{year}-{month:02}"] = said

write(
    "islamic_umalqura.json",
    {
        "origin": {
            "program": {
                "dotnet": ".NET Core 3.1.23 (PyPI dotnetcore2 3.1.23 through pythonnet 3.2.1)",
                "van-gent": gent_name,
                "jdk": jdk_name,
                "icu": icu_name,
                "rule": f"ephem {ephem.__version__}, from AH {RULE_SINCE} on",
                "also compared": core_name,
            },
            "call": {
                "dotnet": "System.Globalization.UmAlQuraCalendar.ToDateTime(year, month, 1, …)",
                "van-gent": "moment('YEAR/MONTH/1', 'iYYYY/iM/iD')",
                "jdk": "HijrahChronology.INSTANCE.date(year, month, 1)",
                "icu": "Intl.DateTimeFormat('en-u-ca-islamic-umalqura'), calendar islamic-umalqura",
                "rule": "first evening at Mecca with conjunction before sunset and moonset after sunset; the day after it is the 1st",
            },
            "range": "AH 1400 to 1500, every month",
            "made": MADE,
        },
        "comment": [
            "months: year AH -> first civil days (ISO) of the months 1 to 12, only where dotnet, van-gent, jdk and icu all agree; null where they do not.",
            "disputed: year-month -> day -> who says so. Two of a side are not always two witnesses: jdk and icu hold the same table and count as one.",
            "Every source is a table taken from what Saudi authorities printed or put on the net at some time; they are independent as transcriptions. Only the rule is a calculation.",
            "AH 1451 to 1500 (from May 2029): dotnet and van-gent follow the rule announced in AH 1423; jdk and icu begin many of these months a day later. Reports of 2026 in the trackers of hijridate (issue 26) and moment-hijri (issue 105) say that the net service of the Saudi authority now answers as jdk and icu do. So neither side is shown to be wrong; what will be kept is not known yet.",
            "AH 1400 to 1419: other criteria were in force; jdk and icu hold a recomputed table, the others what is said to have been printed.",
            "1427-06: only moment-hijri has 26 June 2006; by the rule the conjunction came a minute or so before sunset. 1446-06: the rule and older copies of van Gent's table have a day later than all tables here, which moment-hijri joined in 3.0.0; so did 1485-10, where the rule sides with jdk and icu.",
            "Religious observances in Saudi Arabia (Ramadan, Shawwal, Dhu al-Hijja) follow sightings and may lie a day beside all of these.",
        ],
        "agreement": {period: dict(count) for period, count in score.items()},
        "rule_differs_from_all": rule_differs,
        "disputed": disputed,
        "months": months,
    },
)
