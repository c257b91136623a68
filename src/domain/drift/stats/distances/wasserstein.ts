import { total } from "../../../../histogram/total.ts";

/**
 * Wasserstein-1 (earth mover's) distance between two histograms on shared edges, in the unit of the feature:
 *
 *     ∫ |F(x) − G(x)| dx
 *
 * with rows spread evenly within their bin, where F and G are straight lines and the integral is exact. Of the rows
 * themselves it is an estimate: off by at most ½ Σ (e + a) · width, and so by at most the greatest width, as far as
 * all rows lie within edges[0] and edges[B]; rows outside count as if they lay in the outer bin, so that one row at
 * 1e9 neither shows nor hides anything.
 *
 * Source: L. Kantorovich (1942); for the form by distribution functions S. Vallender, Theory Probab. Appl. 18 (1974).
 *
 * @param expected counts of the reference, B bins, without nulls
 * @param actual counts of the current rows on the same bins
 * @param edges B + 1 rising finite numbers
 * @param nExpected total of expected, where it is known
 * @param nActual total of actual, likewise
 * @returns distance of 0 or more; null when either side holds no rows, or where the edges are so far apart that the
 *   distance is no finite number
 */
export function wasserstein(
  expected: ArrayLike<number>,
  actual: ArrayLike<number>,
  edges: ArrayLike<number>,
  nExpected = total(expected),
  nActual = total(actual),
): number | null {
  if (!(nExpected > 0 && nActual > 0)) return null;
  let belowExpected = 0;
  let belowActual = 0;
  let left = 0;
  let area = 0;
  for (let i = 0; i < expected.length; i++) {
    belowExpected += expected[i]!;
    belowActual += actual[i]!;
    // F − G times N·M: whole numbers, so that equal shares give exactly 0 and no division is spent on a bin.
    const right = belowActual * nExpected - belowExpected * nActual;
    const width = edges[i + 1]! - edges[i]!;
    const heights = Math.abs(left) + Math.abs(right);
    // Where F − G changes sign within the bin, |F − G| is two triangles; else it is a trapezium.
    if (left * right < 0) area += (width * (left * left + right * right)) / (2 * heights);
    else area += (width * heights) / 2;
    left = right;
  }
  const distance = area / nExpected / nActual;
  return Number.isFinite(distance) ? distance : null;
}
