import type { Rejection } from "../../domain/reports/rejection.ts";
import type { Report } from "../../domain/reports/report.ts";
import type { SluiceError } from "../../errors.ts";
import type { Answer, ReportKey } from "../../ports.ts";

/** A report on its way into the store. `key` is null when it was sent without an id. */
export interface Submission {
  report: Report;
  key: ReportKey | null;
  /** The API key that sent it; '' where there are no keys. */
  key_name: string;
  /** What of it cannot be used, though the rest can; absent: nothing. */
  rejection?: Rejection;
}

/** A report that cannot be used, on its way to be remembered as that; its outcome is `error`. */
export interface RefusedReport {
  rejection: Rejection;
  error: SluiceError;
}

export type Arrival = Submission | RefusedReport;

export function isSubmission(arrival: Arrival): arrival is Submission {
  return "report" in arrival;
}

export function pipelineOf(arrival: Arrival): string {
  return isSubmission(arrival) ? arrival.report.pipeline_name : arrival.rejection.pipeline_name;
}

/** What became of one report. `answer` is set for run and drift reports. */
export type Outcome =
  | { accepted: true; duplicate: boolean; answer: Answer | null }
  | { accepted: false; error: SluiceError };
