import { OTHER_LABEL } from "../../../histogram/bin-labels.ts";
import type { CategoricalHistogram, Distribution, OutsideRows } from "../../../histogram/distribution.ts";
import { isTested } from "../rule.ts";
import { alignHistograms } from "./align-histograms.ts";

export interface CountsOnReference {
  /**
   * On the reference's bins in their order, as verdicts and windows are stored: then, where it counts categories, what the
   * reference does not name; then nulls; then, as far as they are known, the rows outside (inf, neg_inf, below, above).
   */
  readonly counts: ArrayLike<number>;
  /** See Rebinned; null: nothing was re-binned. */
  readonly rebin_error: number | null;
}

/** null where the histogram does not fit the reference. */
export function countsOnReference(reference: Distribution, current: Distribution): CountsOnReference | null {
  const aligned = alignHistograms(reference, current);
  if (!aligned.ok) return null;
  const { actual, rebin_error } = aligned.value;
  if (!isTested(reference)) return { counts: actual, rebin_error };
  if (reference.kind === "categorical") {
    return { counts: namedCounts(reference, current as CategoricalHistogram), rebin_error };
  }
  const outside = current.kind === "numeric" ? current.summary?.outside : undefined;
  const bins = reference.counts.length;
  if (outside === undefined) return { counts: actual, rebin_error };
  const { inf, neg_inf, below, above } = outside;
  const tail = below === undefined || above === undefined ? [inf, neg_inf] : [inf, neg_inf, below, above];
  const counts = new Float64Array(bins + 1 + tail.length);
  counts.set(Float64Array.from(actual).subarray(0, bins));
  counts.set([current.nulls, ...tail], bins);
  return { counts, rebin_error };
}

/** A user's category called "other" stays apart from what has no place of its own. */
function namedCounts(reference: CategoricalHistogram, current: CategoricalHistogram): Float64Array {
  const known = reference.categories.length;
  const index = new Map(reference.categories.map((name, i) => [name, i]));
  const counts = new Float64Array(known + 2);
  for (let i = 0; i < current.categories.length; i++) {
    counts[index.get(current.categories[i]!) ?? known]! += current.counts[i]!;
  }
  counts[known]! += current.folded ?? 0;
  counts[known + 1] = current.nulls;
  return counts;
}

/** The current histogram as far as counts on the reference's bins tell it. `named`: rows of names that it does not hold. */
export function histogramOnBins(
  reference: Distribution,
  counts: ArrayLike<number>,
  named: Readonly<Record<string, number>> = {},
): Distribution {
  const bins = reference.counts.length;
  const all = Float64Array.from(counts);
  if (reference.kind === "categorical") {
    const nulls = all[bins + 1] ?? 0;
    const unnamed = all[bins] ?? 0;
    if (isTested(reference)) return withNames(reference, all.subarray(0, bins), nulls, unnamed, named);
    if (!(unnamed > 0)) return { ...reference, counts: all.subarray(0, bins), nulls };
    const categories = [...reference.categories, OTHER_LABEL];
    return { kind: "categorical", categories, counts: all.subarray(0, bins + 1), nulls };
  }
  const own = { counts: all.subarray(0, bins), nulls: all[bins] ?? 0 };
  if (reference.kind !== "numeric") return { kind: "positional", ...own };
  const outside = outsideIn(all.subarray(bins + 1));
  return { kind: "numeric", edges: reference.edges, ...own, ...(outside === null ? {} : { summary: { outside } }) };
}

function withNames(
  reference: CategoricalHistogram,
  counts: Float64Array,
  nulls: number,
  unnamed: number,
  named: Readonly<Record<string, number>>,
): CategoricalHistogram {
  const names = Object.keys(named);
  const rows = Object.values(named);
  const folded = unnamed - rows.reduce((sum, count) => sum + count, 0);
  return {
    kind: "categorical",
    categories: [...reference.categories, ...names],
    counts: Float64Array.from([...counts, ...rows]),
    nulls,
    ...(folded > 0 ? { folded } : {}),
  };
}

function outsideIn(tail: Float64Array): OutsideRows | null {
  const [inf, neg_inf, below, above] = tail;
  if (inf === undefined || neg_inf === undefined) return null;
  return below === undefined || above === undefined ? { inf, neg_inf } : { inf, neg_inf, below, above };
}
