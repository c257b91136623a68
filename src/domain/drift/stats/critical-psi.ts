import { chiSquareQuantile } from "./chi-square/chi-square-quantile.ts";
import { effectiveSampleSize } from "./effective-sample-size.ts";

/**
 * The PSI½ that noise alone reaches with probability alpha at this sample size:
 *
 *     χ²(1 − alpha; B − 1) · (1/N + 1/M)
 *
 * What lies below it cannot be told from chance: a threshold below it needs more rows. For one feature; the number
 * of features in a report enters by the p-values only.
 *
 * Source: as psiPValue (Yurdakul's table 3.2 with N → ∞).
 *
 * @param alpha in (0, 1)
 * @param bins B, bins with a row on either side; 0 is the answer for a single bin
 * @param nReference N > 0; Infinity for a reference that is the truth
 * @param nCurrent M > 0
 * @returns PSI½ in nats
 */
export function criticalPsi(alpha: number, bins: number, nReference: number, nCurrent: number): number {
  if (bins <= 1) return 0;
  return chiSquareQuantile(alpha, bins - 1) / effectiveSampleSize(nReference, nCurrent);
}
