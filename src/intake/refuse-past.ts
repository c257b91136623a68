import type { Report } from "../domain/report.ts";
import { formatTime } from "../domain/time.ts";
import { SluiceError } from "../errors.ts";

/** The event of a run in its SLA is of its end's own time: there has to be a place for it. */
export function refusePast(report: Report, oldest: number): void {
  if (report.kind !== "run") return;
  for (const field of ["started_at", "finished_at"] as const) {
    const time = report[field];
    if (time === null || time >= oldest) continue;
    const detail = `${field}: ${formatTime(time)} given; must not be older than the retention (${formatTime(oldest)})`;
    throw new SluiceError("at_out_of_range", detail);
  }
}
