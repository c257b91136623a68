/** Number of bins with a row on at least one side: the B of every formula here. Bins empty on both are not bins. */
export function occupiedBins(expected: ArrayLike<number>, actual: ArrayLike<number>): number {
  let bins = 0;
  for (let i = 0; i < expected.length; i++) if (expected[i]! > 0 || actual[i]! > 0) bins++;
  return bins;
}
