import type { Static } from "typebox";
import type { QualityAnswer, ReportAnswer, RunReportAnswer, SchemaReportAnswer } from "../../contract/answers.ts";
import type { DriftAnswer } from "../../contract/drift/drift-answers.ts";
import { passes } from "../../domain/commit/kinds/quality.ts";
import type { RejectedPart, Report, ReportKind } from "../../domain/reports/report.ts";
import type { Outcome } from "../../service/commit/submission.ts";

type Accepted = Outcome & { accepted: true };

export interface AnswerByKind
  extends Record<Exclude<ReportKind, "run" | "drift" | "quality" | "schema">, Static<typeof ReportAnswer>> {
  run: Static<typeof RunReportAnswer>;
  drift: Static<typeof DriftAnswer>;
  quality: Static<typeof QualityAnswer>;
  schema: Static<typeof SchemaReportAnswer>;
}

/** What a single report is answered. */
export function answerOf(report: Report, outcome: Accepted): AnswerByKind[ReportKind] {
  const { duplicate } = outcome;
  if (report.kind === "run" || report.kind === "drift") return { duplicate, ...outcome.answer };
  const errors = "rejected" in report ? { errors: report.rejected } : {};
  if (report.kind === "schema") return { duplicate, ...errors };
  if (report.kind !== "quality") return { duplicate };
  const checks = report.checks.map((check) => {
    const { check_name, score, threshold } = check;
    return { check_name, score, threshold, passed: passes(check) };
  });
  // Of the answer to a quality report only that is kept for which runs it counts.
  return { duplicate, checks, ...errors, ...outcome.answer };
}

/** What of an accepted report cannot be used: its bad checks or columns, or features that could not be read or do not fit. */
export function badParts(report: Report, { answer }: Accepted): RejectedPart[] {
  if (report.kind === "quality" || report.kind === "schema") return report.rejected ?? [];
  if (report.kind !== "drift" || answer === null || !("features" in answer)) return [];
  return Object.entries(answer.features).flatMap(([item, { verdict, code = "", detail = "" }]) =>
    verdict === "errored" ? [{ item, code, detail }] : [],
  );
}
