import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leastPsiPlacing } from "../../../../src/domain/drift/histograms/least-psi-placing.ts";
import { psi } from "../../../../src/domain/drift/stats/distances/psi.ts";
import { binValues } from "../../../../src/histogram/bin-values.ts";
import type { NumericHistogram } from "../../../../src/histogram/distribution.ts";

const rising = (min: number, max: number) =>
  fc
    .uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: min + 1, maxLength: max + 1 })
    .map((edges) => edges.sort((a, b) => a - b));

const total = (counts: ArrayLike<number>) => Array.from(counts).reduce((sum, count) => sum + count, 0);

describe("the placing with the least PSI", () => {
  test("is between the fences, loses no row, and no rows that were really there have less", () => {
    fc.assert(
      fc.property(
        rising(1, 8),
        rising(1, 6),
        fc.array(fc.integer({ min: -3, max: 43 }), { minLength: 5, maxLength: 60 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 10, maxLength: 10 }),
        (own, wanted, values, weights) => {
          const expected = weights.slice(0, wanted.length - 1);
          const current: NumericHistogram = { kind: "numeric", edges: own, ...binValues(values, own) };
          const placed = leastPsiPlacing(expected, wanted, current);
          expect(total(placed)).toBeCloseTo(values.length, 9);
          const least = psi(expected, placed)!;
          const truth = psi(expected, binValues(values, wanted).counts)!;
          expect(least).toBeLessThanOrEqual(truth + 1e-9);
        },
      ),
      { numRuns: 400 },
    );
  });

  test("is what was there where the edges are the same", () => {
    const edges = [0, 1, 2, 3];
    const current: NumericHistogram = { kind: "numeric", edges, counts: [3, 9, 4], nulls: 0 };
    expect(Array.from(leastPsiPlacing([5, 5, 5], edges, current))).toEqual([3, 9, 4]);
  });

  test("of rows in one open bin is the reference's own shares", () => {
    const current: NumericHistogram = { kind: "numeric", edges: [0, 1], counts: [100], nulls: 0 };
    const placed = leastPsiPlacing([10, 30, 60], [0, 1, 2, 3], current);
    expect(Array.from(placed).map(Math.round)).toEqual([10, 30, 60]);
  });

  test("puts the rows of a spike and of the ends where they are", () => {
    const counts = [50, 50];
    const spike: NumericHistogram = {
      kind: "numeric",
      edges: [0, 5, 10],
      counts,
      nulls: 0,
      summary: { spikes: [4, 7], min: 4, max: 7 },
    };
    expect(Array.from(leastPsiPlacing([1, 1, 1], [0, 4.5, 6.5, 9], spike)).map(Math.round)).toEqual([50, 0, 50]);
    const ends: NumericHistogram = {
      kind: "numeric",
      edges: [0, 5, 10],
      counts,
      nulls: 0,
      summary: { min: 3, max: 8 },
    };
    expect(Array.from(leastPsiPlacing([1, 1, 1], [0, 3, 8.5, 9], ends)).map(Math.round)).toEqual([0, 100, 0]);
  });
});
