import { cleanValues, type NumericValue } from "./clean-values.ts";
import type { Distribution, NumericHistogram } from "./distribution.ts";
import type { HistogramInput } from "./histogram-input.ts";
import { kindOfValues } from "./kind-of-values.ts";
import { countCategories } from "./names/count-categories.ts";
import { currentOn, referenceOf } from "./summary/count-numbers.ts";
import type { KnownRange } from "./summary/outside-rows.ts";
import { summaryIn } from "./summary/summary-in.ts";

/**
 * The histogram that valid input describes: numeric values on `edges`, or, where there are none, on edges made from
 * the values themselves.
 *
 * @param range of the reference whose edges these are, so that rows outside it are told
 */
export function histogramOf(
  input: HistogramInput,
  edges: ArrayLike<number> | null,
  range: KnownRange = {},
): Distribution {
  const nulls = input.nulls ?? 0;
  if (input.counts !== undefined) {
    const counts = Float64Array.from(input.counts);
    if (input.edges === undefined) return { kind: "positional", counts, nulls };
    return withSummary({ kind: "numeric", edges: Float64Array.from(input.edges), counts, nulls }, input);
  }
  if (input.categories !== undefined) {
    return {
      kind: "categorical",
      categories: Object.keys(input.categories),
      counts: Float64Array.from(Object.values(input.categories)),
      nulls,
      ...(input.folded === undefined ? {} : { folded: input.folded }),
    };
  }
  const values = input.values ?? [];
  if (input.kind === "categorical" || kindOfValues(values) !== "number") {
    const counted = countCategories(values);
    return { ...counted, nulls: counted.nulls + nulls };
  }
  const numbers = cleanValues(values as ArrayLike<NumericValue>);
  const counted =
    edges === null
      ? referenceOf(numbers, input.bins, input.method)
      : currentOn(numbers, { edges, min: range.min, max: range.max });
  return { ...counted, nulls: counted.nulls + nulls };
}

function withSummary(histogram: NumericHistogram, input: HistogramInput): NumericHistogram {
  const summary = summaryIn(input);
  return Object.keys(summary).length === 0 ? histogram : { ...histogram, summary };
}
