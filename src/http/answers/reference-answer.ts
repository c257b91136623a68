import type { Static } from "typebox";
import type { ReferenceAnswer } from "../../contract/drift/drift-answers.ts";
import { formatTime } from "../../domain/words/time.ts";
import type { Distribution, NumericSummary } from "../../histogram/distribution.ts";
import type { ReferenceRow } from "../../ports.ts";
import { whenOrNull } from "./when-or-null.ts";

export function referenceAnswer(pipeline_name: string, row: ReferenceRow): Static<typeof ReferenceAnswer> {
  const { feature_name, version, active, n, source, run_id, note, created_at, activated_at } = row;
  return {
    pipeline_name,
    feature_name,
    version,
    active,
    ...histogramAnswer(row.histogram),
    n,
    source,
    run_id,
    note,
    created_at: formatTime(created_at),
    activated_at: whenOrNull(activated_at),
  };
}

function histogramAnswer(histogram: Distribution) {
  const { kind, nulls, rule = 1 } = histogram;
  const counts = Array.from(histogram.counts);
  if (histogram.kind === "numeric") {
    return { kind, edges: Array.from(histogram.edges), counts, nulls, rule, ...summaryAnswer(histogram.summary) };
  }
  if (histogram.kind === "positional") return { kind, counts, nulls, rule };
  const categories = Object.fromEntries(histogram.categories.map((name, i) => [name, counts[i]!]));
  return { kind, categories, nulls, rule, ...(histogram.folded === undefined ? {} : { folded: histogram.folded }) };
}

function summaryAnswer({ spikes, quantiles, ...summary }: NumericSummary = {}) {
  return {
    ...summary,
    ...(spikes === undefined ? {} : { spikes: [...spikes] }),
    ...(quantiles === undefined ? {} : { quantiles: { ...quantiles } }),
  };
}
