// Reads pages with html-validate: its recommended rules, but for those that validate.py names.
// validate.mjs CONFIGURATION FILE...; a list of what it found.
import { FileSystemConfigLoader, HtmlValidate } from "html-validate";
import { readFileSync } from "node:fs";

const [configuration, ...files] = process.argv.slice(2);
const loader = new FileSystemConfigLoader(JSON.parse(readFileSync(configuration, "utf8")));
const { results } = await new HtmlValidate(loader).validateMultipleFiles(files);
const found = results.flatMap(({ filePath, messages }) =>
  messages.map(({ ruleId, message, line, column }) => ({ file: filePath, message: `${line}:${column} ${message} (${ruleId})` })),
);
process.stdout.write(`${JSON.stringify(found)}\n`);
