import type { DistinctValues } from "./distinct-values.ts";

/** With no more different values than this a feature is discrete: its values are counted one by one. */
export const FEW_VALUES = 20;
/** Fewer rows say too little of one value: ten levels of 50 rows each way were called different too often. */
const LEAST_ROWS = 20;

/**
 * Which values are spikes: those with more rows than a bin would get, and each one of a discrete feature, if at least
 * 20 rows hold it.
 *
 * @returns a flag a value
 */
export function findSpikes({ values, counts, rows }: DistinctValues, bins: number): boolean[] {
  const discrete = values.length <= FEW_VALUES;
  return Array.from(counts, (count) => count >= LEAST_ROWS && (discrete || count > rows / bins));
}
