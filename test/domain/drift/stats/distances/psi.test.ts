import { describe, expect, it } from "vitest";
import { chiSquareSurvival } from "../../../../../src/domain/drift/stats/chi-square/chi-square-survival.ts";
import { psi } from "../../../../../src/domain/drift/stats/distances/psi.ts";
import { publishedBy, relativeError } from "../vectors.ts";

describe("psi", () => {
  it("agrees with deequ's KLL distance test to 1e-9", () => {
    const vector = publishedBy<{ expected: number[]; actual: number[]; psi: number }>("KLLDistanceTest");
    expect(relativeError(psi(vector.expected, vector.actual)!, vector.psi)).toBeLessThan(1e-9);
  });

  it("agrees with popmon's shares without smoothing to 1e-9", () => {
    const vector = publishedBy<{ p: number[]; q: number[]; psi_exact: number }>("popmon");
    expect(relativeError(psi(vector.p, vector.q)!, vector.psi_exact)).toBeLessThan(1e-9);
  });

  it("agrees with the counts of scouter's theory page to 1e-9", () => {
    const vector = publishedBy<{ expected: number[]; actual: number[]; psi: number }>("scouter theory");
    expect(relativeError(psi(vector.expected, vector.actual)!, vector.psi)).toBeLessThan(1e-9);
    // k = 2500, 4 bins: that much is no chance, although below every usual threshold.
    expect(chiSquareSurvival(vector.psi * 2500, 3)).toBeCloseTo(8.3e-19, 20);
  });

  it("is the sum written out for the age feature of the worked example", () => {
    // (0.08 − 0.1) ln 0.8 + (0.18 − 0.2) ln 0.9 + (0.35 − 0.3) ln(7/6) + 0 + (0.14 − 0.15) ln(14/15), by hand
    const byHand = -0.02 * Math.log(0.8) - 0.02 * Math.log(0.9) + 0.05 * Math.log(7 / 6) - 0.01 * Math.log(14 / 15);
    expect(psi([100, 200, 300, 250, 150], [80, 180, 350, 250, 140])).toBeCloseTo(byHand, 15);
    expect(byHand).toBeCloseTo(0.014967544, 9);
  });

  it("is exactly 0 for the amount feature of the worked example, and for the same shares of other totals", () => {
    expect(psi([50, 150, 300, 350, 150], [50, 150, 300, 350, 150])).toBe(0);
    expect(psi([50, 150, 300, 350, 150], [150, 450, 900, 1050, 450])).toBe(0);
  });

  it("clips an empty bin at a share of 1e-6", () => {
    // one half against (0, 1): 0.5 ln(0.5 / 1e-6) less the clip's own share, and 0.5 ln 2
    const byHand = (1e-6 - 0.5) * Math.log(1e-6 / 0.5) + 0.5 * Math.log(2);
    expect(psi([1, 1], [0, 2])).toBeCloseTo(byHand, 12);
  });

  it("is 27.63 for histograms with no bin in common, not infinite", () => {
    expect(psi([1000, 0], [0, 1000])).toBeCloseTo(2 * (1 - 1e-6) * Math.log(1e6), 10);
  });

  it("passes over bins that are empty on both sides", () => {
    expect(psi([10, 0, 20], [20, 0, 10])).toBe(psi([10, 20], [20, 10]));
  });

  it("has nothing to compare when either histogram is all zeros", () => {
    expect(psi([0, 0], [1, 2])).toBeNull();
    expect(psi([1, 2], [0, 0])).toBeNull();
    expect(psi([], [])).toBeNull();
  });
});
