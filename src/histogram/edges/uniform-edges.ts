import { cleanValues, type NumericValue } from "../clean-values.ts";
import { layEdges } from "./lay-edges.ts";
import { risingEdges } from "./rising-edges.ts";

/**
 * Edges of equal width from the least to the greatest finite value.
 *
 * One outlier stretches every bin, so quantileEdges is the default; this is for features whose range is known and
 * whose spread within it is wanted.
 *
 * @param values numbers; null, NaN and ±Infinity are passed over
 * @param bins 1 or more
 * @returns bins + 1 rising finite edges, in the unit of the values; fewer where neighbouring edges are the same
 *   number; three for a constant column, as quantileBins makes them; [0, 1], one bin that takes all, where there is no finite value
 */
export function uniformEdges(values: ArrayLike<NumericValue>, bins = 10): Float64Array {
  const clean = cleanValues(values);
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < clean.length; i++) {
    const value = clean[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  if (least > greatest) return Float64Array.of(0, 1);
  if (least === greatest) {
    return layEdges({ values: Float64Array.of(least + 0), alone: [true], cuts: new Set() }, "half_way");
  }
  const edges = new Float64Array(bins + 1);
  // A weighted mean and not least + i · width: greatest − least may be no finite number.
  for (let i = 0; i <= bins; i++) edges[i] = least * (1 - i / bins) + greatest * (i / bins);
  edges[0] = least;
  edges[bins] = greatest;
  return risingEdges(edges);
}
