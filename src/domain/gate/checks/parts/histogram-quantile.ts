import type { LatencyTotal } from "../../../reports/buckets.ts";

/**
 * The quantile (0 to 1) of a histogram, in the unit of its bounds, as PromQL's histogram_quantile computes it: linear within a
 * bucket, the first one starting at 0. `beyond`: the quantile lies above the highest bound, and the value is that bound. null:
 * no observations.
 */
export function histogramQuantile(
  quantile: number,
  { buckets }: LatencyTotal,
  bounds: readonly number[],
): { value: number; beyond: boolean } | null {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = quantile * total;
  let below = 0;
  for (const [i, upper] of bounds.entries()) {
    const count = buckets[i] ?? 0;
    if (count > 0 && below + count >= rank) {
      const lower = i === 0 ? 0 : bounds[i - 1]!;
      return { value: lower + ((upper - lower) * (rank - below)) / count, beyond: false };
    }
    below += count;
  }
  return { value: bounds.at(-1) ?? 0, beyond: true };
}
