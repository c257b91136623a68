import { binValues } from "../../histogram/bin-values.ts";
import type { EdgesHistogram } from "./feature.ts";

/** The numbers counted between the edges, as it is sent. */
export function onEdges(numbers: Float64Array, edges: ArrayLike<number>): EdgesHistogram {
  const { counts, nulls } = binValues(numbers, edges);
  return { edges: Array.from(edges), counts: Array.from(counts), nulls };
}
