// The first day of every month in one of ICU's calendars, as JSON: node icu.mjs CALENDAR FIRST_DAY LAST_DAY
import { days, icu } from "./common.mjs";

const [calendar, first, last] = process.argv.slice(2);
const months = [...days(calendar, first, last)].filter(([, , , day]) => day === 1);
process.stdout.write(JSON.stringify([icu, months.map(([day, year, month]) => [year, month, day])]));
