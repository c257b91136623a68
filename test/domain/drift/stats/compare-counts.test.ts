import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chiSquareHomogeneity } from "../../../../src/domain/drift/stats/chi-square/chi-square-homogeneity.ts";
import { compareCounts } from "../../../../src/domain/drift/stats/compare-counts.ts";
import { hellinger } from "../../../../src/domain/drift/stats/distances/hellinger.ts";
import { jeffreysPsi } from "../../../../src/domain/drift/stats/distances/jeffreys-psi.ts";
import { jensenShannon } from "../../../../src/domain/drift/stats/distances/jensen-shannon.ts";
import { psi } from "../../../../src/domain/drift/stats/distances/psi.ts";
import { occupiedBins } from "../../../../src/histogram/occupied-bins.ts";
import { total } from "../../../../src/histogram/total.ts";

function inverseTotals(expected: readonly number[], actual: readonly number[]): number {
  return expected.reduce((sum, r, i) => (r + actual[i]! > 0 ? sum + 1 / (r + actual[i]!) : sum), 0);
}

describe("compareCounts", () => {
  it("gives the very numbers of the functions it stands for", () => {
    const count = fc.oneof(fc.nat(5), fc.nat(100_000), fc.maxSafeNat(), fc.constant(0));
    const pair = fc.integer({ min: 1, max: 30 }).chain((bins) => {
      const counts = fc.array(count, { minLength: bins, maxLength: bins });
      return fc.tuple(counts, counts);
    });
    fc.assert(
      fc.property(pair, ([expected, actual]) => {
        fc.pre(total(expected) > 0 && total(actual) > 0);
        expect(compareCounts(expected, actual, total(expected), total(actual))).toEqual({
          psi: psi(expected, actual),
          jeffreys_psi: jeffreysPsi(expected, actual),
          js_distance: jensenShannon(expected, actual),
          hellinger: hellinger(expected, actual),
          chi_square: chiSquareHomogeneity(expected, actual)!.statistic,
          bins: occupiedBins(expected, actual),
          inverse_totals: expect.closeTo(inverseTotals(expected, actual), 12),
        });
      }),
      { numRuns: 500 },
    );
  });
});
