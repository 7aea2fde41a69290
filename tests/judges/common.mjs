// What the readers share: reading the file named on the command line, printing one JSON list, complaining.
import { readFileSync } from "node:fs";

export function complain(what) {
  process.stderr.write(`${what}\n`);
  process.exit(1);
}

/** Print what `read(text)` makes of the file; whatever it throws is a complaint. */
export function judge(read) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(process.argv[2]));
    process.stdout.write(`${JSON.stringify(read(text))}\n`);
  } catch (error) {
    complain(`${error.name ?? "Error"}: ${error.message ?? error}`);
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
