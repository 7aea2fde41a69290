// islamic_tabular.json: the two tabular Islamic calendars from ICU and from an integer formula.
import { days, icu, made, write } from "./common.mjs";

const LEAP = [2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29];
// Days before the month, from 1 Muharram 1, by counting: odd months have 30 days, even ones 29, leap years one more.
function before(year, month) {
  const [cycles, rest] = [Math.floor((year - 1) / 30), ((year - 1) % 30) + 1];
  const leaps = LEAP.filter((one) => one < rest).length;
  return cycles * 10631 + (rest - 1) * 354 + leaps + Math.floor((month - 1) / 2) * 59 + ((month - 1) % 2) * 30;
}
const fromJulianDay = (jdn) => new Date((jdn - 2440588) * 864e5).toISOString().slice(0, 10);

const calendars = { "islamic-civil": 1948440, "islamic-tbla": 1948439 }; // JDN of 1 Muharram 1: 16 and 15 July 622 (Julian)
const [data, agreement] = [{}, {}];
for (const [calendar, epoch] of Object.entries(calendars)) {
  const years = {};
  let [equal, total] = [0, 0];
  for (const [day, year, month, number] of days(calendar, "1979-11-01", "2077-12-31")) {
    if (number !== 1 || year < 1400 || year > 1500) continue;
    total++;
    const own = fromJulianDay(epoch + before(year, month));
    if (own === day) equal++;
    else throw new Error(`${calendar} ${year}-${month}: ${day} and ${own}`);
    (years[year] ??= []).push(day);
  }
  data[calendar] = years;
  agreement[calendar] = `${equal} of ${total} equal`;
}
write("islamic_tabular.json", {
  origin: {
    program: icu,
    call: "Intl.DateTimeFormat('en-u-ca-islamic-civil'), ('en-u-ca-islamic-tbla')",
    range: "AH 1400 to 1500, every month",
    made,
    checked_against: { "integer formula in make/tabular.mjs": agreement },
  },
  comment: [
    "calendar -> year AH -> first civil days (ISO) of the months 1 to 12.",
    "Both have the leap years 2 5 7 10 13 16 18 21 24 26 29 of a cycle of 30; islamic-civil begins on Friday 16 July 622, islamic-tbla (astronomical epoch) on Thursday 15 July 622 (Julian), so it is always a day earlier.",
    "A tabular calendar is arithmetic: it lies up to two days beside what is kept anywhere.",
  ],
  ...data,
});
