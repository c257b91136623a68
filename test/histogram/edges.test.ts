import fc from "fast-check";
import { quantileSorted } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { binValues } from "../../src/histogram/bin-values.ts";
import { constantEdges } from "../../src/histogram/edges/constant-edges.ts";
import { quantileEdges } from "../../src/histogram/edges/quantile-edges.ts";
import { uniformEdges } from "../../src/histogram/edges/uniform-edges.ts";

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
const countsOf = (values: (number | null)[], edges: ArrayLike<number>) => [...binValues(values, edges).counts];

describe("quantileEdges", () => {
  it("gives each of ten bins a tenth of the rows", () => {
    const values = upTo(1000);
    const edges = quantileEdges(values);
    expect(edges).toHaveLength(11);
    expect(countsOf(values, edges)).toEqual(new Array(10).fill(100));
  });

  it("takes the mean of two neighbours where a quantile falls between rows, and the row itself where it does not", () => {
    expect([...quantileEdges([1, 2, 3, 4], 2)]).toEqual([1, 2.5, 4]);
    expect([...quantileEdges([1, 2, 3], 2)]).toEqual([1, 2, 3]);
  });

  it("puts its edges on the quantiles of simple-statistics, bit for bit, where no two of them are the same", () => {
    // + 0: two zeros have no order.
    const number = fc.double({ noNaN: true, min: -1e9, max: 1e9 }).map((value) => value + 0);
    const numbers = fc.uniqueArray(number, { minLength: 2, maxLength: 80 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 2, max: 40 }), (values, bins) => {
        const sorted = values.toSorted((a, b) => a - b);
        const quantiles = Array.from({ length: bins + 1 }, (_, i) => quantileSorted(sorted, i / bins));
        fc.pre(new Set(quantiles).size === quantiles.length);
        expect([...quantileEdges(values, bins)]).toEqual(quantiles);
      }),
      { numRuns: 500 },
    );
  });

  it("passes over null, NaN and infinite values", () => {
    expect([...quantileEdges([4, null, 3, Number.NaN, 2, Number.POSITIVE_INFINITY, 1, undefined], 2)]).toEqual([
      1, 2.5, 4,
    ]);
  });

  it("gives a value that holds many rows a bin of its own, apart from what lies around it", () => {
    const values = [...new Array(60).fill(0), ...upTo(40).map((i) => i + 1)];
    const edges = quantileEdges(values);
    for (let i = 1; i < edges.length; i++) expect(edges[i]!).toBeGreaterThan(edges[i - 1]!);
    const ownBin = [...edges].findIndex((edge, i) => edge <= 0 && edges[i + 1]! > 0);
    expect(edges[ownBin + 1]).toBe(0.5);
    expect(countsOf(values, edges)[ownBin]).toBe(60);
    expect(edges.length - 1).toBeLessThanOrEqual(12);
  });

  it("keeps the values of a column with few of them apart", () => {
    const values = [...new Array(90).fill(0), ...new Array(9).fill(1), 2];
    const edges = quantileEdges(values);
    expect(
      countsOf(values, edges)
        .filter((count) => count > 0)
        .sort((a, b) => a - b),
    ).toEqual([10, 90]);
    expect(countsOf([0, 0, 1, 1], quantileEdges([0, 0, 1, 1])).filter((count) => count > 0)).toEqual([2, 2]);
    const rare = [...new Array(999).fill(0), 1];
    expect(countsOf(rare, quantileEdges(rare)).filter((count) => count > 0)).toEqual([999, 1]);
  });

  it("puts a constant column between an edge below and an edge above", () => {
    for (const value of [5, 0, -3.25, 1e300, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE]) {
      const edges = quantileEdges(new Array(20).fill(value));
      expect(edges).toEqual(constantEdges(value));
      for (const edge of edges) expect(Number.isFinite(edge)).toBe(true);
      for (let i = 1; i < edges.length; i++) expect(edges[i]!).toBeGreaterThan(edges[i - 1]!);
    }
    const edges = quantileEdges([5, 5, 5]);
    expect(countsOf([4.9, 5, 5.000000001, 5.1], edges)).toEqual([1, 2, 1]);
  });

  it("has one bin for everything where there is no finite value", () => {
    expect([...quantileEdges([])]).toEqual([0, 1]);
    expect([...quantileEdges([null, Number.NaN, Number.NEGATIVE_INFINITY])]).toEqual([0, 1]);
  });

  it("rises and is finite up to the greatest numbers there are", () => {
    const edges = quantileEdges([-Number.MAX_VALUE, Number.MAX_VALUE, Number.MAX_VALUE, Number.MAX_VALUE, 0], 4);
    for (const edge of edges) expect(Number.isFinite(edge)).toBe(true);
    for (let i = 1; i < edges.length; i++) expect(edges[i]!).toBeGreaterThan(edges[i - 1]!);
  });
});

describe("uniformEdges", () => {
  it("are equally far apart from the least to the greatest value", () => {
    expect([...uniformEdges([3, 1, null, 5, Number.POSITIVE_INFINITY], 4)]).toEqual([1, 2, 3, 4, 5]);
  });

  it("treat a constant column and a column without values as quantileEdges do", () => {
    expect(uniformEdges([7, 7])).toEqual(constantEdges(7));
    expect([...uniformEdges([null])]).toEqual([0, 1]);
  });

  it("rise and are finite when the range is not, or is a few doubles", () => {
    for (const values of [
      [-Number.MAX_VALUE, Number.MAX_VALUE],
      [1, 1 + Number.EPSILON],
    ]) {
      const edges = uniformEdges(values);
      for (const edge of edges) expect(Number.isFinite(edge)).toBe(true);
      for (let i = 1; i < edges.length; i++) expect(edges[i]!).toBeGreaterThan(edges[i - 1]!);
    }
  });
});
