import type { Distribution } from "../../../histogram/distribution.ts";
import type { BinnableValue, HistogramInput } from "../../../histogram/histogram-input.ts";
import { histogramOf } from "../../../histogram/histogram-of.ts";
import { asNumbers, countsTruth } from "../../../histogram/names/as-numbers.ts";
import { countCategories } from "../../../histogram/names/count-categories.ts";
import type { DataError, Result } from "../data-error.ts";
import { alignHistograms } from "./align-histograms.ts";
import { spelledAs } from "./spelled-as.ts";
import { validateHistogram } from "./validate-histogram.ts";

/**
 * The histogram of current data as sent, in the form its reference has, complete enough to be stored and judged
 * again or to become a reference itself: values are binned on the reference's edges; counts alone take on its edges;
 * counts on edges of their own keep them (judging re-bins them); categories keep their names, also unseen ones; any
 * value is a category where the reference counts categories.
 *
 * @returns `invalid` with everything that is wrong in itself, else `reference_mismatch` with what does not fit
 */
export function currentHistogram(input: HistogramInput, reference: Distribution): Result<Distribution> {
  const errors: DataError[] = validateHistogram({ ...input, bins: undefined, method: undefined });
  for (const field of ["bins", "method"] as const) {
    if (input[field] !== undefined) {
      errors.push({ path: `/${field}`, message: `the bins are those of the reference: leave ${field} out` });
    }
  }
  if (errors.length > 0) return { ok: false, code: "invalid", errors };

  const { values } = input;
  if (values === undefined) {
    const made = histogramOf(input, null);
    const both = made.kind === "categorical" && reference.kind === "categorical";
    return fitted(both ? spelledAs(reference, made) : made, reference);
  }
  if (reference.kind === "categorical") {
    const counted = countCategories(values, reference.categories);
    return { ok: true, value: { ...counted, nulls: counted.nulls + (input.nulls ?? 0) } };
  }
  if (reference.kind === "positional") {
    return mismatch(
      "the bins of the reference are known by position only, so values cannot be put into them: send counts",
    );
  }
  const numbers = asNumbers(values, countsTruth(reference.edges));
  if ("stray" in numbers) {
    return mismatch(`the reference is numeric, ${shown(values[numbers.stray])} is not a number: send numbers`);
  }
  return {
    ok: true,
    value: histogramOf({ ...input, kind: "numeric", values: numbers }, reference.edges, reference.summary),
  };
}

function fitted(histogram: Distribution, reference: Distribution): Result<Distribution> {
  const aligned = alignHistograms(reference, histogram);
  if (!aligned.ok) return aligned;
  return histogram.kind === "positional" && reference.kind === "numeric"
    ? { ok: true, value: { ...histogram, kind: "numeric", edges: reference.edges } }
    : { ok: true, value: histogram };
}

function mismatch(message: string): Result<never> {
  return { ok: false, code: "reference_mismatch", errors: [{ path: "/values", message }] };
}

function shown(value: BinnableValue): string {
  return JSON.stringify(typeof value === "string" ? value.slice(0, 50) : value);
}
