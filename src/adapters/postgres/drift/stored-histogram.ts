import type { Distribution } from "../../../histogram/distribution.ts";

/** A histogram as JSON: typed arrays become arrays, and back. */
export function histogramJson(histogram: Distribution): string {
  const { kind, nulls } = histogram;
  const counts = Array.from(histogram.counts);
  if (histogram.kind === "numeric") return JSON.stringify({ kind, edges: Array.from(histogram.edges), counts, nulls });
  if (histogram.kind === "categorical")
    return JSON.stringify({ kind, categories: histogram.categories, counts, nulls });
  return JSON.stringify({ kind, counts, nulls });
}

export function histogramFrom(json: Distribution): Distribution {
  const counts = Float64Array.from(json.counts);
  return json.kind === "numeric" ? { ...json, edges: Float64Array.from(json.edges), counts } : { ...json, counts };
}
