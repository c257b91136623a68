import { OTHER_LABEL } from "../../histogram/bin-labels.ts";
import type { Distribution } from "../../histogram/distribution.ts";
import { mergeCounts } from "../../histogram/merge-counts.ts";
import { total } from "../../histogram/total.ts";
import type { Reference } from "./drift.ts";
import { countsOnReference, histogramOnBins } from "./histograms/counts-on-reference.ts";
import { isTested } from "./rule.ts";

/** The rows of several reports together, on the bins of one reference. Never altered. */
export interface WindowSum {
  readonly reference: Reference;
  /** In the order of countsOnReference; all reports on one reference give as many, or fewer without rows outside. */
  readonly counts: Float64Array;
  /** Rows that re-binning may have put on the wrong side of an edge, at most; null: nothing was re-binned. */
  readonly rebin_rows: number | null;
}

/** Re-binned counts are kept to such parts of a row: a power of two, so that sums are exact and their order does not matter. */
const PARTS = 1024;

/** One report's histogram as a sum; null where it does not fit the reference. */
export function sumOf(reference: Reference, histogram: Distribution): WindowSum | null {
  const found = countsOnReference(reference.histogram, histogram);
  if (found === null) return null;
  const least = placesOf(reference.histogram);
  const { counts: given, rebin_error } = found;
  const counts = new Float64Array(Math.max(least, given.length));
  counts.set(rebin_error === null ? given : inParts(given));
  if (rebin_error === null) return { reference, counts, rebin_rows: null };
  return { reference, counts, rebin_rows: Math.ceil(rebin_error * total(histogram.counts) * PARTS) / PARTS };
}

/** Both on the bins of the same reference. */
export function addSums(first: WindowSum, second: WindowSum): WindowSum {
  const { reference } = first;
  const rebin_rows =
    first.rebin_rows === null && second.rebin_rows === null ? null : (first.rebin_rows ?? 0) + (second.rebin_rows ?? 0);
  // Rows outside that one of them does not know are not known of both.
  const [short, long] = first.counts.length <= second.counts.length ? [first, second] : [second, first];
  return { reference, counts: mergeCounts(short.counts, long.counts), rebin_rows };
}

/**
 * The sum on the bins of a reference that took the place of its own. null where that cannot be done: the bins do not fit, or
 * rows that are "other" here may belong to a category that only the new reference names.
 */
export function sumOn(reference: Reference, sum: WindowSum): WindowSum | null {
  if (reference.reference_id === sum.reference.reference_id) return sum;
  if (hidesCategories(reference.histogram, sum)) return null;
  const moved = sumOf(reference, histogramOfSum(sum));
  if (moved === null || sum.rebin_rows === null) return moved;
  return { ...moved, rebin_rows: sum.rebin_rows + (moved.rebin_rows ?? 0) };
}

export function histogramOfSum({ reference, counts }: WindowSum): Distribution {
  return histogramOnBins(reference.histogram, counts);
}

/** Nulls included. */
export function rowsOfSum({ reference, counts }: WindowSum): number {
  return total(counts.subarray(0, placesOf(reference.histogram)));
}

/** Bins, what has no name of its own, and nulls: where each row is counted once. */
function placesOf({ kind, counts }: Distribution): number {
  return kind === "categorical" ? counts.length + 2 : counts.length + 1;
}

/** The bound of what re-binning did to the sum, as a share of its rows that are not null; null: nothing was re-binned. */
export function rebinErrorOf(sum: WindowSum): number | null {
  if (sum.rebin_rows === null) return null;
  const rows = total(histogramOfSum(sum).counts);
  return rows === 0 ? 0 : Math.min(1, sum.rebin_rows / rows);
}

function hidesCategories(reference: Distribution, { reference: { histogram }, counts }: WindowSum): boolean {
  if (reference.kind !== "categorical" || histogram.kind !== "categorical") return false;
  // By the first rule the category "other" takes what has no name of its own.
  const other = isTested(histogram) ? [] : [OTHER_LABEL];
  const unseen =
    counts[histogram.categories.length]! +
    (other.length === 0 ? 0 : (counts[histogram.categories.indexOf(OTHER_LABEL)] ?? 0));
  if (unseen === 0) return false;
  const known = new Set([...histogram.categories, ...other]);
  return reference.categories.some((category) => !known.has(category));
}

/** Rounds where one bin ends and the next begins, not the bins, so that no row is lost or made. */
function inParts(counts: ArrayLike<number>): Float64Array {
  const rounded = new Float64Array(counts.length);
  let exact = 0;
  let before = 0;
  for (let i = 0; i < counts.length; i++) {
    exact += counts[i]!;
    const below = Math.round(exact * PARTS) / PARTS;
    rounded[i] = below - before;
    before = below;
  }
  return rounded;
}
