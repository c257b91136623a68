export interface PermutationMoments {
  readonly mean: number;
  readonly variance: number;
}

/**
 * Mean and variance of Pearson's X² over all ways of dealing the pooled rows to the two samples: exact, whatever the
 * counts are, so that bins of one row are as good as bins of a thousand.
 *
 * Source: J. Haldane, "The mean and variance of χ², when used as a test of homogeneity, when expectations are small",
 * Biometrika 31 (1940); R. Dawson, Ann. Math. Stat. 18 (1947).
 *
 * @param bins B, bins with a row on either side
 * @param inverseTotals Σ 1 / (r + c) over those bins
 * @param nReference N, rows of the reference
 * @param nCurrent M, current rows
 * @returns null for three rows or fewer, where the variance has no such form
 */
export function permutationMoments(
  bins: number,
  inverseTotals: number,
  nReference: number,
  nCurrent: number,
): PermutationMoments | null {
  const n = nReference + nCurrent;
  if (!(n > 3)) return null;
  const v1 = (n - 2) / (n - 1);
  const v2 = ((bins - 1) * (n - bins)) / (n - 1);
  const w1 = (n * (1 / nReference + 1 / nCurrent) - 4) / (n - 2);
  const w2 = (n * inverseTotals - bins * bins) / (n - 2);
  return {
    mean: (n * (bins - 1)) / (n - 1),
    variance: ((2 * n) / (n - 3)) * (v1 - w1) * (v2 - w2) + ((n * n) / (n - 1)) * w1 * w2,
  };
}
