import { describe, expect, test } from "vitest";
import { compareCounts } from "../../../../src/domain/drift/stats/compare-counts.ts";
import { permutationMoments } from "../../../../src/domain/drift/stats/permutation/permutation-moments.ts";
import { permutationP } from "../../../../src/domain/drift/stats/permutation/permutation-p.ts";
import { allDealings } from "./all-dealings.ts";

const POOLED: [number[], number][] = [
  [[3, 4, 5], 6],
  [[1, 1, 1, 1, 1], 2],
  [[9, 1], 4],
  [[2, 2, 2, 2, 2, 2], 5],
  [[10, 3, 2, 1], 7],
  [[1, 1, 8], 3],
];

describe("the moments of X² over all dealings", () => {
  test.each(POOLED)("of %j rows, %i of them current, are those of every dealing counted", (pooled, nCurrent) => {
    const n = pooled.reduce((sum, count) => sum + count, 0);
    const seen = allDealings(pooled, nCurrent).map(({ current, chance }) => {
      const reference = pooled.map((count, i) => count - current[i]!);
      return { x: compareCounts(reference, current, n - nCurrent, nCurrent), chance };
    });
    const mean = seen.reduce((sum, { x, chance }) => sum + chance * x.chi_square, 0);
    const variance = seen.reduce((sum, { x, chance }) => sum + chance * (x.chi_square - mean) ** 2, 0);
    const { bins, inverse_totals } = seen[0]!.x;
    const moments = permutationMoments(bins, inverse_totals, n - nCurrent, nCurrent)!;
    expect(moments.mean).toBeCloseTo(mean, 10);
    expect(moments.variance).toBeCloseTo(variance, 9);
  });
});

describe("the permutation p", () => {
  const pOf = (reference: number[], current: number[]) => {
    const sum = (counts: number[]) => counts.reduce((all, count) => all + count, 0);
    const { chi_square, bins, inverse_totals } = compareCounts(reference, current, sum(reference), sum(current));
    return permutationP(chi_square, bins, inverse_totals, sum(reference), sum(current));
  };

  test("is 1 of a single bin, and where every dealing gives the same X²", () => {
    expect(pOf([10], [20])).toBe(1);
    expect(pOf([1, 1, 0, 0], [0, 0, 1, 1])).toBe(1);
    expect(pOf([1], [1])).toBe(1);
    expect(pOf([1, 0], [0, 1])).toBe(1);
  });

  test("is near the exact share of dealings at least as far apart", () => {
    const pooled = [12, 10, 8];
    const all = allDealings(pooled, 15).map(({ current, chance }) => {
      const reference = pooled.map((count, i) => count - current[i]!);
      return { reference, current, chance, x: compareCounts(reference, current, 15, 15).chi_square };
    });
    for (const { reference, current, x } of all) {
      const exact = all.reduce((sum, other) => sum + (other.x >= x - 1e-9 ? other.chance : 0), 0);
      if (exact < 0.2 && exact > 0.001) expect(pOf(reference, [...current]) / exact).toBeGreaterThan(0.4);
    }
  });

  test("falls as the sides part, and reaches far tails", () => {
    const p = [0, 1, 5, 20, 100].map((d) => pOf([500, 500], [500 + d, 500 - d]));
    expect([...p].sort((a, b) => b - a)).toEqual(p);
    expect(pOf([100_000, 0], [0, 100_000])).toBeLessThan(1e-300);
  });
});
