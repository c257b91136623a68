import type { Distribution } from "../../../histogram/distribution.ts";

/** A histogram as JSON: typed arrays become arrays, and back. */
export function histogramJson(histogram: Distribution): string {
  const counts = Array.from(histogram.counts);
  return JSON.stringify(
    histogram.kind === "numeric"
      ? { ...histogram, edges: Array.from(histogram.edges), counts }
      : { ...histogram, counts },
  );
}

export function histogramFrom(json: Distribution): Distribution {
  const counts = Float64Array.from(json.counts);
  return json.kind === "numeric" ? { ...json, edges: Float64Array.from(json.edges), counts } : { ...json, counts };
}
