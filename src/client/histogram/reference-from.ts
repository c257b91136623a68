import { SluiceUsageError } from "../usage-error.ts";
import { binValues } from "./bin-values.ts";
import { cleanNumbers, sortedFinite } from "./clean-numbers.ts";
import { countCategories } from "./count-categories.ts";
import type { FeatureValues, HistogramBody } from "./feature.ts";
import { kindOfValues } from "./kind-of-values.ts";
import { quantileEdges } from "./quantile-edges.ts";
import { constantEdges, risingEdges } from "./rising-edges.ts";

export interface ReferenceOptions {
  /** 1 to 1000, default 10. */
  bins?: number;
  /** Default quantile. */
  method?: "quantile" | "uniform";
}

/**
 * The histogram of training data, to be stored as a reference: numbers on 10 quantile bins of their own unless told
 * otherwise, strings and booleans counted by name.
 *
 * @throws SluiceUsageError naming the argument, what was given and what is allowed
 */
export function referenceFrom(values: FeatureValues, options: ReferenceOptions = {}): HistogramBody {
  const { bins = 10, method = "quantile" } = options;
  if (!(Number.isInteger(bins) && bins >= 1 && bins <= 1000)) {
    throw new SluiceUsageError(`referenceFrom: bins: ${String(bins)} given; must be a whole number from 1 to 1000`);
  }
  if (method !== "quantile" && method !== "uniform") {
    throw new SluiceUsageError(`referenceFrom: method: ${String(method)} given; must be quantile or uniform`);
  }
  const found = kindOfValues(values);
  if ("problem" in found) throw new SluiceUsageError(`referenceFrom: ${found.problem}`);
  if (found.kind !== "number") return countCategories(values);
  const numbers = cleanNumbers(values);
  const sorted = sortedFinite(numbers);
  return binValues(numbers, method === "uniform" ? uniformEdges(sorted, bins) : quantileEdges(sorted, bins));
}

/** Edges of equal width over sorted finite numbers, as the agent makes them for `method: "uniform"`. */
function uniformEdges(sorted: Float64Array, bins: number): number[] {
  const [least, greatest] = [sorted[0], sorted[sorted.length - 1]];
  if (least === undefined || greatest === undefined) return [0, 1];
  if (least === greatest) return constantEdges(least);
  const edges: number[] = [];
  // A weighted mean: greatest − least may be no finite number.
  for (let i = 0; i <= bins; i++) edges.push(least * (1 - i / bins) + greatest * (i / bins));
  edges[0] = least;
  edges[bins] = greatest;
  return risingEdges(edges);
}
