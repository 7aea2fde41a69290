// What the Node scripts share: days as ISO text, ICU's calendars as tables, and a compact writer.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

export const DAY = 864e5;
export const icu = `Node ${process.versions.node} Intl, ICU ${process.versions.icu}`;
export const made = new Date().toISOString().slice(0, 10);
export const iso = (time) => new Date(time).toISOString().slice(0, 10);
export const plus = (day, days) => iso(Date.parse(day) + days * DAY);
export const weekday = (day) => new Date(day).getUTCDay(); // 0 = Sunday

export function version(name) {
  const file = createRequire(import.meta.url)
    .resolve.paths(name)
    .map((folder) => join(folder, name, "package.json"))
    .find((path) => existsSync(path));
  return `${name} ${JSON.parse(readFileSync(file, "utf8")).version}`;
}

// Every day from `first` to `last` in one of ICU's calendars: [ISO day, year, month, day of month].
export function* days(calendar, first, last, month = "numeric") {
  const format = new Intl.DateTimeFormat(`en-u-ca-${calendar}-nu-latn`, {
    timeZone: "UTC",
    year: "numeric",
    month,
    day: "numeric",
  });
  for (let time = Date.parse(first); time <= Date.parse(last); time += DAY) {
    const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
    yield [iso(time), Number(part.year), month === "numeric" ? Number(part.month) : part.month, Number(part.day)];
  }
}

// One line for each entry of each member, so that a change shows as a changed line.
export function write(name, data) {
  const member = (value) =>
    typeof value === "object" && JSON.stringify(value).length > 110
      ? Array.isArray(value)
        ? `[\n${value.map((entry) => JSON.stringify(entry)).join(",\n")}\n]`
        : `{\n${Object.entries(value)
            .map(([key, entry]) => `${JSON.stringify(key)}:${JSON.stringify(entry)}`)
            .join(",\n")}\n}`
      : JSON.stringify(value);
  const lines = Object.entries(data).map(([key, value]) => `${JSON.stringify(key)}:${member(value)}`);
  const folder = process.argv[2] ?? ".";
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `{\n${lines.join(",\n")}\n}\n`);
}
