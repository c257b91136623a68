import { countProblem, type Problems, severityProblem, shareProblem, shown, tryProblem } from "./problems.ts";

/** What is wrong with the fields of one report, or null. */
export function recordsProblem(
  fields: Readonly<Record<"stage" | "count" | "failed" | "expected_min" | "expected_min_of" | "part" | "try", unknown>>,
  problems: Problems,
): string | null {
  const { stage, count, failed, expected_min, expected_min_of, part } = fields;
  return (
    problems.name("stage", stage) ??
    countProblem("count", count) ??
    (failed === undefined ? null : countProblem("failed", failed)) ??
    (expected_min === undefined ? null : countProblem("expected_min", expected_min)) ??
    (expected_min_of === undefined || expected_min_of === "part" || expected_min_of === "stage"
      ? null
      : `expected_min_of: ${shown(expected_min_of)} given; must be part or stage`) ??
    (part === undefined ? null : problems.name("part", part)) ??
    (fields.try === undefined ? null : tryProblem(fields.try))
  );
}

/** Of all but the name. */
export function qualityProblem(
  fields: Readonly<Record<"score" | "threshold" | "severity" | "error" | "try", unknown>>,
): string | null {
  const { score, threshold, severity, error } = fields;
  return (
    (threshold === undefined ? null : shareProblem("threshold", threshold)) ??
    (severity === undefined ? null : severityProblem(severity)) ??
    (error === undefined || typeof error === "string" ? null : `error: ${shown(error)} given; must be a text`) ??
    (score === null ? null : shareProblem("score", score)) ??
    (score === null && error === undefined
      ? "score: null given without { error }; say why it could not be computed"
      : null) ??
    (fields.try === undefined ? null : tryProblem(fields.try))
  );
}
