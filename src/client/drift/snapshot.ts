import type { FeatureValues } from "../histogram/feature.ts";

/** The values as they are now. Numbers are packed, so that a million of them wait in 8 MB. */
export function snapshot(values: FeatureValues): FeatureValues {
  if (ArrayBuffer.isView(values)) return (values as unknown as { slice(): FeatureValues }).slice();
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) numbers[i] = Number.NaN;
    else if (typeof value === "number") numbers[i] = value;
    else return Array.from(values);
  }
  return numbers;
}
