import { total } from "../../../../histogram/total.ts";

/**
 * Hellinger distance:
 *
 *     √( ½ Σ (√a − √e)² )
 *
 * from 0 (equal shares) to 1 (no bin in common); a metric. Exact given the counts; no smoothing. Under no drift
 * 8·k·H² ~ χ² with B − 1 degrees of freedom, so for small differences PSI ≈ 8·H².
 *
 * Source: E. Hellinger, J. reine angew. Math. 136 (1909); R. Beran, Ann. Statist. 5 (1977).
 *
 * @param expected counts of the reference, one a bin
 * @param actual counts of the current rows on the same bins
 * @returns distance in [0, 1]; null when either side holds no rows
 */
export function hellinger(expected: ArrayLike<number>, actual: ArrayLike<number>): number | null {
  const nExpected = total(expected);
  const nActual = total(actual);
  if (!(nExpected > 0 && nActual > 0)) return null;
  let sum = 0;
  for (let i = 0; i < expected.length; i++) sum += hellingerTerm(expected[i]! / nExpected, actual[i]! / nActual);
  return hellingerOf(sum);
}

/** What a bin adds to the sum, of its shares. */
export function hellingerTerm(e: number, a: number): number {
  const d = Math.sqrt(a) - Math.sqrt(e);
  return d * d;
}

/** The distance, of the sum of hellingerTerm over the bins. */
export function hellingerOf(sum: number): number {
  return Math.min(1, Math.sqrt(sum / 2));
}
