import type { RunReport, RunReportStatus } from "../../../src/domain/reports/report.ts";
import { applyRunReport, newRun, type Run } from "../../../src/domain/runs/run.ts";

export const SECOND = 1000;

/** A run report; `at` in seconds. Its time is stated unless said otherwise. */
export function runReport(status: RunReportStatus, at: number, more: Partial<RunReport> = {}): RunReport {
  return {
    kind: "run",
    pipeline_name: "p",
    run_id: "r",
    attempt: null,
    try: null,
    traceparent: null,
    started_at: null,
    finished_at: null,
    duration_seconds: null,
    error: null,
    data_interval_start: null,
    data_interval_end: null,
    logical_date: null,
    resumes: false,
    lost: [],
    at_stated: true,
    status,
    at: at * SECOND,
    ...more,
  };
}

export function runOf(...reports: RunReport[]): Run {
  const run = newRun("p", "r", { at: reports[0]!.at, heard_at: null });
  for (const one of reports) applyRunReport(run, one);
  return run;
}
