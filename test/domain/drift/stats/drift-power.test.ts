import { describe, expect, it } from "vitest";
import { driftPower } from "../../../../bench/lib/drift-power.ts";
import { noncentralChiSquareSurvival } from "../../../../bench/lib/noncentral-chi-square-survival.ts";
import { effectiveSampleSize } from "../../../../src/domain/drift/stats/effective-sample-size.ts";
import { detectablePsi } from "../../../../src/domain/drift/stats/planning/detectable-psi.ts";
import { normalShift } from "../../../../src/domain/drift/stats/planning/normal-shift.ts";
import { relativeError, vectors } from "./vectors.ts";

describe("the noncentral law", () => {
  it("agrees with SciPy's noncentral χ² to 1e-7 for all sizes of the table", () => {
    for (const { B, N, M, d0, alpha, crit } of vectors.minimum_effect) {
      const k = effectiveSampleSize(N, M);
      const tail = noncentralChiSquareSurvival(k * crit, B - 1, k * d0);
      expect(relativeError(tail, alpha), `${B} ${N} ${M} ${d0}`).toBeLessThan(1e-7);
    }
  });
});

describe("driftPower", () => {
  it("is what the simulation of a true PSI of 0.3 shows: 99.1, 99.5 and 99.9 % on 5, 10 and 20 bins", () => {
    for (const [bins, simulated] of [
      [5, 0.9919],
      [10, 0.9955],
      [20, 0.9989],
    ] as const) {
      const power = driftPower({
        true_psi: 0.3,
        bins,
        n_reference: 1000,
        n_current: 1000,
        alpha: 0.01,
        threshold: 0.2,
      });
      expect(Math.abs(power - simulated)).toBeLessThan(0.005);
    }
  });

  it("is alpha when nothing drifted and noise alone passes the threshold", () => {
    const question = { true_psi: 0, bins: 10, n_reference: 50, n_current: 50, alpha: 0.01, threshold: 0.2 };
    expect(driftPower(question)).toBeCloseTo(0.01, 12);
  });
});

describe("noncentralChiSquareSurvival", () => {
  it("falls from 1 to 0", () => {
    expect(noncentralChiSquareSurvival(0, 9, 30)).toBe(1);
    expect(noncentralChiSquareSurvival(1e6, 9, 30)).toBe(0);
  });
});

describe("what a verdict can see", () => {
  const question = { bins: 10, alpha: 0.01, threshold: 0.2 };

  it("is found in four of five reports by the exact law, and comes down to the threshold with the rows", () => {
    for (const rows of [50, 200, 1000, 10_000]) {
      for (const bins of [2, 10, 50]) {
        const sizes = { ...question, bins, n_reference: rows, n_current: rows };
        const power = driftPower({ ...sizes, true_psi: detectablePsi(sizes)! });
        expect(Math.abs(power - 0.8), `${rows} rows, ${bins} bins`).toBeLessThan(0.015);
      }
    }
    const million = detectablePsi({ ...question, n_reference: 1e6, n_current: 1e6 })!;
    expect(million).toBeGreaterThan(0.2);
    expect(million).toBeLessThan(0.202);
  });

  it("is in standard deviations what N(shift, 1) has on the deciles of N(0, 1)", () => {
    const deciles = new Array(10).fill(0.1);
    // The PSI of a shift of 1 is 0.926142424…, by scipy.stats.norm.
    expect(normalShift(0.9261424242616796, deciles)).toBeCloseTo(1, 5);
    expect(normalShift(0.2, deciles)!).toBeCloseTo(0.456, 2);
    expect(normalShift(1, [1])).toBeNull();
  });
});
