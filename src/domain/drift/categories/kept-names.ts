/** Names up to here are never folded. */
const ALWAYS_KEPT = 10;
/** Rows of a name that the smaller side would hold by its pooled share, from which on it bears a bin of its own. */
const LEAST_EXPECTED = 5;

/**
 * Which names get a bin of their own; the others share one, on both sides. The 10 most frequent are kept, and more
 * while the smaller side can be expected to hold 5 rows of them and the noise of so many bins stays a quarter of the
 * threshold: 1 + k · threshold / 4 bins, k = N · M / (N + M).
 *
 * By the pooled counts alone, so that the choice says nothing of which side a row is on and biases no test. A new
 * name with many rows is kept like any other.
 *
 * @param pooled rows of each name on both sides together
 * @param names in the same order; on a tie the lesser name goes first
 * @param nReference N, all rows of the reference
 * @param nCurrent M
 * @param threshold PSI that matters
 * @returns for each name whether it is kept
 */
export function keptNames(
  pooled: ArrayLike<number>,
  names: readonly string[],
  nReference: number,
  nCurrent: number,
  threshold: number,
): readonly boolean[] {
  const kept = new Array<boolean>(names.length).fill(names.length <= ALWAYS_KEPT);
  if (names.length <= ALWAYS_KEPT) return kept;
  const k = (nReference * nCurrent) / (nReference + nCurrent);
  const most = Math.max(ALWAYS_KEPT, Math.floor(1 + (k * threshold) / 4));
  const leastPooled = (LEAST_EXPECTED * (nReference + nCurrent)) / Math.min(nReference, nCurrent);
  const order = names.map((_, i) => i).sort((a, b) => pooled[b]! - pooled[a]! || (names[a]! < names[b]! ? -1 : 1));
  for (let rank = 0; rank < order.length && rank < most; rank++) {
    const i = order[rank]!;
    if (rank >= ALWAYS_KEPT && pooled[i]! < leastPooled) break;
    kept[i] = true;
  }
  return kept;
}
