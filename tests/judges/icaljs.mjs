// Reads an .ics file with ical.js, the parser of Thunderbird and Nextcloud.
import ICAL from "ical.js";
import { judge } from "./common.mjs";
import { events } from "./icalevents.mjs";

judge((text) => events(ICAL.parse(text)));
