import { describe, expect, test } from "vitest";
import { read, refusal } from "./read.ts";

/** As MessageToJson writes it: 64-bit integers are texts, and what is 0 is not there. */
const STATISTICS = {
  datasets: [
    {
      numExamples: "12",
      features: [
        {
          path: { step: ["trip", "fare"] },
          type: "FLOAT",
          numStats: {
            commonStats: { numNonMissing: "10", numMissing: "2", minNumValues: "1", totNumValues: "10" },
            mean: 3.1,
            histograms: [
              {
                numNan: "1",
                buckets: [
                  { highValue: 2.5, sampleCount: 6.0 },
                  { lowValue: 2.5, highValue: 5, sampleCount: 3.0 },
                ],
              },
              { type: "QUANTILES", buckets: [{ highValue: 5, sampleCount: 9 }] },
            ],
          },
        },
        {
          name: "payment",
          type: "STRING",
          stringStats: {
            commonStats: { numNonMissing: "12", totNumValues: "12" },
            unique: "4",
            topValues: [{ value: "cash", frequency: 7 }],
            rankHistogram: {
              buckets: [
                { label: "cash", sampleCount: 7 },
                { lowRank: "1", highRank: "1", label: "card", sampleCount: 3 },
              ],
            },
          },
        },
        { name: "image", type: "BYTES", bytesStats: { commonStats: { numNonMissing: "12" } } },
        { name: "gone", type: "INT", numStats: { commonStats: { numMissing: "12" } } },
      ],
    },
  ],
};

describe("TFDV's statistics", () => {
  test("are read from the standard histograms and the ranks, what lies beyond the ranks folded", () => {
    expect(read("tfdv", STATISTICS)).toEqual({
      "trip.fare": { edges: [0, 2.5, 5], counts: [6, 3], nulls: 3 },
      payment: { categories: { cash: 7, card: 3 }, folded: 2, nulls: 0 },
      gone: { edges: [0, 1], counts: [0], nulls: 12 },
    });
  });

  test("are the same with the names of the .proto file", () => {
    const snakeCase = (text: string) =>
      text.replace(/"(\w+)":/g, (key) => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`));
    const preserved = JSON.parse(snakeCase(JSON.stringify(STATISTICS)));
    expect(preserved.datasets[0].features[0].num_stats.common_stats).toMatchObject({ num_missing: "2" });
    expect(read("tfdv", preserved)).toEqual(read("tfdv", STATISTICS));
  });

  test("are read from the quantiles where there is nothing else; a value that fills a bucket has a bin", () => {
    const buckets = [
      { sampleCount: 2.5 },
      { sampleCount: 2.5 },
      { highValue: 5, sampleCount: 2.5 },
      { lowValue: 5, highValue: "Infinity", sampleCount: 2.5 },
    ];
    const numStats = { histograms: [{ type: "STANDARD" }, { type: "QUANTILES", buckets }] };
    expect(read("tfdv", { features: [{ name: "f", numStats }] })).toEqual({
      f: { edges: [-2e-9, -1e-9, 1e-9, 5, 5 + (5 - 1e-9)], counts: [0, 5, 3, 2], nulls: 0 },
    });
  });

  test("of all examples are read where there are slices", () => {
    const [dataset] = STATISTICS.datasets;
    const slices = [
      { name: "city_Oslo", features: [] },
      { ...dataset, name: "All Examples" },
    ];
    expect(Object.keys(read("tfdv", { datasets: slices }))).toEqual(["trip.fare", "payment", "gone"]);
    expect(refusal("tfdv", { datasets: [{ name: "lhs" }, { name: "rhs" }] })).toEqual({
      datasets: '2 given, none named "All Examples"; must be one, or have one of that name',
    });
  });

  test("are refused by path", () => {
    const numStats = { histograms: [{ buckets: [{ lowValue: "low", sampleCount: "9007199254740992" }] }] };
    expect(refusal("tfdv", { datasets: [{ features: [{ path: { step: [1] }, numStats }] }] })).toEqual({
      "datasets[0].features[0].path.step[0]": "1 given; must be a text",
      "datasets[0].features[0].numStats.histograms[0].buckets[0].lowValue": '"low" given; must be a number',
      "datasets[0].features[0].numStats.histograms[0].buckets[0].sampleCount":
        '"9007199254740992" given; must be a number from 0 to 9007199254740991',
    });
    expect(refusal("tfdv", { datasets: [{ features: [{ name: "b", bytesStats: {} }] }] })).toEqual({
      "datasets[0].features[0]": "no histogram can be read: neither numStats nor stringStats",
    });
    expect(refusal("tfdv", {})).toEqual({ datasets: "missing; must be an array" });
  });
});
