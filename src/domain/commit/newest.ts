import type { DriftState } from "../drift/drift.ts";
import { type Precedence, precedes } from "./precedence.ts";

/**
 * Which of two outcomes of one name is the newest: that of the later run, then (LATEST) of the later `at`, then by the rule
 * of its kind. adapters/postgres/tables/precedence-sql.ts writes the SQL from here, so the rule stands only once. Every order of
 * arrival ends alike.
 */

export const LATER_RUN: Precedence<{ run_order: number }> = [{ of: "run_order", first: "greatest" }];
export const LATEST: Precedence<{ at: number }> = [{ of: "at", first: "greatest" }];

interface Scored {
  score: number | null;
  threshold: number;
}

interface Weighed {
  verdict: DriftState;
  n_current: number;
  psi: number | null;
}

/** Of two results of one check: no score is the worst, then the lower one, then the higher threshold. */
export const WORSE_RESULT: Precedence<Scored> = [
  { of: "score", first: "least", nulls: "first" },
  { of: "threshold", first: "greatest" },
];

/**
 * Of two verdicts on a feature: one that could be judged, then the one on more rows (late rows were added to a window), then
 * the one with the greater PSI.
 */
export const WEIGHTIER_VERDICT: Precedence<Weighed> = [
  { of: "verdict", last: "errored" },
  { of: "n_current", first: "greatest" },
  { of: "psi", first: "greatest", nulls: "last" },
];

/** Of two schemas of one time: nothing makes one the better, so that their content tells. */
export const GREATER_VERSION: Precedence<{ version: string }> = [{ of: "version", first: "greatest" }];

export function worseResult(a: Scored, b: Scored): boolean {
  return precedes(WORSE_RESULT, a, b);
}

export function weightierVerdict(a: Weighed, b: Weighed): boolean {
  return precedes(WEIGHTIER_VERDICT, a, b);
}

/** `precedesOnTie`: which of two outcomes with the same time comes first. */
export function isNewer<T extends { at: number }>(
  candidate: T,
  known: T,
  precedesOnTie: (candidate: T, known: T) => boolean,
): boolean {
  return candidate.at === known.at ? precedesOnTie(candidate, known) : candidate.at > known.at;
}
