import type { HistogramInput } from "../../src/histogram/histogram-input.ts";
import { currentAlone } from "../../src/histogram/summary/count-numbers.ts";
import type { Draw } from "./draws.ts";

/** The rows on bins that were made without the reference: its counts have to be re-binned. */
export type OwnBins = (draw: Draw) => Draw;

/** Ten equal buckets of their own range and nothing beside, as some documents have them. */
export const inTenBuckets: OwnBins = (draw) => (rows, next) => {
  const values = draw(rows, next).values as readonly number[];
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  const edges = Array.from({ length: 11 }, (_, i) => least + ((greatest - least) * i) / 10);
  const counts = new Array<number>(10).fill(0);
  for (const value of values) counts[Math.min(9, Math.floor((10 * (value - least)) / (greatest - least)))]!++;
  return { edges, counts };
};

/** The bins that our clients make while they do not know the reference. */
export const asClientsAlone: OwnBins = (draw) => (rows, next) => {
  const values = draw(rows, next).values as readonly (number | null)[];
  const { edges, counts, nulls, summary } = currentAlone(Float64Array.from(values, (value) => value ?? Number.NaN));
  const input: HistogramInput = { edges, counts, nulls, ...summary };
  return input;
};
