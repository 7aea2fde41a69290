// hebrew.json and hebrew_days.json. Needs npm's packages, hebcal (C, the path in $HEBCAL) and, for the third
// opinion, Python with `holidays` (the path in $PYTHON).
import { HDate, HebrewCalendar } from "@hebcal/core";
import { execFileSync } from "node:child_process";
import { DAY, days, icu, iso, made, plus, version, weekday, write } from "./common.mjs";

const [FIRST, LAST] = [5710, 5811]; // the civil years 1950 to 2050, whole
const hebcalC = process.env.HEBCAL ?? "hebcal";
const cVersion = `hebcal (C, Debian) ${/[\d.]+/.exec(execFileSync(hebcalC, ["--version"], { encoding: "utf8" }))[0]}`;
const [SUN, MON, FRI, SAT] = [0, 1, 5, 6];

// ICU's calendar turned round: [AM year, month, day] -> ISO day.
const civil = new Map();
for (const [day, year, month, number] of days("hebrew", "1949-01-01", "2052-01-01", "long"))
  civil.set(`${year} ${month} ${number}`, day);
const nominal = (year, month, day) =>
  civil.get(`${year} ${month === "Adar" && civil.has(`${year} Adar II 1`) ? "Adar II" : month} ${day}`);

const fast = (day) => plus(day, weekday(day) === SAT ? 1 : 0);
const esther = (day) => plus(day, weekday(day) === SAT ? -2 : 0);
const shoah = (day) => plus(day, weekday(day) === FRI ? -1 : weekday(day) === SUN && day >= "1997" ? 1 : 0);
const independence = (day) =>
  plus(day, { [FRI]: -1, [SAT]: -2, [MON]: day >= "2004" ? 1 : 0 }[weekday(day)] ?? 0);

// id: [what hebcal calls it, ICU month, day, civil shift, first AM year]
const OBSERVANCES = {
  "rosh-hashanah": [/^Rosh Hashana \d+$/, "Tishri", 1],
  "tzom-gedaliah": [/^Tzom Gedaliah/, "Tishri", 3, fast],
  "yom-kippur": [/^Yom Kippur$/, "Tishri", 10],
  sukkot: [/^Sukkot I$/, "Tishri", 15],
  "hoshana-rabba": [/^Sukkot VII/, "Tishri", 21],
  "shemini-atzeret": [/^Shmini Atzeret$/, "Tishri", 22],
  chanukah: [/^Chanukah: 2 Candles$/, "Kislev", 25],
  "chanukah-last": [/^Chanukah: 8th Day$/, "Kislev", 25, (day) => plus(day, 7)],
  "asara-btevet": [/^Asara B'Tevet$/, "Tevet", 10],
  "tu-bishvat": [/^Tu BiShvat$/, "Shevat", 15],
  "taanit-esther": [/^Ta'anit Esther$/, "Adar", 13, esther],
  purim: [/^Purim$/, "Adar", 14],
  "shushan-purim": [/^Shushan Purim$/, "Adar", 15],
  pesach: [/^Pesach I$/, "Nisan", 15],
  "pesach-last": [/^Pesach VII$/, "Nisan", 21],
  "yom-hashoah": [/^Yom HaShoah$/, "Nisan", 27, shoah, 5711],
  "yom-hazikaron": [/^Yom HaZikaron$/, "Iyar", 5, (day) => plus(independence(day), -1)],
  "yom-haatzmaut": [/^Yom HaAtzma'ut$/, "Iyar", 5, independence],
  "pesach-sheni": [/^Pesach Sheni$/, "Iyar", 14],
  "lag-baomer": [/^Lag BaOmer$/, "Iyar", 18],
  "yom-yerushalayim": [/^Yom Yerushalayim$/, "Iyar", 28, undefined, 5728],
  shavuot: [/^Shavuot( I)?$/, "Sivan", 6],
  "tzom-tammuz": [/^Tzom Tammuz/, "Tamuz", 17, fast],
  "tisha-bav": [/^Tish'a B'Av/, "Av", 9, fast],
  "tu-bav": [/^Tu B'Av$/, "Av", 15],
};

// What `holidays` calls some of them; it names a whole feast alike, so only the first day of a year counts.
const third = JSON.parse(
  execFileSync(
    process.env.PYTHON ?? "python3",
    [
      "-c",
      `import holidays, json
IL = holidays.country_holidays("IL")
days = holidays.country_holidays("IL", years=range(1949, 2052), language="en_US", categories=IL.supported_categories)
rows = [[day.isoformat(), name.removesuffix(" (observed)")] for day, names in sorted(days.items())
        for name in names.split("; ")]
print(json.dumps([holidays.__version__, rows]))`,
    ],
    { encoding: "utf8" },
  ),
);
const NAMES = {
  "Rosh Hashanah": "rosh-hashanah",
  "Yom Kippur": "yom-kippur",
  Sukkot: "sukkot",
  "Simchat Torah / Shemini Atzeret": "shemini-atzeret",
  "Ta'anit Ester": "taanit-esther",
  Purim: "purim",
  Pesach: "pesach",
  "Seventh day of Pesach": "pesach-last",
  "Remembrance Day": "yom-hazikaron",
  "Independence Day": "yom-haatzmaut",
  "Lag BaOmer": "lag-baomer",
  "Jerusalem Day": "yom-yerushalayim",
  Shavuot: "shavuot",
  "Tisha B'Av": "tisha-bav",
};
const opinions = {}; // id -> AM year -> source -> day
const hear = (source, id, year, day) => {
  if (year >= FIRST && year <= LAST) ((opinions[id] ??= {})[year] ??= {})[source] ??= day;
};
const yearOf = new Map([...days("hebrew", "1949-01-01", "2051-12-31")].map(([day, year]) => [day, year]));
for (const [day, name] of third[1]) if (NAMES[name]) hear("holidays", NAMES[name], yearOf.get(day), day);

for (let year = FIRST; year <= LAST; year++) {
  const events = HebrewCalendar.calendar({ year, isHebrewYear: true, il: true });
  const text = execFileSync(hebcalC, ["-i", "-H", "-g", String(year)], { encoding: "utf8" });
  const lines = text.split("\n").map((line) => [line.slice(0, 10), line.slice(11).trim()]);
  for (const [id, [name, month, number, shift, since]] of Object.entries(OBSERVANCES)) {
    if (year < (since ?? 0)) continue;
    const all = events.filter((event) => name.test(event.getDesc()));
    if (all.length !== 1) throw new Error(`${id} ${year}: ${all.length} times`);
    const abs = all[0].getDate().abs();
    hear("@hebcal/core", id, year, iso((abs - 719163) * DAY));
    const found = lines.filter(([, label]) => name.test(label));
    if (found.length > 1) throw new Error(`${id} ${year}: ${found.length} lines`);
    if (found.length) hear("hebcal C", id, year, found[0][0]);
    const day = nominal(year, month, number);
    hear("ICU and rule", id, year, shift ? shift(day) : day);
  }
}

const [observances, disputed, agreement] = [{}, {}, {}];
for (const id of Object.keys(OBSERVANCES)) {
  const counts = {};
  for (const [year, said] of Object.entries(opinions[id])) {
    if (!said["@hebcal/core"]) continue;
    // In 1950 neither day had its later law or custom: all programs reckon backwards.
    const early = year === "5710" && /^yom-/.test(id) && id !== "yom-kippur";
    const same = new Set(Object.values(said)).size === 1;
    if (same && !early) (observances[id] ??= {})[year] = said["@hebcal/core"];
    else (disputed[id] ??= {})[year] = said;
    for (const [source, day] of Object.entries(said)) {
      const count = (counts[source] ??= [0, 0]);
      count[0]++;
      count[1] += day === said["@hebcal/core"];
    }
  }
  agreement[id] = Object.fromEntries(
    Object.entries(counts)
      .filter(([source]) => source !== "@hebcal/core")
      .map(([source, [asked, equal]]) => [source, `${equal} of ${asked}`]),
  );
}

const civilYears = (count) =>
  Array.from({ length: 101 }, (_, index) => String(1950 + index))
    .filter((year) => Object.values(observances["asara-btevet"]).filter((day) => day.startsWith(year)).length === count)
    .join(", ");

write("hebrew.json", {
  origin: {
    program: version("@hebcal/core"),
    call: "HebrewCalendar.calendar({year, isHebrewYear: true, il: true})",
    range: `AM ${FIRST} to ${LAST} (September 1949 to September 2051)`,
    made,
    checked_against: {
      "hebcal C": `${cVersion}, hebcal -i -H -g YEAR (same lineage as @hebcal/core)`,
      "ICU and rule": `${icu}, calendar hebrew, nominal day moved by the rule written in make/hebrew.mjs`,
      holidays: `holidays ${third[0]} (Python), country IL, where it has the day`,
    },
  },
  comment: [
    "observances: id -> year AM -> civil day in Israel; the observance begins at sunset of the day before (the fasts tzom-gedaliah, asara-btevet, taanit-esther and tzom-tammuz at dawn of the day).",
    "Only years in which every program that has the day says the same; the others stand under disputed, source by source.",
    `asara-btevet: one in each year AM, so a civil year has none (${civilYears(0)}), one, or two (${civilYears(2)}).`,
    "chanukah is 25 Kislev, the day after the evening of the first candle; hebcal lists that evening under the civil day before.",
    "Sabbath: tzom-gedaliah, tzom-tammuz and tisha-bav move from Saturday to Sunday, taanit-esther to Thursday 11 Adar; asara-btevet never falls on one and is kept on a Friday.",
    "shushan-purim is 15 Adar on whatever day; hebcal C puts it on Sunday where it falls on a Sabbath (the threefold Purim of Jerusalem), @hebcal/core lists that Sunday as Purim Meshulash.",
    "yom-hashoah: 27 Nisan, Friday to Thursday; Sunday to Monday held to begin in 1997. hebcal and @hebcal/core apply the Sunday rule to every year since 1951, hence all of the disputed years but 1950's.",
    "yom-hashoah: the Friday rule stands in the law of 1959 itself (section 1, read in translation); for 1951 to 1958, when a resolution of 1951 held, the days are what programs reckon, not checked against what was done.",
    "yom-haatzmaut, yom-hazikaron (the day before): 5 Iyar; Friday and Saturday to Thursday; Monday to Tuesday from 2004. 5710 (1950) is disputed although programs agree: the rule for Friday and Saturday is reported to have been made in 1951.",
    "yom-yerushalayim: 28 Iyar, first kept in 5728 (1968), never moved.",
    "shemini-atzeret is Simchat Torah in Israel; in the diaspora that is a day later.",
  ],
  agreement,
  disputed,
  observances,
});

// Plain conversions: every 27th day.
const sample = {};
let equal = 0;
const NUMBERS = { Nisan: 1, Iyar: 2, Sivan: 3, Tamuz: 4, Av: 5, Elul: 6, Tishri: 7, Heshvan: 8, Kislev: 9, Tevet: 10 };
const number = (month) => NUMBERS[month] ?? { Shevat: 11, "Adar II": 13 }[month] ?? 12;
let index = 0;
for (const [day, year, month, dayOfMonth] of days("hebrew", "1900-01-01", "2050-12-31", "long")) {
  if (index++ % 27) continue;
  sample[day] = [year, month, dayOfMonth];
  const other = new HDate(new Date(`${day}T12:00:00`));
  equal += other.getFullYear() === year && other.getMonth() === number(month) && other.getDate() === dayOfMonth;
}
const total = Object.keys(sample).length;
write("hebrew_days.json", {
  origin: {
    program: icu,
    call: "Intl.DateTimeFormat('en-u-ca-hebrew', {timeZone: 'UTC', year, month: 'long', day}).formatToParts",
    range: "every 27th day from 1900-01-01 to 2050-12-31",
    made,
    checked_against: { "@hebcal/core": `${version("@hebcal/core")}, new HDate(date): ${equal} of ${total} equal` },
  },
  comment: [
    "ISO day -> [year AM, month in ICU's spelling, day], the Hebrew day that holds the civil day's noon.",
    "ICU's months: Tishri Heshvan Kislev Tevet Shevat Adar Nisan Iyar Sivan Tamuz Av Elul; in leap years Adar I and Adar II in place of Adar.",
  ],
  days: sample,
});
