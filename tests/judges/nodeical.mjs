// Reads an .ics file with node-ical, which many bots and dashboards use. It skips what it does not understand
// without a word, so an event that is missing here is the complaint.
import ical from "node-ical";
import { day, instant, judge } from "./common.mjs";

console.warn = (message) => {
  throw new Error(message);
};

function moment(date) {
  if (date === undefined) return null;
  // A day without a time comes as local midnight, so it is read back with the local getters.
  return date.dateOnly ? day(date.getFullYear(), date.getMonth() + 1, date.getDate()) : instant(date);
}

/** A value with parameters comes as {params, val}. */
const bare = (value) => (value !== null && typeof value === "object" && "val" in value ? value.val : value) ?? null;

judge((text) =>
  Object.values(ical.sync.parseICS(text))
    .filter((component) => component.type === "VEVENT")
    .map((event) => ({
      uid: bare(event.uid),
      start: moment(event.start),
      end: moment(event.end),
      summary: bare(event.summary),
      description: bare(event.description),
      sequence: event.sequence ?? null,
      dtstamp: moment(event.dtstamp),
    })),
);
