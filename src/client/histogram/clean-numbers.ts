/** The values as numbers of their own, null and undefined as NaN; always a copy, so that the caller may go on changing its list. */
export function cleanNumbers(values: ArrayLike<unknown>): Float64Array {
  if (values instanceof Float64Array || values instanceof Float32Array) return Float64Array.from(values);
  const clean = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    clean[i] = value === null || value === undefined ? Number.NaN : Number(value);
  }
  return clean;
}

/** The finite numbers in rising order. */
export function sortedFinite(numbers: Float64Array): Float64Array {
  const finite = new Float64Array(numbers.length);
  let n = 0;
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i]!;
    if (Number.isFinite(value)) finite[n++] = value;
  }
  return finite.subarray(0, n).sort();
}
