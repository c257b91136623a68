import type { HistogramInput } from "../../histogram/histogram-input.ts";
import { categoriesOf } from "./parts/categories.ts";
import { type Found, onlyNulls } from "./parts/found.ts";
import { type Bucket, histogramOfBuckets } from "./parts/histogram-of-buckets.ts";
import { isObject, type JsonObject, protoField, type Reading } from "./parts/reading.ts";

/**
 * TensorFlow Data Validation's DatasetFeatureStatisticsList as JSON (protobuf's MessageToJson, with either spelling of the
 * names, which leaves out what is 0). Of several slices the one of all examples is read.
 *
 * Numeric: the first STANDARD histogram that has buckets, else the first QUANTILES one; nulls are `numMissing` and the histogram's
 * `numNan` and `numUndefined`. Text: the buckets of `rankHistogram`, by TFDV's default the 1 000 most frequent; the values
 * beyond them become the category "other". The weighted statistics are not read.
 *
 * Source: tensorflow_metadata/proto/v0/statistics.proto.
 */
export function readTfdv(document: unknown, reading: Reading): Found[] {
  const root = reading.object(document, "");
  if (reading.failed) return [];
  const [dataset, path] = datasetOf(root, reading);
  return reading
    .list(dataset.features ?? [], `${path}features`)
    .map((one, i) => featureOf(one, `${path}features[${i}]`, reading));
}

/** As TFDV names it where it slices. */
const ALL_EXAMPLES = "All Examples";

function datasetOf(root: JsonObject, reading: Reading): [dataset: JsonObject, path: string] {
  if (root.datasets === undefined && root.features !== undefined) return [root, ""];
  const datasets = reading.list(root.datasets, "datasets").map((one, i) => reading.object(one, `datasets[${i}]`));
  const whole = datasets.length === 1 ? 0 : datasets.findIndex(({ name }) => name === ALL_EXAMPLES);
  const dataset = datasets[whole];
  if (dataset !== undefined) return [dataset, `datasets[${whole}].`];
  if (!reading.failed) {
    reading.wrong(
      "datasets",
      `${datasets.length} given, none named "${ALL_EXAMPLES}"; must be one, or have one of that name`,
    );
  }
  return [{}, ""];
}

function featureOf(value: unknown, path: string, reading: Reading): Found {
  const feature = reading.object(value, path);
  const name = nameOf(feature, path, reading);
  const numeric = protoField(feature, "numStats");
  if (isObject(numeric)) return { name, path, ...numericOf(numeric, `${path}.numStats`, reading) };
  const text = protoField(feature, "stringStats");
  if (isObject(text)) return { name, path, ...categoricalOf(text, `${path}.stringStats`, reading) };
  return { name, path, lacks: "neither numStats nor stringStats" };
}

/** The steps of a nested feature are joined by dots, as TFDV writes them. */
function nameOf(feature: JsonObject, path: string, reading: Reading): string {
  if (!isObject(feature.path)) return reading.text(feature.name, `${path}.name`);
  const steps = reading.list(feature.path.step, `${path}.path.step`);
  return steps.map((step, i) => reading.text(step, `${path}.path.step[${i}]`)).join(".");
}

type Read = { input: HistogramInput } | { lacks: string };

function numericOf(stats: JsonObject, path: string, reading: Reading): Read {
  const { missing, present } = commonOf(stats, path, reading);
  const histograms = reading.list(stats.histograms ?? [], `${path}.histograms`);
  for (const wanted of ["STANDARD", "QUANTILES"]) {
    const index = histograms.findIndex((one) => isObject(one) && typeOf(one) === wanted && hasBuckets(one));
    if (index < 0) continue;
    const at = `${path}.histograms[${index}]`;
    const histogram = reading.object(histograms[index], at);
    const nan = countOf(histogram, "numNan", at, reading) + countOf(histogram, "numUndefined", at, reading);
    return { input: histogramOfBuckets(bucketsOf(histogram, at, reading), missing + nan, reading) };
  }
  if (present === 0) return { input: onlyNulls(Math.round(missing)) };
  return { lacks: "no numStats.histograms of type STANDARD or QUANTILES with buckets" };
}

function typeOf({ type }: JsonObject): string {
  if (type === undefined || type === 0) return "STANDARD";
  return type === 1 ? "QUANTILES" : String(type);
}

function hasBuckets({ buckets }: JsonObject): boolean {
  return Array.isArray(buckets) && buckets.length > 0;
}

function bucketsOf({ buckets }: JsonObject, path: string, reading: Reading): Bucket[] {
  return reading.list(buckets, `${path}.buckets`).map((one, i) => {
    const at = `${path}.buckets[${i}]`;
    const bucket = reading.object(one, at);
    return {
      low: reading.number(protoField(bucket, "lowValue") ?? 0, `${at}.lowValue`),
      high: reading.number(protoField(bucket, "highValue") ?? 0, `${at}.highValue`),
      count: countOf(bucket, "sampleCount", at, reading),
      path: at,
    };
  });
}

function categoricalOf(stats: JsonObject, path: string, reading: Reading): Read {
  const { missing, present, values } = commonOf(stats, path, reading);
  const histogram = protoField(stats, "rankHistogram");
  const buckets = isObject(histogram) ? (histogram.buckets ?? []) : [];
  const at = `${path}.rankHistogram.buckets`;
  const ranked = reading.list(buckets, at).map((one, i) => {
    const bucket = reading.object(one, `${at}[${i}]`);
    const label = reading.text(bucket.label ?? "", `${at}[${i}].label`);
    return [label, countOf(bucket, "sampleCount", `${at}[${i}]`, reading)] as const;
  });
  if (ranked.length === 0 && (values > 0 || present > 0)) return { lacks: "no stringStats.rankHistogram.buckets" };
  const beyond = Math.round(values - ranked.reduce((sum, [, count]) => sum + count, 0));
  const input = categoriesOf(ranked, Math.round(missing));
  return { input: beyond > 0 ? { ...input, folded: beyond } : input };
}

/** `values`: of all examples together; an example may hold several. */
function commonOf(
  stats: JsonObject,
  path: string,
  reading: Reading,
): { missing: number; present: number; values: number } {
  const given = protoField(stats, "commonStats");
  const common = isObject(given) ? given : {};
  const at = `${path}.commonStats`;
  const present = countOf(common, "numNonMissing", at, reading);
  const values =
    protoField(common, "totNumValues") === undefined ? present : countOf(common, "totNumValues", at, reading);
  return { missing: countOf(common, "numMissing", at, reading), present, values };
}

function countOf(fields: JsonObject, name: string, path: string, reading: Reading): number {
  return reading.count(protoField(fields, name) ?? 0, `${path}.${name}`);
}
