import { describe, expect, it } from "vitest";
import { chiSquareQuantile } from "../../../../../src/domain/drift/stats/chi-square/chi-square-quantile.ts";
import { chiSquareSurvival } from "../../../../../src/domain/drift/stats/chi-square/chi-square-survival.ts";
import { criticalPsi } from "../../../../../src/domain/drift/stats/critical-psi.ts";
import { jeffreysPsi } from "../../../../../src/domain/drift/stats/distances/jeffreys-psi.ts";
import { effectiveSampleSize } from "../../../../../src/domain/drift/stats/effective-sample-size.ts";
import { psiPValue } from "../../../../../src/domain/drift/stats/psi-p-value.ts";
import { occupiedBins } from "../../../../../src/histogram/occupied-bins.ts";
import { total } from "../../../../../src/histogram/total.ts";
import { publishedBy, relativeError, vectors } from "../vectors.ts";

describe("jeffreysPsi and psiPValue", () => {
  for (const vector of vectors.histogram_edge_cases) {
    it(`agree with the vector "${vector.case}" to 1e-9`, () => {
      const { expected, actual } = vector;
      const value = jeffreysPsi(expected, actual)!;
      const p = psiPValue(value, occupiedBins(expected, actual), total(expected), total(actual));
      expect(relativeError(value, vector["psi_jeffreys_0.5"])).toBeLessThan(1e-9);
      if (vector.p === 0) expect(p).toBe(0);
      else expect(relativeError(p, vector.p)).toBeLessThan(1e-9);
    });
  }

  it("agree with the p-value of deequ's histograms", () => {
    const { expected, actual, psi } = publishedBy<{ expected: number[]; actual: number[]; psi: number }>("KLLDistance");
    expect(psiPValue(psi, 10, total(expected), total(actual))).toBeCloseTo(0.078835854, 9);
  });

  it("agree with rpsi's README to the digits it prints", () => {
    const { psi, p, N, M, B, crit99 } =
      publishedBy<{
        [field in "psi" | "p" | "N" | "M" | "B" | "crit99"]: number;
      }>("rpsi");
    // rpsi prints PSI to three digits, which moves p by up to 0.003
    expect(psiPValue(psi, B, N, M)).toBeCloseTo(p, 2);
    expect(criticalPsi(0.01, B, N, M)).toBeCloseTo(crit99, 4);
  });

  it("count ½ a bin on each side", () => {
    // shares ½/2 and 1½/2 against the reverse: 2 · ½ · ln 3
    expect(jeffreysPsi([0, 1], [1, 0])).toBeCloseTo(Math.log(3), 14);
  });

  it("leave bins that are empty on both sides out of B", () => {
    expect(jeffreysPsi([10, 0, 20, 0], [20, 0, 10, 0])).toBe(jeffreysPsi([10, 20], [20, 10]));
    expect(occupiedBins([10, 0, 20, 0], [20, 0, 10, 0])).toBe(2);
  });

  it("have nothing to compare when either side is empty", () => {
    expect(jeffreysPsi([0], [3])).toBeNull();
    expect(jeffreysPsi([3], [0])).toBeNull();
  });

  it("give a single bin p 1 and critical PSI 0: nothing can differ", () => {
    expect(psiPValue(0, 1, 10, 10)).toBe(1);
    expect(criticalPsi(0.01, 1, 10, 10)).toBe(0);
  });
});

describe("criticalPsi", () => {
  it("agrees with feature_engine's auto thresholds to 1e-9", () => {
    const { critical } = publishedBy<{
      critical: { N: number; M: number; B: number; alpha: number; crit: number }[];
    }>("feature_engine");
    for (const { N, M, B, alpha, crit } of critical) {
      expect(relativeError(criticalPsi(alpha, B, N, M), crit)).toBeLessThan(1e-9);
    }
  });

  it("agrees with SciPy to 1e-9 for all sizes of the table", () => {
    for (const { N, M, B, alpha, crit } of vectors.critical) {
      expect(relativeError(criticalPsi(alpha, B, N, M), crit)).toBeLessThan(1e-9);
    }
  });

  it("agrees with Yurdakul's table 3.2, whose reference is the truth, to the digits it prints", () => {
    const table = publishedBy<{ critical_fixed_base: { M: number; crit: number }[]; B20_M1000: number }>("Table 3.2");
    for (const { M, crit } of table.critical_fixed_base) {
      expect(Math.abs(criticalPsi(0.05, 10, Number.POSITIVE_INFINITY, M) - crit)).toBeLessThan(0.00051);
    }
    expect(criticalPsi(0.05, 20, Number.POSITIVE_INFINITY, 1000)).toBeCloseTo(table.B20_M1000, 4);
  });

  it("is the PSI½ whose p-value is alpha", () => {
    for (const alpha of [0.2, 0.05, 0.01, 1e-6]) {
      expect(relativeError(psiPValue(criticalPsi(alpha, 12, 700, 90), 12, 700, 90), alpha)).toBeLessThan(1e-9);
    }
  });
});

describe("χ²", () => {
  it("has SciPy's upper tail to 1e-9 from p near 1 down to 1e-300", () => {
    for (const { x, df, p } of vectors.scipy.chi_square_survival) {
      expect(relativeError(chiSquareSurvival(x, df), p), `x ${x} df ${df}`).toBeLessThan(1e-9);
    }
  });

  it("has SciPy's quantiles to 1e-9", () => {
    for (const { alpha, df, x } of vectors.scipy.chi_square_quantile) {
      expect(relativeError(chiSquareQuantile(alpha, df), x), `alpha ${alpha} df ${df}`).toBeLessThan(1e-9);
      // asked again, from what was kept
      expect(relativeError(chiSquareQuantile(alpha, df), x)).toBeLessThan(1e-9);
    }
  });

  it("stays finite at alphas that no double tells from 0", () => {
    expect(chiSquareQuantile(1e-300, 9)).toBeGreaterThan(chiSquareQuantile(1e-15, 9));
    expect(Number.isFinite(chiSquareQuantile(1e-300, 9))).toBe(true);
  });

  it("keeps giving the right quantile when many alphas are in use", () => {
    const first = chiSquareQuantile(0.01, 9);
    for (let i = 1; i < 200; i++) chiSquareQuantile(i / 1000, 9);
    expect(chiSquareQuantile(0.01, 9)).toBe(first);
  });

  it("is a constant 0 with no degree of freedom", () => {
    expect(chiSquareSurvival(0, 0)).toBe(1);
    expect(chiSquareSurvival(1, 0)).toBe(0);
    expect(chiSquareQuantile(0.01, 0)).toBe(0);
  });
});

describe("effectiveSampleSize", () => {
  it("is half the harmonic mean, and 0 without rows", () => {
    expect(effectiveSampleSize(1000, 1000)).toBeCloseTo(500, 12);
    expect(effectiveSampleSize(100, 300)).toBeCloseTo(75, 12);
    expect(effectiveSampleSize(0, 5)).toBe(0);
    expect(Number.isFinite(effectiveSampleSize(1e200, 1e200))).toBe(true);
  });
});
