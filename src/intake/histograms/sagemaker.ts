import type { HistogramInput } from "../../histogram/histogram-input.ts";
import { categoriesOf } from "./parts/categories.ts";
import { type Found, onlyNulls } from "./parts/found.ts";
import { type Bucket, histogramOfBuckets } from "./parts/histogram-of-buckets.ts";
import { isObject, type JsonObject, type Reading, within } from "./parts/reading.ts";

/**
 * SageMaker Model Monitor's statistics.json; Deequ's column profiles; or one Deequ BucketDistribution, which has no name.
 *
 * The buckets of a KLL sketch are [lower, upper) with the last one closed, as ours are with the last one open. Their counts are
 * the sketch's estimates. `num_missing` are the nulls; Deequ's profiles do not tell theirs.
 *
 * Source: "Schema for Statistics (statistics.json file)" in the SageMaker AI developer guide; ColumnProfiles.toJson of Deequ.
 */
export function readSagemaker(document: unknown, reading: Reading): Found[] {
  const root = reading.object(document, "");
  if (root.features !== undefined) {
    return reading.list(root.features, "features").map((one, i) => featureOf(one, `features[${i}]`, reading));
  }
  if (root.columns !== undefined) {
    return reading.list(root.columns, "columns").map((one, i) => columnOf(one, `columns[${i}]`, reading));
  }
  if (root.buckets !== undefined) {
    return [{ name: null, path: "buckets", input: numericOf(root.buckets, "buckets", 0, reading) }];
  }
  if (!reading.failed) {
    reading.wrong(
      "",
      "neither features (statistics.json), columns (Deequ's profiles) nor buckets (a distribution) given",
    );
  }
  return [];
}

const STATISTICS = [
  ["numerical_statistics", "kll", numericOf],
  ["string_statistics", "categorical", categoricalOf],
] as const;

function featureOf(value: unknown, path: string, reading: Reading): Found {
  const feature = reading.object(value, path);
  const name = reading.text(feature.name, `${path}.name`);
  for (const [field, kind, histogramOf] of STATISTICS) {
    const statistics = feature[field];
    if (!isObject(statistics)) continue;
    const { common, distribution } = statistics;
    const nulls = countIn(common, "num_missing", `${path}.${field}.common`, reading);
    const buckets = bucketsIn(distribution, kind);
    const at = `${path}.${field}.distribution.${kind}.buckets`;
    if (buckets !== undefined) return { name, path, input: histogramOf(buckets, at, nulls, reading) };
    if (isObject(common) && common.num_present === 0) return { name, path, input: onlyNulls(Math.round(nulls)) };
  }
  return {
    name,
    path,
    lacks: "neither numerical_statistics.distribution.kll nor string_statistics.distribution.categorical",
  };
}

/** A profile of Deequ: `histogram` lists the values of a column that has few. */
function columnOf(value: unknown, path: string, reading: Reading): Found {
  const column = reading.object(value, path);
  const name = reading.text(column.column, `${path}.column`);
  if (isObject(column.kll)) {
    return { name, path, input: numericOf(column.kll.buckets, `${path}.kll.buckets`, 0, reading) };
  }
  if (column.histogram === undefined) return { name, path, lacks: "neither kll nor histogram" };
  return { name, path, input: categoricalOf(column.histogram, `${path}.histogram`, 0, reading) };
}

function bucketsIn(distribution: unknown, kind: string): unknown {
  const one = isObject(distribution) ? distribution[kind] : undefined;
  return isObject(one) ? one.buckets : undefined;
}

function countIn(fields: unknown, field: string, path: string, reading: Reading): number {
  return isObject(fields) && fields[field] !== undefined ? reading.count(fields[field], within(path, field)) : 0;
}

function numericOf(listed: unknown, path: string, nulls: number, reading: Reading): HistogramInput {
  const buckets = reading.list(listed, path).map((one, i): Bucket => {
    const at = `${path}[${i}]`;
    const bucket = reading.object(one, at);
    return {
      low: bound(bucket, ["lower_bound", "low_value"], at, reading),
      high: bound(bucket, ["upper_bound", "high_value"], at, reading),
      count: reading.count(bucket.count, `${at}.count`),
      path: at,
    };
  });
  return histogramOfBuckets(buckets, nulls, reading);
}

/** SageMaker's name for it, else Deequ's. */
function bound(bucket: JsonObject, [name, deequ]: readonly [string, string], path: string, reading: Reading): number {
  return bucket[name] === undefined && bucket[deequ] !== undefined
    ? reading.number(bucket[deequ], `${path}.${deequ}`)
    : reading.number(bucket[name], `${path}.${name}`);
}

function categoricalOf(listed: unknown, path: string, nulls: number, reading: Reading): HistogramInput {
  const counts = reading.list(listed, path).map((one, i) => {
    const at = `${path}[${i}]`;
    const { value, count } = reading.object(one, at);
    return [reading.category(value, `${at}.value`), reading.count(count, `${at}.count`)] as const;
  });
  return categoriesOf(counts, Math.round(nulls));
}
