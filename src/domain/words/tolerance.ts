/**
 * How far a score, ratio or limit may be missed and still count as reached: 1 − 7/100 is 0.9299999999999999 in binary
 * fractions, and 0.93 was meant. Far below any intended difference, far above the rounding error of a few operations.
 */
export const TOLERANCE = 1e-9;

/** `value` ≥ `limit`, up to the rounding of binary fractions. Whole numbers (counts, milliseconds) need no tolerance. */
export function atLeast(value: number, limit: number): boolean {
  return value >= limit - TOLERANCE;
}

/** `value` ≤ `limit`, up to the rounding of binary fractions. */
export function atMost(value: number, limit: number): boolean {
  return value <= limit + TOLERANCE;
}

/** `p` < `alpha` by more than rounding. The tolerance is a share of alpha, which may itself be smaller than TOLERANCE. */
export function isRarer(p: number, alpha: number): boolean {
  return p < alpha * (1 - TOLERANCE);
}

/**
 * As scores, ratios and thresholds are exported: rules that compare two of them then agree with `atLeast` and `atMost` about
 * all that a few operations on binary fractions can do.
 */
export function exportedNumber(value: number): number {
  return Number(value.toPrecision(12));
}
