import type { OutsideRows } from "../distribution.ts";
import { outsideLimits } from "../edges/outside-limits.ts";

/** Where the values of a reference lie, as far as it is known. */
export interface KnownRange {
  /** Least and greatest finite value. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/**
 * Rows that lie where the reference had none. Finite ones are looked at where its range is known; the infinite are always
 * counted. It branches on no value, so that random ones cost no mispredictions.
 *
 * @param values null is NaN
 */
export function outsideRows(values: Float64Array, { min, max }: KnownRange): OutsideRows {
  const known = typeof min === "number" && typeof max === "number";
  const limits = known ? outsideLimits(min, max) : { below: Number.NaN, above: Number.NaN };
  // Finite, so that the infinite lie beyond them and can be taken off again.
  const least = Math.max(limits.below, -Number.MAX_VALUE);
  const greatest = Math.min(limits.above, Number.MAX_VALUE);
  let below = 0;
  let above = 0;
  let inf = 0;
  let negInf = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    below += Number(value < least);
    above += Number(value > greatest);
    inf += Number(value === Number.POSITIVE_INFINITY);
    negInf += Number(value === Number.NEGATIVE_INFINITY);
  }
  const infinite = { inf, neg_inf: negInf };
  return known ? { below: below - negInf, above: above - inf, ...infinite } : infinite;
}
