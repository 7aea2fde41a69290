// Holds JSON files against a schema with ajv, formats included: ajv.mjs SCHEMA FILE...; a list of what it found.
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { readFileSync } from "node:fs";

const [schema, ...files] = process.argv.slice(2);
const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const told = read(schema);
const options = { allErrors: true, strict: true, strictTypes: false, strictRequired: false };
const ajv = told.$schema?.includes("2020-12") ? new Ajv2020(options) : new Ajv(options);
formats.default(ajv);
const valid = ajv.compile(told);
const found = files.flatMap((file) =>
  valid(read(file)) ? [] : valid.errors.map(({ instancePath, message, params }) => ({ file, message: `${instancePath || "/"} ${message} ${JSON.stringify(params)}` })),
);
process.stdout.write(`${JSON.stringify(found)}\n`);
