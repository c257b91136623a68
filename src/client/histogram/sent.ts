import type { SummarizedHistogram } from "../../histogram/summary/count-numbers.ts";
import type { EdgesHistogram } from "./feature.ts";

/** As it is sent: what is known of the rows stands beside the counts. */
export function sent({ edges, counts, nulls, summary }: SummarizedHistogram): EdgesHistogram {
  return { edges: Array.from(edges), counts: Array.from(counts), nulls, ...summary };
}
