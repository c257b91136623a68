/** A flight counts as late from here on, as the airlines do. */
const LATE_MINUTES = 15;

/** Drops what was delivered twice, and shapes the rows for the table. */
export async function transform({ day, clock, report }, rows) {
  const seen = new Set();
  const shaped = [];
  for (const { date, delay, distance, origin, destination } of rows) {
    const key = `${date} ${origin} ${destination} ${distance} ${delay}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const minutes = delay === null ? null : Number(delay);
    const late = minutes === null ? null : Number(minutes >= LATE_MINUTES);
    shaped.push([day, Number(date.slice(11, 13)), origin, destination, Number(distance), minutes, late]);
  }
  clock.work(rows.length);
  const failed = rows.length - shaped.length;
  await report("records", { stage: "transform", count: shaped.length, failed }, "records/transform");
  return shaped;
}
