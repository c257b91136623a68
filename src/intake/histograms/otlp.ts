import type { HistogramInput } from "../../histogram/histogram-input.ts";
import {
  bucketsOfExponential,
  type ExponentialSide,
  GREATEST_SCALE,
  LEAST_SCALE,
} from "./parts/exponential-histogram.ts";
import type { Found, ReadOptions } from "./parts/found.ts";
import { type Bucket, histogramOfBuckets } from "./parts/histogram-of-buckets.ts";
import { isObject, type JsonObject, protoField, type Reading, within } from "./parts/reading.ts";
import { seriesName } from "./parts/series-name.ts";

/**
 * OpenTelemetry's histograms as JSON, explicit and exponential: an export request (resourceMetrics), one metric, or one data
 * point, which has no name. A feature is named after its metric and the attributes of its point. Other metrics are passed over.
 *
 * Explicit: the bounds as they are, (low, high], so a row exactly on a bound is one bin lower than a value binned here would be;
 * the outer two are open, with min, max, or 0 below positive bounds, as their edge. Exponential: bucketsOfExponential.
 * Counts are exact. Of counters since a process started (cumulative temporality) all rows since then are judged.
 *
 * Source: opentelemetry/proto/metrics/v1/metrics.proto; its JSON writes 64-bit integers as texts and leaves out what is 0.
 */
export function readOtlp(document: unknown, reading: Reading, options: ReadOptions): Found[] {
  const root = reading.object(document, "");
  const point = pointOf(root, "", reading, options);
  if (point !== null) return [{ name: null, path: "", ...point }];
  const metrics = metricsIn(root, reading);
  const found = metrics.flatMap(({ metric, path }) => metricOf(metric, path, reading, options));
  if (found.length === 0 && !reading.failed) {
    reading.wrong(
      "",
      "no histogram given: neither resourceMetrics, a metric with histogram or exponentialHistogram, nor a data point",
    );
  }
  return found;
}

interface Place {
  metric: JsonObject;
  path: string;
}

function metricsIn(root: JsonObject, reading: Reading): Place[] {
  if (protoField(root, "resourceMetrics") === undefined) return [{ metric: root, path: "" }];
  const below = (fields: JsonObject, name: string, path: string) =>
    reading.list(protoField(fields, name) ?? [], within(path, name)).map((one, i) => {
      const at = within(path, `${name}[${i}]`);
      return { fields: reading.object(one, at), at };
    });
  return below(root, "resourceMetrics", "")
    .flatMap(({ fields, at }) => below(fields, "scopeMetrics", at))
    .flatMap(({ fields, at }) => below(fields, "metrics", at))
    .map(({ fields, at }) => ({ metric: fields, path: at }));
}

function metricOf(metric: JsonObject, path: string, reading: Reading, options: ReadOptions): Found[] {
  for (const kind of ["histogram", "exponentialHistogram"]) {
    const histogram = protoField(metric, kind);
    if (!isObject(histogram)) continue;
    const at = within(path, `${kind}.dataPoints`);
    return reading.list(protoField(histogram, "dataPoints") ?? [], at).map((one, i) => {
      const where = `${at}[${i}]`;
      const fields = reading.object(one, where);
      const labels = attributesOf(fields, where, reading);
      const name = seriesName(reading.text(metric.name, within(path, "name")), labels);
      const point = pointOf(fields, `${where}.`, reading, options);
      return { name, path: where, ...(point ?? { lacks: "no buckets: count and sum alone" }) };
    });
  }
  return [];
}

function attributesOf(fields: JsonObject, path: string, reading: Reading): [key: string, value: string][] {
  return reading.list(fields.attributes ?? [], `${path}.attributes`).map((one, i) => {
    const at = `${path}.attributes[${i}]`;
    const { key, value } = reading.object(one, at);
    const text = isObject(value) ? Object.values(value).find((part) => typeof part !== "object") : value;
    return [reading.text(key, `${at}.key`), String(text ?? "")];
  });
}

type Point = { input: HistogramInput } | { lacks: string };

/** null: the object is no data point with buckets. `path` ends in a dot where it is not empty. */
function pointOf(point: JsonObject, path: string, reading: Reading, options: ReadOptions): Point | null {
  const bounds = protoField(point, "explicitBounds");
  const counts = protoField(point, "bucketCounts");
  if (bounds !== undefined || counts !== undefined) return explicitOf(point, bounds, counts, path, reading);
  if (point.scale !== undefined || isObject(point.positive) || isObject(point.negative)) {
    return exponentialOf(point, path, reading, options);
  }
  return null;
}

function explicitOf(point: JsonObject, listed: unknown, counted: unknown, path: string, reading: Reading): Point {
  const bounds = reading
    .list(listed ?? [], `${path}explicitBounds`)
    .map((bound, i) => reading.number(bound, `${path}explicitBounds[${i}]`));
  const counts = countsOf(counted, `${path}bucketCounts`, reading);
  if (counts.length !== bounds.length + 1) {
    reading.wrong(
      `${path}bucketCounts`,
      `${counts.length} given; must be ${bounds.length + 1}, one more than explicitBounds`,
    );
    return { input: {} };
  }
  if (bounds.length === 0) return { lacks: "no explicitBounds: one bucket for all rows" };
  const [first, last] = [bounds[0]!, bounds[bounds.length - 1]!];
  const min = point.min === undefined ? Number.NaN : reading.number(point.min, `${path}min`);
  const max = point.max === undefined ? Number.NaN : reading.number(point.max, `${path}max`);
  const least = min < first ? min : first > 0 ? 0 : Number.NEGATIVE_INFINITY;
  const greatest = max > last ? max : Number.POSITIVE_INFINITY;
  const buckets = counts.map((count, i): Bucket => {
    return { low: bounds[i - 1] ?? least, high: bounds[i] ?? greatest, count, path: `${path}explicitBounds[${i}]` };
  });
  return { input: histogramOfBuckets(buckets, 0, reading) };
}

function exponentialOf(point: JsonObject, path: string, reading: Reading, { most_bins }: ReadOptions): Point {
  const scale = wholeNumber(point.scale, `${path}scale`, LEAST_SCALE, GREATEST_SCALE, reading);
  const histogram = {
    scale,
    zero_count: reading.count(protoField(point, "zeroCount") ?? 0, `${path}zeroCount`),
    zero_threshold: Math.abs(reading.finite(protoField(point, "zeroThreshold") ?? 0, `${path}zeroThreshold`)),
    positive: sideOf(point.positive, `${path}positive`, reading),
    negative: sideOf(point.negative, `${path}negative`, reading),
  };
  if (reading.failed) return { input: {} };
  return { input: histogramOfBuckets(bucketsOfExponential(histogram, most_bins, path), 0, reading) };
}

/** Of a 32-bit integer. */
const MOST_OFFSET = 2 ** 31;

function sideOf(value: unknown, path: string, reading: Reading): ExponentialSide {
  if (value === undefined || value === null) return { offset: 0, counts: [] };
  const side = reading.object(value, path);
  return {
    offset: wholeNumber(side.offset, `${path}.offset`, -MOST_OFFSET, MOST_OFFSET, reading),
    counts: countsOf(protoField(side, "bucketCounts"), `${path}.bucketCounts`, reading),
  };
}

function countsOf(listed: unknown, path: string, reading: Reading): number[] {
  return reading.list(listed ?? [], path).map((count, i) => reading.count(count, `${path}[${i}]`));
}

function wholeNumber(value: unknown, path: string, least: number, greatest: number, reading: Reading): number {
  const number = reading.number(value ?? 0, path);
  if (Number.isInteger(number) && number >= least && number <= greatest) return number;
  reading.wrong(path, `${number} given; must be a whole number from ${least} to ${greatest}`);
  return 0;
}
