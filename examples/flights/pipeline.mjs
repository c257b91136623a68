import { addDays, HOUR, startOf } from "./calendar.mjs";
import { simulatedClock } from "./clock.mjs";
import { ReportError, reporter } from "./report.mjs";
import { extract } from "./steps/extract.mjs";
import { load } from "./steps/load.mjs";
import { profile } from "./steps/profile.mjs";
import { transform } from "./steps/transform.mjs";
import { validate } from "./steps/validate.mjs";

export const PIPELINE = "flights_daily";

/** Each is given the run and what the step before it made. */
const STEPS = [extract, validate, transform, load, profile];

const SCHEDULED = 2 * HOUR;
const RETRY_AFTER_SECONDS = 300;
const MOST_ATTEMPTS = 3;

/**
 * Runs the pipeline for one day: it is scheduled for two in the next morning, and a failed attempt is tried again.
 * `agent` says where to report to; null: nothing is reported.
 */
export async function runDay({ day, file, database, agent, beforeAttempt = () => {} }) {
  const next = addDays(day, 1);
  const interval = { data_interval_start: `${day}T00:00:00Z`, data_interval_end: `${next}T00:00:00Z` };
  const due = startOf(next) + SCHEDULED;
  const clock = simulatedClock(due);
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const report = agent
      ? reporter({ ...agent, pipeline_name: PIPELINE, run_id: day, attempt, now: clock.now })
      : async () => {};
    const started_at = clock.now();
    await report("runs", { status: "started", started_at, ...interval }, "runs/started");
    const release = beforeAttempt(attempt);
    try {
      let rows;
      for (const step of STEPS) rows = await step({ day, file, due, database, clock, report }, rows);
      await report("runs", { status: "success", started_at, finished_at: clock.now(), ...interval }, "runs/ended");
      return;
    } catch (error) {
      // What Sluice cannot be told is not the data's fault; a real pipeline would log it and go on.
      if (error instanceof ReportError) throw error;
      const end = { error: error.message, will_retry: attempt < MOST_ATTEMPTS };
      const times = { started_at, finished_at: clock.now() };
      await report("runs", { status: "failed", ...end, ...times, ...interval }, "runs/ended");
      clock.pause(RETRY_AFTER_SECONDS);
    } finally {
      release?.();
    }
  }
}
