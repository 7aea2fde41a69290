// By @hebcal/icalendar, which writes events of @hebcal/core: days of the Hebrew calendar with an untranslated name.
// It has neither CREATED, LAST-MODIFIED nor STATUS, writes no SEQUENCE of 0, takes one category, and puts the address
// into the DESCRIPTION as well, with words for tracking.
import { Event, HDate } from "@hebcal/core";
import { IcalEvent, icalEventsToString } from "@hebcal/icalendar";
import { timed } from "./writing.mjs";

class Addressed extends Event {
  url() {
    return this.address;
  }
}

function day(text) {
  const [year, month, dayOfMonth] = text.split("-").map(Number);
  return new HDate(new Date(year, month - 1, dayOfMonth));
}

function event(item) {
  return new Addressed(day(item.start), item.summary, 0, {
    uid: item.uid,
    memo: item.description,
    category: item.categories.map(IcalEvent.escape).join(","),
    address: item.url,
    sequence: item.sequence,
  });
}

await timed((items) => {
  const options = { title: "Peers", prodid: "-//peers//hebcal//EN", url: true };
  const stamped = (item) => ({ ...options, dtstamp: IcalEvent.makeDtstamp(new Date(item.modified)) });
  return icalEventsToString(
    items.map((item) => new IcalEvent(event(item), stamped(item))),
    options,
  );
});
