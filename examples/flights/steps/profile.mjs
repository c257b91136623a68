import { histogramsOf } from "../features.mjs";

/** Counts how the loaded values are spread. Only the counts leave the pipeline, not a row. */
export async function profile({ day, database, clock, report }, rows) {
  clock.work(rows.length);
  await report("drift", { features: histogramsOf(database, [day]) });
  return rows;
}
