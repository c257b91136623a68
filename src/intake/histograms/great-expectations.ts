import type { HistogramInput } from "../../histogram/histogram-input.ts";
import { categoriesOf } from "./parts/categories.ts";
import type { Found, ReadOptions } from "./parts/found.ts";
import { type Bucket, histogramOfBuckets } from "./parts/histogram-of-buckets.ts";
import { isObject, type JsonObject, type Reading, within } from "./parts/reading.ts";

/**
 * Great Expectations' partition objects: `{bins, weights, tail_weights?}` or `{values, weights}`, one, or an object of them by
 * feature. Weights are shares of the rows with a value, so the number of those is needed besides: `n` in the partition,
 * else ?n=. Counts are weight · n made whole (roundCounts): each is off by less than 1, and n stays.
 *
 * Bins are [low, high) as ours; `tail_weights` become open bins below and above them. Nulls are not known.
 *
 * Source: great_expectations, build_continuous_partition_object and build_categorical_partition_object.
 */
export function readGreatExpectations(document: unknown, reading: Reading, options: ReadOptions): Found[] {
  const root = reading.object(document, "");
  const isPartition = ["weights", "bins", "values"].some((field) => Array.isArray(root[field]));
  if (isPartition) return [{ name: null, path: "", input: partitionOf(root, "", reading, options) }];
  if (!reading.failed && Object.keys(root).length === 0) {
    reading.wrong("", "an empty object given; must be a partition with weights, or an object of partitions by feature");
  }
  return Object.entries(root).map(([name, one]) => {
    const path = name;
    if (!isObject(one) || one.weights === undefined) return { name, path, lacks: "no weights, so no partition" };
    return { name, path, input: partitionOf(one, path, reading, options) };
  });
}

/** GX itself asks for one part in a hundred thousand; by hand weights are often written with three digits. */
const MOST_OFF = 1e-3;

function partitionOf(partition: JsonObject, path: string, reading: Reading, options: ReadOptions): HistogramInput {
  const n = rowsOf(partition, path, reading, options);
  const weights = sharesIn(partition.weights, within(path, "weights"), reading);
  const tails = partition.tail_weights === undefined ? [] : tailsOf(partition.tail_weights, path, reading);
  const sum = [...weights, ...tails].reduce((total, weight) => total + weight, 0);
  if (!reading.failed && Math.abs(sum - 1) > MOST_OFF) {
    reading.wrong(within(path, "weights"), `add up to ${sum}; weights and tail_weights together must add up to 1`);
  }
  if (reading.failed) return {};
  const scale = sum > 0 ? n / sum : 0;
  if (partition.bins === undefined) return categoricalOf(partition, path, weights, scale, reading);
  return numericOf(partition, path, weights, tails, scale, reading);
}

function rowsOf(partition: JsonObject, path: string, reading: Reading, { n }: ReadOptions): number {
  if (partition.n !== undefined) return reading.count(partition.n, within(path, "n"));
  if (n !== null) return n;
  const message = "missing; weights are shares, so the number of rows they are of is needed: as n here or as ?n=";
  reading.wrong(within(path, "n"), message);
  return 0;
}

function sharesIn(listed: unknown, path: string, reading: Reading): number[] {
  return reading.list(listed, path).map((share, i) => reading.share(share, `${path}[${i}]`));
}

function tailsOf(listed: unknown, path: string, reading: Reading): number[] {
  const at = within(path, "tail_weights");
  const tails = sharesIn(listed, at, reading);
  if (tails.length !== 2) reading.wrong(at, `${tails.length} given; must be two, below and above the bins`);
  return tails;
}

function numericOf(
  partition: JsonObject,
  path: string,
  weights: readonly number[],
  tails: readonly number[],
  scale: number,
  reading: Reading,
): HistogramInput {
  const at = within(path, "bins");
  const bins = reading.list(partition.bins, at).map((bound, i) => reading.number(bound, `${at}[${i}]`));
  if (bins.length !== weights.length + 1) {
    reading.wrong(at, `${bins.length} given; must be ${weights.length + 1}, one more than weights`);
    return {};
  }
  const buckets: Bucket[] = weights.map((weight, i) => {
    return { low: bins[i]!, high: bins[i + 1]!, count: weight * scale, path: `${at}[${i + 1}]` };
  });
  const [below, above] = tails;
  const [least, greatest] = [bins[0]!, bins[bins.length - 1]!];
  if (below !== undefined) {
    buckets.unshift({ low: Number.NEGATIVE_INFINITY, high: least, count: below * scale, path: `${at}[0]` });
  }
  if (above !== undefined) {
    buckets.push({
      low: greatest,
      high: Number.POSITIVE_INFINITY,
      count: above * scale,
      path: `${at}[${weights.length}]`,
    });
  }
  return histogramOfBuckets(buckets, 0, reading);
}

function categoricalOf(
  partition: JsonObject,
  path: string,
  weights: readonly number[],
  scale: number,
  reading: Reading,
): HistogramInput {
  const at = within(path, "values");
  const values = reading.list(partition.values, at).map((value, i) => reading.category(value, `${at}[${i}]`));
  if (values.length !== weights.length) {
    reading.wrong(at, `${values.length} given; must be ${weights.length}, as many as weights`);
    return {};
  }
  return categoriesOf(
    values.map((value, i) => [value, weights[i]! * scale]),
    0,
  );
}
