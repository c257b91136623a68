import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rebin } from "../../../src/domain/drift/histograms/rebin.ts";
import {
  bucketsOfExponential,
  downscale,
  type ExponentialHistogram,
} from "../../../src/intake/histograms/parts/exponential-histogram.ts";
import { read, readOne, refusal } from "./read.ts";

describe("an explicit histogram of OpenTelemetry", () => {
  const point = { count: "10", sum: 30, explicitBounds: [0, 5, 10], bucketCounts: ["1", "2", "3", 4] };

  test("has its bounds as inner edges, the outer bins are open", () => {
    expect(readOne("otlp", point)).toEqual({ edges: [-5, 0, 5, 10, 15], counts: [1, 2, 3, 4], nulls: 0 });
    expect(readOne("otlp", { ...point, min: -1, max: 300 })).toMatchObject({ edges: [-1, 0, 5, 10, 300] });
    expect(readOne("otlp", { explicit_bounds: [2, 4], bucket_counts: [1, 2, 3] })).toMatchObject({
      edges: [0, 2, 4, 6],
    });
  });

  test("by the thousand buckets is merged by neighbours", () => {
    const bounds = Array.from({ length: 3000 }, (_, i) => i);
    const counts = bounds.map(() => "1").concat("7");
    const read = readOne("otlp", { explicitBounds: bounds, bucketCounts: counts });
    expect(Array.from(read.counts!).reduce((sum, count) => sum + count, 0)).toBe(3007);
    expect(read.counts!.length).toBe(751);
  });

  test("is refused by path", () => {
    expect(refusal("otlp", { explicitBounds: [1, "x"], bucketCounts: ["1", "-2"] })).toEqual({
      "explicitBounds[1]": '"x" given; must be a number',
      "bucketCounts[1]": '"-2" given; must be a number from 0 to 9007199254740991',
      bucketCounts: "2 given; must be 3, one more than explicitBounds",
    });
    expect(refusal("otlp", { bucketCounts: ["7"] }, { feature_name: "f" })).toEqual({
      "": "no histogram can be read: no explicitBounds: one bucket for all rows",
    });
  });
});

describe("an exponential histogram of OpenTelemetry", () => {
  // Scale 0: base 2. Positive (1/2, 1], (1, 2], (2, 4]; negative [-2, -1).
  const point = {
    scale: 0,
    zeroCount: "2",
    positive: { offset: -1, bucketCounts: ["1", "2", 3] },
    negative: { bucketCounts: ["4"] },
  };

  test("has powers of its base as edges, and a bin of zeros", () => {
    expect(readOne("otlp", point)).toEqual({
      edges: [-2, -1, -1e-9, 1e-9, 0.5, 1, 2, 4],
      counts: [4, 0, 2, 0, 1, 2, 3],
      nulls: 0,
    });
    const preserved = {
      scale: 0,
      zero_count: 2,
      positive: { offset: -1, bucket_counts: [1, 2, 3] },
      negative: { bucket_counts: [4] },
    };
    expect(readOne("otlp", preserved)).toEqual(readOne("otlp", point));
  });

  test("has a bin of zeros also when there are none", () => {
    const { edges, counts } = readOne("otlp", { scale: 0, positive: { bucketCounts: ["5"] } });
    expect([edges, counts]).toEqual([
      [-2e-9, -1e-9, 1e-9, 1, 2],
      [0, 0, 0, 5],
    ]);
  });

  test("counts what lies within the zero threshold as zero", () => {
    expect(readOne("otlp", { ...point, zeroThreshold: 1 })).toMatchObject({
      edges: [-2, -1, 1, 2, 4],
      counts: [4, 3, 2, 3],
    });
    expect(readOne("otlp", { ...point, zeroThreshold: 0.75 })).toMatchObject({
      edges: [-2, -1, -0.75, 0.75, 1, 2, 4],
      counts: [4, 0, 2, 1, 2, 3],
    });
  });

  test("has finer bounds at a higher scale", () => {
    // Base √2: (2, 2√2], (2√2, 4].
    const { edges, counts } = readOne("otlp", { scale: 1, positive: { offset: 2, bucketCounts: [5, 6] } });
    expect(Array.from(edges!).slice(3)).toEqual([2, 2 * 2 ** 0.5, 4]);
    expect(counts).toEqual([0, 0, 0, 5, 6]);
  });

  test("is made coarser, pair by pair, until it fits", () => {
    // Indices 3 to 10 at scale 1 are 1 to 5 at scale 0, (2, 4] … (32, 64], and 0 to 2 at scale −1, (1, 4] … (16, 64].
    const histogram = { scale: 1, positive: { offset: 3, bucketCounts: [1, 2, 4, 8, 16, 32, 64, 128] } };
    expect(readOne("otlp", histogram, { most_bins: 5 })).toMatchObject({
      edges: [-2e-9, -1e-9, 1e-9, 2, 4, 8, 16, 32, 64],
      counts: [0, 0, 0, 1, 6, 24, 96, 128],
    });
    expect(readOne("otlp", histogram, { most_bins: 4 })).toMatchObject({
      edges: [-2e-9, -1e-9, 1e-9, 1, 4, 16, 64],
      counts: [0, 0, 0, 1, 30, 224],
    });
  });

  test("of thousands of buckets fits, too", () => {
    const bucketCounts = new Array(20_000).fill("1");
    const { counts } = readOne("otlp", { scale: 20, positive: { offset: 5, bucketCounts } }, { most_bins: 32 });
    expect(counts!.length).toBeLessThanOrEqual(32 + 4);
    expect(Array.from(counts!).reduce((sum, count) => sum + count, 0)).toBe(20_000);
  });

  test("is compared exactly with one that is coarser: every coarse bound is a fine one to the last bit", () => {
    const bucketCounts = Array.from({ length: 160 }, (_, i) => i);
    const point = { scale: 5, zeroCount: 9, positive: { offset: -70, bucketCounts } };
    const fine = readOne("otlp", point);
    const coarse = readOne("otlp", point, { most_bins: 32 });
    const rebinned = rebin(fine.counts!, fine.edges!, coarse.edges!);
    expect([Array.from(rebinned.counts), rebinned.error_bound]).toEqual([coarse.counts, 0]);
  });

  test("is refused by path", () => {
    expect(refusal("otlp", { scale: 21, positive: { offset: 0.5, bucketCounts: [1.5, true] } })).toEqual({
      scale: "21 given; must be a whole number from -10 to 20",
      "positive.offset": "0.5 given; must be a whole number from -2147483648 to 2147483648",
      "positive.bucketCounts[1]": "true given; must be a number from 0 to 9007199254740991",
    });
  });

  const side = fc.record({
    offset: fc.integer({ min: -(2 ** 20), max: 2 ** 20 }),
    counts: fc.array(fc.nat(1000), { maxLength: 200 }),
  });
  const histogram = fc.record({
    scale: fc.integer({ min: -10, max: 20 }),
    zero_count: fc.nat(1000),
    zero_threshold: fc.constantFrom(0, 1e-6, 1),
    positive: side,
    negative: side,
  });
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const rowsOf = ({ positive, negative, zero_count }: ExponentialHistogram) =>
    sum(positive.counts) + sum(negative.counts) + zero_count;

  test("keeps its rows at any scale, and two steps down are one step twice", () => {
    fc.assert(
      fc.property(histogram, fc.integer({ min: 0, max: 10 }), (given, by) => {
        expect(rowsOf(downscale(given, by))).toBe(rowsOf(given));
        const trimmed = (one: ExponentialHistogram) => bucketsOfExponential(one, Number.POSITIVE_INFINITY, "");
        expect(trimmed(downscale(downscale(given, by), 1))).toEqual(trimmed(downscale(given, by + 1)));
      }),
    );
  });

  test("keeps its rows in buckets, however few", () => {
    fc.assert(
      fc.property(histogram, fc.integer({ min: 8, max: 100 }), (given, most) => {
        const buckets = bucketsOfExponential(given, most, "");
        expect(buckets.length).toBeLessThanOrEqual(most + 1);
        expect(sum(buckets.map(({ count }) => count))).toBe(rowsOf(given));
        const point = {
          scale: given.scale,
          zeroCount: given.zero_count,
          zeroThreshold: given.zero_threshold,
          positive: { offset: given.positive.offset, bucketCounts: given.positive.counts.map(String) },
          negative: { offset: given.negative.offset, bucketCounts: given.negative.counts },
        };
        expect(sum(Array.from(readOne("otlp", point, { most_bins: most }).counts!))).toBe(rowsOf(given));
      }),
    );
  });
});

describe("an export of OpenTelemetry", () => {
  const histogram = {
    name: "score",
    histogram: {
      aggregationTemporality: 1,
      dataPoints: [
        {
          attributes: [
            { key: "model", value: { stringValue: "b" } },
            { key: "fold", value: { intValue: "2" } },
          ],
          explicitBounds: [1],
          bucketCounts: ["2", "3"],
        },
        { count: "7", sum: 3 },
      ],
    },
  };
  const exponential = {
    name: "loss",
    exponentialHistogram: { dataPoints: [{ scale: 0, zeroCount: "1", positive: { bucketCounts: ["1"] } }] },
  };
  const metrics = [{ name: "up", gauge: { dataPoints: [{ asInt: "1" }] } }, histogram, exponential];

  test("holds a feature for each series with buckets, named after the metric and its attributes", () => {
    const document = { resourceMetrics: [{ resource: {}, scopeMetrics: [{ scope: {}, metrics }] }] };
    expect(read("otlp", document)).toEqual({
      'score{fold="2",model="b"}': { edges: [0, 1, 2], counts: [2, 3], nulls: 0 },
      loss: expect.objectContaining({ counts: [0, 1, 0, 1] }),
    });
    expect(read("otlp", exponential)).toHaveProperty("loss");
    expect(refusal("otlp", { resourceMetrics: [{ scopeMetrics: [{ metrics: [histogram, histogram] }] }] })).toEqual({
      "resourceMetrics[0].scopeMetrics[0].metrics[1].histogram.dataPoints[0]":
        '"score{fold=\\"2\\",model=\\"b\\"}" is given twice; a feature must be given once',
    });
  });

  test("without histograms is refused", () => {
    const message =
      "no histogram given: neither resourceMetrics, a metric with histogram or exponentialHistogram, nor a data point";
    expect(refusal("otlp", { resourceMetrics: [] })).toEqual({ "": message });
    expect(refusal("otlp", metrics[0])).toEqual({ "": message });
    expect(refusal("otlp", { resourceMetrics: 5 })).toEqual({ resourceMetrics: "5 given; must be an array" });
  });
});
