// What the readers share: reading the files named on the command line, printing a JSON list for each, complaining.
import { readFileSync } from "node:fs";

export function complain(what) {
  process.stderr.write(`${what}\n`);
  process.exit(1);
}

/** For every file named on the command line a line with what `read(text)` makes of it; whatever it throws is a complaint. */
export function judge(read) {
  for (const path of process.argv.slice(2)) {
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
      process.stdout.write(`${JSON.stringify(read(text))}\n`);
    } catch (error) {
      complain(`${path}: ${error.name ?? "Error"}: ${error.message ?? error}`);
    }
  }
}

/** An instant as ISO 8601 in UTC; null where there is none. */
export function instant(value) {
  if (value === undefined || value === null) return null;
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) throw new Error(`not an instant: ${value}`);
  return date.toISOString();
}

/** A calendar day as YYYY-MM-DD, from numbers. */
export function day(year, month, dayOfMonth) {
  const padded = (number, width) => String(number).padStart(width, "0");
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(dayOfMonth, 2)}`;
}
