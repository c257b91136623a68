import { cleanValues, type NumericValue } from "../../histogram/clean-values.ts";
import { currentAlone, currentOn } from "../../histogram/summary/count-numbers.ts";
import { checkedKind, shown } from "./checked-kind.ts";
import type { BuiltHistogram, FeatureValues, ReferenceBins } from "./feature.ts";
import { foldRare } from "./fold-rare.ts";
import { sent } from "./sent.ts";

/**
 * The histogram of current values on the bins of their reference; with null (none is known) on bins of their own.
 * Raw values stay here: what leaves is edges with counts, or names with counts.
 */
export function currentHistogram(values: FeatureValues, reference: ReferenceBins | null): BuiltHistogram {
  const found = checkedKind(values);
  if ("problem" in found) return { ok: false, problem: found.problem };
  if (reference?.kind === "categorical") {
    return { ok: true, histogram: foldRare(values, reference.categories) };
  }
  if (reference?.kind === "positional") {
    return { ok: false, problem: "the bins of the reference are known by position only: give counts, not values" };
  }
  if (found.kind !== "number") {
    if (reference === null) return { ok: true, histogram: foldRare(values) };
    return { ok: false, problem: `${firstValue(values)} given; the reference is numeric: give numbers` };
  }
  const numbers = cleanValues(values as ArrayLike<NumericValue>);
  const counted = reference === null ? currentAlone(numbers) : currentOn(numbers, reference);
  return { ok: true, histogram: sent(counted) };
}

function firstValue(values: FeatureValues): string {
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== null && values[i] !== undefined) return shown(values[i]!);
  }
  return "null";
}
