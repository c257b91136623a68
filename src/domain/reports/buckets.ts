/** Upper bounds of `pipeline_duration_seconds`, seconds; a public interface. */
export const DURATION_BUCKETS = [10, 30, 60, 120, 300, 600, 1800, 3600] as const;
/** Upper bounds of `vector_search_latency_seconds`, seconds; a public interface. */
export const VECTOR_SEARCH_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;
/** Upper bounds of `operation_latency_seconds`, seconds. */
export const OPERATION_BUCKETS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
] as const;

export const VECTOR_SEARCH = "vector_search";

export function bucketsOfOperation(operation: string): readonly number[] {
  return operation === VECTOR_SEARCH ? VECTOR_SEARCH_BUCKETS : OPERATION_BUCKETS;
}

/** Index of the first bucket whose bound is not below the value (`le` is inclusive); the last index is +Inf. */
export function bucketIndex(bounds: readonly number[], value: number): number {
  let index = 0;
  while (index < bounds.length && value > bounds[index]!) index++;
  return index;
}

/**
 * Observations by bucket, not cumulative, the last bucket being +Inf. The sum is whole nanoseconds: it adds up alike in any
 * order.
 */
export interface LatencyBuckets {
  buckets: number[];
  count: number;
  sum_nanoseconds: bigint;
}

export function latencyBucketsOf(bounds: readonly number[], seconds: readonly number[]): LatencyBuckets {
  const histogram = emptyLatencyBuckets(bounds);
  for (const value of seconds) {
    const index = bucketIndex(bounds, value);
    histogram.buckets[index] = histogram.buckets[index]! + 1;
    histogram.sum_nanoseconds += BigInt(Math.round(value * 1e9));
  }
  histogram.count = seconds.length;
  return histogram;
}

export function emptyLatencyBuckets(bounds: readonly number[]): LatencyBuckets {
  return { buckets: new Array<number>(bounds.length + 1).fill(0), count: 0, sum_nanoseconds: 0n };
}

export function addLatencyBuckets(into: LatencyBuckets, other: LatencyBuckets): void {
  for (let i = 0; i < into.buckets.length; i++) into.buckets[i] = into.buckets[i]! + (other.buckets[i] ?? 0);
  into.count += other.count;
  into.sum_nanoseconds += other.sum_nanoseconds;
}

/** The totals of a histogram in /metrics. */
export interface LatencyTotal {
  /** Observations in each bucket, not cumulative; the last is +Inf. */
  buckets: number[];
  /** Seconds. */
  sum: number;
  count: number;
}
