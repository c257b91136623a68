import { cleanValues } from "../clean-values.ts";

/** The finite values in rising order, as a copy. NaN, null and ±Infinity are left out: no edge can lie on them. */
export function sortedFinite(values: ArrayLike<number | null | undefined>): Float64Array {
  const clean = cleanValues(values);
  const finite = new Float64Array(clean.length);
  let n = 0;
  for (let i = 0; i < clean.length; i++) {
    const value = clean[i]!;
    if (Number.isFinite(value)) finite[n++] = value;
  }
  return finite.subarray(0, n).sort();
}
