import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rebin } from "../../../src/domain/drift/histograms/rebin.ts";
import { read, refusal } from "./read.ts";

const AGE = {
  nullCount: 3,
  distinctCount: 70,
  count: 1000,
  min: 18,
  max: 91,
  quantiles: { "0.1": 22, "0.5": 40, "0.9": 68 },
};

const facet = (columnMetrics: object, more: object = {}) => ({
  _producer: "https://some.producer.com/version/1.0",
  _schemaURL: "https://openlineage.io/spec/facets/1-0-2/DataQualityMetricsDatasetFacet.json",
  columnMetrics,
  ...more,
});

describe("OpenLineage's column metrics", () => {
  test("become the rows between the quantiles", () => {
    expect(read("openlineage", facet({ age: AGE }))).toEqual({
      age: { edges: [18, 22, 40, 68, 91], counts: [100, 400, 400, 100], nulls: 3 },
    });
  });

  test("have quantiles by share or by percentage", () => {
    const percent = { ...AGE, quantiles: { "10": 22, "50": 40, "90": 68 } };
    expect(read("openlineage", facet({ age: percent }))).toEqual(read("openlineage", facet({ age: AGE })));
    const ends = { count: 8, quantiles: { "0": 1, "25": 2, "100": 9 } };
    expect(read("openlineage", facet({ x: ends })).x).toMatchObject({ edges: [1, 2, 9], counts: [2, 6] });
  });

  test("without min and max have open outer bins", () => {
    const { min: _min, max: _max, ...column } = AGE;
    expect(read("openlineage", facet({ age: column })).age).toMatchObject({
      edges: [22 - 18, 22, 40, 68, 68 + 28],
      counts: [100, 400, 400, 100],
    });
  });

  test("make a bin of a value that several quantiles share, and of a constant", () => {
    const spiked = { count: 100, min: 0, max: 9, quantiles: { "0.25": 0, "0.5": 0, "0.75": 4 } };
    expect(read("openlineage", facet({ x: spiked })).x).toMatchObject({
      edges: [-2e-9, -1e-9, 1e-9, 4, 9],
      counts: [0, 50, 25, 25],
    });
    expect(read("openlineage", facet({ x: { count: 5, min: 7, max: 7 } })).x).toMatchObject({ counts: [0, 5, 0] });
  });

  test("are found wherever the facet may stand, once, with the misspelled field of the documentation", () => {
    const metrics = facet({ age: { ...AGE, distincCount: 11 } });
    const expected = { age: expect.objectContaining({ counts: [100, 400, 400, 100] }) };
    const dataset = { namespace: "n", name: "t" };
    for (const document of [
      { dataQualityMetrics: metrics },
      { ...dataset, facets: { dataQualityMetrics: metrics } },
      { inputs: { inputFacets: { dataQualityMetrics: metrics } } },
      {
        eventType: "COMPLETE",
        run: { runId: "0142c998-3416-49e7-92aa-d025c4c93697" },
        inputs: [
          { ...dataset, facets: { version: {} } },
          { ...dataset, facets: { dataQualityMetrics: metrics }, inputFacets: { dataQualityMetrics: metrics } },
        ],
        outputs: [{ ...dataset, outputFacets: { outputStatistics: { rowCount: 3 } } }],
      },
    ]) {
      expect(read("openlineage", document)).toEqual(expected);
    }
  });

  test("take the number of values from the rows where it is missing, else from the query", () => {
    const { count: _count, ...column } = AGE;
    const counts = (document: object, n: number | null = null) => read("openlineage", document, { n }).age!.counts;
    expect(counts(facet({ age: column }, { rowCount: 103 }))).toEqual([10, 40, 40, 10]);
    expect(counts(facet({ age: column }), 10)).toEqual([1, 4, 4, 1]);
    expect(refusal("openlineage", facet({ age: column }))).toEqual({
      "columnMetrics.age.count":
        "missing; quantiles are shares, so the number of values is needed: as count, or as ?n=",
    });
  });

  test("without quantiles are left out, but for a column of nulls", () => {
    const columns = {
      id: { distinctCount: 3, nullCount: 0 },
      sum: { count: 10, min: 100, max: 1500 },
      gone: { count: 0, nullCount: 10 },
      age: AGE,
    };
    expect(Object.keys(read("openlineage", facet(columns)))).toEqual(["gone", "age"]);
    expect(read("openlineage", facet(columns)).gone).toEqual({ edges: [0, 1], counts: [0], nulls: 10 });
    expect(refusal("openlineage", facet({ id: columns.id }))).toEqual({
      "columnMetrics.id": "no histogram can be read: no quantiles between min and max",
    });
  });

  test.each([
    // Both as published: in the documentation's example, and in the Java client's test.
    [
      { count: 234, min: 111, max: 3234, quantiles: { "0.1": 12, "0.5": 22, "1": 123, "2": 11 } },
      {
        "columnMetrics.x.quantiles":
          "111 at 0 and 12 at 0.001 given; from min (0) over the quantiles to max (1) none may fall",
      },
    ],
    [
      { count: 10, min: 5, max: 30, quantiles: { "25": 52 } },
      {
        "columnMetrics.x.quantiles":
          "52 at 0.25 and 30 at 1 given; from min (0) over the quantiles to max (1) none may fall",
      },
    ],
    [
      { count: 1, quantiles: { median: 5, "0.9": "high" } },
      {
        "columnMetrics.x.quantiles.median":
          'given; the key must be a share from 0 to 1 such as "0.25", or a percentage such as "25"',
        "columnMetrics.x.quantiles.0.9": '"high" given; must be a finite number',
      },
    ],
  ])("that cannot be are refused: %j", (column, wrong) => {
    expect(refusal("openlineage", facet({ x: column }))).toEqual(wrong);
  });

  test("of no facet are refused", () => {
    expect(refusal("openlineage", { eventType: "START", inputs: [], outputs: [] })).toEqual({
      "": "no dataQualityMetrics with columnMetrics given, in inputs, outputs, facets or by itself",
    });
  });

  test("keep the count whatever the quantiles, also on other edges, and are true to less than a row at each", () => {
    const column = fc.record({
      count: fc.nat(1_000_000),
      shares: fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 9 }),
      values: fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 11, maxLength: 11 }),
      wanted: fc.uniqueArray(fc.integer({ min: -60, max: 60 }), { minLength: 2, maxLength: 12 }),
    });
    fc.assert(
      fc.property(column, ({ count, shares, values, wanted }) => {
        const sorted = values.sort((a, b) => a - b);
        const keys = shares.sort((a, b) => a - b);
        const quantiles = Object.fromEntries(keys.map((key, i) => [(key / 100).toFixed(2), sorted[i + 1]]));
        const metrics = { count, min: sorted[0], max: sorted[keys.length + 1], quantiles };
        const { counts, edges } = read("openlineage", facet({ x: metrics })).x as { counts: number[]; edges: number[] };
        const sum = (all: ArrayLike<number>) => Array.from(all).reduce((total, one) => total + one, 0);
        expect(sum(counts)).toBe(count);
        const rebinned = rebin(
          counts,
          edges,
          wanted.sort((a, b) => a - b),
        );
        expect(sum(rebinned.counts)).toBeCloseTo(count, 5);
        keys.forEach((key, i) => {
          const value = sorted[i + 1]!;
          if (sorted[i] === value || sorted[i + 2] === value) return;
          const below = sum(counts.slice(0, edges.indexOf(value)));
          // Rounding moves less than a row a bin.
          if (edges.includes(value)) expect(Math.abs(below - (key / 100) * count)).toBeLessThan(counts.length);
        });
      }),
    );
  });
});
