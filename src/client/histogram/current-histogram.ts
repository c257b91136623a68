import { currentAlone, currentOn } from "../../histogram/summary/count-numbers.ts";
import type { BuiltHistogram, FeatureKind, FeatureValues, ReferenceBins } from "./feature.ts";
import { foldRare } from "./fold-rare.ts";
import { readColumn } from "./read-column.ts";
import { sent } from "./sent.ts";

/**
 * The histogram of current values on the bins of their reference; with null (none is known) on bins of their own.
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
  const counted = reference?.kind === "numeric" ? currentOn(numbers, reference) : currentAlone(numbers);
  return { ok: true, histogram: sent(counted) };
}
