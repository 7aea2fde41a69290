// Reads JSON-LD in the vocabulary of schema.org, twice. jsonld.js expands it in safe mode, in which nothing may be
// dropped without a word; TypeScript holds it against the types of schema-dts, which know every type of schema.org
// and the properties that each of them has. The files are JSON; a list of what was found.
//
// The context of schema.org is in no package. This stands for it: its vocabulary, without its types of values.
import jsonld from "jsonld";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const CONTEXT = { "@context": { "@vocab": "http://schema.org/" } };

async function documentLoader(url) {
  if (!/^https?:\/\/schema\.org\/?$/.test(url)) throw new Error(`context from elsewhere: ${url}`);
  return { contextUrl: null, documentUrl: url, document: CONTEXT };
}

async function unexpanded(value) {
  try {
    const found = await jsonld.expand(value, { documentLoader, safe: true });
    return found.length > 0 ? [] : ["jsonld: nothing is said"];
  } catch (error) {
    const event = error.details?.event;
    return [`jsonld: ${error.message} ${event ? JSON.stringify(event.details) : ""}`.trim()];
  }
}

const START = 'import type { Graph, Thing, WithContext } from "schema-dts";\n';
const line = (value, i) => `export const v${i}: ${"@graph" in value ? "Graph" : "WithContext<Thing>"} = ${JSON.stringify(value)};\n`;

/** What TypeScript says of each value, by its number: one line of one program for each of them. */
function mistyped(values) {
  const name = fileURLToPath(new URL("linked-values.ts", import.meta.url));
  const options = { noEmit: true, strict: true, skipLibCheck: true, types: [], module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ESNext };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  const source = START + values.map(line).join("");
  host.getSourceFile = (path, ...rest) => (path === name ? ts.createSourceFile(name, source, ...rest) : getSourceFile.call(host, path, ...rest));
  host.fileExists = (path) => path === name || fileExists.call(host, path);
  host.readFile = (path) => (path === name ? source : readFile.call(host, path));
  return ts.getPreEmitDiagnostics(ts.createProgram([name], options, host)).map((one) => ({
    number: one.file?.fileName === name ? one.file.getLineAndCharacterOfPosition(one.start).line - 1 : -1,
    message: `schema-dts: ${ts.flattenDiagnosticMessageText(one.messageText, "\n  ")}`,
  }));
}

const values = process.argv.slice(2).flatMap((path) => JSON.parse(readFileSync(path, "utf8")));
const expanded = (await Promise.all(values.map(unexpanded))).flatMap((messages, number) => messages.map((message) => ({ number, message })));
process.stdout.write(`${JSON.stringify([...expanded, ...mistyped(values)])}\n`);
