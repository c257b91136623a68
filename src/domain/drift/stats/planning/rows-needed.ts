/** The sizes of a comparison and the PSI that noise alone reaches with it. */
export interface ComparedSizes {
  readonly critical_psi: number | null;
  readonly threshold: number;
  readonly n_reference: number;
  readonly n_current: number;
}

/**
 * Current rows that are enough to tell the threshold from chance: critical_psi = χ² · (1/N + 1/M), so the M at which it
 * falls to the threshold follows from the one that was seen.
 *
 * @returns null where no number of rows is enough, as the reference is too small, or there is nothing to compare
 */
export function rowsNeeded({ critical_psi, threshold, n_reference, n_current }: ComparedSizes): number | null {
  if (critical_psi === null || n_reference === 0 || n_current === 0) return null;
  const quantile = critical_psi / (1 / n_reference + 1 / n_current);
  const rest = threshold / quantile - 1 / n_reference;
  return rest <= 0 ? null : Math.ceil(1 / rest);
}
