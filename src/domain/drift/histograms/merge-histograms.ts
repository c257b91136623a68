import type { CategoricalHistogram, Distribution } from "../../../histogram/distribution.ts";
import { mergeCounts } from "../../../histogram/merge-counts.ts";
import { sameEdges } from "../../../histogram/same-edges.ts";
import type { Result } from "../data-error.ts";

/**
 * The histogram of two sets of rows together, by addition: what micro-batches of a stream become in a window. Exact;
 * the order and the grouping do not matter (but for the order of category names).
 *
 * @returns `reference_mismatch` where the kinds differ or the bins are not the same; categories need not be
 */
export function mergeHistograms(first: Distribution, second: Distribution): Result<Distribution> {
  const nulls = first.nulls + second.nulls;
  if (first.kind === "categorical" && second.kind === "categorical") {
    return { ok: true, value: mergeCategories(first, second, nulls) };
  }
  if (first.kind === "numeric" && second.kind === "numeric" && sameEdges(first.edges, second.edges)) {
    return { ok: true, value: { ...first, counts: mergeCounts(first.counts, second.counts), nulls } };
  }
  if (first.kind === "positional" && second.kind === "positional" && first.counts.length === second.counts.length) {
    return { ok: true, value: { ...first, counts: mergeCounts(first.counts, second.counts), nulls } };
  }
  return {
    ok: false,
    code: "reference_mismatch",
    errors: [
      {
        path: "",
        message: `a ${first.kind} histogram of ${first.counts.length} bins and a ${second.kind} one of ${second.counts.length} do not have the same bins and cannot be added`,
      },
    ],
  };
}

function mergeCategories(first: CategoricalHistogram, second: CategoricalHistogram, nulls: number): Distribution {
  const countOf = new Map<string, number>();
  for (const { categories, counts } of [first, second]) {
    for (let i = 0; i < categories.length; i++) {
      const name = categories[i]!;
      countOf.set(name, (countOf.get(name) ?? 0) + counts[i]!);
    }
  }
  return { kind: "categorical", categories: [...countOf.keys()], counts: Float64Array.from(countOf.values()), nulls };
}
