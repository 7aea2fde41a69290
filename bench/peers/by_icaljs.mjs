// By ical.js, the library of Thunderbird and Nextcloud.
import ICAL from "ical.js";
import { timed } from "./writing.mjs";

function event(item) {
  const found = new ICAL.Component("vevent");
  const modified = ICAL.Time.fromDateTimeString(item.modified);
  found.addPropertyWithValue("uid", item.uid);
  found.addPropertyWithValue("dtstamp", modified);
  found.addPropertyWithValue("created", ICAL.Time.fromDateTimeString(item.created));
  found.addPropertyWithValue("last-modified", modified);
  found.addPropertyWithValue("sequence", item.sequence);
  found.addPropertyWithValue("dtstart", ICAL.Time.fromDateString(item.start));
  found.addPropertyWithValue("dtend", ICAL.Time.fromDateString(item.end));
  found.addPropertyWithValue("summary", item.summary);
  found.addPropertyWithValue("description", item.description);
  const categories = new ICAL.Property("categories");
  categories.setValues(item.categories);
  found.addProperty(categories);
  found.addPropertyWithValue("url", item.url);
  found.addPropertyWithValue("class", "PUBLIC");
  found.addPropertyWithValue("status", "CONFIRMED");
  found.addPropertyWithValue("transp", "TRANSPARENT");
  return found;
}

await timed((items) => {
  const calendar = new ICAL.Component("vcalendar");
  calendar.addPropertyWithValue("prodid", "-//peers//ical.js//EN");
  calendar.addPropertyWithValue("version", "2.0");
  for (const item of items) calendar.addSubcomponent(event(item));
  return calendar.toString();
});
