import { atMost } from "../../words/tolerance.ts";
import type { DriftWord, HeldBackBy } from "../drift-verdict.ts";
import type { FeatureTests, TestEffect } from "./run-feature-tests.ts";

export interface TestedVerdict {
  readonly verdict: DriftWord;
  /** The tests that decided, for `drifted`: `psi`, `nulls`, `outside`, `value 0`, `class DE`, `novelty`, … */
  readonly decided_by: readonly string[];
  /** null: nothing is held back. */
  readonly held_back_by: HeldBackBy | null;
}

/**
 * @param tests null: a side without rows
 * @param deciding see decidingEffects
 * @param criticalPsi the PSI½ that noise alone reaches with chance alpha
 */
export function verdictOfTests(
  tests: FeatureTests | null,
  deciding: readonly TestEffect[],
  criticalPsi: number | null,
  threshold: number,
): TestedVerdict {
  if (tests === null || criticalPsi === null) return { verdict: "no_data", decided_by: [], held_back_by: null };
  if (deciding.length > 0) {
    return { verdict: "drifted", decided_by: deciding.map(({ test }) => test), held_back_by: null };
  }
  if (tests.only_interpolated) return { verdict: "inconclusive", decided_by: [], held_back_by: "rebin_error" };
  const held_back_by = tests.effects.length > 0 || !atMost(tests.compared.psi, threshold) ? "chance" : null;
  const verdict = atMost(criticalPsi, threshold) ? "stable" : "inconclusive";
  return { verdict, decided_by: [], held_back_by };
}
