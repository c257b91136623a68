import { criticalPsi } from "../critical-psi.ts";
import { effectiveSampleSize } from "../effective-sample-size.ts";

/** The normal value that four of five lie below. */
const FOUR_OF_FIVE = 0.8416212335729143;

export interface ReportSize {
  /** B, bins with a row on either side. */
  readonly bins: number;
  readonly n_reference: number;
  readonly n_current: number;
  readonly alpha: number;
  readonly threshold: number;
}

/**
 * The true PSI that is called drifted in four of five reports of this size: what the verdict can see. The PSI that is
 * needed is the greater of the threshold and the critical one; k times what is measured of a true PSI is noncentral χ²
 * with B − 1 degrees of freedom, taken for normal here (mean B − 1 + λ, variance 2 (B − 1 + 2 λ), λ = k · true PSI),
 * which is within a hundredth of the four in five.
 *
 * @returns nats; null on a single bin, where nothing can be seen
 */
export function detectablePsi({ bins, n_reference, n_current, alpha, threshold }: ReportSize): number | null {
  if (bins < 2 || !(n_reference > 0 && n_current > 0)) return null;
  const k = effectiveSampleSize(n_reference, n_current);
  const df = bins - 1;
  const needed = k * Math.max(threshold, criticalPsi(alpha, bins, n_reference, n_current));
  const deviation = 2 * (FOUR_OF_FIVE + Math.sqrt(Math.max(0, FOUR_OF_FIVE ** 2 + needed - df / 2)));
  return Math.max(0, deviation ** 2 - 2 * df) / 4 / k;
}
