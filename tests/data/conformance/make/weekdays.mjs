// weekdays.json: n-th weekdays of months by npm's rrule, some of them checked against Python's `holidays`.
import rrule from "rrule";
import { execFileSync } from "node:child_process";
import { iso, made, version, write } from "./common.mjs";

const { RRule } = rrule;
const DAYS = { monday: "MO", tuesday: "TU", wednesday: "WE", thursday: "TH", friday: "FR", saturday: "SA", sunday: "SU" };
// id: [nth, weekday, month, what `holidays` calls it in the US and since when it is that weekday there]
const RULES = {
  "fathers-day": [3, "sunday", 6, "Father's Day", 1972],
  "mothers-day": [2, "sunday", 5, "Mother's Day", 1914],
  "mothers-day-fr": [-1, "sunday", 5],
  thanksgiving: [4, "thursday", 11, "Thanksgiving Day", 1942],
  "thanksgiving-ca": [2, "monday", 10, "Columbus Day", 1971],
  "memorial-day": [-1, "monday", 5, "Memorial Day", 1971],
  "martin-luther-king-day": [3, "monday", 1, "Martin Luther King Jr. Day", 1986],
  "washingtons-birthday": [3, "monday", 2, "Washington's Birthday", 1971],
  "labor-day": [1, "monday", 9, "Labor Day", 1900],
  "labour-day-nz": [4, "monday", 10],
  "summer-time-begins": [-1, "sunday", 3],
  "summer-time-ends": [-1, "sunday", 10],
  "fifth-friday-of-november": [5, "friday", 11],
  "fifth-monday-of-february": [5, "monday", 2],
  "fifth-wednesday-of-december": [5, "wednesday", 12],
  "first-saturday-of-july": [1, "saturday", 7],
  "last-tuesday-of-february": [-1, "tuesday", 2],
};

const [holidays, listed] = JSON.parse(
  execFileSync(
    process.env.PYTHON ?? "python3",
    [
      "-c",
      `import holidays, json
US = holidays.country_holidays("US")
days = holidays.country_holidays("US", years=range(1900, 2101), language="en_US", categories=US.supported_categories)
print(json.dumps([holidays.__version__, [[day.isoformat(), name] for day, names in sorted(days.items())
                  for name in names.split("; ")]]))`,
    ],
    { encoding: "utf8" },
  ),
);

const [rules, days, agreement, disputed] = [{}, {}, {}, {}];
for (const [id, [nth, weekday, month, name, since]] of Object.entries(RULES)) {
  const rule = `FREQ=YEARLY;BYMONTH=${month};BYDAY=${nth}${DAYS[weekday]}`;
  const found = RRule.fromString(`DTSTART:19000101T000000Z\nRRULE:${rule};UNTIL=21001231T000000Z`).all();
  rules[id] = { nth, weekday, month, rrule: rule };
  days[id] = Object.fromEntries(found.map((day) => [day.getUTCFullYear(), iso(day)]));
  if (!name) continue;
  const theirs = listed.filter(([day, label]) => label === name && Number(day.slice(0, 4)) >= since);
  const differ = theirs.filter(([day]) => days[id][day.slice(0, 4)] !== day);
  agreement[id] = `${theirs.length - differ.length} of ${theirs.length} from ${since} on ("${name}")`;
  for (const [day] of differ) (disputed[id] ??= {})[day.slice(0, 4)] = { rrule: days[id][day.slice(0, 4)], holidays: day };
}
write("weekdays.json", {
  origin: {
    program: version("rrule"),
    call: "RRule.fromString('DTSTART:19000101T000000Z\\nRRULE:…;UNTIL=21001231T000000Z').all()",
    range: "1900 to 2100",
    made,
    checked_against: { holidays: `holidays ${holidays} (Python), country US, from the year given under agreement on` },
  },
  comment: [
    "days: id -> year -> ISO day; a fifth weekday is missing from the years without one.",
    "Only the arithmetic of the rule is meant, for every year: Memorial Day, Washington's Birthday and Columbus Day are Mondays since 1971, Thanksgiving the fourth Thursday since 1942, and so on.",
    "nth -1 is the last of the month.",
  ],
  rules,
  agreement,
  disputed,
  days,
});
