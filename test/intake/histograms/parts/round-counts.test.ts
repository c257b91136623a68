import fc from "fast-check";
import { expect, test } from "vitest";
import { roundCounts } from "../../../../src/intake/histograms/parts/round-counts.ts";

test.each([
  ["whole counts stay", [3, 0, 4], [3, 0, 4]],
  ["the largest remainder is rounded up", [1.2, 2.7, 3.1], [1, 3, 3]],
  ["of equal remainders the earlier ones are rounded up", [2.5, 2.5, 2.5, 2.5], [3, 3, 2, 2]],
  ["thirds of ten", [10 / 3, 10 / 3, 10 / 3], [4, 3, 3]],
  ["shares of nothing", [0, 0], [0, 0]],
  ["no counts", [], []],
])("%s", (_what, counts, rounded) => {
  expect(roundCounts(counts)).toEqual(rounded);
});

test("each is off by less than 1, and their sum is the rounded sum", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 100 }), (counts) => {
      const rounded = roundCounts(counts);
      rounded.forEach((count, i) => {
        expect(Number.isInteger(count)).toBe(true);
        expect(Math.abs(count - counts[i]!)).toBeLessThan(1);
      });
      const sum = (all: readonly number[]) => all.reduce((total, count) => total + count, 0);
      expect(Math.abs(sum(rounded) - sum(counts))).toBeLessThanOrEqual(0.5 + 1e-6);
    }),
  );
});
