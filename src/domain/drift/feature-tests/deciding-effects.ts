import { isRarer } from "../../words/tolerance.ts";
import type { FeatureTests, TestEffect } from "./run-feature-tests.ts";

/**
 * The p below which a test of any feature counts, by Benjamini–Hochberg over the features: alpha · i / m for the
 * greatest i whose i-th smallest p_feature is below it.
 *
 * @param sorted p_feature of all m features judged together, rising
 * @returns 0 where none is
 */
export function rejectionLimit(sorted: ArrayLike<number>, alpha: number): number {
  const m = sorted.length;
  for (let rank = m; rank >= 1; rank--) {
    const limit = (alpha * rank) / m;
    if (isRarer(sorted[rank - 1]!, limit)) return limit;
  }
  return 0;
}

/** The tests that decide that a feature has drifted: past their effect, and no chance. Empty: none does. */
export function decidingEffects({ effects }: FeatureTests, limit: number): TestEffect[] {
  return effects.filter(({ p }) => isRarer(p, limit));
}
