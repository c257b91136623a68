import type { Bucket } from "./histogram-of-buckets.ts";

/** Buckets of one sign: that at place i has the index offset + i. */
export interface ExponentialSide {
  readonly offset: number;
  readonly counts: readonly number[];
}

/**
 * OpenTelemetry's exponential histogram: with base 2^(2^−scale), the bucket of index i holds the rows in (base^i, base^(i+1)],
 * on the negative side those in [−base^(i+1), −base^i).
 */
export interface ExponentialHistogram {
  /** −10 to 20. */
  readonly scale: number;
  readonly zero_count: number;
  /** The rows of zero_count are no farther from 0 than this. */
  readonly zero_threshold: number;
  readonly positive: ExponentialSide;
  readonly negative: ExponentialSide;
}

export const LEAST_SCALE = -10;
export const GREATEST_SCALE = 20;

/**
 * The same rows at a lower scale: the buckets 2k and 2k + 1 of a scale are bucket k of the scale below, exactly, so counts add
 * up and nothing is estimated.
 */
export function downscale(histogram: ExponentialHistogram, by: number): ExponentialHistogram {
  const { scale, positive, negative } = histogram;
  return { ...histogram, scale: scale - by, positive: coarser(positive, by), negative: coarser(negative, by) };
}

function coarser({ offset, counts }: ExponentialSide, by: number): ExponentialSide {
  const indexOf = (place: number) => Math.floor((offset + place) / 2 ** by);
  if (counts.length === 0) return { offset: indexOf(0), counts };
  const first = indexOf(0);
  const sums = new Array<number>(indexOf(counts.length - 1) - first + 1).fill(0);
  counts.forEach((count, place) => {
    sums[indexOf(place) - first]! += count;
  });
  return { offset: first, counts: sums };
}

/** Below this no scale is coarser: the indices −1 and 0 of either sign. */
const FEWEST = 4;

/**
 * Its buckets in rising order, with one of zeros between the signs (also when it is empty, so that rows that become 0 are seen),
 * downscaled until there are no more than `mostBins` (4 or more) of the others. The bounds of a scale are among those of every scale
 * above it, to the last bit: comparing with a coarser histogram is exact.
 */
export function bucketsOfExponential(histogram: ExponentialHistogram, mostBins: number, path: string): Bucket[] {
  const trimmed = { ...histogram, positive: trim(histogram.positive), negative: trim(histogram.negative) };
  let fitting = trimmed;
  for (let by = 1; sizeOf(fitting) > Math.max(mostBins, FEWEST); by++) fitting = downscale(trimmed, by);
  const { scale, zero_threshold: threshold, positive, negative } = fitting;
  let zeros = histogram.zero_count;
  const side = ({ offset, counts }: ExponentialSide, name: string): Bucket[] => {
    const buckets: Bucket[] = [];
    counts.forEach((count, place) => {
      const high = bound(offset + place + 1, scale);
      // What lies within the threshold counts as zero.
      if (high <= threshold) zeros += count;
      else
        buckets.push({ low: Math.max(bound(offset + place, scale), threshold), high, count, path: `${path}${name}` });
    });
    return buckets;
  };
  const above = side(positive, "positive");
  const below = side(negative, "negative").map((bucket) => ({ ...bucket, low: -bucket.high, high: 0 - bucket.low }));
  return [
    ...below.reverse(),
    { low: 0 - threshold, high: threshold, count: zeros, path: `${path}zeroCount` },
    ...above,
  ];
}

function trim({ offset, counts }: ExponentialSide): ExponentialSide {
  const first = counts.findIndex((count) => count > 0);
  if (first < 0) return { offset, counts: [] };
  return { offset: offset + first, counts: counts.slice(first, counts.findLastIndex((count) => count > 0) + 1) };
}

function sizeOf({ positive, negative }: ExponentialHistogram): number {
  return positive.counts.length + negative.counts.length;
}

/** base^index: the exponent index · 2^−scale is the same number at every scale, so the power is too. */
function bound(index: number, scale: number): number {
  const exponent = index * 2 ** -scale;
  const whole = Math.floor(exponent);
  return 2 ** (exponent - whole) * 2 ** whole;
}
