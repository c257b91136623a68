import type { Distribution } from "../../../histogram/distribution.ts";
import type { HistogramInput } from "../../../histogram/histogram-input.ts";
import { histogramOf } from "../../../histogram/histogram-of.ts";
import { asNumbers } from "../../../histogram/names/as-numbers.ts";
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
  if (input.kind !== "numeric" || input.values === undefined)
    return { ok: true, value: ruled(histogramOf(input, null)) };
  const values = asNumbers(input.values, true);
  if ("stray" in values) {
    const message = "is not a number, and kind is numeric: send numbers, or kind categorical";
    return { ok: false, code: "invalid", errors: [{ path: `/values/${values.stray}`, message }] };
  }
  return { ok: true, value: ruled(histogramOf({ ...input, values }, null)) };
}
