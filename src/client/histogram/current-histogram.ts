import { quantileEdges } from "../../histogram/edges/quantile-edges.ts";
import type { BuiltHistogram, FeatureKind, FeatureValues, ReferenceBins } from "./feature.ts";
import { foldRare } from "./fold-rare.ts";
import { onEdges } from "./on-edges.ts";
import { readColumn } from "./read-column.ts";

/**
 * Quantile bins of their own for numbers without a reference: enough that re-binning them later is wrong by a few
 * per cent of the rows at most, few enough to become a reference.
 */
export const BINS_WITHOUT_REFERENCE = 32;

/**
 * The histogram of current values on the bins of their reference; with null (none is known) on quantile bins of their own.
 * Raw values stay here: what leaves is edges with counts, or names with counts.
 *
 * @param kind where the caller says it; where the reference is of another, the agent tells
 */
export function currentHistogram(
  values: FeatureValues,
  reference: ReferenceBins | null,
  kind?: FeatureKind,
): BuiltHistogram {
  if (reference?.kind === "positional") {
    return { ok: false, problem: "the bins of the reference are known by position only: give counts, not values" };
  }
  const column = readColumn(values, kind, reference);
  if (column.kind === "wrong") return { ok: false, problem: column.problem };
  if (column.kind === "categorical") {
    return {
      ok: true,
      histogram: foldRare(column.names, reference?.kind === "categorical" ? reference.categories : {}),
    };
  }
  const { numbers } = column;
  const edges = reference?.kind === "numeric" ? reference.edges : quantileEdges(numbers, BINS_WITHOUT_REFERENCE);
  return { ok: true, histogram: onEdges(numbers, edges) };
}
