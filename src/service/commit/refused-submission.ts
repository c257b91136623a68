import { kindOf } from "../../domain/commit/kinds.ts";
import { type Rejection, shortWhy } from "../../domain/reports/rejection.ts";
import type { SluiceError } from "../../errors.ts";
import type { RefusedReport, Submission } from "./submission.ts";

/** A report that could be read and still not be used: all that it is about stands as refused. */
export function refusedSubmission(submission: Submission, error: SluiceError): RefusedReport {
  return { rejection: rejectionOf(submission, error), error };
}

function rejectionOf({ report, key }: Submission, { code, message }: SluiceError): Rejection {
  const { kind, pipeline_name, run_id, attempt, at } = report;
  const items = kindOf(report)
    .items(report)
    .map((item) => ({ kind, item, code, why: shortWhy(message) }));
  // Its id is another report's, so only its content tells it.
  const seen = key === null ? [] : [key.content_hash];
  return { pipeline_name, run_id, attempt, at, items, seen };
}
