import { binValues } from "./bin-values.ts";
import type { NumericValue } from "./clean-values.ts";
import type { Distribution } from "./distribution.ts";
import { quantileEdges } from "./edges/quantile-edges.ts";
import { uniformEdges } from "./edges/uniform-edges.ts";
import type { HistogramInput } from "./histogram-input.ts";
import { kindOfValues } from "./kind-of-values.ts";
import { countCategories } from "./names/count-categories.ts";

/**
 * The histogram that valid input describes: numeric values on `edges`, or, where there are none, on edges made from
 * the values themselves.
 */
export function histogramOf(input: HistogramInput, edges: ArrayLike<number> | null): Distribution {
  const nulls = input.nulls ?? 0;
  if (input.counts !== undefined) {
    const counts = Float64Array.from(input.counts);
    return input.edges === undefined
      ? { kind: "positional", counts, nulls }
      : { kind: "numeric", edges: Float64Array.from(input.edges), counts, nulls };
  }
  if (input.categories !== undefined) {
    return {
      kind: "categorical",
      categories: Object.keys(input.categories),
      counts: Float64Array.from(Object.values(input.categories)),
      nulls,
    };
  }
  const values = input.values ?? [];
  if (kindOfValues(values) !== "number") {
    const counted = countCategories(values);
    return { ...counted, nulls: counted.nulls + nulls };
  }
  const numbers = values as ArrayLike<NumericValue>;
  const makeEdges = input.method === "uniform" ? uniformEdges : quantileEdges;
  const on = edges ?? makeEdges(numbers, input.bins);
  const binned = binValues(numbers, on);
  return { kind: "numeric", edges: on, counts: binned.counts, nulls: binned.nulls + nulls };
}
