// Reads a list of subscriptions (OPML 2.0) with feedsmith: its outlines that are feeds, with the groups they stand in.
import { parseOpml } from "feedsmith";
import { judge } from "./common.mjs";

const feeds = (outlines, groups = []) =>
  outlines.flatMap((outline) => [
    ...(outline.xmlUrl === undefined && outline.type === undefined ? [] : [read(outline, groups)]),
    ...feeds(outline.outlines ?? [], [...groups, { text: outline.text }]),
  ]);

function read({ text, title, type, xmlUrl, htmlUrl, language, version }, groups) {
  const all = { text, title, type, xmlUrl, htmlUrl, language, version };
  return { groups, ...Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) };
}

judge((text) => feeds(parseOpml(text).body?.outlines ?? []));
