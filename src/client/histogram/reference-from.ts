import { cleanValues, type NumericValue } from "../../histogram/clean-values.ts";
import { referenceOf } from "../../histogram/summary/count-numbers.ts";
import { SluiceUsageError } from "../usage-error.ts";
import { checkedKind } from "./checked-kind.ts";
import type { FeatureValues, HistogramBody } from "./feature.ts";
import { foldRare } from "./fold-rare.ts";
import { sent } from "./sent.ts";

export interface ReferenceOptions {
  /** 1 to 1000, default 10. */
  bins?: number;
  /** Default quantile. */
  method?: "quantile" | "uniform";
}

/**
 * The histogram of training data, to be stored as a reference: numbers on 10 quantile bins of their own unless told
 * otherwise, values that many rows hold in bins apart; strings and booleans counted by name.
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
  const found = checkedKind(values);
  if ("problem" in found) throw new SluiceUsageError(`referenceFrom: ${found.problem}`);
  if (found.kind !== "number") return foldRare(values);
  return sent(referenceOf(cleanValues(values as ArrayLike<NumericValue>), bins, method));
}
