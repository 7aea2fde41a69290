// The events of a calendar as ical.js understands it, whether it came as .ics or as jCal.
import ICAL from "ical.js";
import { instant } from "./common.mjs";

ICAL.design.strict = true;

function moment(property) {
  const time = property?.getFirstValue();
  if (!time) return null;
  return time.isDate ? time.toString() : instant(time.toJSDate());
}

export function events(jcal) {
  const calendar = new ICAL.Component(jcal);
  if (calendar.name !== "vcalendar") throw new Error(`a ${calendar.name}, not one vcalendar`);
  return calendar.getAllSubcomponents("vevent").map((event) => {
    const unknown = event.getAllProperties().filter((property) => property.type === "unknown" && !property.name.startsWith("x-"));
    if (unknown.length > 0) throw new Error(`properties of unknown type: ${unknown.map((property) => property.name)}`);
    return {
      uid: event.getFirstPropertyValue("uid"),
      start: moment(event.getFirstProperty("dtstart")),
      end: moment(event.getFirstProperty("dtend")),
      summary: event.getFirstPropertyValue("summary"),
      description: event.getFirstPropertyValue("description"),
      sequence: event.getFirstPropertyValue("sequence"),
      dtstamp: moment(event.getFirstProperty("dtstamp")),
    };
  });
}
