import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeHistograms } from "../../../../src/domain/drift/histograms/merge-histograms.ts";
import { rebin } from "../../../../src/domain/drift/histograms/rebin.ts";
import { binValues } from "../../../../src/histogram/bin-values.ts";
import type { Distribution } from "../../../../src/histogram/distribution.ts";
import { mergeCounts } from "../../../../src/histogram/merge-counts.ts";
import { total } from "../../../../src/histogram/total.ts";

describe("rebin", () => {
  it("is exact where the wanted edges are among the given ones", () => {
    const { counts, error_bound } = rebin([1, 2, 3, 4], [0, 1, 2, 3, 4], [0, 1, 3, 4]);
    expect([...counts]).toEqual([1, 5, 4]);
    expect(error_bound).toBe(0);
  });

  it("spreads the rows of a bin evenly, and bounds what that can get wrong", () => {
    // the edge 15 cuts the 40 rows of [10, 20) in half, so at most 20 of 100 lie on its wrong side
    const { counts, error_bound } = rebin([30, 40, 30], [0, 10, 20, 30], [0, 15, 30]);
    expect([...counts]).toEqual([50, 50]);
    expect(error_bound).toBe(0.2);
  });

  it("takes the larger part for the bound where an edge cuts a bin unevenly", () => {
    const { counts, error_bound } = rebin([30, 40, 30], [0, 10, 20, 30], [0, 12, 30]);
    expect([...counts]).toEqual([38, 62]);
    expect(error_bound).toBeCloseTo(0.32, 12);
  });

  it("knows nothing of the outer bins beyond an edge at or outside the range given", () => {
    expect(rebin([30, 70], [0, 10, 20], [-9, -5, 20])).toEqual({ counts: Float64Array.of(0, 100), error_bound: 0.3 });
    expect(rebin([30, 70], [0, 10, 20], [0, 25, 30])).toEqual({ counts: Float64Array.of(100, 0), error_bound: 0.7 });
  });

  it("has no error without rows", () => {
    expect(rebin([0, 0], [0, 1, 2], [0, 0.5, 2])).toEqual({ counts: Float64Array.of(0, 0), error_bound: 0 });
  });

  const rising = fc
    .uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 15 })
    .map((edges) => edges.sort((a, b) => a - b));

  it("keeps the number of rows and never claims less error than there is", () => {
    fc.assert(
      fc.property(
        rising,
        rising,
        fc.array(fc.integer({ min: -1200, max: 1200 }), { minLength: 1, maxLength: 100 }),
        (edges, wanted, values) => {
          const { counts, error_bound } = rebin(binValues(values, edges).counts, edges, wanted);
          expect(total(counts)).toBeCloseTo(values.length, 8);
          const truth = binValues(values, wanted).counts;
          let below = 0;
          let trulyBelow = 0;
          for (let i = 0; i < counts.length - 1; i++) {
            expect(counts[i]).toBeGreaterThanOrEqual(0);
            below += counts[i]!;
            trulyBelow += truth[i]!;
            expect(Math.abs(below - trulyBelow) / values.length).toBeLessThanOrEqual(error_bound + 1e-9);
          }
        },
      ),
    );
  });
});

describe("mergeCounts and mergeHistograms", () => {
  it("add counts bin by bin", () => {
    expect([...mergeCounts([1, 2], [3, 4])]).toEqual([4, 6]);
  });

  it("give the histogram of all rows together, in whatever batches they came", () => {
    const edges = Float64Array.of(0, 10, 20, 30);
    const histogram = (values: (number | null)[]): Distribution => ({
      kind: "numeric",
      edges,
      ...binValues(values, edges),
    });
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.integer({ min: -5, max: 35 })), { maxLength: 60 }),
        fc.nat(60),
        (values, cut) => {
          const merged = mergeHistograms(histogram(values.slice(0, cut)), histogram(values.slice(cut)));
          expect(merged).toEqual({ ok: true, value: histogram(values) });
        },
      ),
    );
  });

  it("match categories by name", () => {
    const merged = mergeHistograms(
      { kind: "categorical", categories: ["a", "b"], counts: [1, 2], nulls: 1 },
      { kind: "categorical", categories: ["c", "a"], counts: [5, 10], nulls: 2 },
    );
    expect(merged).toEqual({
      ok: true,
      value: { kind: "categorical", categories: ["a", "b", "c"], counts: Float64Array.of(11, 2, 5), nulls: 3 },
    });
  });

  it("refuse bins that are not the same, as a value", () => {
    const merged = mergeHistograms(
      { kind: "positional", counts: [1, 2], nulls: 0 },
      { kind: "positional", counts: [1, 2, 3], nulls: 0 },
    );
    expect(merged).toMatchObject({ ok: false, code: "reference_mismatch" });
  });
});
