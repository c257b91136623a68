import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DAY, HOUR, startOf } from "./calendar.mjs";
import { troubleOf } from "./troubles.mjs";

/** The file of a day is there at half past one of the next morning, as a rule. */
const DELIVERED_AFTER = DAY + 1.5 * HOUR;

/** Plays whoever delivers the data: puts the day's CSV file into the inbox, with that day's trouble in it. */
export async function deliver(day, { inbox, flightsOf }) {
  const trouble = troubleOf(day);
  const flights = await flightsOf(day);
  const file = join(inbox, `flights-${day}.csv`);
  await mkdir(inbox, { recursive: true });
  await writeFile(file, toCsv(trouble?.rows?.(flights) ?? flights));
  const delivered = new Date(startOf(day) + DELIVERED_AFTER + (trouble?.late_hours ?? 0) * HOUR);
  await utimes(file, delivered, delivered);
  return file;
}

function toCsv(rows) {
  const columns = Object.keys(rows[0]);
  return `${columns.join(",")}\n${rows.map((row) => columns.map((column) => row[column] ?? "").join(",")).join("\n")}\n`;
}
