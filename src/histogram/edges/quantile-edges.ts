import { cleanValues, type NumericValue } from "../clean-values.ts";
import { type DistinctValues, distinctValues, sortedFinite } from "./distinct-values.ts";
import { layEdges } from "./lay-edges.ts";
import { restCuts } from "./rest-cuts.ts";

/** With no more different values than this a feature is discrete: its values are counted one by one. */
const FEW_VALUES = 20;
/** Fewer rows say too little of one value: ten levels of 50 rows each way were called different too often. */
const LEAST_ROWS = 20;

/** Bins made from the values that they are to hold. */
export interface OwnBins {
  /** Rising and finite; [0, 1], one bin that takes all, where there is no value. */
  readonly edges: Float64Array;
  /** The values that have a bin of their own for their many rows, rising. */
  readonly spikes: readonly number[];
}

/**
 * Bins for a reference: each spike has one of its own, the rest lies in bins of about equally many rows with
 * a thin one at either end (restCuts). So 5 000 rows of a normal distribution have 12 bins, ten levels have one each, and
 * every bin has rows enough for the law of the test. A constant column has a bin of its own however few its rows are.
 *
 * @param distinct different values, rising
 * @param bins at most so many for the values that are no spikes, beside the thin ones; 1 or more
 */
export function quantileBins(distinct: DistinctValues, bins: number): OwnBins {
  const isSpike = findSpikes(distinct, bins);
  const alone = isSpike.length === 1 ? [true] : isSpike;
  return laid(distinct, isSpike, alone, bins, "half_way");
}

/**
 * Bins for rows whose reference is not known, to be brought to its bins later: as quantileBins, but each value of a
 * discrete feature, and each spike, fills a bin as narrow as rounding allows. No cut of a reference lies in such a bin
 * (it lies half way to another value), so these rows are placed exactly.
 */
export function narrowBins(distinct: DistinctValues, bins: number): OwnBins {
  const isSpike = findSpikes(distinct, bins);
  const alone = isSpike.length <= FEW_VALUES ? isSpike.map(() => true) : isSpike;
  return laid(distinct, isSpike, alone, bins, "narrow");
}

/** The edges of quantileBins. null, NaN and ±Infinity are passed over (binned, the infinite fall into the outer bins). */
export function quantileEdges(values: ArrayLike<NumericValue>, bins = 10): Float64Array {
  return quantileBins(distinctValues(sortedFinite(cleanValues(values))), bins).edges;
}

function laid(
  distinct: DistinctValues,
  isSpike: readonly boolean[],
  alone: readonly boolean[],
  bins: number,
  width: "half_way" | "narrow",
): OwnBins {
  const { values } = distinct;
  if (values.length === 0) return { edges: Float64Array.of(0, 1), spikes: [] };
  const cuts = restCuts(distinct, isSpike, bins);
  const spikes = Array.from(values.filter((_, i) => isSpike[i]));
  return { edges: layEdges({ values, alone, cuts }, width), spikes };
}

/**
 * Which values are spikes: those with more rows than a bin would get, and each one of a discrete feature, if at least
 * 20 rows hold it.
 *
 * @returns a flag a value
 */
function findSpikes({ values, counts, rows }: DistinctValues, bins: number): boolean[] {
  const discrete = values.length <= FEW_VALUES;
  return Array.from(counts, (count) => count >= LEAST_ROWS && (discrete || count > rows / bins));
}
