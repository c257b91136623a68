import { chiSquareSurvival } from "./chi-square/chi-square-survival.ts";

export interface NullRateTest {
  readonly reference_rate: number;
  readonly current_rate: number;
  /** Positive when the current rows have the greater share of nulls. */
  readonly z: number;
  readonly p_value: number;
}

/**
 * Two-sided test that reference and current rows have the same share of nulls (two proportions, pooled):
 *
 *     z = (q − p) / √( s · (1 − s) · (1/N + 1/M) ),   s = all nulls / all rows
 *
 * z² ~ χ² with 1 degree of freedom, the same as Pearson's test of the 2 × 2 table. An approximation that holds well
 * from about 5 nulls and 5 others, both sides together.
 *
 * Source: K. Pearson (1911); any textbook.
 *
 * @param nullsReference nulls among the nReference rows of the reference
 * @param nullsCurrent nulls among the nCurrent rows
 * @returns shares, z and p (not adjusted); z 0 and p 1 where no row or every row is null on both sides; null when
 *   either side has no rows
 */
export function nullRateTest(
  nullsReference: number,
  nReference: number,
  nullsCurrent: number,
  nCurrent: number,
): NullRateTest | null {
  if (!(nReference > 0 && nCurrent > 0)) return null;
  const p = nullsReference / nReference;
  const q = nullsCurrent / nCurrent;
  const pooled = (nullsReference + nullsCurrent) / (nReference + nCurrent);
  const variance = pooled * (1 - pooled) * (1 / nReference + 1 / nCurrent);
  const z = variance > 0 ? (q - p) / Math.sqrt(variance) : 0;
  return { reference_rate: p, current_rate: q, z, p_value: chiSquareSurvival(z * z, 1) };
}
