import type { Report } from "../domain/report.ts";
import type { SluiceError } from "../errors.ts";
import type { Answer, ReportKey } from "../ports.ts";

/** A report on its way into the store. `key` is null when it was sent without an id. */
export interface Submission {
  report: Report;
  key: ReportKey | null;
  /** The API key that sent it; '' where there are no keys. */
  key_name: string;
}

/** What became of one report. `answer` is set for run and drift reports. */
export type Outcome =
  | { accepted: true; duplicate: boolean; answer: Answer | null }
  | { accepted: false; error: SluiceError };
