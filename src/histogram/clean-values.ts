/**
 * The values as one Float64Array, null and undefined as NaN, cleaned once before any binning sees them. A
 * Float64Array is returned as it is, not copied.
 */
export function cleanValues(values: ArrayLike<number | null | undefined>): Float64Array {
  if (values instanceof Float64Array) return values;
  const clean = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    clean[i] = value === null || value === undefined ? Number.NaN : value;
  }
  return clean;
}
