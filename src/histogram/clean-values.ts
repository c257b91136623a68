/** What counts as a number among values: null and undefined stand for rows without one. */
export type NumericValue = number | bigint | null | undefined;

/**
 * The values as one Float64Array, null and undefined as NaN, cleaned once before any binning sees them. A
 * Float64Array is returned as it is, not copied.
 */
export function cleanValues(values: ArrayLike<NumericValue>): Float64Array {
  if (values instanceof Float64Array) return values;
  const clean = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    clean[i] = value === null || value === undefined ? Number.NaN : Number(value);
  }
  return clean;
}
