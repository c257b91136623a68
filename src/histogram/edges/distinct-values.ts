/** Different finite values in rising order, each with the number of its rows. 0 and −0 are one value. */
export interface DistinctValues {
  readonly values: Float64Array;
  readonly counts: Float64Array;
  /** Sum of the counts. */
  readonly rows: number;
}

/** The finite values in rising order, as a copy. NaN and ±Infinity are left out: no edge can lie on them. */
export function sortedFinite(clean: Float64Array): Float64Array {
  const finite = new Float64Array(clean.length);
  let n = 0;
  for (let i = 0; i < clean.length; i++) {
    const value = clean[i]!;
    // + 0: of −0 and 0 either may come first.
    if (Number.isFinite(value)) finite[n++] = value + 0;
  }
  return finite.subarray(0, n).sort();
}

/** @param sorted finite, rising */
export function distinctValues(sorted: Float64Array): DistinctValues {
  const values = new Float64Array(sorted.length);
  const counts = new Float64Array(sorted.length);
  let n = 0;
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i]!;
    if (n === 0 || value !== values[n - 1]) values[n++] = value;
    counts[n - 1]!++;
  }
  return { values: values.subarray(0, n), counts: counts.subarray(0, n), rows: sorted.length };
}
