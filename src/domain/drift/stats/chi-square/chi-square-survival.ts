import gammainc from "@stdlib/math-base-special-gammainc";
import { chiSquareSum } from "./chi-square-sum.ts";
import { upperGammaFraction } from "./upper-gamma-fraction.ts";

/** Up to here the finite sum is several times faster than the general function, and as exact. */
const MOST_SUMMED_DF = 60;

/**
 * P(X > x) for X ~ χ² with df degrees of freedom: the regularised upper incomplete gamma function Q(df/2, x/2).
 *
 * Taken from the upper tail directly and not as 1 − cdf, which is 0 from p = 1e-16 down; here p keeps its digits to
 * 1e-300. Relative error below 1e-9 (tested against SciPy). 1 at x <= 0; with df 0 the variable is the constant 0,
 * so 1 at x <= 0 and 0 above.
 */
export function chiSquareSurvival(x: number, df: number): number {
  if (x <= 0) return 1;
  if (df <= 0) return 0;
  if (df <= MOST_SUMMED_DF && x >= 0.5 && x <= 1400 && Number.isInteger(df)) return chiSquareSum(x, df);
  // Here @stdlib (0.3.1) takes an asymptotic series that it ends too early: off by up to 1 %.
  if (x > 2000 && df < x + 100) return upperGammaFraction(df / 2, x / 2);
  return gammainc(x / 2, df / 2, true, true);
}
