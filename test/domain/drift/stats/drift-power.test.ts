import { describe, expect, it } from "vitest";
import { noncentralChiSquareSurvival } from "../../../../src/domain/drift/stats/chi-square/noncentral-chi-square-survival.ts";
import { criticalPsi } from "../../../../src/domain/drift/stats/critical-psi.ts";
import { driftPower } from "../../../../src/domain/drift/stats/drift-power.ts";
import { minimumEffectPsi } from "../../../../src/domain/drift/stats/minimum-effect-psi.ts";
import { relativeError, vectors } from "./vectors.ts";

describe("minimumEffectPsi", () => {
  it("agrees with SciPy's noncentral χ² to 1e-9 for all sizes of the table", () => {
    for (const { B, N, M, d0, alpha, crit } of vectors.minimum_effect) {
      expect(relativeError(minimumEffectPsi(d0, alpha, B, N, M), crit), `${B} ${N} ${M} ${d0}`).toBeLessThan(1e-9);
    }
  });

  it("is the critical PSI for an effect of 0", () => {
    expect(relativeError(minimumEffectPsi(0, 0.01, 10, 500, 300), criticalPsi(0.01, 10, 500, 300))).toBeLessThan(1e-9);
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
