import { chiSquareSurvival } from "../../src/domain/drift/stats/chi-square/chi-square-survival.ts";

/** Terms of the mixture below this share of the greatest are left out. */
const LEAST_WEIGHT = 1e-18;

/**
 * P(X > x) for X ~ noncentral χ² with df degrees of freedom and noncentrality λ: the mixture of central ones,
 *
 *     Σ over j of Poisson(j; λ/2) · P(χ² with df + 2j > x)
 *
 * summed from its middle outwards; weights are relative to the middle one and divided by their sum. About 12·√λ
 * terms, so this is for planning and not for every report. Absolute error below 1e-12.
 *
 * Source: R. Fisher, Proc. R. Soc. A 121 (1928); P. Patnaik, Biometrika 36 (1949).
 *
 * @param x 0 or more
 * @param df 1 or more
 * @param lambda 0 or more
 */
export function noncentralChiSquareSurvival(x: number, df: number, lambda: number): number {
  const mean = lambda / 2;
  const middle = Math.floor(mean);
  let weights = 1;
  let sum = chiSquareSurvival(x, df + 2 * middle);
  let weight = 1;
  for (let j = middle; j > 0; j--) {
    weight *= j / mean;
    if (weight < LEAST_WEIGHT) break;
    weights += weight;
    sum += weight * chiSquareSurvival(x, df + 2 * (j - 1));
  }
  weight = 1;
  for (let j = middle + 1; ; j++) {
    weight *= mean / j;
    if (weight < LEAST_WEIGHT) break;
    weights += weight;
    sum += weight * chiSquareSurvival(x, df + 2 * j);
  }
  return sum / weights;
}
