import { criticalPsi } from "../../src/domain/drift/stats/critical-psi.ts";
import { effectiveSampleSize } from "../../src/domain/drift/stats/effective-sample-size.ts";
import { noncentralChiSquareSurvival } from "./noncentral-chi-square-survival.ts";

export interface PowerQuestion {
  /** The PSI between the two distributions themselves. */
  readonly true_psi: number;
  /** B, 2 or more. */
  readonly bins: number;
  readonly n_reference: number;
  readonly n_current: number;
  readonly alpha: number;
  readonly threshold: number;
}

/**
 * Chance that a feature judged alone is called drifted: that k · PSI, noncentral χ² with B − 1 degrees of freedom and
 * λ = k · true PSI, passes both k · threshold and the critical value. An approximation for large counts, within 0.01
 * of the simulations of `npm run calibrate`; features judged in the same report make it smaller.
 *
 * Source: C. Potgieter and others, "Population Resemblance Statistic", arXiv 2307.11878 (2023).
 */
export function driftPower({ true_psi, bins, n_reference, n_current, alpha, threshold }: PowerQuestion): number {
  const k = effectiveSampleSize(n_reference, n_current);
  const needed = Math.max(threshold, criticalPsi(alpha, bins, n_reference, n_current));
  return noncentralChiSquareSurvival(k * needed, bins - 1, k * true_psi);
}
