import { total } from "../../../../histogram/total.ts";

/**
 * Jensen–Shannon distance: the square root of the Jensen–Shannon divergence in bits,
 *
 *     √( ½ Σ e · log2(e / m) + ½ Σ a · log2(a / m) ),   m = (e + a) / 2
 *
 * from 0 (equal shares) to 1 (no bin in common); a metric. An empty bin needs no smoothing. Exact given the counts.
 * SciPy and Evidently give it in nats: multiply by √ln 2 = 0.8326. NannyML uses bits, as here.
 *
 * Source: J. Lin, "Divergence measures based on the Shannon entropy", IEEE Trans. Inf. Theory 37 (1991);
 * D. Endres and J. Schindelin, same journal 49 (2003), for the metric.
 *
 * @param expected counts of the reference, one a bin
 * @param actual counts of the current rows on the same bins
 * @returns distance in [0, 1]; null when either side holds no rows
 */
export function jensenShannon(expected: ArrayLike<number>, actual: ArrayLike<number>): number | null {
  const nExpected = total(expected);
  const nActual = total(actual);
  if (!(nExpected > 0 && nActual > 0)) return null;
  let nats = 0;
  for (let i = 0; i < expected.length; i++) nats += jensenShannonTerm(expected[i]! / nExpected, actual[i]! / nActual);
  return jensenShannonOf(nats);
}

/** The distance, of the sum of jensenShannonTerm over the bins. */
export function jensenShannonOf(nats: number): number {
  return Math.min(1, Math.sqrt(nats / (2 * Math.LN2)));
}

/** Below this (a − e) / (a + e) ten terms of the series are good to 1e-14. */
const CLOSE = 0.25;

/**
 * Twice what a bin adds to the divergence, of its shares and in nats: e · ln(e / m) + a · ln(a / m). With d = (a − e) / (a + e) it is
 * m · ((1 + d) ln(1 + d) + (1 − d) ln(1 − d)), whose terms cancel where the shares are close: there the series
 * m · Σ d^2n / (n (2n − 1)) keeps its digits, and needs no logarithm.
 */
export function jensenShannonTerm(e: number, a: number): number {
  if (e === a) return 0;
  if (e === 0 || a === 0) return (e + a) * Math.LN2;
  const m = (e + a) / 2;
  const d = (a - e) / (a + e);
  if (d > CLOSE || d < -CLOSE) return a * Math.log(a / m) + e * Math.log(e / m);
  const t = d * d;
  let series = 1 / 153 + t / 190;
  series = 1 / 120 + t * series;
  series = 1 / 91 + t * series;
  series = 1 / 66 + t * series;
  series = 1 / 45 + t * series;
  series = 1 / 28 + t * series;
  series = 1 / 15 + t * series;
  series = 1 / 6 + t * series;
  return m * t * (1 + t * series);
}
