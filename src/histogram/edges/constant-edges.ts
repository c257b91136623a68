import { risingEdges } from "./rising-edges.ts";
import { valueMargin } from "./value-margin.ts";

/**
 * Edges for a column that holds one value: three bins, what lies below it, the value itself (give or take a billionth
 * of it) and what lies above. So a constant that changes is drift, and one that is recomputed with another rounding is not.
 *
 * @param value finite
 * @returns four rising finite edges (fewer where the value is next to the greatest number there is)
 */
export function constantEdges(value: number): Float64Array {
  const margin = valueMargin(value);
  return risingEdges([value - 2 * margin, value - margin, value + margin, value + 2 * margin]);
}
