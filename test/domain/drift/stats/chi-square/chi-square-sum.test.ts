import gammainc from "@stdlib/math-base-special-gammainc";
import { describe, expect, it } from "vitest";
import { chiSquareSum } from "../../../../../src/domain/drift/stats/chi-square/chi-square-sum.ts";
import { scaledErfc } from "../../../../../src/domain/drift/stats/chi-square/scaled-erfc.ts";
import { relativeError } from "../vectors.ts";

describe("chiSquareSum", () => {
  it("agrees with the general incomplete gamma function wherever it stands in for it", () => {
    for (let df = 1; df <= 60; df++) {
      for (let x = 0.5; x <= 1_300; x *= 1.07) {
        const general = gammainc(x / 2, df / 2, true, true);
        expect(relativeError(chiSquareSum(x, df), general), `x ${x} df ${df}`).toBeLessThan(1e-12);
      }
    }
  });

  it("is e^(−x/2) for 2 degrees of freedom", () => {
    expect(chiSquareSum(7, 2)).toBe(Math.exp(-3.5));
  });
});

describe("scaledErfc", () => {
  it("agrees with mpmath to 1e-15, on both sides of where it changes its form", () => {
    // mpmath.exp(x * x) * mpmath.erfc(x), 30 digits
    for (const [x, value] of MPMATH) expect(relativeError(scaledErfc(x), value), `x ${x}`).toBeLessThan(1e-15);
  });
});

const MPMATH: readonly (readonly [number, number])[] = [
  [0.5, 0.6156903441929259],
  [1, 0.427583576155807],
  [2, 0.25539567631050575],
  [3, 0.17900115118138996],
  [4, 0.13699945762506138],
  [4.0625, 0.13500424547381068],
  [5, 0.11070463773306863],
  [10, 0.05614099274382259],
  [26, 0.021683584850562907],
];
