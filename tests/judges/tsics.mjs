// Reads an .ics file with ts-ics and holds it against its zod schema. SEQUENCE:0 and none are one to it.
import { parseIcsCalendar } from "@ts-ics/schema-zod";
import { instant, judge } from "./common.mjs";

function moment(value) {
  if (value === undefined) return null;
  const iso = instant(value.date);
  return value.type === "DATE" ? iso.slice(0, 10) : iso; // a day comes as midnight UTC
}

/** ts-ics leaves the escapes in a UID as they stand (RFC 5545 §3.3.11), in other texts it takes them away. */
const bare = (uid) => uid.replace(/\\([\\;,])/g, "$1");

judge((text) =>
  (parseIcsCalendar(text).events ?? []).map((event) => ({
    uid: bare(event.uid),
    start: moment(event.start),
    end: moment(event.end),
    summary: event.summary ?? null,
    description: event.description ?? null,
    sequence: event.sequence ?? 0,
    dtstamp: moment(event.stamp),
  })),
);
