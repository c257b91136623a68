import { nullRate, schemaCompliance } from "../checks.mjs";

/** Keeps the rows that are flights. */
export async function validate({ clock, report }, rows) {
  const valid = rows.filter(isFlight);
  clock.work(rows.length);
  const failed = rows.length - valid.length;
  await report("records", { stage: "validate", count: valid.length, failed }, "records/validate");
  const checks = [schemaCompliance(valid.length, rows.length), nullRate(valid, "delay")];
  await report("quality", { checks }, "quality/validate");
  return valid;
}

function isFlight({ date, delay, distance, origin, destination }) {
  return (
    /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(date) &&
    // A flight without a delay is allowed; one that left an hour too early or a day too late is a slip of somebody's clock.
    (delay === null || (delay >= -60 && delay <= 1440)) &&
    distance > 0 &&
    /^[A-Z]{3}$/.test(origin) &&
    /^[A-Z]{3}$/.test(destination)
  );
}
