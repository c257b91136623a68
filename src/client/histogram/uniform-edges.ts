import { constantEdges, risingEdges } from "./rising-edges.ts";

/** Edges of equal width over sorted finite numbers, as the agent makes them for `method: "uniform"`. */
export function uniformEdges(sorted: Float64Array, bins: number): number[] {
  const [least, greatest] = [sorted[0], sorted[sorted.length - 1]];
  if (least === undefined || greatest === undefined) return [0, 1];
  if (least === greatest) return constantEdges(least);
  const edges: number[] = [];
  // A weighted mean: greatest − least may be no finite number.
  for (let i = 0; i <= bins; i++) edges.push(least * (1 - i / bins) + greatest * (i / bins));
  edges[0] = least;
  edges[bins] = greatest;
  return risingEdges(edges);
}
