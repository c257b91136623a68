import quantile from "@stdlib/stats-base-dists-chisquare-quantile";
import { chiSquareSurvival } from "./chi-square-survival.ts";

/** Cached: a quantile costs microseconds and depends on two numbers that a configuration holds constant. */
const LARGEST_KEPT_DF = 256;
const LARGEST_KEPT_ALPHAS = 32;
/** Below this the tail loses digits. */
const LEAST_TAIL = 1e-300;
const kept = new Map<number, Float64Array>();

/**
 * The x that χ² with df degrees of freedom exceeds with probability alpha: the inverse of chiSquareSurvival, to a
 * relative error below 1e-9 (tested against SciPy) for any alpha in (0, 1) down to 1e-250. 0 with df 0.
 */
export function chiSquareQuantile(alpha: number, df: number): number {
  if (df <= 0) return 0;
  if (df > LARGEST_KEPT_DF || !Number.isInteger(df)) return inverse(alpha, df);
  let byDf = kept.get(alpha);
  if (byDf === undefined) {
    if (kept.size >= LARGEST_KEPT_ALPHAS) kept.clear();
    byDf = new Float64Array(LARGEST_KEPT_DF + 1);
    kept.set(alpha, byDf);
  }
  let value = byDf[df]!;
  if (value === 0) {
    value = inverse(alpha, df);
    byDf[df] = value;
  }
  return value;
}

/**
 * @stdlib's quantile is that of 1 − alpha, which has lost the digits of a small alpha, and (0.2.3) off by 0.03 % from
 * about 1 000 degrees of freedom on. Newton's method on ln P(X > x) mends both in a few steps.
 */
function inverse(alpha: number, df: number): number {
  let x = quantile(1 - Math.max(alpha, Number.EPSILON), df);
  let below = x;
  for (let step = 0; step < 100; step++) {
    const tail = chiSquareSurvival(x, df);
    if (tail < LEAST_TAIL) {
      // A step from far below went past where the tail is a number with all its digits.
      x = (below + x) / 2;
      continue;
    }
    below = x;
    // P(X > x) grows by twice the density of df + 2 from df to df + 2, and that is x / df times the density of df.
    const density = ((chiSquareSurvival(x, df + 2) - tail) * df) / (2 * x);
    const next = x + (tail / density) * Math.log(tail / alpha);
    if (!(next > 0 && Number.isFinite(next)) || Math.abs(next - x) <= 1e-14 * x) break;
    x = next;
  }
  return x;
}
