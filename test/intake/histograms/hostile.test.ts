import fc from "fast-check";
import { expect, test } from "vitest";
import { FORMATS, type FormatName } from "../../../src/contract/formats.ts";
import { SluiceError } from "../../../src/errors.ts";
import { read } from "./read.ts";

/** A document of each format, to be broken in one place. */
const DOCUMENTS: Record<FormatName, object> = {
  sagemaker: {
    features: [
      {
        name: "a",
        numerical_statistics: {
          common: { num_present: 3, num_missing: 1 },
          distribution: { kll: { buckets: [{ lower_bound: 0, upper_bound: 1, count: 3 }] } },
        },
      },
      { name: "b", string_statistics: { distribution: { categorical: { buckets: [{ value: "x", count: 3 }] } } } },
    ],
  },
  tfdv: {
    datasets: [
      {
        features: [
          {
            path: { step: ["a"] },
            numStats: {
              commonStats: { numMissing: "1" },
              histograms: [{ numNan: "1", buckets: [{ highValue: 1, sampleCount: 3 }] }],
            },
          },
          {
            name: "b",
            stringStats: {
              commonStats: { totNumValues: "9" },
              rankHistogram: { buckets: [{ label: "x", sampleCount: 3 }] },
            },
          },
        ],
      },
    ],
  },
  great_expectations: {
    a: { bins: [0, 1, 2], weights: [0.5, 0.25], tail_weights: [0, 0.25], n: 4 },
    b: { values: ["x"], weights: [1], n: 4 },
  },
  openlineage: {
    inputs: [
      {
        inputFacets: {
          dataQualityMetrics: {
            rowCount: 9,
            columnMetrics: { a: { count: 9, nullCount: 1, min: 1, max: 9, quantiles: { "0.5": 4 } } },
          },
        },
      },
    ],
  },
  prometheus: {
    data: {
      result: [
        { metric: { le: "1" }, value: [0, "1"] },
        { metric: { le: "+Inf" }, value: [0, "2"] },
      ],
    },
  },
  otlp: {
    resourceMetrics: [
      {
        scopeMetrics: [
          {
            metrics: [
              {
                name: "a",
                exponentialHistogram: {
                  dataPoints: [
                    { scale: 1, zeroCount: "1", zeroThreshold: 0.1, positive: { offset: 1, bucketCounts: ["1", "2"] } },
                  ],
                },
              },
              {
                name: "b",
                histogram: {
                  dataPoints: [
                    {
                      attributes: [{ key: "k", value: { intValue: "1" } }],
                      explicitBounds: [1],
                      bucketCounts: ["1", "2"],
                      min: 0,
                    },
                  ],
                },
              },
            ],
          },
        ],
      },
    ],
  },
  evidently: { a: { "0": 1, "1": null }, b: ["x", "y"] },
};

const anything = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    null,
    -1,
    0.5,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    2 ** 53,
    1e300,
    5e-324,
    "",
    "1",
    "-Infinity",
    "NaN",
    "0x10",
    [],
    {},
    [[]],
    true,
  ),
);

/** The document with one of its values, at any depth, made something else or taken away. */
function broken(document: object, place: number, value: unknown): unknown {
  let left = place;
  const visit = (one: unknown): unknown => {
    if (left-- === 0) return value;
    if (Array.isArray(one)) return one.map(visit);
    if (typeof one !== "object" || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, part]) => [key, visit(part)]));
  };
  return JSON.parse(
    JSON.stringify(visit(document), (_, part) => (part === Number.POSITIVE_INFINITY ? "Infinity" : part)) ?? "null",
  );
}

test.each(FORMATS)("a broken document of %s is a histogram we would take, or refused in our words", (format) => {
  expect(
    Object.keys(read(format, DOCUMENTS[format], { feature_name: format === "prometheus" ? "a" : null })),
  ).toContain("a");
  const options = fc.record({
    feature_name: fc.constantFrom(null, "a", "b"),
    n: fc.constantFrom(null, 0, 7),
    most_bins: fc.constantFrom(32, 1000),
  });
  const document = fc.oneof(
    {
      arbitrary: fc.tuple(fc.nat(40), anything).map(([place, value]) => broken(DOCUMENTS[format], place, value)),
      weight: 5,
    },
    { arbitrary: anything, weight: 1 },
  );
  fc.assert(
    fc.property(document, options, (given, asked) => {
      try {
        read(format, given, asked);
      } catch (error) {
        if (!(error instanceof SluiceError)) throw error;
        expect(["invalid_report", "invalid_query"]).toContain(error.code);
        expect(error.message.length).toBeLessThan(10_000);
      }
    }),
    { numRuns: 1000 },
  );
});
