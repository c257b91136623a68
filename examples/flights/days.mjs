import { addDays } from "./calendar.mjs";
import { USUAL_DAYS } from "./steps/load.mjs";

/**
 * What is to be done, oldest first: `report` the days of the window that the agent has no finished run of, and load
 * quietly those days before them that the database lacks (the row count is compared with a week, and the references
 * are made from `referenceDays`).
 */
export function planDays({ window, referenceDays, isReported, isLoaded }) {
  const plan = new Map();
  const missing = window.filter((day) => !isReported(day));
  if (missing.length > 0) {
    for (const day of referenceDays) if (!isLoaded(day)) plan.set(day, { day, report: false });
  }
  for (const day of missing) {
    for (let i = USUAL_DAYS; i > 0; i--) {
      const before = addDays(day, -i);
      if (!isLoaded(before) && !plan.has(before)) plan.set(before, { day: before, report: false });
    }
    plan.set(day, { day, report: true });
  }
  return [...plan.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}
