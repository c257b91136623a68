import { describe, expect, it } from "vitest";
import { benjaminiHochberg } from "../../../../src/domain/drift/stats/benjamini-hochberg.ts";
import { chiSquareHomogeneity } from "../../../../src/domain/drift/stats/chi-square/chi-square-homogeneity.ts";
import { hellinger } from "../../../../src/domain/drift/stats/distances/hellinger.ts";
import { jensenShannon } from "../../../../src/domain/drift/stats/distances/jensen-shannon.ts";
import { kolmogorovSmirnov } from "../../../../src/domain/drift/stats/distances/kolmogorov-smirnov.ts";
import { wasserstein } from "../../../../src/domain/drift/stats/distances/wasserstein.ts";
import { twoSharesP } from "../../../../src/domain/drift/stats/shares/two-shares-p.ts";
import { relativeError, vectors } from "./vectors.ts";

describe("other measures of two histograms", () => {
  it("agree with SciPy and NumPy on the same counts", () => {
    for (const pair of vectors.scipy.measures) {
      const { expected, actual, edges } = pair;
      // SciPy's own sum loses digits where the shares are close
      expect(Math.abs(jensenShannon(expected, actual)! - pair.js_distance)).toBeLessThan(1e-9);
      expect(relativeError(hellinger(expected, actual)!, pair.hellinger)).toBeLessThan(1e-9);
      expect(relativeError(kolmogorovSmirnov(expected, actual)!, pair.ks)).toBeLessThan(1e-9);
      // NumPy's is a sum over 200 001 points a bin
      expect(relativeError(wasserstein(expected, actual, edges)!, pair.wasserstein)).toBeLessThan(1e-8);
      const test = chiSquareHomogeneity(expected, actual)!;
      expect(relativeError(test.statistic, pair.chi_square)).toBeLessThan(1e-9);
      expect(relativeError(test.p_value, pair.chi_square_p)).toBeLessThan(1e-9);
    }
  });

  it("are exactly 0 for equal shares and 1 for histograms with no bin in common", () => {
    expect(jensenShannon([1, 2, 3], [10, 20, 30])).toBe(0);
    expect(hellinger([1, 2, 3], [10, 20, 30])).toBe(0);
    expect(kolmogorovSmirnov([1, 2, 3], [10, 20, 30])).toBe(0);
    expect(wasserstein([1, 2, 3], [10, 20, 30], [0, 1, 2, 3])).toBe(0);
    expect(jensenShannon([5, 0], [0, 7])).toBe(1);
    expect(hellinger([5, 0], [0, 7])).toBe(1);
    expect(kolmogorovSmirnov([5, 0], [0, 7])).toBe(1);
  });

  it("have nothing to compare when either side is empty", () => {
    expect(jensenShannon([0], [1])).toBeNull();
    expect(hellinger([1], [0])).toBeNull();
    expect(kolmogorovSmirnov([0], [1])).toBeNull();
    expect(wasserstein([1], [0], [0, 1])).toBeNull();
    expect(chiSquareHomogeneity([0, 0], [1, 1])).toBeNull();
  });

  it("jensenShannon is the same on both sides of where its series takes over", () => {
    // d = (a − e) / (a + e) just below and just above ¼: the logarithms and the series must meet
    const direct = (e: number, a: number) => e * Math.log2((2 * e) / (e + a)) + a * Math.log2((2 * a) / (e + a));
    for (const [e, a] of [
      [3001, 4999],
      [2999, 5001],
      [5001, 2999],
    ] as const) {
      const rest = 10_000;
      const expected = [e, rest - e];
      const actual = [a, rest - a];
      const byHand = Math.sqrt((direct(e, a) + direct(rest - e, rest - a)) / (2 * rest));
      expect(relativeError(jensenShannon(expected, actual)!, byHand)).toBeLessThan(1e-12);
    }
  });

  it("wasserstein of a histogram moved by one bin of width 2.5 is 2.5, in the unit of the feature", () => {
    expect(wasserstein([1, 2, 1, 0], [0, 1, 2, 1], [0, 2.5, 5, 7.5, 10])).toBeCloseTo(2.5, 12);
  });

  it("wasserstein counts two triangles where the distribution functions cross inside a bin", () => {
    // F − G is ¼ at the first edge and −¼ at the second: the middle bin holds two triangles of ½ · ½ · ¼
    expect(wasserstein([2, 0, 2], [1, 2, 1], [0, 1, 2, 3])).toBeCloseTo(0.125 + 2 * 0.0625 + 0.125, 12);
  });

  it("wasserstein is left out where the edges span more than a double can tell", () => {
    expect(wasserstein([1, 1], [2, 0], [-1.7e308, 0, 1.7e308])).not.toBeNaN();
    expect(wasserstein([1, 0], [0, 1], [-1.7e308, 1.6e308, 1.7e308])).toBeNull();
  });

  it("chiSquareHomogeneity has a single bin as p 1", () => {
    expect(chiSquareHomogeneity([4, 0], [9, 0])).toEqual({ statistic: 0, df: 0, p_value: 1 });
  });
});

describe("twoSharesP", () => {
  it("agrees with SciPy's test of the 2 × 2 table where a thousand rows are expected, and is near it before", () => {
    for (const { counts, p } of vectors.scipy.null_rate) {
      const [inReference, nReference, inCurrent, nCurrent] = counts;
      const pooled = (inReference + inCurrent) / (nReference + nCurrent);
      const expected = Math.min(pooled, 1 - pooled) * Math.min(nReference, nCurrent);
      if (expected >= 1000) expect(relativeError(twoSharesP(...counts), p)).toBeLessThan(1e-9);
      // The exact tail is doubled: about the p of the continuity correction, which is greater.
      else expect(twoSharesP(...counts)).toBeGreaterThan(0.9 * p);
    }
  });
});

describe("benjaminiHochberg", () => {
  it("agrees with SciPy, ties and the ends included", () => {
    for (const { p, adjusted } of vectors.scipy.benjamini_hochberg) {
      const ours = benjaminiHochberg(p);
      for (let i = 0; i < p.length; i++) expect(ours[i]).toBeCloseTo(adjusted[i]!, 12);
    }
  });

  it("leaves a single p-value as it is and an empty list empty", () => {
    expect([...benjaminiHochberg([0.03])]).toEqual([0.03]);
    expect([...benjaminiHochberg([])]).toEqual([]);
  });
});
