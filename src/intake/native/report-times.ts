import { show } from "../../contract/check.ts";
import { DATA_AHEAD } from "../../domain/gate/checks/data-ahead.ts";
import type { FreshnessReport, Report } from "../../domain/reports/report.ts";
import { formatTime, HOUR, parseTime } from "../../domain/words/time.ts";
import { SluiceError } from "../../errors.ts";

/** What the times of a report are held against. */
export interface IntakeOptions {
  /** Milliseconds; stands in for a missing `at`. */
  now: number;
  /** Milliseconds; a time at which something happened may not be older. */
  oldest: number;
}

/** Something that happened may be ahead of our clock by this much. */
const MOST_AHEAD = 5 * 60_000;
/** A time that names data may name the end of the current day, or of an interval that is being filled. */
const MOST_AHEAD_OF_DATA = 26 * HOUR;

/** When the report was true; null: `at` is no time. Out of range it throws. */
export function whenTrue(body: { at?: string | number }, options: IntakeOptions): number | null {
  if (body.at === undefined) return options.now;
  const at = parseTime(body.at);
  if (at !== null) refuseOutside("at", at, show(body.at), options);
  return at;
}

/**
 * Refuses times at which nothing can have happened: a host that sends local time as UTC, or milliseconds taken for seconds,
 * would make its run the latest one for hours, or for ever, and hide what comes after it.
 */
export function refuseTimes(report: Report, options: IntakeOptions): void {
  if (report.kind === "run") {
    const { started_at, finished_at, data_interval_start, data_interval_end, logical_date } = report;
    for (const [field, time] of Object.entries({ started_at, finished_at })) {
      if (time !== null) refuseOutside(field, time, formatTime(time), options);
    }
    refuseFuture({ data_interval_start, data_interval_end, logical_date }, options);
  } else if (report.kind === "freshness") {
    refuseFuture({ data_through: report.data_through }, options);
    heedAhead(report);
  }
}

/** Data cannot be complete up to a time that had not come: it counts as complete up to its report, and the gate warns. */
function heedAhead(report: FreshnessReport): void {
  if (report.data_through <= report.at + DATA_AHEAD) return;
  report.ahead = report.data_through;
  report.data_through = report.at;
}

function refuseOutside(field: string, time: number, given: string, { now, oldest }: IntakeOptions): void {
  if (time >= oldest && time <= now + MOST_AHEAD) return;
  throw new SluiceError(
    "at_out_of_range",
    `${field}: ${given} given; must lie between ${formatTime(oldest)} (the retention) and five minutes after now (${formatTime(now)})`,
  );
}

function refuseFuture(times: Record<string, number | null>, { now }: IntakeOptions): void {
  for (const [field, time] of Object.entries(times)) {
    if (time === null || time <= now + MOST_AHEAD_OF_DATA) continue;
    const detail = `${field}: ${formatTime(time)} given; must not be more than 26 hours after now (${formatTime(now)})`;
    throw new SluiceError("at_out_of_range", detail);
  }
}
