import { noncentralChiSquareSurvival } from "./chi-square/noncentral-chi-square-survival.ts";
import { effectiveSampleSize } from "./effective-sample-size.ts";

/**
 * The PSI that is reached with probability alpha when the true PSI is `effect`: above it, the true one is shown to be
 * greater than `effect`. k · PSI ~ noncentral χ² with B − 1 degrees of freedom and λ = k · effect. With effect 0 it is
 * criticalPsi; for large samples it comes down to the effect itself.
 *
 * Source: C. Potgieter and others, "Population Resemblance Statistic", arXiv 2307.11878 (2023).
 *
 * @param effect true PSI, 0 or more
 * @param alpha in (0, 1)
 * @param bins B, 2 or more
 * @param nReference N > 0
 * @param nCurrent M > 0
 * @returns PSI in nats, to 1e-12 of it
 */
export function minimumEffectPsi(
  effect: number,
  alpha: number,
  bins: number,
  nReference: number,
  nCurrent: number,
): number {
  const k = effectiveSampleSize(nReference, nCurrent);
  const df = bins - 1;
  const lambda = effect * k;
  const isAbove = (x: number) => noncentralChiSquareSurvival(x, df, lambda) > alpha;
  let high = df + lambda + 1;
  while (isAbove(high)) high *= 2;
  let low = 0;
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2;
    if (isAbove(middle)) low = middle;
    else high = middle;
  }
  return high / k;
}
