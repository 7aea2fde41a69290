// hebrew_anniversaries.json: yahrzeits and Hebrew birthdays of dates that hit every special case. Checked against
// the rules of Calendrical Calculations written below over ICU's calendar, and yahrzeits against hebcal (C).
import { HDate, HebrewCalendar } from "@hebcal/core";
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DAY, days, icu, iso, made, plus, version, write } from "./common.mjs";

const AFTER = 30;
const IDS = {
  Tishri: "tishrei", Heshvan: "marheshvan", Kislev: "kislev", Tevet: "tevet", Shevat: "shevat", Adar: "adar",
  "Adar I": "adar-i", "Adar II": "adar-ii", Nisan: "nisan", Iyar: "iyyar", Sivan: "sivan", Tamuz: "tammuz", Av: "av",
  Elul: "elul",
};
const hebcalNumber = { tishrei: 7, marheshvan: 8, kislev: 9, tevet: 10, shevat: 11, adar: 12, "adar-i": 12,
  "adar-ii": 13, nisan: 1, iyyar: 2, sivan: 3, tammuz: 4, av: 5, elul: 6 }; // prettier-ignore

const civil = new Map();
for (const [day, year, month, number] of days("hebrew", "1900-01-01", "2100-01-01", "long"))
  civil.set(`${year} ${IDS[month]} ${number}`, day);
const has = (year, month, day) => civil.has(`${year} ${month} ${day}`);
const leap = (year) => has(year, "adar-ii", 1);
const on = (year, month, day) => {
  const found = civil.get(`${year} ${month} ${day}`);
  if (!found) throw new Error(`no ${day} ${month} ${year}`);
  return found;
};
const last = (year) => (leap(year) ? "adar-ii" : "adar");
const first = (year) => (leap(year) ? "adar-i" : "adar"); // the twelfth month

// Calendrical Calculations (Reingold and Dershowitz), hebrew-birthday and yahrzeit, in own words.
function birthday([, month, day], year) {
  if (month === "adar" || month === "adar-ii") return plus(on(year, last(year), 1), day - 1);
  return plus(on(year, month === "adar-i" ? first(year) : month, 1), day - 1);
}
function yahrzeit([died, month, day], year) {
  if (month === "marheshvan" && day === 30 && !has(died + 1, month, 30)) return plus(on(year, "kislev", 1), -1);
  if (month === "kislev" && day === 30 && !has(died + 1, month, 30)) return plus(on(year, "tevet", 1), -1);
  if (month === "adar-ii") return on(year, last(year), day);
  if (month === "adar-i" && day === 30 && !leap(year)) return on(year, "shevat", 30);
  const same = month === "adar" || month === "adar-i" ? first(year) : month;
  return plus(on(year, same, 1), day - 1);
}

// Originals: for each date the first years of every kind (leap or common; the month long or short a year later).
const kind = (month, day) => (year) =>
  [leap(year), leap(year + 1), has(year + 1, month, day), has(year + 1, "marheshvan", 30), has(year + 1, "kislev", 30)];
const WANTED = [
  ["marheshvan", 30, 6, [2]], ["kislev", 30, 6, [2]], ["marheshvan", 29, 2, [0]], ["kislev", 29, 2, [0]],
  ["marheshvan", 1, 1, []], ["kislev", 1, 2, [3]], ["tevet", 1, 2, [4]], ["tevet", 29, 1, []],
  ["shevat", 30, 4, [0, 1]], ["shevat", 1, 1, []], ["adar", 1, 2, [1]], ["adar", 9, 1, []], ["adar", 14, 2, [1]],
  ["adar", 29, 2, [1]], ["adar-i", 1, 2, []], ["adar-i", 10, 1, []], ["adar-i", 14, 1, []], ["adar-i", 29, 2, []],
  ["adar-i", 30, 3, []], ["adar-ii", 1, 2, []], ["adar-ii", 14, 1, []], ["adar-ii", 29, 2, []], ["nisan", 1, 2, [0]],
  ["nisan", 15, 1, []], ["nisan", 30, 1, []], ["iyyar", 5, 1, []], ["iyyar", 29, 1, []], ["sivan", 6, 1, []],
  ["sivan", 30, 1, []], ["tammuz", 17, 1, []], ["av", 9, 1, []], ["av", 30, 1, []], ["elul", 29, 2, [1]],
  ["tishrei", 1, 2, [0]], ["tishrei", 10, 1, []], ["tishrei", 30, 1, []],
]; // prettier-ignore
const originals = [];
for (const [month, day, count, features] of WANTED) {
  const seen = new Map();
  let taken = 0;
  for (const pass of [1, 2])
    for (let year = 5690; year < 5770 && taken < count; year++) {
      if (!has(year, month, day) || originals.some(([y, m, d]) => y === year && m === month && d === day)) continue;
      const key = features.map((index) => kind(month, day)(year)[index]).join();
      if (pass === 1 && seen.has(key)) continue;
      seen.set(key, true);
      originals.push([year, month, day]);
      taken++;
    }
}

const hebcalC = process.env.HEBCAL ?? "hebcal";
const cVersion = /[\d.]+/.exec(execFileSync(hebcalC, ["--version"], { encoding: "utf8" }))[0];
const list = join(mkdtempSync(join(tmpdir(), "yahrzeit-")), "list");
writeFileSync(
  list,
  originals
    .map((original, index) => {
      const [year, month, day] = on(...original).split("-");
      return `${month} ${day} ${year} #${index}#\n`;
    })
    .join(""),
);
const fromC = new Map();
for (let year = 5690; year < 5805; year++)
  for (const line of execFileSync(hebcalC, ["-Y", list, "-H", "-g", "-h", "-x", String(year)], {
    encoding: "utf8",
  }).split("\n")) {
    const found = /^(\S+) .*#(\d+)#/.exec(line);
    if (found) fromC.set(`${found[2]} ${year}`, found[1]);
  }

const day = (date) => (date ? iso((date.abs() - 719163) * DAY) : null);
const score = { yahrzeit: [0, 0], birthday: [0, 0], c: [0, 0] };
const disputed = {};
const rows = originals.map((original, index) => {
  const [year, month, number] = original;
  const date = new HDate(number, hebcalNumber[month], year);
  if (day(date) !== on(...original)) throw new Error(`${original}`);
  const [yahrzeits, birthdays] = [[], []];
  for (let then = year + 1; then <= year + AFTER; then++) {
    const said = {
      yahrzeit: [day(HebrewCalendar.getYahrzeit(then, date)), yahrzeit(original, then)],
      birthday: [day(HebrewCalendar.getBirthdayOrAnniversary(then, date)), birthday(original, then)],
    };
    for (const [what, [mine, theirs]] of Object.entries(said)) {
      score[what][0]++;
      score[what][1] += mine === theirs;
      if (mine !== theirs)
        disputed[`${what} ${original.join(" ")} in ${then}`] = { "@hebcal/core": mine, "rule over ICU": theirs };
    }
    const c = fromC.get(`${index} ${then}`) ?? null;
    score.c[0]++;
    score.c[1] += c === said.yahrzeit[0];
    if (c !== said.yahrzeit[0])
      (disputed[`yahrzeit ${original.join(" ")} in ${then}`] ??= { "@hebcal/core": said.yahrzeit[0] })["hebcal C"] = c;
    yahrzeits.push(said.yahrzeit[0]);
    birthdays.push(said.birthday[0]);
  }
  return { original, civil: on(...original), yahrzeit: yahrzeits, birthday: birthdays };
});

write("hebrew_anniversaries.json", {
  origin: {
    program: version("@hebcal/core"),
    call: "HebrewCalendar.getYahrzeit(year, date) and HebrewCalendar.getBirthdayOrAnniversary(year, date)",
    range: `${rows.length} dates of AM 5690 to 5769, the ${AFTER} years AM after each`,
    made,
    checked_against: {
      "rule over ICU": `yahrzeit ${score.yahrzeit[1]} of ${score.yahrzeit[0]} equal, birthday ${score.birthday[1]} of ${score.birthday[0]} (the rules of Calendrical Calculations, written in make/anniversaries.mjs; ${icu}, calendar hebrew)`,
      "hebcal C": `yahrzeit ${score.c[1]} of ${score.c[0]} equal (hebcal ${cVersion}, Debian, hebcal -Y FILE -H -g YEAR; same lineage as @hebcal/core)`,
    },
  },
  comment: [
    "dates: original [year AM, month, day] with its civil day, then the civil days of the 30 following years AM, in order (the first is original year + 1).",
    "Months as in Israel's usage: adar in common years, adar-i and adar-ii in leap years.",
    "yahrzeit, 30 marheshvan and 30 kislev: if the first anniversary year has no such day, always the day before 1 kislev (1 tevet); if it has, 1 kislev (1 tevet) in the years without it.",
    "yahrzeit, adar of a common year: adar-i in leap years (custom differs: many keep adar-ii, some both); adar-i of a leap year: adar in common years; 30 adar-i: 30 shevat in common years; adar-ii: adar-ii, or adar.",
    "birthday, adar of a common year: adar-ii in leap years; adar-i: adar in common years, and its 30th is 1 nisan there; 30 marheshvan and 30 kislev: 1 kislev and 1 tevet in the years without them.",
    "Customs of communities differ in all of this; these are the answers of one authority (Calendrical Calculations, as in hebcal).",
  ],
  disputed,
  dates: rows,
});
