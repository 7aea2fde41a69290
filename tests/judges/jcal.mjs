// Reads jCal (RFC 7265) with ical.js. It takes almost any JSON, so it is held to what it read: every type is one that
// it knows, every day and instant reads as it stands, and all of it, written as .ics and read once more by the strict
// parser, comes back as the same jCal.
import ICAL from "ical.js";
import { isDeepStrictEqual } from "node:util";
import { judge } from "./common.mjs";
import { events } from "./icalevents.mjs";

const TYPES = new Set([...Object.keys(ICAL.design.icalendar.value), "unknown"]);

/** The first place in which two values differ, as a path; null where they are equal. */
function difference(one, other, path = "") {
  if (isDeepStrictEqual(one, other)) return null;
  if (!Array.isArray(one) || !Array.isArray(other)) return `${path}: ${JSON.stringify(one)} came back as ${JSON.stringify(other)}`;
  const at = Array.from({ length: Math.max(one.length, other.length) }).findIndex((_, i) => !isDeepStrictEqual(one[i], other[i]));
  return difference(one[at], other[at], `${path}/${at}`);
}

/** What is wrong with the properties of a component and of those within it. */
function faults(component) {
  const own = component.getAllProperties().filter((property) => {
    const [name, parameters, type, ...values] = property.jCal;
    const shaped = name === name.toLowerCase() && !Array.isArray(parameters) && TYPES.has(type) && values.length > 0;
    const moments = property.getValues().filter((value) => value instanceof ICAL.Time);
    return !shaped || moments.some((value, i) => value.toString() !== values[i]);
  });
  return [...own.map((property) => JSON.stringify(property.jCal)), ...component.getAllSubcomponents().flatMap(faults)];
}

judge((text) => {
  const jcal = JSON.parse(text);
  const found = [difference(jcal, ICAL.parse(ICAL.stringify(jcal))), ...faults(new ICAL.Component(jcal))].filter(Boolean);
  if (found.length > 0) throw new Error(found.join("\n"));
  return events(jcal);
});
