import type { Static } from "typebox";
import type { ReferenceAnswer } from "../../contract/drift-answers.ts";
import { formatTime } from "../../domain/words/time.ts";
import type { Distribution } from "../../histogram/distribution.ts";
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
  const { kind, nulls } = histogram;
  const counts = Array.from(histogram.counts);
  if (histogram.kind === "numeric") return { kind, edges: Array.from(histogram.edges), counts, nulls };
  if (histogram.kind === "positional") return { kind, counts, nulls };
  return { kind, categories: Object.fromEntries(histogram.categories.map((name, i) => [name, counts[i]!])), nulls };
}
