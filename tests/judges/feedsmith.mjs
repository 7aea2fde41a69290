// Reads RSS, Atom or JSON Feed with feedsmith.
import { parseFeed } from "feedsmith";
import { instant, judge } from "./common.mjs";

const readers = {
  rss: (feed) =>
    (feed.items ?? []).map((item) => ({
      id: item.guid?.value ?? null,
      title: item.title ?? null,
      published: instant(item.pubDate),
      updated: null,
      link: item.link ?? null,
    })),
  atom: (feed) =>
    (feed.entries ?? []).map((entry) => ({
      id: entry.id ?? null,
      title: entry.title?.value ?? null,
      published: instant(entry.published),
      updated: instant(entry.updated),
      link: entry.links?.find((link) => (link.rel ?? "alternate") === "alternate")?.href ?? null,
    })),
  json: (feed) =>
    (feed.items ?? []).map((item) => ({
      id: item.id ?? null,
      title: item.title ?? null,
      published: instant(item.date_published),
      updated: instant(item.date_modified),
      link: item.url ?? null,
    })),
};

judge((text) => {
  const { format, feed } = parseFeed(text);
  if (!(format in readers)) throw new Error(`a feed of another format: ${format}`);
  return readers[format](feed);
});
