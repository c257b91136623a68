import { binLabels, NULLS_LABEL, OTHER_LABEL } from "../../../histogram/bin-labels.ts";
import type { CategoricalHistogram, Distribution, NumericHistogram } from "../../../histogram/distribution.ts";
import { sameEdges } from "../../../histogram/same-edges.ts";
import type { Result } from "../data-error.ts";
import { rebin } from "./rebin.ts";

/** Two histograms on one set of bins. */
export interface AlignedHistograms {
  /** Counts of the reference, one a bin. */
  readonly expected: ArrayLike<number>;
  /** Counts of the current rows, one a bin. */
  readonly actual: ArrayLike<number>;
  readonly labels: readonly string[];
  /** The same without the bin of nulls, for what asks for an order of the bins; null where there is none. */
  readonly ordered: {
    readonly expected: ArrayLike<number>;
    readonly actual: ArrayLike<number>;
    /** null where bins are known by position only. */
    readonly edges: ArrayLike<number> | null;
  } | null;
  /** Rebinned.error_bound where the current counts had edges of their own. */
  readonly rebin_error: number | null;
}

const indexes = new WeakMap<CategoricalHistogram, ReadonlyMap<string, number>>();

/**
 * Brings current counts to the bins of their reference.
 *
 * - Nulls are one more bin behind the others, there when either side has any: a column that became null is drift.
 * - Numeric counts on other edges are re-binned (rebin), with the bound of the error in the answer.
 * - Counts known by position only fit a numeric reference of as many bins.
 * - Categories are matched by name; what the reference has never seen adds up in the bin "other", which is the
 *   reference's own category of that name where it has one, and else a bin that holds nothing on its side.
 *
 * @returns `reference_mismatch` when the kinds do not fit or the number of bins known by position differs
 */
export function alignHistograms(reference: Distribution, current: Distribution): Result<AlignedHistograms> {
  if (reference.kind === "categorical") {
    return current.kind === "categorical"
      ? { ok: true, value: alignCategories(reference, current) }
      : mismatch("/kind", `the reference counts categories, this is a ${current.kind} histogram: send categories`);
  }
  if (current.kind === "categorical") {
    return mismatch(
      "/kind",
      `the reference is a ${reference.kind} histogram, this counts categories: send counts on its ${reference.counts.length} bins`,
    );
  }
  if (reference.kind === "numeric" && current.kind === "numeric") return alignEdges(reference, current);
  if (current.kind === "numeric") {
    return mismatch(
      "/edges",
      "the bins of the reference are known by position only, so counts on edges cannot be brought to them: send counts alone",
    );
  }
  if (current.counts.length !== reference.counts.length) {
    return mismatch(
      "/counts",
      `the reference has ${reference.counts.length} bins, ${current.counts.length} counts were given`,
    );
  }
  return alignOrdered(reference, current.counts, current.nulls, null);
}

function mismatch(path: string, message: string): Result<never> {
  return { ok: false, code: "reference_mismatch", errors: [{ path, message }] };
}

function alignEdges(reference: NumericHistogram, current: NumericHistogram): Result<AlignedHistograms> {
  if (sameEdges(reference.edges, current.edges)) return alignOrdered(reference, current.counts, current.nulls, null);
  const { counts, error_bound } = rebin(current.counts, current.edges, reference.edges);
  return alignOrdered(reference, counts, current.nulls, error_bound);
}

function alignOrdered(
  reference: Exclude<Distribution, CategoricalHistogram>,
  counts: ArrayLike<number>,
  nulls: number,
  rebinError: number | null,
): Result<AlignedHistograms> {
  const ordered = {
    expected: reference.counts,
    actual: counts,
    edges: reference.kind === "numeric" ? reference.edges : null,
  };
  const labels = binLabels(reference);
  const withNulls = reference.nulls > 0 || nulls > 0;
  return {
    ok: true,
    value: {
      expected: withNulls ? withOneMore(reference.counts, reference.nulls) : reference.counts,
      actual: withNulls ? withOneMore(counts, nulls) : counts,
      labels: withNulls ? [...labels, NULLS_LABEL] : labels,
      ordered,
      rebin_error: rebinError,
    },
  };
}

function withOneMore(counts: ArrayLike<number>, last: number): Float64Array {
  const longer = new Float64Array(counts.length + 1);
  longer.set(counts);
  longer[counts.length] = last;
  return longer;
}

function alignCategories(reference: CategoricalHistogram, current: CategoricalHistogram): AlignedHistograms {
  const index = categoryIndex(reference);
  const known = reference.categories.length;
  // Behind the reference's categories: "other" (unused where the reference has one of that name), then nulls.
  const expected = new Float64Array(known + 2);
  expected.set(reference.counts);
  expected[known + 1] = reference.nulls;
  const actual = new Float64Array(known + 2);
  const other = index.get(OTHER_LABEL) ?? known;
  for (let i = 0; i < current.categories.length; i++) {
    actual[index.get(current.categories[i]!) ?? other]! += current.counts[i]!;
  }
  actual[other]! += current.folded ?? 0;
  actual[known + 1] = current.nulls;
  const labels = [...reference.categories, OTHER_LABEL, NULLS_LABEL];
  return { expected, actual, labels, ordered: null, rebin_error: null };
}

function categoryIndex(histogram: CategoricalHistogram): ReadonlyMap<string, number> {
  let index = indexes.get(histogram);
  if (index === undefined) {
    index = new Map(histogram.categories.map((name, i) => [name, i]));
    indexes.set(histogram, index);
  }
  return index;
}
