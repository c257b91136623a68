import { atMost, isRarer } from "../words/tolerance.ts";

export type DriftWord = "drifted" | "stable" | "inconclusive" | "no_data";

/** The numbers that decide a verdict. */
export interface DriftEvidence {
  /** Textbook PSI; null where there is nothing to compare. */
  readonly psi: number | null;
  /** Adjusted for the number of features judged together. */
  readonly p_value: number | null;
  /** The larger of the p of PSI½ and Pearson's p, adjusted like p_value: it has to be below alpha too. */
  readonly cautious_p: number | null;
  readonly critical_psi: number | null;
  readonly threshold: number;
  readonly alpha: number;
}

/**
 * The verdict on one feature: drifted takes both a difference that matters (psi above the threshold) and one that is
 * not chance (p below alpha), since large samples make any difference significant and small ones make noise large.
 * Both PSI½ and Pearson's test have to rule out chance: where bins hold few rows each of them rejects too often far out in the
 * tail that 200 features reach, but not on the same counts.
 * A feature that did not drift is stable only if there were rows enough to tell.
 */
export function driftVerdict({ psi, p_value, cautious_p, critical_psi, threshold, alpha }: DriftEvidence): DriftWord {
  if (psi === null || p_value === null || cautious_p === null || critical_psi === null) return "no_data";
  if (!atMost(psi, threshold) && isRarer(p_value, alpha) && isRarer(cautious_p, alpha)) return "drifted";
  // Noise alone reaches the threshold too often here, so a PSI below it proves nothing.
  if (!atMost(critical_psi, threshold)) return "inconclusive";
  return "stable";
}
