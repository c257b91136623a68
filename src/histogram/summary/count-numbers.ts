import { binValues } from "../bin-values.ts";
import type { NumericHistogram, NumericSummary, OutsideRows } from "../distribution.ts";
import { type DistinctValues, distinctValues, sortedFinite } from "../edges/distinct-values.ts";
import { narrowBins, type OwnBins, quantileBins } from "../edges/quantile-edges.ts";
import { uniformEdges } from "../edges/uniform-edges.ts";
import { momentsOf } from "./moments.ts";
import { type KnownRange, outsideRows } from "./outside-rows.ts";
import { quantilesOf } from "./quantiles.ts";

/** A numeric histogram that says what is known of its rows. */
export interface SummarizedHistogram extends NumericHistogram {
  readonly counts: Float64Array;
  readonly summary: NumericSummary;
}

/** Bins of a reference whose rows are known, as far as they matter for counting others on them. */
export interface ReferenceEdges extends KnownRange {
  readonly edges: ArrayLike<number>;
}

/**
 * Quantile bins of numbers whose reference is not known: enough that re-binning them later is wrong by a few per cent of
 * the rows at most, few enough to become a reference.
 */
export const BINS_WITHOUT_REFERENCE = 32;
/** Sorting more rows than this, for quantiles and the number of different values, costs much more than counting them. */
const MOST_SORTED = 100_000;

/** Numbers on bins of their own, to be a reference. */
export function referenceOf(numbers: Float64Array, bins = 10, method = "quantile"): SummarizedHistogram {
  return onOwnBins(numbers, { below: 0, above: 0, ...outsideRows(numbers, {}) }, (distinct) =>
    method === "uniform" ? { edges: uniformEdges(numbers, bins), spikes: [] } : quantileBins(distinct, bins),
  );
}

/** Current numbers whose reference is not known: on bins of their own, made to be re-binned. */
export function currentAlone(numbers: Float64Array): SummarizedHistogram {
  return onOwnBins(numbers, outsideRows(numbers, {}), (distinct) => narrowBins(distinct, BINS_WITHOUT_REFERENCE));
}

/**
 * Current numbers on the bins of their reference. `outside.below` and `above` are told where the range of the reference
 * is known, quantiles and the number of different values of at most 100 000 rows.
 */
export function currentOn(numbers: Float64Array, reference: ReferenceEdges): SummarizedHistogram {
  const part = partOn(numbers, reference);
  if (numbers.length > MOST_SORTED) return part;
  const sorted = sortedFinite(numbers);
  const { outside, ...moments } = part.summary;
  return {
    ...part,
    summary: { ...moments, ...ofSorted(sorted, distinctValues(sorted).values.length), outside: outside! },
  };
}

/** As currentOn, of rows that come in parts (mergeNumbers): without quantiles and the number of different values. */
export function partOn(numbers: Float64Array, reference: ReferenceEdges): SummarizedHistogram {
  const { edges } = reference;
  const { counts, nulls } = binValues(numbers, edges);
  const summary: NumericSummary = { ...momentsOf(numbers), outside: outsideRows(numbers, reference) };
  return { kind: "numeric", edges, counts, nulls, summary };
}

function onOwnBins(
  numbers: Float64Array,
  outside: OutsideRows,
  binsOf: (distinct: DistinctValues) => OwnBins,
): SummarizedHistogram {
  const sorted = sortedFinite(numbers);
  const distinct = distinctValues(sorted);
  const { edges, spikes } = binsOf(distinct);
  const { counts, nulls } = binValues(numbers, edges);
  const summary: NumericSummary = {
    ...momentsOf(numbers),
    ...ofSorted(sorted, distinct.values.length),
    spikes,
    outside,
  };
  return { kind: "numeric", edges, counts, nulls, summary };
}

function ofSorted(sorted: Float64Array, distinct: number): NumericSummary {
  return sorted.length === 0 ? { distinct } : { distinct, quantiles: quantilesOf(sorted) };
}
