// By ical-generator. Its `stamp` is DTSTAMP; categories are objects of a calendar's own.
import { ICalCalendar, ICalEventClass, ICalEventStatus, ICalEventTransparency } from "ical-generator";
import { timed } from "./writing.mjs";

await timed((items) => {
  const calendar = new ICalCalendar({ prodId: { company: "peers", product: "ical-generator" } });
  for (const item of items) {
    calendar.createEvent({
      id: item.uid,
      stamp: item.modified,
      created: item.created,
      lastModified: item.modified,
      sequence: item.sequence,
      start: item.start,
      end: item.end,
      allDay: true,
      summary: item.summary,
      description: item.description,
      categories: item.categories.map((name) => ({ name })),
      url: item.url,
      class: ICalEventClass.PUBLIC,
      status: ICalEventStatus.CONFIRMED,
      transparency: ICalEventTransparency.TRANSPARENT,
    });
  }
  return calendar.toString();
});
