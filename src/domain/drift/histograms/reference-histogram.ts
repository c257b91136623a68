import type { Distribution } from "../../../histogram/distribution.ts";
import type { HistogramInput } from "../../../histogram/histogram-input.ts";
import { histogramOf } from "../../../histogram/histogram-of.ts";
import type { Result } from "../data-error.ts";
import { ruled } from "../rule.ts";
import { validateHistogram } from "./validate-histogram.ts";

/**
 * The histogram of a reference as sent: counts as they are, values binned (10 quantile bins of their own unless said
 * otherwise), categories counted. The lists given are copied.
 *
 * @returns `invalid` with everything that is wrong; a reference without rows is not wrong, its verdicts are no_data
 */
export function referenceHistogram(input: HistogramInput): Result<Distribution> {
  const errors = validateHistogram(input);
  if (errors.length > 0) return { ok: false, code: "invalid", errors };
  return { ok: true, value: ruled(histogramOf(input, null)) };
}
