import { total } from "../../../../histogram/total.ts";

/**
 * Kolmogorov–Smirnov distance at the shared edges of two histograms:
 *
 *     max over the edges of |F(edge) − G(edge)|
 *
 * F and G the shares of rows below an edge. Exact at the edges and so a lower bound of the distance between the rows
 * themselves, which may part further inside a bin: by at most the larger share of the two in that bin.
 *
 * Source: A. Kolmogorov, Giorn. Ist. Ital. Attuari 4 (1933); N. Smirnov, Bull. Math. Univ. Moscou 2 (1939).
 *
 * @param expected counts of the reference, one a bin, in the order of the values, without nulls
 * @param actual counts of the current rows on the same bins
 * @param nExpected total of expected, where it is known
 * @param nActual total of actual, likewise
 * @returns distance in [0, 1]; null when either side holds no rows
 */
export function kolmogorovSmirnov(
  expected: ArrayLike<number>,
  actual: ArrayLike<number>,
  nExpected = total(expected),
  nActual = total(actual),
): number | null {
  if (!(nExpected > 0 && nActual > 0)) return null;
  let belowExpected = 0;
  let belowActual = 0;
  let greatest = 0;
  for (let i = 0; i < expected.length - 1; i++) {
    belowExpected += expected[i]!;
    belowActual += actual[i]!;
    // Times N·M: whole numbers, so that equal shares give exactly 0 and no division is spent on a bin.
    const apart = Math.abs(belowActual * nExpected - belowExpected * nActual);
    if (apart > greatest) greatest = apart;
  }
  return Math.min(1, greatest / nExpected / nActual);
}
