// The first day of every month AH 1400 to 1500 from two npm packages, as JSON: {program: [[year, month, day], …]}
import umalqura from "@umalqura/core";
import moment from "moment-hijri";
import { version } from "./common.mjs";

const local = (date) =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
const convert = {
  "moment-hijri": (year, month) => moment(`${year}/${month}/1`, "iYYYY/iM/iD").locale("en").format("YYYY-MM-DD"),
  "@umalqura/core": (year, month) => local((umalqura.default ?? umalqura)(year, month, 1).date),
};
const answer = {};
for (const [name, first] of Object.entries(convert))
  for (let year = 1400; year <= 1500; year++)
    for (let month = 1; month <= 12; month++) (answer[version(name)] ??= []).push([year, month, first(year, month)]);
process.stdout.write(JSON.stringify(answer));
