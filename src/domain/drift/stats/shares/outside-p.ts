import gammaln from "@stdlib/math-base-special-gammaln";

/**
 * Chance that this many of the current rows lie beyond all rows of the reference, both ends together, when both are
 * from one distribution. Exact and free of the distribution: only the order of the pooled rows enters,
 *
 *     Π i<j (M − i) / (N + M − i) · (1 + j · N / (N + M − j))
 *
 * @param outside j, current rows outside the reference's range
 * @param nReference N, rows of the reference that have a value, above 0
 * @param nCurrent M, current rows that have one, j or more
 */
export function outsideP(outside: number, nReference: number, nCurrent: number): number {
  if (!(outside > 0)) return 1;
  const n = nReference + nCurrent;
  const logAll = gammaln(nCurrent + 1) - gammaln(nCurrent - outside + 1) - gammaln(n + 1) + gammaln(n - outside + 1);
  return Math.min(1, Math.exp(logAll) * (1 + (outside * nReference) / (n - outside)));
}
