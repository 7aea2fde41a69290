// What every peer written in JavaScript has around its writing; bench/writing.py says what is measured, and how.
import { readFileSync, writeFileSync } from "node:fs";

/** Has the file of the command line written by `write(items)`, which may be a promise, and prints what that took. */
export async function timed(write) {
  const [source, target] = process.argv.slice(2);
  const items = JSON.parse(readFileSync(source, "utf-8"));
  const before = process.cpuUsage();
  writeFileSync(target, await write(items));
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(`${(user + system) / 1e6}\n`);
}
