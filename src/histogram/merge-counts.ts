/**
 * Counts of two sets of rows on the same bins, added: the counts of both together, exact up to 2^53.
 *
 * @param first B counts
 * @param second B counts on the same bins
 * @returns B counts, a new array
 */
export function mergeCounts(first: ArrayLike<number>, second: ArrayLike<number>): Float64Array {
  const merged = Float64Array.from(first);
  for (let i = 0; i < merged.length; i++) merged[i]! += second[i]!;
  return merged;
}
