import { describe, expect, test } from "vitest";
import { checkLatency } from "../../../../src/domain/gate/checks/latency.ts";
import { histogramQuantile } from "../../../../src/domain/gate/checks/parts/histogram-quantile.ts";
import { VECTOR_SEARCH_BUCKETS } from "../../../../src/domain/reports/buckets.ts";
import { evidence, lines, policy } from "./evidence.ts";

/** Of vector search: 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, +Inf. */
const histogram = (...buckets: number[]) => {
  const all = Array.from({ length: 9 }, (_, i) => buckets[i] ?? 0);
  return { buckets: all, sum: 0, count: all.reduce((a, b) => a + b, 0) };
};
const result = (buckets: number[] | null, over = {}) => {
  const latencies =
    buckets === null
      ? []
      : [{ operation: "vector_search", histogram: histogram(...buckets), bounds: VECTOR_SEARCH_BUCKETS }];
  const rule = { operation: "vector_search", quantile: 0.99, maximum_seconds: 1, effect: "block" as const, ...over };
  return checkLatency(evidence({ latencies }), policy({ latency: [rule] }));
};

test.each<[string, number[] | null, object, string[]]>([
  ["fast", [0, 100], {}, []],
  ["exactly at the maximum", [0, 0, 0, 0, 0, 100], { quantile: 1 }, []],
  [
    "slow",
    [0, 98, 0, 0, 0, 0, 2],
    {},
    [
      "block latency_above_maximum vector_search: p99 of vector_search is 1.75 s over 100 measurements, at most 1 s is allowed",
    ],
  ],
  [
    "slow, where that warns",
    [0, 98, 0, 0, 0, 0, 2],
    { effect: "warn" },
    [
      "warn latency_above_maximum vector_search: p99 of vector_search is 1.75 s over 100 measurements, at most 1 s is allowed",
    ],
  ],
  ["slow, where that does not matter", [0, 98, 0, 0, 0, 0, 2], { effect: "off" }, []],
  [
    "beyond the buckets",
    [0, 90, 0, 0, 0, 0, 0, 0, 10],
    { quantile: 0.999 },
    [
      "block latency_above_maximum vector_search: p99.9 of vector_search is at least 5 s over 100 measurements, at most 1 s is allowed",
    ],
  ],
  [
    "beyond the buckets, the last of which is the maximum",
    [0, 90, 0, 0, 0, 0, 0, 0, 10],
    { maximum_seconds: 5 },
    [
      "block latency_above_maximum vector_search: p99 of vector_search is at least 5 s over 100 measurements, at most 5 s is allowed",
    ],
  ],
  [
    "beyond the buckets, which end below the maximum",
    [0, 90, 0, 0, 0, 0, 0, 0, 10],
    { maximum_seconds: 10 },
    [
      "unknown latency_above_maximum vector_search: p99 of vector_search is more than 5 s over 100 measurements, at most 10 s is allowed: the buckets end at 5 s, so it cannot be told whether it is",
    ],
  ],
  [
    "never measured",
    null,
    {},
    [
      "unknown no_evidence vector_search: No latency of vector_search was reported, so its p99 is not known, at most 1 s is allowed: send POST /v1/latency",
    ],
  ],
  [
    "measured no time",
    [],
    { effect: "warn" },
    [
      "warn no_evidence vector_search: No latency of vector_search was reported, so its p99 is not known, at most 1 s is allowed: send POST /v1/latency",
    ],
  ],
])("%s", (_what, buckets, over, expected) => {
  const { reasons, judged } = result(buckets, over);
  expect(lines(reasons)).toEqual(expected);
  expect(judged).toBe(buckets !== null && buckets.length > 0 && !("effect" in over && over.effect === "off"));
});

/** The examples of the Prometheus documentation's histogram_quantile: linear within a bucket, the first from 0. */
describe("a quantile of a histogram", () => {
  test.each([
    [0.5, [0, 100], 0.03],
    [0.25, [100], 0.0025],
    [1, [100], 0.01],
    [0.5, [50, 0, 50], 0.01],
    [0.51, [50, 0, 50], 0.051],
    [0.9, [10, 40, 30, 20], 0.175],
  ])("%d of %j is %d", (quantile, buckets, value) => {
    const found = histogramQuantile(quantile, histogram(...buckets), VECTOR_SEARCH_BUCKETS);
    expect(found!.beyond).toBe(false);
    expect(found!.value).toBeCloseTo(value, 12);
  });
});
