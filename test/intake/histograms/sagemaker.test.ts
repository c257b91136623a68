import { describe, expect, test } from "vitest";
import { read, readOne, refusal } from "./read.ts";

/** As the prebuilt container writes it, with fewer buckets. */
const STATISTICS = {
  version: 0,
  dataset: { item_count: 336 },
  features: [
    {
      name: "account_length",
      inferred_type: "Integral",
      numerical_statistics: {
        common: { num_present: 333, num_missing: 3 },
        mean: 101.2,
        sum: 33_732,
        std_dev: 39.8,
        min: 1,
        max: 241,
        distribution: {
          kll: {
            buckets: [
              { lower_bound: 1.0, upper_bound: 81.0, count: 100.0 },
              { lower_bound: 81.0, upper_bound: 161.0, count: 212.4 },
              { lower_bound: 161.0, upper_bound: 241.0, count: 20.6 },
            ],
            sketch: { parameters: { c: 0.64, k: 2048.0 }, data: [[119.0, 100.0], [111.0]] },
          },
        },
      },
    },
    {
      name: "plan",
      inferred_type: "String",
      string_statistics: {
        common: { num_present: 336, num_missing: 0 },
        distinct_count: 2,
        distribution: {
          categorical: {
            buckets: [
              { value: "basic", count: 300 },
              { value: "gold", count: 36 },
            ],
          },
        },
      },
    },
    { name: "comment", inferred_type: "String", string_statistics: { common: { num_present: 336, num_missing: 0 } } },
    {
      name: "gone",
      inferred_type: "Fractional",
      numerical_statistics: { common: { num_present: 0, num_missing: 336 } },
    },
  ],
};

describe("SageMaker's statistics.json", () => {
  test("is read feature by feature; one without a distribution is left out", () => {
    expect(read("sagemaker", STATISTICS)).toEqual({
      account_length: { edges: [1, 81, 161, 241], counts: [100, 212, 21], nulls: 3 },
      plan: { categories: { basic: 300, gold: 36 }, nulls: 0 },
      gone: { edges: [0, 1], counts: [0], nulls: 336 },
    });
  });

  test("tells why a feature that is asked for has none", () => {
    expect(refusal("sagemaker", STATISTICS, { feature_name: "comment" })).toEqual({
      "features[2]":
        "no histogram can be read: neither numerical_statistics.distribution.kll nor string_statistics.distribution.categorical",
    });
    expect(refusal("sagemaker", STATISTICS, { feature_name: "age" })).toEqual({
      feature_name: '"age" is not in the document; it has account_length, plan, comment, gone',
    });
  });

  test("tells every wrong field by its path", () => {
    const bucket = { lower_bound: 0, upper_bound: "x", count: -1 };
    const statistics = { common: { num_missing: {} }, distribution: { kll: { buckets: [bucket] } } };
    expect(refusal("sagemaker", { features: [{ name: 5, numerical_statistics: statistics }] })).toEqual({
      "features[0].name": "5 given; must be a text",
      "features[0].numerical_statistics.common.num_missing":
        "an object given; must be a number from 0 to 9007199254740991",
      "features[0].numerical_statistics.distribution.kll.buckets[0].upper_bound": '"x" given; must be a number',
      "features[0].numerical_statistics.distribution.kll.buckets[0].count":
        "-1 given; must be a number from 0 to 9007199254740991",
    });
    expect(refusal("sagemaker", { features: [] })).toEqual({ "": "no feature given; must be one or more" });
    expect(refusal("sagemaker", { rows: 1 })).toEqual({
      "": "neither features (statistics.json), columns (Deequ's profiles) nor buckets (a distribution) given",
    });
  });
});

describe("Deequ", () => {
  test("has a distribution without a name", () => {
    const buckets = [
      { lower_bound: 0, upper_bound: 2, count: 4 },
      { lower_bound: 2, upper_bound: 4, count: 6 },
    ];
    expect(readOne("sagemaker", { buckets, parameters: [0.64, 2048], data: [[1]] })).toEqual({
      edges: [0, 2, 4],
      counts: [4, 6],
      nulls: 0,
    });
    expect(refusal("sagemaker", { buckets })).toBe(
      "invalid_query: feature_name: missing; the document does not name its feature",
    );
  });

  test("has profiles of columns, with sketches or the values that are there", () => {
    const columns = [
      { column: "n", completeness: 1, kll: { buckets: [{ low_value: 1, high_value: 3, count: 7, ratio: 1 }] } },
      { column: "c", histogram: [{ value: "a", count: 3, ratio: 0.3 }] },
      { column: "id", completeness: 1 },
    ];
    expect(read("sagemaker", { columns })).toEqual({
      n: { edges: [1, 3], counts: [7], nulls: 0 },
      c: { categories: { a: 3 }, nulls: 0 },
    });
  });
});
