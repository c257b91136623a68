import type { HistogramInput } from "../../histogram/histogram-input.ts";
import { type Found, onlyNulls, type ReadOptions } from "./parts/found.ts";
import { histogramOfBuckets } from "./parts/histogram-of-buckets.ts";
import { isObject, type JsonObject, numberOf, type Reading, within } from "./parts/reading.ts";

/**
 * The columns of OpenLineage's dataQualityMetrics facet: in a run event, a dataset, or the facet by itself.
 *
 * A column tells quantiles, not counts, so a histogram is made by a linear distribution function: its edges are min, the
 * quantiles and max, and between the quantiles p < q lie (q − p) · count rows, made whole (roundCounts). A value that several
 * quantiles share is a bin of its own. At the quantiles this is as exact as they are (plus less than one row); between two
 * of them nothing is known: comparing such columns moves counts to other edges, with at most the rows of one bin, the share
 * q − p, on the wrong side of an edge, which the verdict's rebin_error tells.
 *
 * `count` is the number of values, without the nulls. Where it is missing rowCount − nullCount stands for it, else ?n=.
 *
 * Source: OpenLineage spec, facets/DataQualityMetricsDatasetFacet.json (and the input variant, deprecated). Its text does not say
 * what a quantile's key is: producers write "0.25" as well as "25", so where a key is above 1 all are percent.
 */
export function readOpenLineage(document: unknown, reading: Reading, options: ReadOptions): Found[] {
  const facets = facetsIn(reading.object(document, ""));
  if (facets.length === 0) {
    reading.wrong("", "no dataQualityMetrics with columnMetrics given, in inputs, outputs, facets or by itself");
  }
  return facets.flatMap(({ facet, path }) =>
    Object.entries(reading.object(facet.columnMetrics, `${path}columnMetrics`)).map(([name, metrics]): Found => {
      const at = `${path}columnMetrics.${name}`;
      return { name, path: at, ...columnOf(reading.object(metrics, at), facet, at, reading, options) };
    }),
  );
}

interface Place {
  facet: JsonObject;
  /** Ends in a dot where it is not empty. */
  path: string;
}

function facetsIn(root: JsonObject): Place[] {
  if (root.columnMetrics !== undefined) return [{ facet: root, path: "" }];
  const here = facetOf(root, "");
  if (here !== undefined) return [here];
  return ["inputs", "outputs"].flatMap((side) =>
    [root[side]].flat().flatMap((dataset, i) => {
      const path = Array.isArray(root[side]) ? `${side}[${i}].` : `${side}.`;
      return (isObject(dataset) && facetOf(dataset, path)) || [];
    }),
  );
}

/** Of a dataset. The same columns may stand twice, in the facets of the dataset and in the older ones of an input. */
function facetOf(dataset: JsonObject, path: string): Place | undefined {
  for (const holder of ["", "facets", "inputFacets", "outputFacets"]) {
    const facets = holder === "" ? dataset : dataset[holder];
    const facet = isObject(facets) ? facets.dataQualityMetrics : undefined;
    if (isObject(facet) && facet.columnMetrics !== undefined) {
      return { facet, path: `${path}${holder === "" ? "" : `${holder}.`}dataQualityMetrics.` };
    }
  }
  return undefined;
}

type Column = { input: HistogramInput } | { lacks: string };

function columnOf(column: JsonObject, facet: JsonObject, path: string, reading: Reading, { n }: ReadOptions): Column {
  const nulls = column.nullCount == null ? 0 : reading.count(column.nullCount, `${path}.nullCount`);
  const points = pointsOf(column, path, reading);
  const rows = rowsOf(column, facet, nulls, path, reading) ?? n;
  const constant = points.length > 1 && points[0]!.value === points.at(-1)!.value;
  if (!constant && !points.some(({ share }) => share > 0 && share < 1)) {
    if (rows === 0) return { input: onlyNulls(Math.round(nulls)) };
    return { lacks: "no quantiles between min and max" };
  }
  if (reading.failed) return { input: {} };
  if (rows === null) {
    reading.wrong(
      `${path}.count`,
      "missing; quantiles are shares, so the number of values is needed: as count, or as ?n=",
    );
    return { input: {} };
  }
  const least = { share: 0, value: Number.NEGATIVE_INFINITY };
  const greatest = { share: 1, value: Number.POSITIVE_INFINITY };
  const all = [...(points[0]!.share > 0 ? [least] : []), ...points, ...(points.at(-1)!.share < 1 ? [greatest] : [])];
  const buckets = all.slice(1).map(({ share, value }, i) => {
    const before = all[i]!;
    return { low: before.value, high: value, count: (share - before.share) * rows, path: `${path}.quantiles` };
  });
  return { input: histogramOfBuckets(buckets, nulls, reading) };
}

function rowsOf(column: JsonObject, facet: JsonObject, nulls: number, path: string, reading: Reading): number | null {
  if (column.count != null) return reading.count(column.count, `${path}.count`);
  const rows = numberOf(facet.rowCount);
  return rows >= nulls && Number.isFinite(rows) && column.nullCount != null ? rows - nulls : null;
}

/** A point of the distribution function: this share of the values is at most `value`. */
interface Point {
  share: number;
  value: number;
}

function pointsOf(column: JsonObject, path: string, reading: Reading): Point[] {
  const quantiles = column.quantiles == null ? {} : reading.object(column.quantiles, `${path}.quantiles`);
  const keys = Object.keys(quantiles);
  const percent = keys.some((key) => numberOf(key) > 1);
  const points = keys.flatMap((key): Point[] => {
    const at = `${path}.quantiles.${key}`;
    const share = numberOf(key) / (percent ? 100 : 1);
    const value = reading.finite(quantiles[key], at);
    if (share >= 0 && share <= 1) return [{ share, value }];
    reading.wrong(at, 'given; the key must be a share from 0 to 1 such as "0.25", or a percentage such as "25"');
    return [];
  });
  points.sort((a, b) => a.share - b.share);
  for (const [field, share] of [
    ["min", 0],
    ["max", 1],
  ] as const) {
    if (column[field] == null || points.some((point) => point.share === share)) continue;
    const value = reading.finite(column[field], within(path, field));
    if (share === 0) points.unshift({ share, value });
    else points.push({ share, value });
  }
  const falls = points.findIndex(({ value }, i) => i > 0 && value < points[i - 1]!.value);
  if (falls > 0) {
    const [before, after] = [points[falls - 1]!, points[falls]!];
    const fall = `${before.value} at ${before.share} and ${after.value} at ${after.share}`;
    reading.wrong(`${path}.quantiles`, `${fall} given; from min (0) over the quantiles to max (1) none may fall`);
  }
  return points;
}
