import { addDays } from "../calendar.mjs";
import { rowCount } from "../checks.mjs";

/** With fewer rows a day nobody downstream can work. */
const EXPECTED_MIN = 10_000;
export const USUAL_DAYS = 7;

/** Loads the day into the database and asks the database what is there now. */
export async function load({ day, database, clock, report }, rows) {
  const seconds = database.replaceDay(day, rows);
  clock.work(rows.length);
  const count = database.rowsOf(day);
  await report("records", { stage: "load", count, expected_min: EXPECTED_MIN }, "records/load");
  // Where there is no row there is no batch.
  if (seconds.length > 0) await report("latency", { operation: "load", seconds });
  const before = Array.from({ length: USUAL_DAYS }, (_, i) => database.rowsOf(addDays(day, -i - 1)));
  await report("quality", rowCount(count, before), "quality/row_count");
  return rows;
}
