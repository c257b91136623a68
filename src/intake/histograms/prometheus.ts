import type { HistogramInput } from "../../histogram/histogram-input.ts";
import type { Found } from "./parts/found.ts";
import { type Bucket, histogramOfBuckets } from "./parts/histogram-of-buckets.ts";
import { readExposition, type Series } from "./parts/prometheus-text.ts";
import { isObject, numberOf, type Reading, within } from "./parts/reading.ts";
import { seriesName } from "./parts/series-name.ts";

/**
 * Prometheus' classic histograms: the text of an exposition; `{buckets: {"0.1": 3, "+Inf": 10}}`, one, or an object of them by
 * feature; or what /api/v1/query answers for an expression that keeps `le`, such as sum by (le) (increase(…_bucket[1d])).
 *
 * Counts are cumulative up to `le`, so each less the one before it is the count of a bin: exact for counters, made whole
 * (roundCounts) where increase() or rate() extrapolated them. The first bin begins at 0 when its `le` is above 0, as
 * histogram_quantile has it; the last is open. A bucket of theirs holds the rows that lie exactly on its `le`, ours does not.
 */
export function readPrometheus(document: unknown, reading: Reading): Found[] {
  const series = seriesIn(document, reading);
  if (series.length === 0 && !reading.failed) {
    reading.wrong("", "no bucket given: neither lines NAME_bucket{le=…}, buckets by le, nor the answer to a query");
  }
  return series.map(({ name, path, cumulative }) => {
    return { name: name === "" ? null : name, path, input: histogramOf(cumulative, path, reading) };
  });
}

function seriesIn(document: unknown, reading: Reading): Series[] {
  if (typeof document === "string") return readExposition(document, reading);
  const root = reading.object(document, "");
  if (isObject(root.data) && root.data.result !== undefined) return answeredSeries(root.data.result, reading);
  const named = root.buckets === undefined ? Object.entries(root) : [["", root] as const];
  return named.map(([name, one]) => {
    const path = within(name, "buckets");
    const buckets = reading.object(reading.object(one, name).buckets, path);
    const cumulative = Object.entries(buckets).map(([le, count]) => {
      const at = `${path}.${le}`;
      if (Number.isNaN(numberOf(le)))
        reading.wrong(at, 'given; a bucket is named by its upper bound, such as "0.5" or "+Inf"');
      return { le: numberOf(le), count: reading.count(count, at), path: at };
    });
    return { name, path, cumulative };
  });
}

/** An instant vector: `{metric: {le, …}, value: [time, "3"]}`. */
function answeredSeries(result: unknown, reading: Reading): Series[] {
  const series = new Map<string, Series>();
  reading.list(result, "data.result").forEach((one, i) => {
    const path = `data.result[${i}]`;
    const { metric, value } = reading.object(one, path);
    const { __name__: metricName = "", le, ...labels } = reading.object(metric, `${path}.metric`);
    const count = reading.count(reading.list(value, `${path}.value`)[1], `${path}.value[1]`);
    const name = seriesName(
      String(metricName).replace(/_bucket$/, ""),
      Object.entries(labels).map(([label, text]) => [label, String(text)] as const),
    );
    const known = series.get(name) ?? { name, path, cumulative: [] };
    known.cumulative.push({ le: reading.number(le, `${path}.metric.le`), count, path });
    series.set(name, known);
  });
  return [...series.values()];
}

/** A share of the count: what extrapolation and floating point may make of a difference of 0. */
const ROUNDING = 1e-9;

function histogramOf(cumulative: Series["cumulative"], path: string, reading: Reading): HistogramInput {
  const sorted = [...cumulative].sort((a, b) => a.le - b.le);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last?.le !== Number.POSITIVE_INFINITY) {
    if (!reading.failed) reading.wrong(path, 'no bucket "+Inf" given; it holds the count of all rows');
    return {};
  }
  let low = first.le > 0 && first.le !== last.le ? 0 : Number.NEGATIVE_INFINITY;
  let below = 0;
  const buckets = sorted.map(({ le, count, path: at }, i): Bucket => {
    if (i > 0 && le === sorted[i - 1]!.le) reading.wrong(at, `le=${le} is given twice`);
    if (count < below * (1 - ROUNDING)) {
      reading.wrong(at, `${count} given, after ${below} at the bound before; counts are cumulative and must not fall`);
    }
    const bucket = { low, high: le, count: Math.max(0, count - below), path: at };
    low = le;
    below = Math.max(below, count);
    return bucket;
  });
  return histogramOfBuckets(buckets, 0, reading);
}
