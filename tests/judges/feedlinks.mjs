// Reads the links of a feed itself, in their order, with feedsmith.
import { parseFeed } from "feedsmith";
import { judge } from "./common.mjs";

judge((text) => {
  const { feed } = parseFeed(text);
  const links = feed.links ?? feed.atom?.links ?? [];
  return links.map((link) => ({ rel: link.rel ?? "alternate", href: link.href }));
});
