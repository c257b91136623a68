import { referenceOf } from "../../histogram/summary/count-numbers.ts";
import { SluiceUsageError } from "../usage-error.ts";
import { FEATURE_KINDS, type FeatureKind, type FeatureValues, type HistogramBody } from "./feature.ts";
import { foldRare } from "./fold-rare.ts";
import { readColumn } from "./read-column.ts";
import { sent } from "./sent.ts";

export interface ReferenceOptions {
  /** 1 to 1000, default 10. */
  bins?: number;
  /** Default quantile. */
  method?: "quantile" | "uniform";
  /** What the values are, where they do not say it themselves. */
  kind?: FeatureKind;
}

/**
 * The histogram of training data, to be stored as a reference: numbers on 10 quantile bins of their own unless told
 * otherwise, values that many rows hold in bins apart; strings and booleans counted by name.
 *
 * @throws SluiceUsageError naming the argument, what was given and what is allowed
 */
export function referenceFrom(values: FeatureValues, options: ReferenceOptions = {}): HistogramBody {
  const { bins = 10, method = "quantile", kind } = options;
  if (!(Number.isInteger(bins) && bins >= 1 && bins <= 1000)) {
    throw new SluiceUsageError(`referenceFrom: bins: ${String(bins)} given; must be a whole number from 1 to 1000`);
  }
  if (method !== "quantile" && method !== "uniform") {
    throw new SluiceUsageError(`referenceFrom: method: ${String(method)} given; must be quantile or uniform`);
  }
  if (kind !== undefined && !FEATURE_KINDS.includes(kind)) {
    throw new SluiceUsageError(
      `referenceFrom: kind: ${String(kind)} given; must be one of ${FEATURE_KINDS.join(", ")}`,
    );
  }
  const column = readColumn(values, kind, null);
  if (column.kind === "wrong") throw new SluiceUsageError(`referenceFrom: ${column.problem}`);
  if (column.kind === "categorical") return foldRare(column.names);
  return sent(referenceOf(column.numbers, bins, method));
}
