import { total } from "../../../../histogram/total.ts";

/** Least share that a bin counts with, so that an empty bin gives a large term and not an infinite one. */
const LEAST_SHARE = 1e-6;

/**
 * Population stability index, the textbook sum that every published threshold is about:
 *
 *     PSI = Σ (a − e) · ln(a / e)
 *
 * over the bins, e and a the shares of the reference and of the current rows in a bin, each clipped below at 1e-6
 * (not renormalised). It is Jeffreys' divergence KL(a‖e) + KL(e‖a) in nats: 0 for equal shares, symmetric, free of
 * the order of the bins, at most 27.7 with the clip. Exact given the counts; says nothing of sample size, for which
 * see psiPValue.
 *
 * Source: H. Jeffreys, "An invariant form for the prior probability in estimation problems", Proc. R. Soc. A 186
 * (1946); credit scoring named it PSI.
 *
 * @param expected counts of the reference, one a bin
 * @param actual counts of the current rows on the same bins
 * @returns PSI in nats; null when either side holds no rows, because there is nothing to compare
 *
 * Bins empty on both sides are not bins (clipped on both sides they would add 0 anyway). Counts need not be integers.
 */
export function psi(expected: ArrayLike<number>, actual: ArrayLike<number>): number | null {
  const nExpected = total(expected);
  const nActual = total(actual);
  if (!(nExpected > 0 && nActual > 0)) return null;
  let sum = 0;
  for (let i = 0; i < expected.length; i++) sum += psiTerm(expected[i]! / nExpected, actual[i]! / nActual);
  return sum;
}

/** What a bin adds to psi, of its shares. */
export function psiTerm(expectedShare: number, actualShare: number): number {
  const e = Math.max(expectedShare, LEAST_SHARE);
  const a = Math.max(actualShare, LEAST_SHARE);
  return (a - e) * Math.log(a / e);
}
