import { chiSquareSurvival } from "./chi-square/chi-square-survival.ts";
import { effectiveSampleSize } from "./effective-sample-size.ts";

/**
 * Chance of a PSI½ this large when reference and current rows come from one distribution:
 *
 *     k · PSI½ ~ χ² with B − 1 degrees of freedom,   k = N·M / (N + M)
 *
 * Both samples are random: taking the reference for the truth (k = M) calls 31 to 72 % of stable features drifted at
 * alpha 0.05 when N = M. An approximation for large counts; `npm run calibrate` prints how good it is. At alpha 0.05
 * it is exceeded by 3.3 to 5.6 % from 200 rows on and up to 20 bins. Far out in the tail, which the adjustment for
 * many features reaches, it is up to three times too small while some bins hold few rows (p = 0.00005, 200 rows on 10
 * to 20 bins), and true from about 1 000 rows on.
 *
 * Source: B. Yurdakul and J. Naranjo, "Statistical properties of the population stability index", J. Risk Model
 * Validation 14 (2020), from Yurdakul's dissertation, Western Michigan University 3208 (2018).
 *
 * @param jeffreys PSI½ in nats, from jeffreysPsi (or a plain PSI of bins that all have rows)
 * @param bins B, bins with a row on either side
 * @param nReference N, rows of the reference
 * @param nCurrent M, current rows
 * @returns p in [0, 1], not adjusted for the number of features; 1 with a single bin, where nothing can differ
 */
export function psiPValue(jeffreys: number, bins: number, nReference: number, nCurrent: number): number {
  if (bins <= 1) return 1;
  return chiSquareSurvival(jeffreys * effectiveSampleSize(nReference, nCurrent), bins - 1);
}
